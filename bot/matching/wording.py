"""A line in the words the model knows: dialect forms in Bokmål, places and trades by what they stand for.

The model never learns from "Tynset" what a question is about, but it does learn from "a place of the region" and "a
place elsewhere".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.knowledge.model import Knowledge
from bot.matching.places import Places
from bot.matching.text import fold, listed, words

#: Stand for a place in the model's features; written so that nobody types them.
HERE = "stedher"
ELSEWHERE = "stedborte"
#: What comes before an outside place changes everything: "fra Oslo" is about moving here, "i Oslo" is not.
_FROM = frozenset(listed("fra frå frao from fr ifra ifrå and og mellom between til te to mot forlate"))
_SHORTEST_TRADE = 4
#: "lege" is a trade, "legevakt" is not: only these may follow.
_TRADE_ENDINGS = listed(
    "en er et ene ane n r ar a s jobb jobber jobben stilling stillinger stillingen arbeid yrke utdanning utdannelse "
    "vikar vikariat"
)

#: Closed-class words in dialects and hasty spelling. Editors add to them in knowledge/words/dialect.yaml.
_DIALECT: Mapping[str, str] = {
    **dict.fromkeys(listed("æ e je eg i ej jæ jei jg ja jej"), "jeg"),
    **dict.fromkeys(listed("itj itte ikkje ittj ikkj inte itt ikke ike ikk"), "ikke"),
    **dict.fromkeys(listed("ka hå kva va ke kå hva ha hvva kass"), "hva"),
    **dict.fromkeys(listed("kor hen hvor hår vor hvo kvar hent hvorhen korhen kår hær"), "hvor"),
    **dict.fromkeys(
        listed("korsn korsen koss kossen korleis håssen håssn åssen åssn hvordan vordan korr kordan kordann hvoran"),
        "hvordan",
    ),
    **dict.fromkeys(listed("kem kven hem åkken håkken hvem vem hokken åkke"), "hvem"),
    **dict.fromkeys(listed("kofor koffer kvifor håffår hvorfor vorfor korfor håffer"), "hvorfor"),
    **dict.fromkeys(
        listed("dokker dåkk døkk dåkker dykk dokk dere dykker dokke døkker dåkke dåkkår"),
        "dere",
    ),
    **dict.fromkeys(listed("me mi vi oss vårs"), "vi"),
    **dict.fromkeys(
        listed("nå'n nåen nån noen nokon nokka noko nokre nå nåkka nåkke noken nåkken nåe noe nogen någe"),
        "noe",
    ),
    **dict.fromkeys(listed("ho hu hun henne"), "hun"),
    **dict.fromkeys(listed("å og åsså også au"), "og"),
    **dict.fromkeys(listed("fær før førr for får"), "for"),
    **dict.fromkeys(listed("te til ti tel t"), "til"),
    **dict.fromkeys(listed("dæ d de det da detta"), "det"),
    **dict.fromkeys(listed("mytji mykje mye mykkji mykje mæ mykji"), "mye"),
    **dict.fromkeys(listed("onga ongan ungan ongann ungane bånga bån born borna barna ongane"), "barna"),
    **dict.fromkeys(listed("arbe arbei arbeid arbeide"), "arbeid"),
    **dict.fromkeys(listed("fløtt fløtte flytte flytt flytta"), "flytte"),
    **dict.fromkeys(listed("bhg barnehaje barnehava barnehage"), "barnehage"),
    **dict.fromkeys(listed("skule skula skole skulen skolen skol"), "skole"),
    **dict.fromkeys(listed("heim hem hjem heime heimat"), "hjem"),
    **dict.fromkeys(listed("finst finns finnes fins finnst"), "finnes"),
}

#: Swedish and Danish words that look unlike the Norwegian ones, so that both languages find the Norwegian examples.
_SWEDISH_AND_DANISH: Mapping[str, str] = {
    **dict.fromkeys(listed("kostar kosta"), "koster"),
    **dict.fromkeys(listed("vad hvad"), "hva"),
    **dict.fromkeys(listed("hur hvorledes"), "hvordan"),
    **dict.fromkeys(listed("jag"), "jeg"),
    **dict.fromkeys(listed("inte"), "ikke"),
    **dict.fromkeys(listed("något någon några nogen noget nogle"), "noe"),
    **dict.fromkeys(listed("förskola förskolan förskoleplats dagis børnehave børnehaven daginstitution"), "barnehage"),
    **dict.fromkeys(listed("lägenhet lägenheten lejlighed lejligheden"), "leilighet"),
    **dict.fromkeys(listed("hyra hyr leje lejer lej"), "leie"),
    **dict.fromkeys(listed("köpa köper købe køber"), "kjøpe"),
    **dict.fromkeys(listed("skola skolan skolor"), "skole"),
    **dict.fromkeys(listed("sjukhus sjukhuset sygehus sygehuset hospitalet"), "sykehus"),
    **dict.fromkeys(listed("läkare læge lægen husläkare"), "lege"),
    **dict.fromkeys(listed("tandläkare tandläkaren tandlæge tandlægen"), "tannlege"),
    **dict.fromkeys(listed("sjuksköterska sygeplejerske"), "sykepleier"),
    **dict.fromkeys(listed("lärare"), "lærer"),
    **dict.fromkeys(listed("snickare tømrer"), "snekker"),
    **dict.fromkeys(listed("arbete arbetet arbejde arbejdet"), "arbeid"),
    **dict.fromkeys(listed("flyttar flytter flyt"), "flytter"),
    **dict.fromkeys(listed("tåg tåget toget"), "tog"),
    **dict.fromkeys(listed("buss bussen"), "buss"),
    **dict.fromkeys(listed("barnen børn børnene"), "barna"),
    **dict.fromkeys(listed("gård gården gårdar bondegård"), "gård"),
    **dict.fromkeys(listed("körkort kørekort"), "førerkort"),
    **dict.fromkeys(listed("skatt skat"), "skatt"),
    **dict.fromkeys(listed("vinterväglag"), "vinterføre"),
    **dict.fromkeys(listed("skoter snöskoter snescooter"), "snøskuter"),
    **dict.fromkeys(listed("snö sne sneen"), "snø"),
    **dict.fromkeys(listed("kallt koldt"), "kaldt"),
    **dict.fromkeys(listed("mörkt mørkt"), "mørkt"),
    **dict.fromkeys(listed("fiskekort fiskekortet"), "fiskekort"),
    **dict.fromkeys(listed("jakt jagt"), "jakt"),
    **dict.fromkeys(listed("uppehållstillstånd opholdstilladelse"), "oppholdstillatelse"),
    **dict.fromkeys(listed("affär affären butik butikken"), "butikk"),
    **dict.fromkeys(listed("bostad bostäder bolig"), "bolig"),
    **dict.fromkeys(listed("människa menneske"), "menneske"),
    **dict.fromkeys(listed("tack tak"), "takk"),
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
        dialect = {
            **_SWEDISH_AND_DANISH,
            **_DIALECT,
            **{word: plain for word, plain in knowledge.words.dialect.items() if " " not in plain},
        }
        trades = {fold(word): trade.family for trade in knowledge.words.trades for word in trade.words}
        return cls(dialect, trades)

    def read(self, text: str, places: Places) -> Wording:
        written, marks = _with_places(words(text), places)
        plain = tuple(fold(self.dialect.get(word, word)) for word in written)
        marks.extend(dict.fromkeys(f"@{family}" for word in plain if (family := self._trade(word))))
        return Wording(tuple(written), plain, tuple(marks))

    def _trade(self, word: str) -> str | None:
        """The family of a trade, also inflected ("snekkeren") or in a word for a job ("snekkerjobb")."""
        family = self.trades.get(word)
        if family is not None or not word.endswith(_TRADE_ENDINGS):
            return family
        for ending in _TRADE_ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_TRADE:
                family = self.trades.get(word[: -len(ending)])
                if family is not None:
                    return family
        return None


def _with_places(tokens: list[str], places: Places) -> tuple[list[str], list[str]]:
    """The words with every place replaced by what kind it is; marks tell how an outside place is meant."""
    replaced: list[str] = []
    marks: list[str] = []
    starts = {start: (end, HERE) for start, end in places.spans}
    starts.update({start: (end, ELSEWHERE) for start, end in places.outside_spans})
    rests = dict(places.rests)
    position = 0
    while position < len(tokens):
        end, kind = starts.get(position, (position + 1, tokens[position]))
        if kind == ELSEWHERE:
            before = tokens[position - 1] if position else ""
            marks.append("@fra_borte" if before in _FROM else "@borte")
        replaced.append(kind)
        if position in rests:
            replaced.append(rests[position])
        position = end
    if places.spans:
        marks.append("@her")
    return replaced, marks
