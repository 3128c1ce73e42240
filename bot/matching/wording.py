"""A line in the words the model knows: dialect forms in Bokmål, places and trades by what they stand for.

The model never learns from "Tynset" what a question is about, but it does learn from "a place of the region" and "a
place elsewhere".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.knowledge.model import Knowledge
from bot.matching.places import Places
from bot.matching.text import fold, words

#: Stand for a place in the model's features; written so that nobody types them.
HERE = "stedher"
ELSEWHERE = "stedborte"
#: What comes before an outside place changes everything: "fra Oslo" is about moving here, "i Oslo" is not.
_FROM = frozenset(
    [
        "fra",
        "frå",
        "frao",
        "from",
        "fr",
        "ifra",
        "ifrå",
        "and",
        "og",
        "mellom",
        "between",
        "til",
        "te",
        "to",
        "mot",
        "forlate",
    ]
)
#: The longest head of a compound worth knowing ("sykepleier|jobb").
_SHORTEST_TRADE = 4

#: Closed-class words in dialects and hasty spelling. Editors add to them in knowledge/words/dialect.yaml.
_DIALECT: Mapping[str, str] = {
    **dict.fromkeys(["æ", "e", "je", "eg", "i", "ej", "jæ", "jei", "jg", "ja", "jej"], "jeg"),
    **dict.fromkeys(["itj", "itte", "ikkje", "ittj", "ikkj", "inte", "itt", "ikke", "ike", "ikk"], "ikke"),
    **dict.fromkeys(["ka", "hå", "kva", "va", "ke", "kå", "hva", "ha", "hvva", "kass"], "hva"),
    **dict.fromkeys(
        ["kor", "hen", "hvor", "hår", "vor", "hvo", "kvar", "hent", "hvorhen", "korhen", "kår", "hær"], "hvor"
    ),
    **dict.fromkeys(
        [
            "korsn",
            "korsen",
            "koss",
            "kossen",
            "korleis",
            "håssen",
            "håssn",
            "åssen",
            "åssn",
            "hvordan",
            "vordan",
            "korr",
            "kordan",
            "kordann",
            "hvoran",
        ],
        "hvordan",
    ),
    **dict.fromkeys(["kem", "kven", "hem", "åkken", "håkken", "hvem", "vem", "hokken", "åkke"], "hvem"),
    **dict.fromkeys(["kofor", "koffer", "kvifor", "håffår", "hvorfor", "vorfor", "korfor", "håffer"], "hvorfor"),
    **dict.fromkeys(
        ["dokker", "dåkk", "døkk", "dåkker", "dykk", "dokk", "dere", "dykker", "dokke", "døkker", "dåkke", "dåkkår"],
        "dere",
    ),
    **dict.fromkeys(["me", "mi", "vi", "oss", "vårs"], "vi"),
    **dict.fromkeys(
        [
            "nå'n",
            "nåen",
            "nån",
            "noen",
            "nokon",
            "nokka",
            "noko",
            "nokre",
            "nå",
            "nåkka",
            "nåkke",
            "noken",
            "nåkken",
            "nåe",
            "noe",
            "nogen",
            "någe",
        ],
        "noe",
    ),
    **dict.fromkeys(["ho", "hu", "hun", "henne"], "hun"),
    **dict.fromkeys(["å", "og", "åsså", "også", "au"], "og"),
    **dict.fromkeys(["fær", "før", "førr", "for", "får"], "for"),
    **dict.fromkeys(["te", "til", "ti", "tel", "t"], "til"),
    **dict.fromkeys(["dæ", "d", "de", "det", "da", "detta"], "det"),
    **dict.fromkeys(["mytji", "mykje", "mye", "mykkji", "mykje", "mæ", "mykji"], "mye"),
    **dict.fromkeys(
        ["onga", "ongan", "ungan", "ongann", "ungane", "bånga", "bån", "born", "borna", "barna", "ongane"], "barna"
    ),
    **dict.fromkeys(["arbe", "arbei", "arbeid", "arbeide"], "arbeid"),
    **dict.fromkeys(["fløtt", "fløtte", "flytte", "flytt", "flytta"], "flytte"),
    **dict.fromkeys(["bhg", "barnehaje", "barnehava", "barnehage"], "barnehage"),
    **dict.fromkeys(["skule", "skula", "skole", "skulen", "skolen", "skol"], "skole"),
    **dict.fromkeys(["heim", "hem", "hjem", "heime", "heimat"], "hjem"),
    **dict.fromkeys(["finst", "finns", "finnes", "fins", "finnst"], "finnes"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A line made ready for the model."""

    #: Words with places replaced, as people wrote them.
    words: tuple[str, ...]
    #: The same in the model's own words; this is what n-grams are taken from.
    plain: tuple[str, ...]
    #: Features that are no n-grams: trades and places by kind.
    marks: tuple[str, ...]

    @property
    def line(self) -> str:
        return " ".join(self.words)


@dataclass(slots=True)
class Reader:
    """Turns lines into wordings; built from the words that editors keep."""

    dialect: dict[str, str] = field(default_factory=dict)
    trades: dict[str, str] = field(default_factory=dict)

    @classmethod
    def build(cls, knowledge: Knowledge) -> Reader:
        dialect = {**_DIALECT, **{word: plain for word, plain in knowledge.words.dialect.items() if " " not in plain}}
        trades = {fold(word): trade.family for trade in knowledge.words.trades for word in trade.words}
        return cls(dialect, trades)

    def read(self, text: str, places: Places) -> Wording:
        written, marks = _with_places(words(text), places)
        plain = tuple(fold(self.dialect.get(word, word)) for word in written)
        marks.extend(dict.fromkeys(f"@{family}" for word in plain if (family := self._trade(word))))
        return Wording(tuple(written), plain, tuple(marks))

    def _trade(self, word: str) -> str | None:
        """The family of a trade, also inflected ("snekkeren") or at the head of a compound ("snekkerjobb")."""
        for length in range(len(word), max(len(word) - 6, _SHORTEST_TRADE) - 1, -1):
            family = self.trades.get(word[:length])
            if family is not None:
                return family
        return None


def _with_places(tokens: list[str], places: Places) -> tuple[list[str], list[str]]:
    """The words with every place replaced by what kind it is; marks tell how an outside place is meant."""
    replaced: list[str] = []
    marks: list[str] = []
    starts = {start: (end, HERE) for start, end in places.spans}
    starts.update({start: (end, ELSEWHERE) for start, end in places.outside_spans})
    position = 0
    while position < len(tokens):
        end, kind = starts.get(position, (position + 1, tokens[position]))
        if kind == ELSEWHERE:
            before = tokens[position - 1] if position else ""
            marks.append("@fra_borte" if before in _FROM else "@borte")
        replaced.append(kind)
        position = end
    if places.spans:
        marks.append("@her")
    return replaced, marks
