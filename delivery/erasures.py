"""The channel of erasures: each is written into a file beside the database, which no backup of the database brings back.

A line is the blind index of a matricule and a moment in milliseconds: it tells nobody anything without the key. At the start the file
is read into the table, and what a restored backup brought back is erased again (services.erasure.replay).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import structlog

from delivery.fates import Fate, Outcome
from kit.clock import from_ms, to_ms
from store.outbox import Promise
from store.tombstones import Tombstone

log = structlog.get_logger("delivery")


class Erasures:
    """`path`: the file; None where there is none: the operator keeps `rafiq erasures list` beside the backups. `tidy` is called after
    each: what was deleted shall not lie about in journals."""

    lifetime = 5 * 86_400.0

    def __init__(self, path: Path | None, tidy: Callable[[], Awaitable[None]]) -> None:
        self._path = path
        self._tidy = tidy

    async def send(self, promise: Promise, after: int | None) -> Outcome:
        """Append the line; written twice it does no harm."""
        await self._tidy()
        if self._path is None:
            log.warning("erasures.no_file")
            return Outcome(Fate.DONE)
        index, moment = orjson.loads(promise.payload)
        try:
            await asyncio.to_thread(self._append, f"{index} {moment}\n")
        except OSError as error:
            log.error("erasures.not_written", error=type(error).__name__)
            return Outcome(Fate.RETRY, reason=type(error).__name__)
        return Outcome(Fate.SENT)

    def _append(self, line: str) -> None:
        assert self._path is not None
        with open(self._path, "a", encoding="ascii", opener=_private) as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[Tombstone]:
        """The erasures that the file knows. A line that was cut by a crash is left out: it is written again."""
        if self._path is None or not self._path.exists():
            return []
        return parse(self._path.read_text("ascii", "replace"))


def parse(text: str) -> list[Tombstone]:
    """The erasures in a file's text."""
    found = []
    for line in text.splitlines():
        index, _, moment = line.partition(" ")
        if len(index) == 64 and moment.isdecimal():
            found.append(Tombstone(bytes.fromhex(index), from_ms(int(moment))))
    return found


def written(stones: list[Tombstone]) -> str:
    """The text of a file with these erasures."""
    return "".join(f"{one.matricule_index.hex()} {to_ms(one.erased_at)}\n" for one in stones)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
