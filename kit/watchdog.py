"""A thread that ends the process when a turn or the loop has stood still too long: whoever supervises it starts it anew (FL-29)."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Sequence

import structlog

log = structlog.get_logger("kit")

STANDSTILL_SECONDS = 30.0
EXIT_STATUS = 70


class Watchdog:
    """`busy_since` functions tell since when (monotonic seconds) something has been under way, or None."""

    def __init__(
        self, busy_since: Sequence[Callable[[], float | None]], seconds: float = STANDSTILL_SECONDS
    ) -> None:
        self._busy_since = busy_since
        self._seconds = seconds
        self._beat = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    async def beats(self) -> None:
        """The loop's own sign of life, until cancelled."""
        self._beat = time.monotonic()
        self._thread.start()
        while True:
            await asyncio.sleep(1)
            self._beat = time.monotonic()

    def stop(self) -> None:
        """Watch no more."""
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(self._seconds / 10):
            now = time.monotonic()
            since = [self._beat, *(start for busy in self._busy_since if (start := busy()) is not None)]
            if now - min(since) > self._seconds:
                log.critical("watchdog.standstill", seconds=round(now - min(since)))
                time.sleep(0.5)  # let the log go out
                os._exit(EXIT_STATUS)
