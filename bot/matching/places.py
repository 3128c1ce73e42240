"""Which municipalities a line names, and which places outside the region.

Names come from the municipality files and knowledge/words; the rules for inflection, misspelling and context are here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from bot.knowledge.model import Knowledge, Municipality
from bot.matching.text import cased_words, fold, listed, words

_LONGEST_NAME = 4
#: Before one of these, even a common word is a place ("på os", "frå os", "to os").
_PREPOSITIONS = frozenset(
    listed(
        "i på paa pa til te tel ti fra frå fr ifra ifrå in to from near nær ved rundt omkring mot "
        "utenfor utanfor nach von aus om w do z у в до"
    )
)
#: "Os utenfor Bergen", "Tolga i Algerie": the outside place says which one is meant.
_LOCATORS = frozenset(listed("utenfor utanfor ved nær near outside i in by close"))
#: Words that show a sentence rather than keywords; among keywords a lower-case "os" is the municipality.
_PRONOUNS = frozenset(
    listed(
        "you we my please help vi dere jeg eg je æ oss kan gi hjelp hjælp jer du de dykk dokker har er vil "
        "skal med for hos"
    )
)
#: Names of the region as a whole take the line away from the municipality spoken of before.
_WHOLE_REGION = ("fjellregion", "heile region", "hele region", "andre kommun", "whole region", "other municipal")


#: Of a name at the beginning of a longer word, and of what follows it there.
_SHORTEST_NAME, _SHORTEST_REST = 4, 4


@dataclass(frozen=True, slots=True)
class Places:
    """What a line names. `spans` are the word positions taken by places of the region, `outside_spans` by others."""

    municipalities: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    outside_spans: tuple[tuple[int, int], ...] = ()
    whole_region: bool = False
    #: What a word says besides the place it begins with: position and "martnan" of "Rørosmartnan".
    rests: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    slug: str
    #: A village or spelling gives way where another municipality has the same name.
    main: bool
    ambiguous: bool


@dataclass(slots=True)
class Gazetteer:
    """All names by their folded words."""

    names: dict[tuple[str, ...], _Name] = field(default_factory=dict)
    not_places: set[tuple[str, ...]] = field(default_factory=set)
    outside: dict[tuple[str, ...], str] = field(default_factory=dict)
    outside_ambiguous: set[tuple[str, ...]] = field(default_factory=set)
    #: Words that occur in examples: never a misspelling of a place.
    known_words: frozenset[str] = frozenset()
    #: First words of names and phrases with several words: only there is it worth looking for one.
    _beginnings: set[str] = field(default_factory=set)
    _misspelt: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _guesses: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def build(cls, knowledge: Knowledge, known_words: Iterable[str] = ()) -> Gazetteer:
        gazetteer = cls(known_words=frozenset(fold(word) for word in known_words))
        for name in sorted(knowledge.words.places_outside | knowledge.words.places_ambiguous):
            gazetteer.outside[_key(name)] = name
        gazetteer.outside_ambiguous = {_key(name) for name in knowledge.words.places_ambiguous}
        for municipality in knowledge.municipalities.values():
            gazetteer._add(municipality)
        known = (*gazetteer.names, *gazetteer.outside, *gazetteer.not_places)
        gazetteer._beginnings = {key[0] for key in known if len(key) > 1}
        return gazetteer

    def _add(self, municipality: Municipality) -> None:
        ambiguous = {_key(name) for name in municipality.ambiguous}
        self.not_places.update(_key(phrase) for phrase in municipality.not_places)
        own = [municipality.name, municipality.slug, *municipality.spellings]
        villages = [name for village in municipality.villages for name in (village.name, *village.spellings)]
        for names, main in ((villages, False), (own, True)):
            for name in names:
                key = _key(name)
                if not key or (key in self.names and self.names[key].main):
                    continue
                self.names[key] = _Name(municipality.slug, main, key in ambiguous)
                self.outside.pop(key, None)
                if len(key) == 1 and len(key[0]) >= 5:
                    self._misspelt.setdefault(key[0][0], []).append((key[0], municipality.slug))

    def find(self, text: str, foreign_us: bool = False) -> Places:
        """`foreign_us`: the line is in a language in which "os" means "us", so only a capital makes it a place."""
        cased = cased_words(text)
        folded = [fold(word.lower()) for word in cased]
        return _Search(self, text, cased, folded, foreign_us).run()

    def _guess(self, word: str) -> str | None:
        if len(word) < 5 or len(word) > 16 or word in self.known_words or (word,) in self.outside:
            return None
        if word not in self._guesses:
            if len(self._guesses) > 5000:
                self._guesses.clear()
            self._guesses[word] = self._closest(word)
        return self._guesses[word]

    def _closest(self, word: str) -> str | None:
        best: tuple[int, str] | None = None
        for name, slug in self._misspelt.get(word[0], ()):
            allowed = 2 if len(name) >= 9 else 1
            if abs(len(name) - len(word)) > allowed:
                continue
            distance = OSA.distance(name, word, score_cutoff=allowed)
            if distance <= allowed and (best is None or distance < best[0]):
                best = (distance, slug)
        return best[1] if best else None


@dataclass(slots=True)
class _Search:
    """One walk over the words of a line, longest names first."""

    gazetteer: Gazetteer
    text: str
    cased: list[str]
    folded: list[str]
    foreign_us: bool
    hits: list[tuple[_Name, int, int]] = field(default_factory=list)
    outside_hits: list[tuple[str, int, int]] = field(default_factory=list)

    def run(self) -> Places:
        position = 0
        while position < len(self.folded):
            position += self._step(position)
        hits = [hit for hit in self.hits if not self._belongs_elsewhere(hit)]
        lowered = self.text.lower()
        return Places(
            municipalities=tuple(dict.fromkeys(name.slug for name, _, _ in hits)),
            outside=tuple(dict.fromkeys(name for name, _, _ in self.outside_hits)),
            spans=tuple((start, end) for _, start, end in hits),
            outside_spans=tuple((start, end) for _, start, end in self.outside_hits),
            whole_region=any(phrase in lowered for phrase in _WHOLE_REGION),
            rests=tuple(found for name, start, end in hits if end == start + 1 and (found := self._rest(name, start))),
        )

    def _step(self, position: int) -> int:
        """Takes the longest thing that begins here; returns how many words it took."""
        longest = _LONGEST_NAME if self.folded[position] in self.gazetteer._beginnings else 1
        for length in range(min(longest, len(self.folded) - position), 0, -1):
            key = tuple(self.folded[position : position + length])
            if key in self.gazetteer.not_places:
                return length
            if self._take(key, position, length):
                return length
        return 1

    def _take(self, key: tuple[str, ...], position: int, length: int) -> bool:
        for form in _stems(key[-1]):
            stem = (*key[:-1], form)
            name = self.gazetteer.names.get(stem)
            if name is not None and (not name.ambiguous or self._means_place(position)):
                self.hits.append((name, position, position + length))
                return True
            outside = self.gazetteer.outside.get(stem)
            if outside and (stem not in self.gazetteer.outside_ambiguous or self._means_place(position)):
                self.outside_hits.append((outside, position, position + length))
                return True
        slug = self.gazetteer._guess(key[0]) if length == 1 else None
        if slug is not None:
            self.hits.append((_Name(slug, False, False), position, position + 1))
        return slug is not None

    def _rest(self, name: _Name, position: int) -> tuple[int, str] | None:
        word = self.folded[position]
        for cut in range(len(word) - _SHORTEST_REST, _SHORTEST_NAME - 1, -1):
            shorter = self.gazetteer.names.get((word[:cut],))
            if shorter is not None and shorter.slug == name.slug:
                return position, word[cut:].lstrip("-")
        return None

    def _means_place(self, position: int) -> bool:
        """Whether a word that is also a common word stands here as a name."""
        word = self.cased[position]
        before = self.folded[position - 1] if position else ""
        capital = word[0].isupper() and (
            position > 0 or len(self.cased) == 1 or word.isupper() or self._is_first_name()
        )
        if capital and not self._shouting():
            return True
        if self.foreign_us:
            return False
        return before in _PREPOSITIONS or (len(self.cased) <= 6 and not _PRONOUNS.intersection(self.folded))

    def _is_first_name(self) -> bool:
        """A capital at the start of a line says little, except in "Os eller Tolga?"."""
        return len(self.folded) > 1 and self.folded[1] in ("eller", "or", "og", "and", "kommune", "vs")

    def _shouting(self) -> bool:
        return self.text.isupper() and len(self.cased) > 2

    def _belongs_elsewhere(self, hit: tuple[_Name, int, int]) -> bool:
        """ "Os utenfor Bergen", "Tolga, Queensland": the name is ours, the place is not."""
        _, _, end = hit
        for _, start, _ in self.outside_hits:
            between = self.folded[end:start] if start >= end else None
            if between is None or len(between) > 2:
                continue
            if between and all(word in (*_LOCATORS, "for", "to") for word in between):
                return True
            if not between and self._follows_as_country(end, start):
                return True
        return False

    def _follows_as_country(self, end: int, start: int) -> bool:
        outside = next(name for name, s, _ in self.outside_hits if s == start)
        return len(self.hits) == 1 and fold(outside) in _ABROAD


#: Far away, so "Tolga Algeria" is one place; a town nearby after a name is a second one ("fly Røros Gardermoen").
_ABROAD = frozenset(
    listed(
        "algerie algeria queensland australia usa tyrkia turkey tunisia cuba kina china india spania "
        "spain portugal brasil canada"
    )
)


def _stems(word: str) -> tuple[str, ...]:
    """The word, and without the s of possession."""
    return (word, word[:-1]) if len(word) > 3 and word[-1] == "s" else (word,)


def _key(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words(name))


def common_words(knowledge: Knowledge) -> frozenset[str]:
    """Words in at least three examples: whoever writes "plasser" does not mean the village Plassen."""
    counts: Counter[str] = Counter()
    for entry in knowledge.entries.values():
        for question in entry.questions:
            counts.update(set(words(question)))
    return frozenset(word for word, count in counts.items() if count >= 3)
