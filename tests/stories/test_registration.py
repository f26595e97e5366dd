"""Registration, the whole way."""

from __future__ import annotations

from tests.people import Person
from tests.world import World


async def test_salma_opens_her_space(world: World, salma: Person) -> None:
    await salma.registers()
    salma.reads("✅ <b>Your participant space is active</b>, and you are signed in here.")


async def test_youssef_opens_his_space(world: World, youssef: Person) -> None:
    await youssef.registers()
    youssef.reads("✅ <b>Your participant space is active</b>, and you are signed in here.")
