"""Private persons' numbers, addresses and names have no place in what everybody may read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.checks.material import Material
from bot.knowledge.problems import Level, Problem

WEB = re.compile(r"https?://[^\s)>\"'\]]+")
#: Mobile numbers begin with 4 or 9; written together or as 3-2-3 or 2-2-2-2.
MOBILE = re.compile(r"(?<![\d.,])(?:(?:\+|00)47 ?)?([49]\d{2} ?\d{2} ?\d{3}|[49]\d(?: \d{2}){3})(?![\d]|[.,]\d)")
#: Day (D numbers add 40), month (test numbers add 40 or 80), year and five digits.
IDENTITY = re.compile(r"(?<!\d)(?:[04][1-9]|[1256]\d|[37][01])(?:[048][1-9]|[159][0-2])\d{2} ?\d{5}(?!\d)")
PERSONAL_EMAIL = re.compile(r"(?<![\w.-])([a-zæøå-]{2,})\.([a-zæøå-]{2,})@[\w.-]+", re.IGNORECASE)
#: Parts of addresses that belong to an office, not to a person.
OFFICE = re.compile(
    r"post|service|kommune|info|kontakt|resepsjon|skole|skule|barnehage|nav|bibliotek|booking|flytt|host|vert|salg|kontor",
    re.IGNORECASE,
)
_NAME = r"[A-ZÆØÅ][a-zæøåé]+(?: [A-ZÆØÅ]\.)?(?:[ -][A-ZÆØÅ][a-zæøåé]+)+"
NAMED = re.compile(
    r"(?:\bv/ ?|\b(?i:rektor|styrer|styrar|rådgiver|rådgivar|saksbehandler|saksbehandlar|tilflyttervert|"
    r"tilflyttarvert|kontaktperson|daglig leder|dagleg leiar|principal|head teacher|newcomer host|adviser),? )"
    rf"({_NAME})"
)
ORGANISATION = re.compile(
    r"lag\b|klubb|forening|foreining|kommune|skole|skule|senter|hage\b|verk\b|nett\b|\b(?:AS|SA)\b", re.I
)


def problems(material: Material) -> Iterator[Problem]:
    public = {
        _digits(number)
        for fact in material.reading.knowledge.facts.values()
        for number in MOBILE.findall(fact.statement)
    }
    for file, text in material.texts.items():
        for line, words in enumerate(text.split("\n"), start=1):
            for message, remedy, level in _in_line(WEB.sub("", words), public):
                yield Problem(file, line, message, remedy, level)


def _in_line(text: str, public: set[str]) -> Iterator[tuple[str, str, Level]]:
    for number in MOBILE.findall(text):
        if _digits(number) not in public:
            remedy = "bruk sentralbordet; et mobilnummer kan stå her bare når en opplysning i facts har det"
            yield f"«{number}» ser ut som et privat mobilnummer", remedy, "error"
    for match in IDENTITY.finditer(text):
        yield f"«{match[0][:6]}…» ser ut som et fødselsnummer", "slett det", "error"
    for match in PERSONAL_EMAIL.finditer(text):
        if not OFFICE.search(match[0].partition("@")[0]):
            yield f"«{match[0]}» ser ut som en persons e-postadresse", "bruk postmottaket", "error"
    for match in NAMED.finditer(text):
        if ORGANISATION.search(match[1]):
            continue
        remedy = "skriv rollen uten navn; folk bytter jobb, og navnet er personlig"
        yield f"«{match[1]}» ser ut som navnet på en privatperson", remedy, "warning"


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
