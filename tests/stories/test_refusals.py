"""What Telegram refuses for good: the row ends, what follows from it is done, and the chat's next rows go on (FL-09, FL-31)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from kit.screen import Screen
from kit.text import t
from store import chats, schema
from store.promises import State
from tests.people import Person
from tests.world import World

STRANGER = "Is it your first time? Create your space. Do you have one? Sign in."
HELP = "<b>What I do</b>"


async def states(world: World) -> list[tuple[State, str | None]]:
    """What became of each row of the outbox, in order."""
    rows = select(schema.outbox.c.state, schema.outbox.c.reason).order_by(schema.outbox.c.id)
    return await world.read(lambda db: [(State(row.state), row.reason) for row in db.execute(rows)])


@pytest.mark.req("FL-09", "BI-77", "INV-06")
@pytest.mark.parametrize("fault", ["403_blocked", "403_deactivated"])
async def test_who_blocked_us_is_unreachable_until_start(world: World, salma: Person, fault: str) -> None:
    world.playground.faults.add(fault, "sendMessage", salma.id)
    await salma.says("/menu")
    assert State.PENDING not in {state for state, _ in await states(world)}
    gone = select(schema.chats.c.unreachable_at).where(schema.chats.c.id == salma.id)
    assert await world.read(lambda db: db.execute(gone).scalar_one()) is not None
    silent = len(salma.heard)
    await world.run(lambda work: work.tell(salma.id, Screen([t("Menu")])))
    assert len(salma.heard) == silent, "nothing is promised to who can't be reached"
    await world.clock.advance(seconds=5)
    await salma.says("/start")
    salma.reads(STRANGER)
    assert await world.read(lambda db: db.execute(gone).scalar_one()) is None


@pytest.mark.req("FL-31", "INV-06")
async def test_what_can_not_be_parsed_is_sent_once_as_plain_text(world: World, salma: Person) -> None:
    world.playground.faults.add("cant_parse", "sendMessage", salma.id)
    await salma.says("/help", "/menu")
    assert salma.has_read(HELP) == 1
    assert salma.has_read(STRANGER) == 1
    plain = next(
        message for message in salma.phone.chat.live if message.from_bot and "/register" in message.text
    )
    assert "<b>" not in plain.text
    assert "&lt;" not in plain.text
    world.playground.faults.add("cant_parse", "sendMessage", salma.id, times=2)
    await salma.says("/help")
    await salma.says("/menu")
    assert salma.has_read(HELP) == 1, "the second refusal is the last"
    assert salma.has_read(STRANGER) == 2, "and the next goes on"


async def test_an_edit_of_what_is_gone_is_sent_anew(world: World, salma: Person) -> None:
    await salma.says("/menu")
    menu = salma.screen
    world.playground.faults.add(
        "400", "editMessageText", salma.id, description="Bad Request: message to edit not found"
    )
    await salma.presses("Help")
    salma.reads(HELP)
    assert salma.screen is not menu


async def test_an_edit_that_changes_nothing_is_done(world: World, salma: Person) -> None:
    await salma.says("/menu")
    calls = len(world.playground.calls)
    await salma.press_data("~go:menu")
    edits = [call for call in world.playground.calls[calls:] if call.method == "editMessageText"]
    assert [call.ok for call in edits] == [False]
    assert salma.has_read(STRANGER) == 1
    assert {state for state, _ in await states(world)} == {State.SENT}


async def test_a_message_that_can_not_be_opened_holds_up_its_chat_only(
    world: World, salma: Person, youssef: Person
) -> None:
    """A row of a chat that the bot doesn't know: Telegram refuses, and the row is done with."""
    await world.run(lambda work: chats.lock(work.db, 424242, "private", "fr", work.now) and None)
    await world.run(lambda work: work.tell(424242, Screen([t("Menu")])))
    assert (State.DEAD, "400: Bad Request: chat not found") in await states(world)
    for person in (salma, youssef):
        await person.says("/menu")
        person.reads(STRANGER)


async def test_an_unknown_refusal_is_the_end_of_one_row(world: World, salma: Person) -> None:
    world.playground.faults.add("400", "sendMessage", salma.id)
    await salma.says("/menu", "/help")
    assert not salma.has_read(STRANGER)
    salma.reads(HELP)
    dead = [reason for state, reason in await states(world) if state is State.DEAD]
    assert len(dead) == 1
    assert re.match("400: Bad Request", dead[0] or "")
