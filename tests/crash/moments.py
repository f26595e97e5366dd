"""Moments at which something can be made to happen: at the n-th update delivered or taken, at the n-th call of the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from playground import Playground

Kind: TypeAlias = Literal["delivery", "accepted", "call"]


@dataclass
class Moments:
    """`happen` is told of each; at most one strike is armed at a time, and it strikes before anything else goes on."""

    kind: Kind | None = None
    left: int = 0
    strike: Callable[[], None] = field(default=lambda: None)
    struck: asyncio.Event = field(default_factory=asyncio.Event)

    def watch(self, playground: Playground) -> None:
        """Hear of updates taken ("accepted") and of calls that had their effect but not yet their answer ("call")."""
        changes = playground.world.changes
        emit = changes.emit

        def heard(kind: str, describe: Callable[[], dict[str, object]] | None = None) -> None:
            emit(kind, describe)
            self.happen(kind)

        changes.emit = heard  # type: ignore[method-assign]

    def happen(self, kind: str) -> None:
        """Something of this kind happens now."""
        if kind != self.kind:
            return
        self.left -= 1
        if self.left <= 0:
            self._now()

    def _now(self) -> None:
        if self.kind is not None:
            self.kind = None
            self.strike()
            self.struck.set()

    async def at(self, kind: Kind, number: int, delay: float, strike: Callable[[], None]) -> None:
        """Strike at the `number`-th moment of a kind from now, or `delay` seconds after it; after two seconds without it, then."""
        loop = asyncio.get_running_loop()

        def strike_now() -> None:
            strike()
            done.set()

        def later() -> None:
            if delay:
                loop.call_later(delay, strike_now)
            else:
                strike_now()

        done = asyncio.Event()
        self.kind, self.left, self.strike, self.struck = kind, number, later, asyncio.Event()
        try:
            async with asyncio.timeout(2.0):
                await self.struck.wait()
        except TimeoutError:
            self._now()
        await done.wait()
