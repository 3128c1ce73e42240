"""Links between entries."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from bot.knowledge.checks.material import Material
from bot.knowledge.problems import Problem
from bot.knowledge.yaml_file import YamlError, load

TRADES = "words/trades.yaml"


def problems(material: Material, folder: Path) -> Iterator[Problem]:
    # An entry that cannot be read now still exists; links to it are not wrong.
    known = {*material.reading.knowledge.entries, *material.reading.broken}
    for page in material.originals:
        for index, other in enumerate(page.entry.related):
            line = page.head.line(("related", index))
            if other == page.entry.id:
                yield page.problem(line, "related peker på svaret selv", "slett det fra listen")
            elif other not in known:
                yield page.problem(line, f"related peker på «{other}», som ikke finnes", _remedy(other, known))
    for trade in material.reading.knowledge.words.trades:
        if trade.entry not in known:
            line = _trade_line(folder, trade.family)
            yield Problem(TRADES, line, f"«{trade.entry}» finnes ikke", _remedy(trade.entry, known))


def _remedy(id: str, known: set[str]) -> str:
    close = get_close_matches(id, sorted(known), n=1, cutoff=0.8)
    return f"mente du {close[0]}?" if close else "rett skrivemåten eller slett den"


def _trade_line(folder: Path, family: str) -> int:
    try:
        return load((folder / TRADES).read_text("utf-8-sig")).line(("trades", family, "entry"))
    except (OSError, ValueError, YamlError):
        return 1
