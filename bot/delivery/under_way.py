"""Which messages were taken up and have not left yet, in a file that outlives the process.

A program that is killed leaves open whether what it was sending went out. Here is noted what had not come to the wire,
which in a burst is most of it, so that it is neither sent twice nor taken for sent: docs/decisions/0014-under-way.md.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from pathlib import Path

#: Told apart by it: pages that were not written to the disk yet outlive a process, and not the machine.
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_HEADER_BYTES = 64
_SLOT = struct.Struct("<q")
#: What is under way at once (sending.AT_ONCE), with room to spare; what finds no room counts as having left.
SLOTS = 64
_EMPTY = 0


class UnderWay:
    """`unsent` are the deliveries which the process before had taken up, and which surely did not go out."""

    def __init__(self, path: Path, boot_id: Path = _BOOT_ID) -> None:
        size = _HEADER_BYTES + SLOTS * _SLOT.size
        boot = boot_id.read_bytes().strip()[:_HEADER_BYTES].ljust(_HEADER_BYTES)
        path.touch(mode=0o600)
        with path.open("r+b") as file:
            same_boot = file.read(_HEADER_BYTES) == boot
            file.truncate(size)
            self._memory = mmap.mmap(file.fileno(), size)
        slots = _SLOT.iter_unpack(self._memory[_HEADER_BYTES:])
        self.unsent = frozenset(id for (id,) in slots if id != _EMPTY) if same_boot else frozenset()
        self._memory[_HEADER_BYTES:] = bytes(SLOTS * _SLOT.size)
        self._memory[:_HEADER_BYTES] = boot
        self._free = list(range(SLOTS))
        self._slots: dict[int, int] = {}

    def taken_up(self, ids: Iterable[int]) -> None:
        """These are marked as being sent, and nothing of them has left."""
        for id in ids:
            if self._free and id not in self._slots:
                self._slots[id] = self._free.pop()
                self._write(self._slots[id], id)

    def leaves(self, id: int) -> None:
        """From now on it may be out. To be called before the first byte goes."""
        if (slot := self._slots.pop(id, None)) is not None:
            self._write(slot, _EMPTY)
            self._free.append(slot)

    def close(self) -> None:
        self._memory.close()

    def _write(self, slot: int, id: int) -> None:
        _SLOT.pack_into(self._memory, _HEADER_BYTES + slot * _SLOT.size, id)


def under_way(path: Path) -> UnderWay | None:
    """None on systems that do not say whether they were started anew: there every message counts as having left."""
    return UnderWay(path) if _BOOT_ID.exists() else None


def _nothing() -> None:
    """Who sends without a sender, as to set commands, has nothing to note."""


#: Set by the sender for the message it is sending; called by whoever writes to the wire.
leaving: ContextVar[Callable[[], None]] = ContextVar("leaving", default=_nothing)


def leaves_now() -> None:
    """The message that is being sent goes to the wire."""
    leaving.get()()
