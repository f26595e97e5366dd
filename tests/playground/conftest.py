"""A playground whose hours are short, a robot that uses it, and two people."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from playground import Person, Playground
from tests.playground.robot import Robot


@pytest.fixture
async def pg() -> AsyncIterator[Playground]:
    async with Playground(time_scale=0.01) as playground:
        yield playground


@pytest.fixture
async def robot(pg: Playground) -> AsyncIterator[Robot]:
    robot = Robot(pg)
    yield robot
    await pg.api.intake.close()
    await robot.close()


@pytest.fixture
def salma(pg: Playground) -> Person:
    """She has written to the bot; it has taken that."""
    return _known(pg, "Salma")


@pytest.fixture
def youssef(pg: Playground) -> Person:
    return _known(pg, "Youssef")


def _known(pg: Playground, name: str) -> Person:
    person = pg.person(name)
    person.chat.bot = "member"
    return person
