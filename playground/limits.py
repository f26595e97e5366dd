"""Telegram's sending limits (SECURITY TG-09), off unless asked for."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass
class Limits:
    """Messages: `chat_per_second` to one person, with bursts of `chat_burst` let pass; per minute to one
    group; per second in all. The defaults are those that Telegram names; how long a burst may be it doesn't
    say."""

    chat_per_second: float = 1.0
    chat_burst: int = 4
    group_per_minute: int = 20
    overall_per_second: int = 30
    _paid_until: dict[int, float] = field(default_factory=dict, repr=False)
    _sent: dict[int, deque[float]] = field(default_factory=dict, repr=False)
    _all: deque[float] = field(default_factory=deque, repr=False)

    def refuse(self, chat: int, now: float) -> int:
        """Seconds to wait, 0 when this message may pass (and is counted)."""
        own = self._sent.setdefault(chat, deque()) if chat < 0 else deque[float]()
        wait = max(
            _wait(own, self.group_per_minute, 60.0, now),
            self._too_early(chat, now),
            _wait(self._all, self.overall_per_second, 1.0, now),
        )
        if wait > 0:
            return math.ceil(wait)
        own.append(now)
        self._all.append(now)
        self._paid_until[chat] = max(now, self._paid_until.get(chat, now)) + 1 / self.chat_per_second
        return 0

    def _too_early(self, chat: int, now: float) -> float:
        """Seconds until a person may hear more: each message takes its share of time, and a burst runs ahead
        of the clock."""
        ahead = self._paid_until.get(chat, now) - now
        return 0.0 if chat < 0 else ahead - (self.chat_burst - 1) / self.chat_per_second


def _wait(sent: deque[float], count: int, window: float, now: float) -> float:
    while sent and sent[0] <= now - window:
        sent.popleft()
    return sent[0] + window - now if len(sent) >= count else 0.0
