"""Time that passes while something still fails: `world.clock.advance` would wait until all is well."""

from __future__ import annotations

import datetime as dt

from tests.world import World


async def passes(world: World, **span: float) -> None:
    """Move the bot's clock and Telegram's, and make one round."""
    step = dt.timedelta(**span)
    world.clock.at += step
    world.playground.advance(step)
    await world.sweeper.round()
    await world.answers()
