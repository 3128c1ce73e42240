"""YAML as editors' files use it: text, lists and mappings, and nothing that surprises."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.yaml_file import MAX_BYTES, YamlError, load


def test_scalars_stay_text() -> None:
    assert load("a: no\nb: 1_000\nc: 2026-11-24\nd: ~\n").value == {
        "a": "no",
        "b": "1_000",
        "c": "2026-11-24",
        "d": "~",
    }


def test_a_number_of_6000_digits_is_text() -> None:
    assert load(f"a: {'7' * 6000}").value == {"a": "7" * 6000}


def test_each_value_has_its_line() -> None:
    document = load("a:\n  - x\n  - b: y\n", first_line=10)

    assert document.line(("a",)) == 10
    assert document.line(("a", 1, "b")) == 12
    assert document.line(("a", 1, "missing")) == 12
    assert document.line(("missing",)) == 10


def test_nothing_is_an_empty_mapping() -> None:
    assert load("").value == {}
    assert load("# only a comment\n").value == {}


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("a: &x [1]\nb: *x\n", "ankere", 1),
        ("a: 1\nb: 2\na: 3\n", "nøkkelen «a» står to ganger", 3),
        ("a:\n  b: 1\n  b: 2\n", "nøkkelen «b» står to ganger", 3),
        ("a: " + "[" * 13 + "]" * 13, "for mange nivåer", 1),
        ("a: " + "[" * 20_000, "kan ikke leses som YAML", 1),
        ("a: b: c\n", "kan ikke leses som YAML", 1),
        ("a: 1\nb: [1, 2\nc: 3\n", "kan ikke leses som YAML", 3),
        ("a: 1\n---\nb: 2\n", "kan ikke leses som YAML", 2),
        ("? [a, b]\n: c\n", "en nøkkel må være et ord", 1),
        ("a: \x07\n", "kan ikke leses som YAML", 1),
        ("a: *nowhere\n", "kan ikke leses som YAML", 1),
        ("a: x\n" * (MAX_BYTES // 5 + 1), "filen er for stor", 1),
    ],
)
def test_what_is_refused(text: str, words: str, line: int) -> None:
    with pytest.raises(YamlError) as caught:
        load(text)

    assert words in caught.value.message
    assert caught.value.line == line
    assert caught.value.remedy


def test_a_billion_laughs_cost_nothing() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]

    with pytest.raises(YamlError, match="ankere"):
        load("\n".join(lines))


@given(st.text(max_size=200))
def test_whatever_stands_in_a_file_is_read_or_refused(text: str) -> None:
    with suppress(YamlError):
        load(text)
