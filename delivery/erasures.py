"""The channel of erasures: each is written into a file beside the database, which no backup of the database brings back.

A line is the blind index of a matricule and a moment in milliseconds: it tells nobody anything without the key. At the start the file
is read into the table, and what a restored backup brought back is erased again (services.erasure.replay).
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import structlog

from delivery.fates import Fate, Outcome
from kit.clock import from_ms, to_ms
from store.promises import Promise
from store.tombstones import Tombstone

log = structlog.get_logger("delivery")

_LINE = re.compile(r"([0-9a-f]{64}) ([0-9]{1,14})", re.ASCII)


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
        """A line that a crash cut off is ended first: glued to it this one would be unreadable too."""
        assert self._path is not None
        with open(self._path, "a+b", opener=_private) as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else f"\n{line}"
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[Tombstone]:
        """The erasures that the file knows. A line that was cut by a crash is left out: it is written again."""
        if self._path is None or not self._path.exists():
            return []
        return parse(self._path.read_text("ascii", "replace"))


def parse(text: str) -> list[Tombstone]:
    """The erasures in a file's text; what isn't one, whatever it is, is left out."""
    lines = (_LINE.fullmatch(line) for line in text.splitlines())
    return [Tombstone(bytes.fromhex(line[1]), from_ms(int(line[2]))) for line in lines if line]


def written(stones: list[Tombstone]) -> str:
    """The text of a file with these erasures."""
    return "".join(f"{one.matricule_index.hex()} {to_ms(one.erased_at)}\n" for one in stones)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
