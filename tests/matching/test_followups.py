"""Short lines that lean on what was said before, and what is let go."""

from __future__ import annotations

from bot.dialogue.asking import NEAR
from bot.matching import TrainedMatcher
from bot.matching.evaluation import evaluate
from bot.matching.labelled import read
from bot.matching.verdict import Context
from tests.matching.conftest import QUESTIONS

KINDERGARTEN = Context("children/kindergarten-place", ("tynset",))


def test_another_place_repeats_the_question(matcher: TrainedMatcher) -> None:
    for line in ("og hva med Alvdal?", "enn i Alvdal?", "Alvdal?", "and in Alvdal?", "gjelder det Alvdal også?"):
        verdict = matcher.understand(line, KINDERGARTEN)
        assert [match.entry for match in verdict.matches] == ["children/kindergarten-place"], line
        assert verdict.municipality == "alvdal"
        assert verdict.context == Context("children/kindergarten-place", ("alvdal",))


def test_a_price_is_the_price_of_what_was_spoken_of(matcher: TrainedMatcher) -> None:
    verdict = matcher.understand("hva koster det?", KINDERGARTEN)
    assert verdict.matches[0].entry == "children/kindergarten-price"
    assert verdict.municipality == "tynset"


def test_a_new_subject_lets_the_old_one_go_and_keeps_the_place(matcher: TrainedMatcher) -> None:
    verdict = matcher.understand("Har dere bibliotek?", KINDERGARTEN)
    assert [match.entry for match in verdict.matches] == ["services/library"]
    assert verdict.municipality == "tynset"


def test_a_whole_question_is_answered_whatever_was_spoken_of(matcher: TrainedMatcher) -> None:
    for before, line, entry in (
        ("services/emergency-care", "hvor langt er det til nærmeste sykehus", "services/hospital"),
        ("moving/norwegian-course", "how much would I earn", "jobs/salary-and-tax"),
    ):
        verdict = matcher.understand(line, Context(before, ("tynset",)))
        assert verdict.decision == "answer" and verdict.matches[0].entry == entry, line


def test_thanks_change_nothing(matcher: TrainedMatcher) -> None:
    verdict = matcher.understand("tusen takk!", KINDERGARTEN)
    assert verdict.matches[0].entry == "assistant/thanks-and-bye"
    assert verdict.municipality is None
    assert verdict.context == KINDERGARTEN


def test_a_place_named_in_a_greeting_is_remembered(matcher: TrainedMatcher) -> None:
    verdict = matcher.understand("heisann, æ e 24 og fra Trondheim, vil bo på Røros")
    assert verdict.matches[0].entry == "assistant/greeting"
    assert verdict.context == Context(None, ("roros",))
    assert matcher.understand("hei igjen", verdict.context).context == verdict.context


def test_two_places_named_are_both_remembered_and_a_list_of_many_is_not(matcher: TrainedMatcher) -> None:
    two = matcher.understand("Er det barnehageplass i Os eller Tolga?")
    assert two.context == Context("children/kindergarten-place", ("os", "tolga"))
    price = matcher.understand("og hva koster det?", two.context)
    assert (price.municipalities, price.municipality) == (("os", "tolga"), None)
    many = matcher.understand("Er det barnehageplass i Os, Tolga, Tynset, Røros eller Alvdal?", KINDERGARTEN)
    assert many.context.municipalities == ()


def test_the_other_municipalities_are_no_place(matcher: TrainedMatcher) -> None:
    verdict = matcher.understand("og i dei andre kommunane?", KINDERGARTEN)
    assert [match.entry for match in verdict.matches] == ["children/kindergarten-place"]
    assert verdict.municipality is None
    assert verdict.context.municipality is None


def test_out_of_scope_stays_out_of_scope_in_a_conversation(matcher: TrainedMatcher) -> None:
    for line in ("hvem er statsminister?", "hva blir været i morgen?", "fortell en vits"):
        assert matcher.understand(line, KINDERGARTEN).decision == "none", line


def test_what_was_spoken_of_before_is_not_offered_for_what_is_unknown(matcher: TrainedMatcher) -> None:
    for line in ("Hvem vant skirennet i går?", "hva er klokka"):
        verdict = matcher.understand(line, Context("jobs/vacancies", ("tynset",)))
        assert verdict.decision == "none"
        assert all(match.score < NEAR for match in verdict.near), line


def test_what_is_unknown_is_not_answered_with_the_last_answer(matcher: TrainedMatcher) -> None:
    assert matcher.understand("hva er meningen med livet").decision == "none"
    verdict = matcher.understand("hva er meningen med livet", Context("children/primary-school", ("os",)))
    assert verdict.decision != "answer"


def test_a_place_mistaken_for_one_elsewhere_can_be_put_right(matcher: TrainedMatcher) -> None:
    first = matcher.understand("Hva koster et hus i Os utenfor Bergen?")
    assert first.decision == "none"
    second = matcher.understand("nei, jeg mente Os i Østerdalen", first.context)
    assert second.matches[0].entry == "housing/house-prices"
    assert second.municipality == "os"


def test_a_context_with_an_entry_that_is_gone_is_no_context(matcher: TrainedMatcher) -> None:
    verdict = matcher.understand("og hva med Alvdal?", Context("housing/castles"))
    assert "housing/castles" not in [match.entry for match in verdict.matches]


def test_conversations_of_our_own(matcher: TrainedMatcher) -> None:
    share = evaluate(read(QUESTIONS / "followups.jsonl"), matcher.understand).overall["last turn helped"]
    assert share.value is not None and share.value >= 0.9
