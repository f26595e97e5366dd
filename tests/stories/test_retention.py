"""What is kept ends when the fund's file says so, walked through with the clock: not a day before, and not one day after."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from services import activity
from services.activity import Event
from services.work import Work
from store import consents, registrations, schema, set_aside, tokens, tombstones
from store.db import Db
from store.tombstones import Tombstone
from tests.people import Person
from tests.world import NOW, World


async def rows(world: World, table: str, column: str = "", value: Any = None) -> int:
    """How many rows a table has, with a value in a column."""
    chosen = schema.metadata.tables[table]

    def count(db: Db) -> int:
        wanted = select(chosen)
        if column:
            wanted = wanted.where(chosen.c[column] == value)
        return len(db.execute(wanted).all())

    return await world.read(count)


async def days(world: World, after: float) -> None:
    """The clock stands this many days after the story's beginning, and the hourly sweep has been."""
    step = NOW + dt.timedelta(days=after) - world.clock.at
    await world.clock.advance(seconds=step.total_seconds())
    await world.clock.advance(minutes=61)


@pytest.mark.world(on="sqlite")
async def test_everything_ends_by_the_funds_file(world: World, salma: Person) -> None:
    account = await salma.has_space()
    keep, linked = world.fund.retention_days, world.fund.sessions.linked_days
    stranger = world.person("Amine")
    await stranger.says("/start")
    await salma.says("/menu")
    await world.settles()

    def more(work: Work) -> None:
        set_aside.keep(work.db, 77, "text", "a fault", "E-1", {"text": "x"}, work.now)
        spent = tokens.issue(work.db, "reset", account, 0, work.now, dt.timedelta(days=700))
        tokens.spend(work.db, spent, "reset", work.now)
        data = {"email": "x@example.com"}
        registrations.open_one(work.db, 4711, 1, data, registrations.VOID, work.now)
        consents.add(work.db, 9999, "processing", "2020-1", work.now)  # of a space that was erased
        tombstones.add(work.db, Tombstone(b"x" * 32, work.now), 9999)
        activity.note(work, account, Event.READ_PROFILE, salma.id)

    await world.run(more)
    payloads = len([one for one in await world.read(lambda db: list(
        db.execute(select(schema.outbox.c.payload_sealed)).scalars())) if one is not None])  # fmt: skip
    assert payloads

    ends: list[tuple[str, float, str, Any]] = [
        ("seen", keep.seen_updates, "", None),
        ("set_aside", keep.set_aside_updates, "", None),
        ("tokens", keep.used_tokens, "purpose", "reset"),
        ("registrations", keep.used_tokens, "chat_id", 4711),
        ("outbox", keep.outbox_rows, "channel", "telegram"),
        ("links", linked + keep.ended_links, "chat_id", salma.id),
        ("chats", keep.idle_chats, "id", stranger.id),
        ("consents", keep.activity_log, "account_id", 9999),
        ("tombstones", keep.activity_log, "", None),
        ("activity", keep.activity_log, "account_id", account),
    ]
    for limit in sorted({one[1] for one in ends}):
        due = [(table, column, value) for table, ending, column, value in ends if ending == limit]
        await days(world, limit - 0.1)
        for one in due:
            assert await rows(world, *one), f"{one[0]} went too soon"
        await days(world, limit + 0.1)
        for one in due:
            assert not await rows(world, *one), f"{one[0]} is still there"
    assert await rows(world, "accounts") == 1
    assert await rows(world, "consents", "account_id", account), "of a space that is there"
    assert await rows(world, "reimbursements") == 26


@pytest.mark.world(on="sqlite")
async def test_texts_go_a_day_after_they_were_sent(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/profile")

    async def texts() -> int:
        sealed = select(schema.outbox.c.payload_sealed)
        found = await world.read(lambda db: list(db.execute(sealed).scalars()))
        return sum(one is not None for one in found)

    await days(world, world.fund.retention_days.outbox_payloads - 0.1)
    assert await texts()
    await days(world, world.fund.retention_days.outbox_payloads + 0.1)
    assert not await texts()


async def test_a_chat_that_waits_for_something_is_not_forgotten(world: World, salma: Person) -> None:
    """A registration that waits, an agent, and who asked the fund something that is not done: their chats stay."""
    asker = world.person("Amine")
    await asker.says("/start")

    def waits(work: Work) -> None:
        values = {
            "year": 2026, "kind": "message", "state": "open", "chat_id": asker.id, "language": "fr",
            "details_sealed": work.db.seal({"text": "", "phone": "", "when": "", "service": ""}, "requests.details"),
            "filed_at": work.now,
        }  # fmt: skip
        work.db.execute(schema.requests.insert().values(values))

    await world.run(waits)
    await days(world, world.fund.retention_days.idle_chats + 1)
    assert await rows(world, "chats", "id", asker.id) == 1
