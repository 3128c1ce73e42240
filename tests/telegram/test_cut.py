"""A message stays within Telegram's length, and its tags stay whole."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from bot.telegram.cut import END, MAX_UNITS, cut_html, units


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _check_tags(html: str) -> None:
    """Every tag that is opened is closed, in the right order."""
    opened: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", html):
        if closing:
            assert opened.pop() == name, html
        else:
            opened.append(name)
    assert not opened, html


def test_what_fits_stays_as_it_is() -> None:
    html = "<b>Hei</b> &amp; hå " + "å" * (MAX_UNITS - 9)
    assert units(_text(html)) == MAX_UNITS
    assert cut_html(html) == html


def test_one_more_is_cut_with_an_ellipsis() -> None:
    cut = cut_html("å" * (MAX_UNITS + 1))
    assert units(cut) == MAX_UNITS
    assert cut == "å" * (MAX_UNITS - 1) + END


def test_tags_do_not_count() -> None:
    html = "<b>a</b>" * 1000
    assert cut_html(html) == html


def test_emoji_count_double_as_telegram_counts_them() -> None:
    assert units("🏔") == 2
    cut = cut_html("🏔" * 3000)
    assert units(cut) <= MAX_UNITS
    assert cut == "🏔" * 2047 + END


@pytest.mark.parametrize("entity", ["&amp;", "&lt;", "&#128512;", "&quot;"])
def test_an_entity_is_one_character_and_never_cut_in_two(entity: str) -> None:
    cut = cut_html(entity * 5000)
    assert cut.removesuffix(END).replace(entity, "") == ""
    assert units(_text(cut)) <= MAX_UNITS


def test_what_is_open_at_the_cut_is_closed() -> None:
    cut = cut_html('<b>fet <i>skrå <a href="https://example.org/?a=1&amp;b=2">' + "lenke " * 900 + "</a></i></b> slutt")
    assert cut.endswith(END + "</a></i></b>")
    _check_tags(cut)


def test_what_is_closed_before_the_cut_is_not_closed_again() -> None:
    cut = cut_html("<b>fet</b>" + "x" * 5000)
    assert cut.count("</b>") == 1
    _check_tags(cut)


def test_a_bare_sign_is_a_character() -> None:
    assert cut_html("1 < 2 & 3 > 2") == "1 < 2 & 3 > 2"
    assert units(cut_html("< " * 4000)) == MAX_UNITS


def test_lone_surrogates_do_not_break_the_count() -> None:
    assert units("\ud83c") == 1
    assert cut_html("\ud83c" * 5000).endswith(END)


_PIECES = st.lists(
    st.tuples(st.sampled_from(["", "b", "i"]), st.text(max_size=8).map(lambda text: str(escape(text)))), max_size=12
)


@settings(deadline=None)
@given(_PIECES, st.integers(1, 40))
def test_however_it_is_cut_it_fits_and_its_tags_are_whole(pieces: list[tuple[str, str]], limit: int) -> None:
    html = "".join(f"<{tag}>{text}</{tag}>" if tag else text for tag, text in pieces)
    cut = cut_html(html, limit)
    assert units(_text(cut)) <= limit
    _check_tags(cut)
    assert _text(html).startswith(_text(cut).removesuffix(END)) or cut == html
