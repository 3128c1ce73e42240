"""The matcher: a line and what was said before in, a verdict out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.knowledge.model import Knowledge
from bot.matching import emergency, explain, files, followup, needs
from bot.matching.features import Floats
from bot.matching.followup import Kind
from bot.matching.model import Gatherer, Line, Model, Senses, Thresholds
from bot.matching.places import Gazetteer, common_words
from bot.matching.ranking import Evidence, Ranking, Stage, rank, share_out
from bot.matching.semantic import embedder
from bot.matching.text import clean, has_letters
from bot.matching.verdict import Context, Decision, Match, Verdict
from bot.matching.wording import Reader

#: Suggestions under "choose".
_MOST_CHOICES = 3
#: A third suggestion with less than this share of the second's helps nobody.
_TOO_FAINT = 0.02
_NEAR = 3
#: Longer messages are searched for further needs by their words alone.
_LONGEST_READ_CLOSELY = 400
#: A part whose words leave its best entry less likely than this hardly ever became a clear need by its meaning (two of
#: 109 such parts among the development questions), so it is not worth the time.
_WORTH_A_CLOSER_LOOK = 0.8
#: A greeting or a thanks is answered or not: nobody is helped by the suggestion to have said hello.
_SMALL_TALK = frozenset(("assistant/greeting", "assistant/thanks-and-bye"))
_SMALL_TALK_SHARE = 0.5
#: Of the emergency entry, by the model alone.
_EMERGENCY_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Understood:
    """A line (or a part of one) with its ranking and how sure that is."""

    line: Line
    ranking: Ranking
    evidence: Evidence
    right: float
    in_scope: float
    thresholds: Thresholds
    with_meaning: bool
    #: The share of the emergency entry, which is never ranked among the others.
    emergency: float = 0.0

    @property
    def decision(self) -> Decision:
        if self.in_scope < self.thresholds.choose:
            return "none"
        return "answer" if self.right >= self.thresholds.answer and not self._only_by_meaning else "choose"

    @property
    def _only_by_meaning(self) -> bool:
        """In a language with few examples the meaning alone is not enough for an answer; the words must agree."""
        best_by_words = int(np.argmax(self.evidence.ngrams[:-1]))
        return self.evidence.foreign and best_by_words != self.ranking.entries[0]


@dataclass(slots=True)
class TrainedMatcher:
    """Keeps to bot.matching.verdict.Matcher. `stale` says that the knowledge has changed since training."""

    knowledge: Knowledge
    model: Model
    senses: Senses
    gatherer: Gatherer
    _allowed: npt.NDArray[np.bool_] = field(init=False)
    _topics: Floats = field(init=False)
    _danger: int | None = field(init=False)
    #: From a trade's mark to the entry that answers "is there work for …".
    _trades: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        # Ids that are gone are never answered with, whatever the trained files say.
        self._allowed = np.array([name in self.knowledge.entries for name in self.model.classes])
        self._allowed[-1] = True
        self._topics = self.model.topics
        names = self.model.classes
        self._danger = names.index(emergency.EMERGENCY) if emergency.EMERGENCY in names else None
        numbers = {name: number for number, name in enumerate(names) if self._allowed[number]}
        trades = self.knowledge.words.trades
        self._trades = {f"@{trade.family}": numbers[trade.entry] for trade in trades if trade.entry in numbers}
        if self._danger is not None:
            # Alone or not at all: an emergency is never a suggestion among others.
            self._allowed[self._danger] = False

    @property
    def stale(self) -> bool:
        return self.model.digest != self.knowledge.digest

    @property
    def semantic(self) -> bool:
        return self.gatherer.has_meaning

    def understand(self, text: str, context: Context = Context(), why: bool = False) -> Verdict:
        # The embedding model's native code leaves floating-point flags set, and numpy then warns of results that are
        # finite (seen once in a thousand lines; no signal was ever found that is not).
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            return self._understand(text, context, why)

    def _understand(self, text: str, context: Context, why: bool) -> Verdict:
        line = self.senses.read(clean(text))
        if not has_letters(line.text):
            return self._nothing(line, context, why)
        alone = self.judge(line)
        if self._is_emergency(line, alone):
            return self._emergency(line, context, why)
        kind = followup.kind_of(line, context, self.knowledge)
        if kind is Kind.SAME_ENTRY:
            return self._same_entry(line, alone, context, why)
        understood = alone if kind is Kind.NEW else self._in_context(kind, line, alone, context)
        return self._verdict(understood, alone, context, why)

    def judge(self, line: Line, thorough: bool = True) -> Understood:
        """The lexical stage, and the semantic one when that is unsure."""
        evidence = self.gatherer.lexical(line)
        found = self._understood(line, evidence, self.model.by_words, self.model.thresholds_by_words, False)
        bars = self.model.thresholds
        certain = found.right >= bars.sure and found.in_scope >= bars.sure_in_scope
        if not thorough or not self.gatherer.has_meaning or certain or found.in_scope <= bars.surely_not:
            return found
        return self._with_meaning(line, evidence)

    def _with_meaning(self, line: Line, lexical: Evidence) -> Understood:
        evidence = lexical.with_meaning(self.gatherer.meaning(line.text))
        return self._understood(line, evidence, self.model.by_meaning, self.model.thresholds, True)

    def _understood(
        self, line: Line, evidence: Evidence, stage: Stage, thresholds: Thresholds, with_meaning: bool
    ) -> Understood:
        ranking = rank(evidence, stage.signals, self._topics, self._allowed)
        right, in_scope = stage.right.probability(ranking.clues), stage.in_scope.probability(ranking.clues)
        return Understood(
            line, ranking, evidence, right, in_scope, thresholds, with_meaning, self._danger_share(evidence, stage)
        )

    def _danger_share(self, evidence: Evidence, stage: Stage) -> float:
        if self._danger is None:
            return 0.0
        return float(share_out(evidence.signals() @ stage.signals).shares[self._danger])

    def _is_emergency(self, line: Line, alone: Understood) -> bool:
        """By its words, or because the examples of emergencies are by far the nearest and nothing else is spoken of."""
        if emergency.EMERGENCY not in self.knowledge.entries:
            return False
        if emergency.is_emergency(line.text):
            return True
        return alone.emergency >= _EMERGENCY_SHARE and not emergency.could_mean_something_else(line.text)

    def _emergency(self, line: Line, context: Context, why: bool) -> Verdict:
        place = line.places.municipalities or context.municipalities
        return Verdict(
            decision="answer",
            matches=(Match(emergency.EMERGENCY, 1.0, ("ordene sier at noen er i fare nå",) if why else ()),),
            language=line.language,
            context=Context(None, followup.remembered(place)),
            municipalities=place,
            outside=line.places.outside,
            explanation=("Nødssituasjon: går foran alt annet og vises alene.",) if why else (),
        )

    def _nothing(self, line: Line, context: Context, why: bool) -> Verdict:
        explanation = ("Linja har ingen bokstaver, så det finnes ikke noe å slå opp.",) if why else ()
        return Verdict("none", (), line.language, Context(None, context.municipalities), explanation=explanation)

    def _same_entry(self, line: Line, alone: Understood, context: Context, why: bool) -> Verdict:
        assert context.entry is not None
        place = followup.municipalities(line, context.entry, "answer", context)
        explanation = (f"Oppfølging: samme spørsmål som sist ({context.entry}), nytt sted.",) if why else ()
        return Verdict(
            decision="answer",
            matches=(Match(context.entry, 1.0, ("samme emne som forrige spørsmål",) if why else ()),),
            language=line.language,
            context=followup.next_context(context.entry, place, line, context),
            municipalities=place,
            outside=line.places.outside,
            near=self._matches(alone.ranking.entries[:_NEAR], alone, why),
            explanation=explanation,
        )

    def _in_context(self, kind: Kind, line: Line, alone: Understood, context: Context) -> Understood:
        """The line read once more with the words of what was spoken of before."""
        entry = self.knowledge.entries[context.entry or ""]
        together = self.judge(self.senses.read(clean(f"{followup.spoken_of(entry)} {line.text}")))
        return followup.blend(kind, alone, together, self.model.classes, entry)

    def _verdict(self, understood: Understood, alone: Understood, context: Context, why: bool) -> Verdict:
        line, decision = understood.line, self._decision(understood)
        shown = self._shown(understood, decision)
        municipalities = followup.municipalities(line, self._name(shown), decision, context)
        return Verdict(
            decision=decision,
            matches=self._matches(shown, understood, why),
            language=line.language,
            context=followup.next_context(self._subject(understood, shown), municipalities, line, context),
            municipalities=municipalities,
            outside=line.places.outside,
            # What was spoken of before is near to everything.
            near=self._matches(alone.ranking.entries[:_NEAR], alone, why),
            explanation=explain.sentences(understood, self.model.classes, self.model.index.lines) if why else (),
        )

    def _decision(self, understood: Understood) -> Decision:
        ranking = understood.ranking
        first = ranking.entries[0]
        if understood.decision == "choose" and self.model.classes[first] in _SMALL_TALK:
            return "answer" if ranking.shares[first] >= _SMALL_TALK_SHARE else "choose"
        return understood.decision

    def _shown(self, understood: Understood, decision: Decision) -> tuple[int, ...]:
        entries, shares = understood.ranking.entries, understood.ranking.shares
        if decision == "none":
            return ()
        if decision == "answer":
            return (entries[0], *self._more_needs(understood))
        meant = [number for number in entries if self.model.classes[number] not in _SMALL_TALK]
        faint = shares[meant[1]] * _TOO_FAINT
        return tuple(number for number in meant[:_MOST_CHOICES] if shares[number] >= faint)

    def _more_needs(self, understood: Understood) -> tuple[int, ...]:
        """Entries for further needs that other parts of a longer message speak of clearly."""
        text = understood.line.text
        # The semantic stage for every part of a very long message would take longer than anybody waits.
        thorough = len(text) <= _LONGEST_READ_CLOSELY
        judged = [self._part(self.senses.read(part), thorough) for part in needs.parts(text)]
        first = understood.ranking.entries[0]
        trades = [self._trades[mark] for mark in understood.line.wording.marks if mark in self._trades]
        return needs.of_trades(first, needs.further(first, judged, self.model.classes), trades, self.model.classes)

    def _part(self, line: Line, thorough: bool) -> Understood:
        by_words = self.judge(line, thorough=False)
        return self.judge(line) if thorough and by_words.right >= _WORTH_A_CLOSER_LOOK else by_words

    def _matches(self, numbers: Iterable[int], understood: Understood, why: bool) -> tuple[Match, ...]:
        shares, classes = understood.ranking.shares, self.model.classes
        return tuple(
            Match(
                classes[number],
                round(float(shares[number]), 4),
                explain.reasons(understood.evidence, number) if why else (),
            )
            for number in numbers
            if self._allowed[number]
        )

    def _subject(self, understood: Understood, shown: tuple[int, ...]) -> str | None:
        """What the line was about; a question about another place has a subject, though no answer."""
        if not shown and understood.line.places.outside and not understood.line.places.municipalities:
            return self._name(understood.ranking.entries[:1])
        return self._name(shown)

    def _name(self, shown: tuple[int, ...]) -> str | None:
        return self.model.classes[shown[0]] if shown else None


def load(knowledge: Knowledge, folder: Path, semantic: bool = True) -> TrainedMatcher:
    """The matcher from the shipped files. Raises UnusableFilesError when there are none that fit this program."""
    model = files.load(folder)
    senses = Senses(model.languages, Gazetteer.build(knowledge, common_words(knowledge)), Reader.build(knowledge))
    return TrainedMatcher(knowledge, model, senses, Gatherer(model, embedder() if semantic else None))
