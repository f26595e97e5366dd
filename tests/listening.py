"""The bot's own log, as it would go out: read by stories, and searched for what must never stand in it."""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog

from kit import logs

_WHEN = re.compile(r'"timestamp": "[^"]*"')  # its microseconds are figures too, and may be anybody's


class Log(io.StringIO):
    """Every line that was logged; `failed` is set as soon as an update failed by our fault."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.listener: logging.handlers.QueueListener | None = None

    def write(self, text: str) -> int:
        if '"event": "update.failed"' in text or '"event": "rounds.failed"' in text:
            self._loop.call_soon_threadsafe(self.failed.set)
        return super().write(text)

    def all(self) -> str:
        """The log so far."""
        if self.listener is not None:
            self.listener.stop()
            self.listener.start()
        return self.getvalue()

    def tail(self, lines: int = 12) -> str:
        """The last lines, for a story that fails."""
        return "\n".join(self.all().splitlines()[-lines:])

    def holds_nothing_of(self, words: Iterable[str]) -> None:
        """None of these words stands in the log; figures count only where they stand alone."""
        text = _WHEN.sub("", self.all())
        for word in words:
            found = re.search(rf"(?<!\d){word}(?!\d)", text) if word.isdecimal() else word in text
            assert not found, f"in the log: {word!r}"


@contextmanager
def listening(level: str = "info") -> Iterator[Log]:
    """Log as `rafiq run` does, into a Log; what was set up before is put back."""
    root = logging.getLogger()
    handlers, former = root.handlers[:], root.level
    log = Log()
    log.listener = logs.set_up("json", level, log)
    try:
        yield log
    finally:
        if log.listener is not None:
            log.listener.stop()
        root.handlers[:] = handlers
        root.setLevel(former)
        structlog.reset_defaults()
