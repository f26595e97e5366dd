"""A brake on guessing, in memory: what is counted is gone after a minute, and after a restart."""

from __future__ import annotations

import datetime as dt
from collections import Counter

_MOST = 10_000  # addresses counted apart in a minute; beyond it they share one count
_OTHERS = "others"


class Throttle:
    """At most `budget` a minute from one address."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._minute: dt.datetime | None = None
        self._counts: Counter[str] = Counter()

    def take(self, peer: str, now: dt.datetime) -> bool:
        """Count one; False when the budget of this minute was used up before."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        if peer not in self._counts and len(self._counts) >= _MOST:
            peer = _OTHERS
        self._counts[peer] += 1
        return self._counts[peer] <= self._budget
