"""What is wrong with a file, told to the editor who can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`file` is relative to the knowledge folder, `line` counts from 1. Message and remedy are Norwegian."""

    file: str
    line: int
    message: str
    remedy: str
    level: Level = "error"

    def __str__(self) -> str:
        kind = "FEIL" if self.level == "error" else "ADVARSEL"
        return f"{self.file}:{self.line}: {kind}: {self.message} → {self.remedy}"
