"""Replies as people's programs write them: what they wrote now is kept, the rest is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.quoted import own_words
from bot.mail.words import without_tags

WORDS = "Hei Mona!\n\nJa, vi har ledig plass fra januar."
OURS = "Svarer du på denne e-posten, blir svaret et utkast.\n\nNy henvendelse TYN-7F3K"
QUOTED = "\n".join(f"> {line}" for line in OURS.split("\n"))

STYLES = {
    "Gmail, Bokmål": f"{WORDS}\n\ntir. 24. nov. 2026 kl. 10:05 skrev Flytt hit <f@x.example>:\n\n{QUOTED}\n",
    "Gmail, broken over lines": (
        f"{WORDS}\n\ntir. 24. nov. 2026 kl. 10:05 skrev Flytt hit med et langt navn\n<f@x.example>:\n\n{QUOTED}"
    ),
    "Gmail, English": f"{WORDS}\n\nOn Tue, 24 Nov 2026 at 10:05, Flytt hit <f@x.example> wrote:\n\n{QUOTED}",
    "Gmail, Nynorsk": f"{WORDS}\n\ntysdag 24. november 2026 kl. 10:05 skreiv Flytt hit <f@x.example>:\n\n{QUOTED}",
    "Apple Mail": f"{WORDS}\n\n> 24. nov. 2026 kl. 10:05 skrev Flytt hit <f@x.example>:\n> \n{QUOTED}\n",
    "Apple Mail on a telephone": (
        f"{WORDS}\n\nSendt fra min iPhone\n\n24. nov. 2026 kl. 10:05 skrev Flytt hit <f@x.example>:\n\n{QUOTED}"
    ),
    "Apple Mail, English": f"{WORDS}\n\nSent from my iPhone\n\nOn 24 Nov 2026, Flytt hit <f@x> wrote:\n{QUOTED}",
    "Outlook, Bokmål": (
        f"{WORDS}\n\nFra: Flytt hit <f@x.example>\nSendt: tirsdag 24. november 2026 10:05\n"
        f"Til: Hilde\nEmne: TYN-7F3K\n\n{OURS}\n"
    ),
    "Outlook, Nynorsk": f"{WORDS}\n\nFrå: Flytt hit\nSendt: tysdag 24. november\nTil: Hilde\nEmne: TYN\n\n{OURS}",
    "Outlook, English": (
        f"{WORDS}\r\n\r\n-----Original Message-----\r\nFrom: Flytt hit\r\nSent: Tuesday\r\nTo: Hilde\r\n\r\n{OURS}\r\n"
    ),
    "Outlook, older": f"{WORDS}\n\n-----Opprinnelig melding-----\nFra: Flytt hit\nSendt: 24. november\n\n{OURS}",
    "Outlook on the web": f"{WORDS}\n________________________\nFra: Flytt hit\nSendt: tirsdag\nTil: Hilde\n\n{OURS}",
    "Outlook on a telephone": (
        f"{WORDS}\n\nHent Outlook for iOS<https://aka.example/o0ukef>\n________________________________\n"
        f"Fra: Flytt hit\nSendt: tirsdag\n\n{OURS}"
    ),
    "Outlook in bold": f"{WORDS}\n\n*Fra:* Flytt hit\n*Sendt:* tirsdag 24. november 2026\n*Til:* Hilde\n\n{OURS}",
    "Thunderbird": f"{WORDS}\n\nDen 24.11.2026 10:05, skrev Flytt hit:\n{QUOTED}\n\n",
    "a signature with dashes": f"{WORDS}\n\n-- \nHilde Prøve\nTynset kommune\n62 00 00 00\n",
    "nothing around it": WORDS,
}


@pytest.mark.parametrize("style", STYLES)
def test_only_what_was_written_now_is_kept(style: str) -> None:
    assert own_words(STYLES[style]) == WORDS


@pytest.mark.parametrize(
    "closing",
    ["Med vennlig hilsen", "Mvh", "Vennlig hilsen,", "Med venleg helsing", "Kind regards,", "Best wishes", "Hilsen"],
)
def test_a_closing_and_the_name_stay_the_office_below_goes(closing: str) -> None:
    text = f"{WORDS}\n\n{closing}\n\nHilde Prøve\nRådgiver næring\nTynset kommune\nTlf. 62 00 00 00\nwww.tynset.example"
    assert own_words(text) == f"{WORDS}\n\n{closing}\nHilde Prøve"


def test_a_closing_with_the_name_and_a_postscript() -> None:
    assert own_words(f"{WORDS}\n\nHilsen Hilde\nTynset kommune") == f"{WORDS}\n\nHilsen Hilde"
    kept = own_words(f"{WORDS}\n\nMvh\nHilde\nTynset kommune\n\nPS: Ta med ski!")
    assert kept.endswith("Mvh\nHilde\n\nPS: Ta med ski!") and "kommune" not in kept


def test_answers_between_the_quoted_lines_stay() -> None:
    text = (
        "Hei! Se under.\n\ntir. 24. nov. 2026 kl. 10:05 skrev Flytt hit <f@x.example>:\n"
        "> Barnehage?\nJa, fra januar.\n> Hus?\nDet finnes to til leie.\n"
    )
    assert own_words(text) == "Hei! Se under.\n\nJa, fra januar.\nDet finnes to til leie."


@pytest.mark.parametrize(
    "line",
    [
        "Legen skrev: kom på tirsdag.",
        "Kommunen skrev dette i fjor, og det gjelder fortsatt.",
        "Fra: nå av kan du søke.",
        "Hilsen til barna fra oss alle her i Tynset, vi gleder oss!",
        "Dette ble sendt fra meg til deg i går, men kom i retur.",
        "- først dette\n- så det",
        "_Viktig_: svar innen fredag.",
    ],
)
def test_ordinary_sentences_are_no_quotes(line: str) -> None:
    text = f"Hei!\n{line}\nVelkommen hit."
    assert own_words(text) == text


@given(st.text(max_size=400))
def test_whatever_comes_no_word_is_invented(text: str) -> None:
    words = own_words(text)
    assert set(words.split()) <= set(text.replace("\u00a0", " ").split())


HTML = {
    "Gmail": (
        "<div dir='ltr'><div>Hei Mona!</div><div><br></div><div>Ja, vi har ledig plass fra januar.</div></div><br>"
        "<div class='gmail_quote'><div>tir. 24. nov. skrev Flytt hit:</div><blockquote>Ny</blockquote></div>"
    ),
    "Outlook": (
        "<html><head><style>p {margin:0}</style><title>x</title></head><body><p>Hei Mona!</p>\n<p>&nbsp;</p>\n"
        "<p>Ja, vi har ledig\nplass fra januar.</p><hr><div id='divRplyFwdMsg'><b>Fra:</b> Flytt hit<br>"
        "<b>Sendt:</b> tirsdag 24. november<br><b>Til:</b> Hilde</div><div>Ny henvendelse</div></body></html>"
    ),
    "Apple": (
        "<body>Hei Mona!<div><br></div><div>Ja, vi har ledig plass fra januar.<br><blockquote><div>24. nov. "
        "2026 kl. 10:05 skrev Flytt hit:</div></blockquote></div></body>"
    ),
}


@pytest.mark.parametrize("program", HTML)
def test_html_is_made_plain(program: str) -> None:
    assert own_words(without_tags(HTML[program])) == WORDS


@given(st.text(alphabet=st.sampled_from("<>/ab=\"'&;!- pdiv\n"), max_size=200))
def test_any_html_is_survived(html: str) -> None:
    assert isinstance(without_tags(html), str)
