"""Writes that come at the same time share one transaction, and so one wait for the disk; looks share one beginning.

SQLite lets one write at a time and waits for the disk at each commit; PostgreSQL is asked some five times more for each
transaction. A burst of small ones would spend most of its time on that. Each write still happens wholly or not at all:
where one of several fails, none of them is stored, and each is tried again alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

T = TypeVar("T")
Write = Callable[[AsyncSession], Awaitable[T]]
_Waiting = tuple[Write[Any], "asyncio.Future[Any]"]

#: Writes in one transaction at most; more would make the first wait long for the last.
MOST = 50


class Together:
    def __init__(self, transaction: Callable[[], AbstractAsyncContextManager[AsyncSession]]) -> None:
        self._transaction = transaction
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Write[T]) -> T:
        """What `work` returns, after it was committed. Raises what `work` or the commit raises."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await future

    async def finish(self) -> None:
        """Until nothing is to be written."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            if not await self._write(batch) and len(batch) > 1:
                for alone in batch:
                    await self._write([alone])

    async def _write(self, batch: list[_Waiting]) -> bool:
        """False when the batch failed; who wrote alone is told why."""
        try:
            async with self._transaction() as session:
                results = [await _one(work, session) for work, _ in batch]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the writer's
            if len(batch) == 1 and not batch[0][1].done():
                batch[0][1].set_exception(error)
            return False
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
        return True


async def _one(work: Write[T], session: AsyncSession) -> T:
    """Each write sees what those before it wrote, and none of their objects."""
    result = await work(session)
    await session.flush()
    session.expunge_all()
    return result
