"""A small knowledge folder that has nothing wrong with it, for tests to spoil one thing at a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.knowledge.checking import check
from bot.knowledge.entry_file import SECTION_SLUGS
from bot.knowledge.problems import Level, Problem
from bot.knowledge.reading import Reading, read
from bot.knowledge.translations import mark_translated

TODAY = date(2026, 11, 24)

RENT = "housing/rent-home.md"
RENT_NN = "housing/rent-home.nn.md"
RENT_EN = "housing/rent-home.en.md"
RENT_QUESTIONS = "housing/rent-home.questions.txt"
BUY = "housing/buy-home.md"
TYNSET = "municipalities/tynset.yaml"

FILES = {
    RENT: """---
title: Leie bolig
keywords: [leie, hybel]
sources:
  - name: Tynset kommune
    url: https://www.tynset.kommune.no/
    as_of: "2025"
    facts:
      - tynset-housing-01
      - tynset-contact-01
    municipality: tynset
checked_on: 2026-11-01
check_again_after: 12 months
owner: region
related: [housing/buy-home]
---
Se etter utleieboliger på [Finn](https://www.finn.no/). Spør også kommunen.

## Tynset

Ring kommunen på 62 48 50 00.
""",
    RENT_NN: """---
title: Leige bustad
keywords: [leige, hybel]
translated_from: pending
---
Sjå etter utleigebustader på [Finn](https://www.finn.no/). Spør òg kommunen.

## Tynset

Ring kommunen på 62 48 50 00.
""",
    RENT_EN: """---
title: Rent a home
keywords: [rent, flat]
translated_from: pending
---
Look for homes on [Finn](https://www.finn.no/). Ask the municipality too.

## Tynset

Call the municipality on 62 48 50 00.
""",
    RENT_QUESTIONS: "# Bokmål\nHvor kan jeg leie?\n\nwhere can i rent a flat\n",
    BUY: """---
title: Kjøpe bolig
keywords: [kjøpe, hus]
sources:
  - name: Finn
    url: https://www.finn.no/
    as_of: "2026"
checked_on: 2026-11-01
check_again_after: 6 months
owner: tynset
---
Boliger til salgs ligger på [Finn](https://www.finn.no/).
""",
    "housing/buy-home.nn.md": """---
title: Kjøpe bustad
keywords: [kjøpe, hus]
translated_from: pending
---
Bustader til sals ligg på [Finn](https://www.finn.no/).
""",
    "housing/buy-home.en.md": """---
title: Buy a home
keywords: [buy, house]
translated_from: pending
---
Homes for sale are on [Finn](https://www.finn.no/).
""",
    "housing/buy-home.questions.txt": "Hus til salgs?\n",
    "out-of-scope.questions.txt": "Hvem vant Eurovision i fjor?\n",
    "words/places-outside.yaml": "places: [Oslo, Elverum]\nambiguous: [Moss]\n",
    "words/dialect.yaml": "forms:\n  åssen: hvordan\n",
    "words/trades.yaml": "trades:\n  property:\n    entry: housing/buy-home\n    words: [eiendomsmegler]\n",
}

FACT = """- id: {id}
  topic: housing
  statement: {statement}
  statement_en: The same in English.
  source: Tynset kommune
  url: https://www.tynset.kommune.no/
  show_url: https://www.tynset.kommune.no/
  read_more: https://www.tynset.kommune.no/
  as_of: '2025'
  freshness: dated
  confidence: {confidence}
"""
FACTS = (
    ("tynset-housing-01", "Kommunen har utleieboliger.", "high"),
    ("tynset-contact-01", "Kommunens telefon er 62 48 50 00.", "medium"),
    ("tynset-contact-02", "Vakttelefonen for vann er 917 55 555.", "high"),
    ("tynset-housing-02", "Det sies at leien er lav.", "low"),
)

MUNICIPALITY = """slug: {slug}
name: {name}
county: Innlandet
spellings: [{slug} sentrum]
villages:
  - name: Fåset
    spellings: [faset]
about:
  nb: Her er det fint å bo.
  nn: Her er det fint å bu.
  en: It is nice to live here.
about_facts:
  - tynset-housing-01
figures:
  - kind: population
    value: "5 722"
    year: "2025"
    fact: tynset-housing-01
distances:
  - {{to: Trondheim, km: "170", fact: tynset-housing-01}}
contact:
  phone: 62 48 50 00
  email: postmottak@tynset.kommune.no
  website: https://www.tynset.kommune.no/
  facts: [tynset-contact-01]
checked_on: 2026-11-01
"""


class KnowledgeFolder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def text(self, name: str) -> str:
        return (self.path / name).read_text("utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Change a file in one place; translations are marked as made from the original as it is then."""
        text = self.text(name)
        assert text.count(old) == 1, f"«{old}» stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))
        if name.count(".") == 1 and name.endswith(".md"):
            self.mark_translations()

    def remove(self, name: str) -> None:
        (self.path / name).unlink()

    def mark_translations(self) -> None:
        mark_translated(self.path, sorted(self.path.glob("housing/*.*.md")))

    def read(self) -> Reading:
        return read(self.path)

    def check(self, today: date = TODAY) -> tuple[Problem, ...]:
        return check(self.read(), today, self.path)

    def finds(self, name: str, words: str, *, at: str | int, level: Level = "error", today: date = TODAY) -> Problem:
        """Exactly one problem of `name` says `words`, at the line that holds `at`, and has a remedy."""
        problems = self.check(today)
        matching = [problem for problem in problems if problem.file == name and words in problem.message]
        assert len(matching) == 1, "\n".join(map(str, problems))
        [problem] = matching
        assert problem.line == (at if isinstance(at, int) else self.line_of(name, at)), problem
        assert problem.level == level, problem
        assert problem.remedy
        return problem

    def line_of(self, name: str, words: str) -> int:
        lines = [number for number, line in enumerate(self.text(name).split("\n"), start=1) if words in line]
        assert len(lines) == 1, f"«{words}» stands on {len(lines)} lines of {name}"
        return lines[0]

    def is_clean(self, today: date = TODAY) -> None:
        problems = self.check(today)
        assert problems == (), "\n".join(map(str, problems))


def build(path: Path) -> KnowledgeFolder:
    folder = KnowledgeFolder(path)
    for name, text in FILES.items():
        folder.write(name, text)
    facts = (FACT.format(id=id, statement=text, confidence=confidence) for id, text, confidence in FACTS)
    folder.write("facts/tynset.yaml", "".join(facts))
    for name, slug in SECTION_SLUGS.items():
        folder.write(f"municipalities/{slug}.yaml", MUNICIPALITY.format(slug=slug, name=name))
    folder.mark_translations()
    return folder
