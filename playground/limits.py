"""Telegram's sending limits (SECURITY TG-09), off unless asked for."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass
class Limits:
    """Messages: in `chat_burst` seconds at most `chat_burst` to one person; per minute to one group; per
    second in all. The defaults are those that Telegram names, with the bursts it tolerates."""

    chat_burst: int = 3
    group_per_minute: int = 20
    overall_per_second: int = 30
    _sent: dict[int, deque[float]] = field(default_factory=dict, repr=False)
    _all: deque[float] = field(default_factory=deque, repr=False)

    def refuse(self, chat: int, now: float) -> int:
        """Seconds to wait, 0 when this message may pass (and is counted)."""
        count, window = (
            (self.group_per_minute, 60.0) if chat < 0 else (self.chat_burst, float(self.chat_burst))
        )
        own = self._sent.setdefault(chat, deque())
        wait = max(_wait(own, count, window, now), _wait(self._all, self.overall_per_second, 1.0, now))
        if wait > 0:
            return math.ceil(wait)
        own.append(now)
        self._all.append(now)
        return 0


def _wait(sent: deque[float], count: int, window: float, now: float) -> float:
    while sent and sent[0] <= now - window:
        sent.popleft()
    return sent[0] + window - now if len(sent) >= count else 0.0
