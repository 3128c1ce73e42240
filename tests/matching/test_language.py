"""Which language a line is in."""

from __future__ import annotations

import pytest

from bot.matching import TrainedMatcher

LINES = {
    "Hvor finner vi et hus med hage?": "nb",
    "Ka koste dæ å leie et hus hos dokker?": "nb",
    "je lure på åssen det er der om vinteren": "nb",
    "Kva må ein gjere for å få barnehageplass?": "nn",
    "Eg lurer på korleis skulen er hos dykk": "nn",
    "How do we find a house to rent for a year?": "en",
    "Vad kostar det att hyra en lägenhet hos er?": "sv",
    "Hvad koster det at leje en lejlighed hos jer?": "da",
    "Was kostet es, bei euch ein Haus zu mieten?": "de",
    "Wat kost het om bij jullie een huis te huren?": "nl",
    "Ile kosztuje wynajęcie domu u was?": "pl",
    "Скільки коштує оренда будинку?": "uk",
    "manne sïjhtem saemien gïelem lïeredh": "sma",
}


@pytest.mark.parametrize(("line", "language"), LINES.items())
def test_recognises(matcher: TrainedMatcher, line: str, language: str) -> None:
    assert matcher.understand(line).language.code == language


def test_nothing_to_tell_from_is_bokmaal_without_confidence(matcher: TrainedMatcher) -> None:
    for line in ("", "1234", "🐄", "Tynset"):
        language = matcher.understand(line).language
        assert (language.code, language.confidence) == ("nb", 0.0)


def test_a_single_word_proves_little(matcher: TrainedMatcher) -> None:
    assert matcher.understand("hus").language.confidence <= 0.6
