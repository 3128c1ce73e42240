from __future__ import annotations

import pytest

from tests.knowledge.builder import RENT, KnowledgeFolder

SENTENCE = "Ring kommunen på 62 48 50 00."


@pytest.mark.parametrize(
    ("text", "words", "at"),
    [
        ("# Tittel", "kan være overskrift", "# Tittel"),
        ("### Tynset", "kan være overskrift", "### Tynset"),
        ("Tittel\n---", "kan være overskrift", "Tittel"),
        ("Tittel\n======", "kan være overskrift", "Tittel"),
        (" ## Os", "kan være overskrift", " ## Os"),
        ("##Os", "«#» vises som tegn", "##Os"),
        ("Se ![kart](https://a.no/kart.png).", "bilder", "kart"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "tabeller", "| a | b |"),
        ("Se\n<b>fet</b>\ntekst.", "HTML", "<b>"),
        ("<div>boks</div>", "HTML", "<div>"),
        ("<!-- husk -->", "HTML", "<!--"),
        ("1. Først\n2. Så", "nummererte lister", "1. Først"),
        ("17. mai feires.", "nummererte lister", "17. mai"),
        ("```\nkode\n```\nslutt", "kodeblokker", "kode"),
        ("    innrykk", "fire mellomrom", "innrykk"),
        ("Skriv `kode` her.", "kode mellom", "`kode`"),
        ("> sitat", "sitatblokker", "> sitat"),
        ("Før\n\n***\n\nEtter", "streker", "***"),
        ("- en\n  - to", "liste inni en liste", "- to"),
        ("Se\n[siden](http://a.no/).", "«http://a.no/»", "[siden]"),
        ("Se [siden](/lokal).", "«/lokal»", "[siden]"),
        ("Se [siden](tynset.kommune.no).", "«tynset.kommune.no»", "[siden]"),
        ("Se [siden](javascript:alert).", "lenken er ikke riktig skrevet", "[siden]"),
        ("Se [siden](https://a.no/med mellomrom).", "lenken er ikke riktig skrevet", "[siden]"),
        ("Se http://a.no i dag.", "begynner med http://", "http://a.no"),
        ("Det er ** ikke fet** her.", "vises som stjerner", "ikke fet"),
        ("Et usynlig\u200b tegn.", "usynlig tegn", "usynlig"),
        ("Snudd \u202etekst.", "usynlig tegn", "Snudd"),
    ],
)
def test_what_a_chat_cannot_show(folder: KnowledgeFolder, text: str, words: str, at: str) -> None:
    folder.change(RENT, SENTENCE, f"Først.\n\n{text}")
    at_line = next(n for n, line in enumerate(folder.text(RENT).split("\n"), 1) if at in line and n > 20)

    # HTML is found where it opens and where it closes.
    first = min(p for p in folder.check() if p.file == RENT and words in p.message)
    assert (first.line, first.level) == ((at_line if "```" not in text else at_line - 1), "error"), first


@pytest.mark.parametrize(
    "text",
    [
        "**Fet** og *skrå*.",
        "Slik:\n\n- en\n- **to**\n* tre",
        "[Ring](tel:+4762485000), [skriv](mailto:postmottak@tynset.kommune.no) eller <https://a.no/>.",
        "Fra 17. mai, 5 < 7 & 3 * 4 = 12, «sitat» – tankestrek.",
        "Se [siden][1].\n\n[1]: https://a.no/",
    ],
)
def test_what_it_can(folder: KnowledgeFolder, text: str) -> None:
    folder.change(RENT, SENTENCE, text)

    folder.is_clean()
