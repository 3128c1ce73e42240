"""An event loop whose time passes in leaps: hours of waiting cost nothing, and everything happens to the second.

Whatever the program waits for, sleeps and time limits included, is measured by the loop's clock. This one stands still
while anything runs, in a thread too, and leaps to the next appointment when nothing does.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple

from tests.world import START, Clock

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _Selector(selectors.DefaultSelector):
    """Leaps instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        #: Work in threads, during which time stands still.
        self.aside = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is None or self.aside:
            return super().select(1.0)
        # A hair more, so that rounding never leaves the appointment just ahead.
        self.now += timeout + 1e-9
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        self._virtual.aside += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._back)
        return future

    def _back(self, _done: asyncio.Future[Any]) -> None:
        self._virtual.aside -= 1


class LoopClock(Clock):
    """The time of day that goes with the running loop's; `now` is when it began, and a test may set it."""

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=self._loop.time() - self._began)


def in_virtual_time(story: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)
