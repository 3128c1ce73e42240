"""A program in a child process that is killed at a labelled point, for a fraction of what a real start costs.

The child is forked from a test process which has read everything already. It runs the program's own loops, and dies by
SIGKILL as the real one would; its database and its Telegram lie in files and are opened again by the next child.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from bot import points
from tests.faults.virtual_time import VirtualLoop
from tests.world import shipped_mind

Story = Callable[[], Coroutine[Any, Any, None]]


def lives(story: Story, point: str = "", real_time: bool = False) -> bool:
    """Whether a child came to the end of the story; False when it died at the point. Raises when it failed."""
    shipped_mind()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _be_the_child(story, point, real_time)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    assert status == 0, f"the child failed ({status}); its words are in the captured output"
    return True


def _be_the_child(story: Story, point: str, real_time: bool) -> None:
    """Never returns: nothing of the test process may go on in here."""
    try:
        signal.alarm(60)
        points._WANTED, _, times = point.partition("#")
        points._TIMES, points._reached = times, Counter()
        with asyncio.Runner(loop_factory=None if real_time else VirtualLoop) as runner:
            runner.run(story())
    except BaseException:  # noqa: BLE001 - whatever it is, it must not come back into the test process
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)
