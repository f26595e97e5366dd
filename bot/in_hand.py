"""The ids of the updates in hand, in a small mapped file: after a crash it tells which update may have killed the process.

Nothing of it is flushed on purpose: the pages survive the death of the process, which is what it is for.
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

SLOTS = 512
_ID = struct.Struct("<q")


class InHand:
    """Slots of ids. What more than SLOTS at once is in hand goes unnoted."""

    def __init__(self, path: Path) -> None:
        size = SLOTS * _ID.size
        with path.open("ab") as file:
            file.truncate(size)
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), size)
        self.left_over = {found for (found,) in _ID.iter_unpack(self._map) if found}
        self._map[:] = bytes(size)
        self._free = list(range(SLOTS))

    def take(self, update_id: int) -> int | None:
        """Note an update; the slot to give back."""
        if not self._free:
            return None
        slot = self._free.pop()
        _ID.pack_into(self._map, slot * _ID.size, update_id)
        return slot

    def drop(self, slot: int | None) -> None:
        """The update is done with."""
        if slot is not None:
            _ID.pack_into(self._map, slot * _ID.size, 0)
            self._free.append(slot)

    def close(self) -> None:
        """Unmap the file."""
        self._map.close()
