"""Places where tests kill the program: before and after each commit, send and file change.

tests/faults finds the names in the source, so a new point is tested without being listed anywhere.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

#: "name" or "name#3" (die when it is reached for the third time).
_WANTED, _, _TIMES = os.environ.get("DIE_AT_POINT", "").partition("#")
_reached: Counter[str] = Counter()


def reached(name: str) -> None:
    """Does nothing, unless a test asked the program to die just here, as by a power cut."""
    if name != _WANTED:
        return
    _reached[name] += 1
    if _reached[name] == int(_TIMES or 1):
        os.kill(os.getpid(), signal.SIGKILL)
