"""The playground's clock: real time, moved ahead on request, so that lifetimes of days are tested in
moments."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the epoch, UTC. It only moves forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Raises ValueError on a negative number: Telegram's clock never goes back."""
        if seconds < 0:
            raise ValueError("the playground's clock only moves forward")
        self._ahead += seconds
