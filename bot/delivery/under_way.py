"""Which messages were taken up and have not left yet, in a file that outlives the process.

A program that is killed leaves open whether what it was sending went out. Here is noted what had not come to the wire,
which in a burst is most of it, so that it is neither sent twice nor taken for sent: docs/decisions/0014-under-way.md.
"""

from __future__ import annotations

import logging
import os
import struct
import weakref
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from pathlib import Path

log = logging.getLogger(__name__)

#: Told apart by it: what was not written to the disk yet outlives a process, and not the machine.
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_HEADER_BYTES = 64
_SLOT = struct.Struct("<q")
#: What is under way at once (choosing.AT_ONCE), with room to spare; what finds no room counts as having left.
SLOTS = 64
_EMPTY = 0


class UnderWay:
    """`unsent` are the deliveries which the process before had taken up, and which surely did not go out.

    They stay noted until `unsent_are_free`, since this process may be killed before it has set them back.
    """

    def __init__(self, path: Path, boot_id: Path = _BOOT_ID) -> None:
        """Raises OSError where there is no boot id, or the file cannot be written."""
        boot = boot_id.read_bytes().strip()[:_HEADER_BYTES].ljust(_HEADER_BYTES)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, self._file)
        before = os.pread(self._file, _HEADER_BYTES + SLOTS * _SLOT.size, 0)
        noted = before[_HEADER_BYTES:] if before.startswith(boot) else b""
        slots = _SLOT.iter_unpack(noted[: len(noted) // _SLOT.size * _SLOT.size])
        self.unsent = frozenset(id for (id,) in slots if id != _EMPTY)
        self._free = list(range(SLOTS))
        self._slots: dict[int, int] = {}
        if not self.unsent:
            os.pwrite(self._file, boot + bytes(SLOTS * _SLOT.size), 0)

    @classmethod
    def beside(cls, path: Path) -> UnderWay | None:
        """None where it cannot be kept, as on systems without a boot id: every message then counts as having left."""
        try:
            return cls(path)
        except OSError as error:
            log.warning("what is under way is not noted (%s)", error.strerror)
            return None

    def unsent_are_free(self) -> None:
        """What the process before had taken up waits again, and that is stored."""
        if self.unsent:
            self.unsent = frozenset()
            for slot in self._free:
                self._write(slot, _EMPTY)

    def taken_up(self, ids: Iterable[int]) -> None:
        """These are about to be marked as being sent, or failed for certain: nothing of them has left."""
        for id in ids:
            if self._free and id not in self._slots:
                self._slots[id] = self._free.pop()
                self._write(self._slots[id], id)

    def leaves(self, id: int) -> None:
        """From now on it may be out. To be called before the first byte goes."""
        if (slot := self._slots.pop(id, None)) is not None:
            self._write(slot, _EMPTY)
            self._free.append(slot)

    def _write(self, slot: int, id: int) -> None:
        try:
            os.pwrite(self._file, _SLOT.pack(id), _HEADER_BYTES + slot * _SLOT.size)
        except OSError as error:
            # The worst that comes of it is a copy after a crash; no message waits for that.
            log.error("what is under way cannot be noted (%s)", error.strerror)


def _nothing() -> None:
    """Who sends without a sender, as to set commands, has nothing to note."""


#: Set by the sender for the message it is sending; called by whoever writes to the wire.
leaving: ContextVar[Callable[[], None]] = ContextVar("leaving", default=_nothing)


def leaves_now() -> None:
    """The message that is being sent goes to the wire."""
    leaving.get()()
