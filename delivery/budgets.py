"""How fast we may send: token buckets per chat, per group and overall, by the fund's file (Telegram's own limits are TG-09)."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from services.fund import Budgets

RESERVE = 0.5  # of the overall bucket, left to replies: what goes out in bulk takes only what is above
BURST = 3.0  # messages that a private chat or a group takes at once
_CHATS = 20_000  # buckets kept; the least used go first: a full bucket is no different from none
PACED = frozenset(
    {"sendMessage", "editMessageText", "sendDocument", "sendPhoto", "sendVenue", "editMessageReplyMarkup"}
)


@dataclass(slots=True)
class _Bucket:
    rate: float
    burst: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Take one; how many seconds to wait before it is there."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate) - 1.0
        self.at = now
        return 0.0 if self.level >= 0 else -self.level / self.rate

    def wait_above(self, now: float, floor: float) -> float:
        """Take one if `floor` is left then; else take none and say how many seconds it is until that may be so."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        short = floor + 1.0 - self.level
        if short > 0:
            return short / self.rate
        self.level -= 1.0
        return 0.0


class Pace:
    """The buckets of one replica. With several replicas each takes its share of the overall budget."""

    def __init__(self, budgets: Budgets, *, lifted: bool = False) -> None:
        self._budgets = budgets
        self._lifted = lifted
        self._chats: OrderedDict[str, _Bucket] = OrderedDict()
        self._overall = _Bucket(
            budgets.overall_per_second,
            budgets.overall_per_second,
            budgets.overall_per_second,
            time.monotonic(),
        )

    def share(self, replicas: int) -> None:
        """Divide the overall budget among the replicas that live."""
        self._overall.rate = self._budgets.overall_per_second / max(1, replicas)

    def chat(self, destination: str, method: str) -> float:
        """Seconds until this chat may get another message."""
        if self._lifted or method not in PACED:
            return 0.0
        now = time.monotonic()
        bucket = self._chats.get(destination)
        if bucket is None:
            group = destination.startswith("telegram:-")
            rate = self._budgets.group_per_minute / 60 if group else self._budgets.private_chat_per_second
            bucket = self._chats[destination] = _Bucket(rate, BURST, BURST, now)
            if len(self._chats) > _CHATS:
                self._chats.popitem(last=False)
        else:
            self._chats.move_to_end(destination)
        return bucket.wait(now)

    def overall(self, method: str) -> float:
        """Seconds until anything may be sent at all."""
        return 0.0 if self._lifted or method not in PACED else self._overall.wait(time.monotonic())

    def bulk(self) -> float:
        """Seconds until something may go out in bulk, which never takes what replies may need now; 0: it may, and is counted."""
        if self._lifted:
            return 0.0
        return self._overall.wait_above(time.monotonic(), self._budgets.overall_per_second * RESERVE)

    def bulk_within(self, seconds: float) -> int | None:
        """How much goes out in bulk in this time at most; None where nothing holds it back."""
        return None if self._lifted else max(1, int(self._overall.rate * seconds))
