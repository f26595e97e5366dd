"""Faults on request: what goes wrong between Telegram and the bot, by rules, from a seeded chance."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

# kind: (status, description) of a refusal that comes before any effect.
REFUSALS: dict[str, tuple[int, str]] = {
    "400": (400, "Bad Request: the playground was asked to refuse this"),
    "401": (401, "Unauthorized"),
    "403_blocked": (403, "Forbidden: bot was blocked by the user"),
    "403_deactivated": (403, "Forbidden: user is deactivated"),
    "403_kicked": (403, "Forbidden: bot was kicked from the supergroup chat"),
    "409": (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    ),
    "429": (429, "Too Many Requests: retry after {retry_after}"),
    "500": (500, "Internal Server Error: restart"),
    "502": (502, "Bad Gateway"),
    "cant_parse": (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
    "no_thread": (400, "Bad Request: message thread not found"),
}
# The others: the effect happens and the answer is lost or damaged; nothing happens and the connection is
# reset; the answer is late; the call stands until the test lets it go.
OTHERS = {"lost_answer", "reset_before", "invalid_json", "half_body", "slow", "hold"}


@dataclass(eq=False)
class Fault:
    """A rule. `times` is how often it strikes (None: for ever), `share` how probably, `after` how many
    matching calls pass first. A "hold" sets `reached` when a call stands at it, and lets all of them go at
    `release()`."""

    kind: str
    method: str | None = None
    chat: int | None = None
    times: int | None = 1
    share: float = 1.0
    after: int = 0
    retry_after: int = 1
    delay: float = 0.0
    description: str = ""
    struck: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def release(self) -> None:
        self.times = 0
        self.released.set()


class Faults:
    """`struck` counts by kind; "lost_200" among them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.rules: list[Fault] = []
        self.struck: Counter[str] = Counter()
        self.lost_200 = 0.0
        self.lost_200_times = 0

    def add(
        self,
        kind: str,
        method: str | None = None,
        chat: int | None = None,
        times: int | None = None,
        share: float = 1.0,
        after: int = 0,
        retry_after: int = 1,
        delay: float = 0.0,
        description: str = "",
    ) -> Fault:
        """Without `times` a rule strikes once, or for ever where a `share` below 1 is given.
        Raises ValueError for an unknown kind."""
        if kind not in REFUSALS and kind not in OTHERS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(sorted({*REFUSALS, *OTHERS}))}")
        if times is None and share >= 1.0:
            times = 1
        rule = Fault(
            kind,
            method.lower() if method else None,
            chat,
            times,
            share,
            after,
            retry_after,
            delay,
            description,
        )
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        for rule in self.rules:
            rule.release()
        self.rules.clear()
        self.lost_200, self.lost_200_times = 0.0, 0

    def strike(self, method: str, chat: int | None) -> Fault | None:
        """The first rule that strikes this call, if any."""
        for rule in self.rules:
            if rule.method not in (None, method) or rule.chat not in (None, chat) or rule.times == 0:
                continue
            if rule.after > 0:
                rule.after -= 1
                continue
            if rule.share < 1.0 and self.rng.random() >= rule.share:
                continue
            rule.struck += 1
            if rule.times is not None and rule.kind != "hold":
                rule.times -= 1
            self.struck[rule.kind] += 1
            return rule
        return None

    def loses_200(self) -> bool:
        """Whether the bot's 2xx to an update gets lost on its way, so that the update comes again."""
        if self.lost_200_times > 0:
            self.lost_200_times -= 1
        elif self.lost_200 <= 0.0 or self.rng.random() >= self.lost_200:
            return False
        self.struck["lost_200"] += 1
        return True
