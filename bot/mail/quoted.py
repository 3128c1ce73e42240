"""What somebody wrote in a reply, without what mail programs put around it: the mail replied to, signatures.

It would rather keep a line too many than take a word away: the host reads the draft before it goes anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: A quote's heading may be broken over so many lines.
_HEADING_LINES = 4
#: "Hilde Prøve", not a sentence.
_NAME_WORDS = 5

#: "tir. 24. nov. 2026 kl. 10:05 skrev Flytt hit <…>:", "On Tue, 24 Nov 2026 at 10:05, … wrote:".
_WROTE = re.compile(r"\b(skrev|skreiv|skrev følgende|skreiv følgjande|wrote|schrieb)\b.{0,200}:$", re.IGNORECASE)
_DIVIDER = re.compile(
    r"^[-_ ]*-{2,}\s*(opprinnelig melding|opphavleg melding|original message|videresendt melding|vidaresend melding|"
    r"forwarded message|ursprungligt meddelande|oprindelig meddelelse)\s*-{2,}[-_ ]*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^(begynn videresendt melding|begin forwarded message|startet videresendt melding):$", re.IGNORECASE
)
_UNDERLINE = re.compile(r"^_{20,}$")
_FROM = re.compile(r"^\W{0,2}(fra|frå|from|från)\W{0,2}:", re.IGNORECASE)
_HEADER = re.compile(r"^\W{0,2}(sendt|sent|dato|date|til|to|emne|subject|kopi|cc|skickat|ämne)\W{0,2}:", re.IGNORECASE)
_SENT_FROM = re.compile(
    r"^(sendt (fra|frå|med)|sent (from|with)|skickat från|(hent|få|get|skaff|skaff deg) outlook)\b.{0,80}$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(mvh|m\.v\.h|vh|((med )?(vennlig|vennleg|venleg|beste|varm|hyggelig) )?(hilsen|helsing)|"
    r"(mange |beste )?hilsener|((with )?(kind|best|warm) )?regards|best wishes|all the best|yours sincerely)\b[,.!]?",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """Only what this person wrote now, as far as that can be told."""
    lines = [
        line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
    ]
    lines = _before_quote(lines)
    # Answers between the quoted lines stay.
    lines = [line for line in lines if not line.lstrip().startswith(">")]
    lines = _without_signature(lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _before_quote(lines: Sequence[str]) -> list[str]:
    """Up to the mail replied to; where it was answered between its lines, all but its heading."""
    kept: list[str] = []
    number = 0
    while number < len(lines):
        if _is_quote(lines, number):
            break
        heading = _heading(lines, number)
        if heading and not _is_answered_below(lines[number + heading :]):
            break
        if not heading:
            kept.append(lines[number])
        number += heading or 1
    return kept


def _is_quote(lines: Sequence[str], number: int) -> bool:
    stripped = lines[number].strip()
    if _DIVIDER.match(stripped) or _FORWARDED.match(stripped):
        return True
    if _UNDERLINE.match(stripped):
        return _is_header_block(_following(lines, number + 1))
    return _is_header_block(lines[number : number + _HEADING_LINES])


def _following(lines: Sequence[str], start: int) -> list[str]:
    return [line for line in lines[start : start + 2 * _HEADING_LINES] if line.strip()][:_HEADING_LINES]


def _is_header_block(lines: Sequence[str]) -> bool:
    """ "Fra: …" with "Sendt: …" or the like below it."""
    if not lines or not _FROM.match(lines[0].strip()):
        return False
    return any(_HEADER.match(line.strip()) for line in lines[1:])


def _heading(lines: Sequence[str], number: int) -> int:
    """The lines that "… skrev:" takes here, 0 where it is not. It names a day or an address: "Hun skrev:" is none."""
    joined = ""
    for count, line in enumerate(lines[number : number + _HEADING_LINES], start=1):
        if not line.strip() or line.lstrip().startswith(">"):
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if _WROTE.search(joined):
            return count if "@" in joined or len(re.findall(r"\d", joined)) >= 4 else 0
    return 0


def _is_answered_below(rest: Sequence[str]) -> bool:
    """Own words stand below quoted lines."""
    quoted = [at for at, line in enumerate(rest) if line.lstrip().startswith(">")]
    below = rest[quoted[0] :] if quoted else []
    return any(line.strip() and not line.lstrip().startswith(">") for line in below)


def _without_signature(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for number, line in enumerate(lines):
        stripped = line.strip()
        if stripped in ("--", "—") or _SENT_FROM.match(stripped):
            break
        if _is_closing(stripped):
            kept.append(line)
            kept += _after_closing(stripped, lines[number + 1 :])
            break
        kept.append(line)
    return kept


def _is_closing(line: str) -> bool:
    found = _CLOSING.match(line)
    return found is not None and len(line[found.end() :].split()) <= _NAME_WORDS


def _after_closing(closing: str, rest: Sequence[str]) -> list[str]:
    """The name below it, and a postscript; not title, office and telephone."""
    found = _CLOSING.match(closing)
    has_name = bool(found and closing[found.end() :].strip(" ,.!"))
    named = [] if has_name else [line for line in rest if line.strip()][:1]
    if named and len(named[0].split()) > _NAME_WORDS:
        named = []
    postscript = next(
        (at for at, line in enumerate(rest) if re.match(r"^p\.?\s?s\b", line.strip(), re.IGNORECASE)), None
    )
    return [*named, *(["", *rest[postscript:]] if postscript is not None else [])]
