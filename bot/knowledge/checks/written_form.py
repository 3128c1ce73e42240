"""Bokmål words in Nynorsk texts and the other way round: only words that the other form does not have at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.knowledge.checks.material import Material, Page
from bot.knowledge.problems import Problem

#: Words of the other form by the language of the text, with what to write instead. Words that both forms
#: allow (veit, òg, mens, videregående in a school's name) are left out on purpose.
OTHER_FORM: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "ikkje": "ikke", "kva": "hva", "korleis": "hvordan", "kvifor": "hvorfor", "kven": "hvem", "kvar": "hvor/hver",
        "eg": "jeg", "nokon": "noen", "noko": "noe", "nokre": "noen", "frå": "fra",
        "berre": "bare", "mykje": "mye", "fleire": "flere", "sjølv": "selv", "eigen": "egen", "eigne": "egne",
        "saman": "sammen", "kjem": "kommer", "gjer": "gjør", "vere": "være", "meir": "mer", "dei": "de",
        "difor": "derfor", "einaste": "eneste", "ein": "en", "finst": "finnes", "heiter": "heter",
        "vidaregåande": "videregående", "teneste": "tjeneste", "tenester": "tjenester", "søkje": "søke",
        "byggje": "bygge", "spørje": "spørre", "framleis": "fremdeles", "medan": "mens", "utan": "uten",
        "sidan": "siden", "tilbod": "tilbud", "dykk": "dere", "dykkar": "deres", "vanleg": "vanlig",
    },
    "nn": {
        "ikke": "ikkje", "hva": "kva", "hvordan": "korleis", "hvorfor": "kvifor", "hvem": "kven", "hvor": "kvar/kor",
        "hvilken": "kva for ein", "hvilke": "kva for", "hvilket": "kva for eit", "hver": "kvar", "hvert": "kvart",
        "jeg": "eg", "noen": "nokon/nokre", "noe": "noko", "fra": "frå", "bare": "berre", "mye": "mykje",
        "flere": "fleire", "selv": "sjølv", "egen": "eigen", "eget": "eige", "egne": "eigne", "sammen": "saman",
        "kommer": "kjem", "gjør": "gjer", "være": "vere", "vært": "vore", "mer": "meir", "eneste": "einaste",
        "en": "ein", "finnes": "finst", "heter": "heiter", "tjeneste": "teneste", "tjenester": "tenester",
        "uten": "utan", "tilbud": "tilbod", "annet": "anna", "dere": "de/dykk", "deres": "dykkar/deira", "hun": "ho",
        "hjemme": "heime", "vanligvis": "vanlegvis", "vanlig": "vanleg",
    },
}  # fmt: skip
LEFT_OUT = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|\[[^\]]*\]\([^)]*\)|<[^>]*>|https?://\S+|\S+@\S+")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def problems(material: Material) -> Iterator[Problem]:
    for page in material.pages:
        if page.language in OTHER_FORM:
            title = page.entry.texts[page.language].title
            yield from _in_text(page, title, page.head.line(("title",)))
            yield from _in_text(page, page.body, page.body_line)
    for slug, municipality in material.reading.knowledge.municipalities.items():
        if slug in material.municipalities:
            for language in OTHER_FORM:
                line = material.municipalities[slug].line(("about", language))
                for _, word in _words(municipality.about[language], language):
                    yield _problem(f"municipalities/{slug}.yaml", line, word, language)


def _in_text(page: Page, text: str, first_line: int) -> Iterator[Problem]:
    for offset, word in _words(text, page.language):
        yield _problem(page.file, first_line + offset, word, page.language)


def _words(text: str, language: str) -> Iterator[tuple[int, str]]:
    # Quoted words and what a link is called are others' words; their line breaks stay, so that lines are right.
    own = LEFT_OUT.sub(lambda match: " " + "\n" * match[0].count("\n"), text)
    for offset, line in enumerate(own.split("\n")):
        for word in WORD.findall(line):
            if word.lower() in OTHER_FORM[language]:
                yield offset, word


def _problem(file: str, line: int, word: str, language: str) -> Problem:
    form = "bokmål" if language == "nb" else "nynorsk"
    remedy = f"skriv «{OTHER_FORM[language][word.lower()]}», eller sett navn og sitat i «anførselstegn»"
    return Problem(file, line, f"«{word}» er ikke {form}", remedy, "warning")
