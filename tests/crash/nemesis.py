"""The nemesis: it kills, ends, stops and cuts at seeded moments, and lets the bot come back each time."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playground import Playground
from tests.crash.bots import Bot
from tests.crash.moments import Kind, Moments

Note = Callable[..., None]


@dataclass
class Nemesis:
    """Rages until `kills` SIGKILLs are done; `done` counts what it did, `blows` are the times of the kills and cuts: struck, back."""

    rng: random.Random
    bots: list[Bot]
    playground: Playground
    moments: Moments
    kills: int
    cut: Callable[[], Awaitable[None]] | None
    note: Note
    after_strike: Callable[[int], None]
    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("kill", "term", "stop", "cut"), 0))
    blows: list[tuple[float, float]] = field(default_factory=list)

    async def rage(self) -> None:
        """Strike, wait until the bot is back, strike again."""
        while self.done["kill"] < self.kills:
            kinds, weights = ["kill", "term", "stop"], [70, 10, 12]
            if self.cut is not None:
                kinds, weights = [*kinds, "cut"], [*weights, 8]
            (kind,) = self.rng.choices(kinds, weights)
            bot = self.rng.choice(self.bots)
            await self._strike(kind, bot)
            self.done[kind] += 1
            self.after_strike(self.done["kill"])

    async def _strike(self, kind: str, bot: Bot) -> None:
        when: Kind | None = self.rng.choice(("delivery", "delivery", "accepted", "call", None))
        number, wait = self.rng.randrange(1, 20), self.rng.uniform(0.1, 0.8)
        delay = self.rng.uniform(0.0, 0.012) if when == "delivery" else 0.0
        struck: list[float] = []
        pause, rest = self.rng.uniform(0.2, 1.5), self.rng.uniform(0.0, 0.4)

        def strike() -> None:
            struck.append(self.playground.world.clock.now())
            self.note("strike", how=kind, bot=bot.name, when=when)
            if kind != "cut":
                numbers = {"kill": signal.SIGKILL, "term": signal.SIGTERM, "stop": signal.SIGSTOP}
                bot.signal(numbers[kind])

        if when is None:
            await asyncio.sleep(wait)
            strike()
        else:
            await self.moments.at(when, number, delay, strike)
        if kind == "cut":
            assert self.cut is not None
            await self.cut()
        elif kind == "stop":
            await asyncio.sleep(pause)
            bot.signal(signal.SIGCONT)
        else:
            await bot.gone(killed=kind == "kill")
            await asyncio.sleep(rest)
            await bot.start()
            self.note("ready", bot=bot.name, after=round(bot.ready_after[-1], 2))
        if kind in ("kill", "cut"):
            self.blows.append((struck[0], self.playground.world.clock.now()))


def calm(playground: Playground) -> None:
    """Healing: no faults any more."""
    playground.faults.clear()
    playground.mailbox.clear_faults()


def trouble(playground: Playground) -> None:
    """5 % of the answers and of the bot's 200s get lost, and now and then there are 429s, 500s and greylisted mails."""
    faults = playground.faults
    faults.lost_200 = 0.05
    faults.add("lost_answer", share=0.05)
    faults.add("429", share=0.01, retry_after=1)
    faults.add("500", share=0.01)
    faults.add("reset_before", share=0.01)
    playground.mailbox.fail("450", share=0.1)
    playground.mailbox.fail("lost_answer", share=0.05)
