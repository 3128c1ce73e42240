"""What Markdown becomes in the chat and on our pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.markup import html, visible_length


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Ett **fett** og *skrått* ord", "Ett <b>fett</b> og <i>skrått</i> ord"),
        ("[Finn](https://www.finn.no/)", '<a href="https://www.finn.no/">Finn</a>'),
        ("[ring](tel:+4762485000)", '<a href="tel:+4762485000">ring</a>'),
        ("Først\nsamme avsnitt\n\nneste", "Først samme avsnitt\n\nneste"),
        ("Slik:\n\n- en\n- **to**\n\nSlutt", "Slik:\n\n– en\n– <b>to</b>\n\nSlutt"),
        ("5 < 7 & 7 > 5", "5 &lt; 7 &amp; 7 &gt; 5"),
        ("<b>ikke fet</b>", "&lt;b&gt;ikke fet&lt;/b&gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ('[x](https://a.no/"onclick="b)', '<a href="https://a.no/%22onclick=%22b">x</a>'),
        ("# Nei og `kode`", "# Nei og kode"),
        ("![bilde](https://a.no/b.png)", '!<a href="https://a.no/b.png">bilde</a>'),
        ("", ""),
    ],
)
def test_markdown_becomes_small_html(markdown: str, expected: str) -> None:
    assert str(html(markdown)) == expected


def test_the_target_of_a_link_does_not_count() -> None:
    assert visible_length("Se [Finn](https://www.finn.no/" + "x" * 900 + ")") == len("Se Finn")


def test_bold_and_ampersand_count_as_seen() -> None:
    assert visible_length("**A** & B") == len("A & B")


@given(st.text(max_size=200))
def test_no_tag_but_ours_comes_out(text: str) -> None:
    rest = str(html(text))
    for tag in ("<b>", "</b>", "<i>", "</i>", "</a>"):
        rest = rest.replace(tag, "")

    assert rest.count("<") == rest.count('<a href="')
