"""Waiting for something to change, from any event loop: a page's stream, a long poll and a test may each have one."""

import asyncio
from threading import Lock


class Changes:
    """A number that grows with every change, and a wait for it to grow."""

    def __init__(self, revision: int = 0) -> None:
        self._revision = revision
        self._lock = Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    @property
    def revision(self) -> int:
        return self._revision

    def reached(self, revision: int) -> None:
        """Wakes everybody who waits for less than this."""
        with self._lock:
            self._revision = max(self._revision, revision)
            waiting = list(self._waiting)
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def wake(self) -> None:
        self.reached(self._revision)

    async def wait(self, after: int, seconds: float) -> int:
        """The revision as soon as it is greater than `after`, or whatever it is once the time is up or `wake` came."""
        event = asyncio.Event()
        ticket = (asyncio.get_running_loop(), event)
        with self._lock:
            if self._revision > after:
                return self._revision
            self._waiting.add(ticket)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiting.discard(ticket)
        return self._revision
