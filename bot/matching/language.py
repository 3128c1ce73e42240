"""Which language a line is written in. Dialects count as Bokmål: they are answered in it.

A small linear model over the letters of words, trained on the examples' own languages and the lines in samples/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.matching.features import Floats
from bot.matching.linear import Linear
from bot.matching.places import Places
from bot.matching.text import listed, words
from bot.matching.verdict import Detected

#: What is assumed when a line has no letters, or none that tell.
DEFAULT = "nb"
#: Languages the entries are matched in by their words; others lean on the semantic stage.
SCANDINAVIAN_OR_ENGLISH = frozenset({"nb", "nn", "en", "sv", "da"})
_MOST_WORDS = 40
#: Below this, Danish must show a word that Bokmål lacks: a misspelt line looks Danish too.
_DANISH_BEYOND_DOUBT = 0.75
#: Small words that only one of them has. Dialects share Nynorsk's, so a line with dialect forms is left to the model.
_ONLY_NYNORSK = frozenset(
    listed(
        "eg ikkje kva kvar kven kvifor korleis noko nokon nokre dykk frå vere vera verte vert vart berre "
        "mykje heile hjå "
        "ein eit korkje inga dyrare billegare finst fyrst kjem skule skulen skular heimen borna bustad høgt ikkje dei"
    )
)
_ONLY_BOKMAAL = frozenset(
    listed(
        "jeg ikke hva hvor hvem hvorfor hvordan noe noen fra være blir ble bare mye hele hos et en kommer "
        "gjør vei veien "
        "barna bolig skolen uke hjemme sammen også nå dere leilighet"
    )
)
_ONLY_ITS_OWN = {"nb": _ONLY_BOKMAAL, "nn": _ONLY_NYNORSK}
_ONLY_DIALECT = frozenset(
    listed(
        "e æ je itj itte ittj ka hå korsn koss åssen håssen åkken kem dokker dåkk døkk dåkker dæ mæ te ti nån "
        "nåen nokka "
        "hu kjøm ongan hem va sku ska koste vårrå nårr førr"
    )
)
_ONLY_DANISH = frozenset(
    listed(
        "af hvad jer mig dig sig noget meget ud nu hvornår kører børn børnene børnehave uge bliver lejlighed arbejde "
        "tager rigtig tale hedder nogle lige hjælpe lave synes mere jeres jer gøre hvilke kæreste"
    )
)


def tell_tale_words(text: str, places: Places) -> list[str]:
    """The words that can tell a language: no numbers, no names of places."""
    taken = {position for start, end in (*places.spans, *places.outside_spans) for position in range(start, end)}
    found = [word for position, word in enumerate(words(text)) if position not in taken and not word.isdigit()]
    return found[:_MOST_WORDS]


def language_grams(line_words: list[str]) -> tuple[list[str], list[str]]:
    """Whole words and pairs of words ("=kor lenge"), and pieces of one to four letters with the word's ends."""
    whole = [f"={word}" for word in line_words]
    whole.extend(f"={first} {second}" for first, second in pairwise(line_words))
    pieces: list[str] = []
    for word in line_words:
        padded = f" {word} "
        length = len(padded)
        for size in (1, 2, 3, 4):
            pieces.extend([padded[start : start + size] for start in range(length - size + 1)])
    return whole, pieces


def weigh(grams: tuple[list[str], list[str]], index: Mapping[str, int]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Words and pieces of words each get half the say, or the many pieces would drown the words."""
    ids: list[npt.NDArray[np.int64]] = []
    values: list[npt.NDArray[np.float64]] = []
    for part in grams:
        counts: Counter[int | None] = Counter(map(index.get, part))
        counts.pop(None, None)
        if not counts:
            continue
        logs = 1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))
        ids.append(np.fromiter(counts.keys(), np.int64, len(counts)))
        values.append(logs / np.sqrt(logs @ logs))
    if not ids:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    return np.concatenate(ids), np.concatenate(values).astype(np.float32)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The weights and the languages they tell apart."""

    languages: tuple[str, ...]
    index: Mapping[str, int]
    linear: Linear

    def detect(self, text: str, places: Places = Places()) -> Detected:
        line_words = tell_tale_words(text, places)
        if not line_words:
            return Detected(DEFAULT, 0.0)
        if _is_cyrillic(line_words):
            return Detected("uk", 0.99)
        scores = self._scores(line_words)
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        best = self.languages.index(_settled(line_words, self.languages, likely))
        # A word or two prove little, whatever the model says.
        trust = min(1.0, len(line_words) / 4) ** 0.5
        code = self.languages[best]
        marked = not _ONLY_ITS_OWN.get(code, frozenset()).isdisjoint(line_words)
        return Detected(code, round(float(likely[best]) * trust, 4), marked)

    def _scores(self, line_words: list[str]) -> Floats:
        ids, values = weigh(language_grams(line_words), self.index)
        if not ids.size:
            return np.array([float(language == DEFAULT) for language in self.languages], dtype=np.float32)
        return np.asarray(values @ self.linear.weights[ids].astype(np.float32) + self.linear.bias, dtype=np.float32)


def _settled(line_words: Sequence[str], languages: Sequence[str], likely: Floats) -> str:
    """The likeliest language, unless words that only one of the near relatives has say otherwise."""
    best = languages[int(np.argmax(likely))]
    found = frozenset(line_words)
    if best in ("nb", "nn", "da") and not found & _ONLY_DIALECT:
        bokmaal, nynorsk = len(found & _ONLY_BOKMAAL), len(found & _ONLY_NYNORSK)
        if nynorsk and not bokmaal:
            return "nn"
        if bokmaal and not nynorsk and best == "nn":
            return "nb"
    if best == "da" and likely.max() < _DANISH_BEYOND_DOUBT and not found & _ONLY_DANISH:
        return DEFAULT
    return best


def _is_cyrillic(line_words: list[str]) -> bool:
    letters = "".join(line_words)
    return sum("Ѐ" <= letter <= "ӿ" for letter in letters) * 2 > len(letters)
