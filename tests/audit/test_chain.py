"""The activity log is a chain: whatever is changed, removed or put in shows, and what the retention takes doesn't."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, delete, insert, select, update

from kit.seal import Keyring
from services import activity, audit
from services.activity import Event
from services.audit import Fault
from services.work import House, Work
from store import activity as store
from store.database import Database, open_database
from store.db import Db
from store.schema import activity as rows
from store.schema import activity_heads as heads
from tests.databases import FUND, KEY, PostgresTemplate, SqliteTemplate

NOW = dt.datetime(2026, 3, 20, 10, 0, tzinfo=dt.UTC)
HOUSE = House(FUND, lambda *_: [])
KEPT = dt.timedelta(days=FUND.retention_days.activity_log)
SALMA, YOUSSEF = 7, 8


@dataclass
class Log:
    """A database with a log, and a hand in it."""

    db: Database
    now: dt.datetime = NOW
    events: Any = field(default_factory=lambda: itertools.cycle(Event))

    async def note(self, account_id: int, times: int = 1, chat_id: int | None = 42) -> None:
        for _ in range(times):
            self.now += dt.timedelta(minutes=1)
            event = next(self.events)
            await self.db.run(
                lambda db, event=event: activity.note(  # type: ignore[misc]
                    Work(db, self.now, HOUSE), account_id, event, chat_id, "L001"
                )
            )

    async def does(self, statement: Executable) -> None:
        """What somebody with the database, and without the key, can do."""
        await self.db.run(lambda db: db.execute(statement).close())

    async def faults(self) -> list[Fault]:
        found: list[Fault] = []
        after, seen = 0, 1
        while seen:
            report = await self.db.read(lambda db: audit.verify(Work(db, self.now, HOUSE), after, 2))  # noqa: B023
            after, seen = report.last, report.accounts
            found.extend(report.faults)
        return found

    async def kinds(self) -> set[tuple[int, int, str]]:
        return {(fault.account_id, fault.seq, fault.what) for fault in await self.faults()}


@pytest.fixture
async def log(template: SqliteTemplate | PostgresTemplate, tmp_path: Path) -> Any:
    url = await template.copy(tmp_path)
    opened = open_database(url, Keyring(KEY))
    yield Log(opened)
    await opened.close()
    await template.drop(url, spoilt=False)


def row(account_id: int, seq: int) -> Any:
    return (rows.c.account_id == account_id) & (rows.c.seq == seq)


@pytest.mark.req("TH-71", "INV-15")
async def test_a_log_that_nobody_touched_is_whole(log: Log) -> None:
    await log.note(SALMA, 5)
    await log.note(YOUSSEF, 3)
    assert await log.faults() == []
    numbers = await log.db.read(
        lambda db: list(
            db.execute(select(rows.c.seq).where(rows.c.account_id == SALMA).order_by(rows.c.id)).scalars()
        )
    )
    assert numbers == [1, 2, 3, 4, 5]


@pytest.mark.req("TH-71", "INV-15")
@pytest.mark.parametrize(
    "column", ["event", "actor", "detail", "chat_id", "at", "before_at", "before", "mac"]
)
async def test_a_changed_row_shows(log: Log, column: str) -> None:
    await log.note(SALMA, 5)
    lie: Any = {
        "at": NOW - dt.timedelta(days=1),
        "before_at": NOW - dt.timedelta(days=1),
        "chat_id": 43,
        "before": b"x" * 16,
        "mac": b"x" * 16,
    }.get(column, "nothing")
    await log.does(update(rows).where(row(SALMA, 3)).values({column: lie}))
    assert (SALMA, 3, "changed") in await log.kinds()


@pytest.mark.req("TH-71", "INV-15")
@pytest.mark.parametrize("seq", [1, 3, 5])
async def test_a_removed_row_shows_even_the_first_and_the_last(log: Log, seq: int) -> None:
    await log.note(SALMA, 5)
    await log.does(delete(rows).where(row(SALMA, seq)))
    assert await log.kinds() == {(SALMA, seq, "removed")}


@pytest.mark.req("TH-71", "INV-15")
async def test_the_head_cannot_be_put_back(log: Log) -> None:
    """Who takes the newest row away and moves the head back can't seal it; and the next row doesn't hide that."""
    await log.note(SALMA, 5)
    fourth = select(rows.c.mac).where(row(SALMA, 4)).scalar_subquery()
    await log.does(delete(rows).where(row(SALMA, 5)))
    await log.does(update(heads).where(heads.c.account_id == SALMA).values(seq=4, mac=fourth))
    assert (SALMA, 4, "changed") in await log.kinds()
    await log.note(SALMA, 2)
    assert (SALMA, 5, "changed") in await log.kinds()


@pytest.mark.req("TH-71", "INV-15")
async def test_a_whole_chain_cannot_vanish(log: Log) -> None:
    await log.note(SALMA, 5)
    await log.note(YOUSSEF, 2)
    await log.does(delete(rows).where(rows.c.account_id == SALMA))
    assert await log.kinds() == {(SALMA, 1, "removed")}
    await log.does(delete(heads).where(heads.c.account_id == YOUSSEF))
    assert (YOUSSEF, 0, "removed") in await log.kinds()


@pytest.mark.req("TH-71", "INV-15")
async def test_a_row_put_in_shows(log: Log) -> None:
    await log.note(SALMA, 3)
    columns = [column for column in rows.c if column.name != "id"]
    copied = select(*columns).where(row(SALMA, 2))
    await log.does(insert(rows).from_select([column.name for column in columns], copied))
    assert await log.kinds() == {(SALMA, 2, "inserted")}
    bare = {"account_id": SALMA, "at": log.now, "event": "signed_in", "actor": "owner"}
    await log.does(insert(rows).values(bare))  # as one from before the chain
    assert (SALMA, 0, "inserted") in await log.kinds()
    moved = {"account_id": YOUSSEF, **dict.fromkeys(("event", "actor"), "x"), "at": log.now, "seq": 1}
    await log.does(insert(rows).values(**moved, before=b"", mac=b"x" * 16))
    assert (YOUSSEF, 0, "removed") in await log.kinds()


@pytest.mark.req("TH-71", "INV-15")
async def test_what_the_retention_takes_leaves_the_rest_whole(log: Log) -> None:
    await log.note(SALMA, 4)
    await log.note(YOUSSEF, 2)
    log.now += dt.timedelta(days=30)
    await log.note(SALMA, 3)
    log.now += KEPT - dt.timedelta(days=15)
    await log.db.run(lambda db: store.forget(db, log.now - KEPT))
    assert await log.faults() == []
    assert await log.db.read(lambda db: store.count(db, SALMA)) == 3
    assert await log.db.read(lambda db: store.count(db, YOUSSEF)) == 0
    # who goes on taking from the old end, before its time, is seen
    await log.does(delete(rows).where(row(SALMA, 5)))
    assert await log.kinds() == {(SALMA, 5, "removed")}


async def test_rows_from_before_the_chain_are_told_apart(log: Log) -> None:
    old = {"account_id": SALMA, "at": NOW - dt.timedelta(days=9), "event": "signed_in", "actor": "owner"}
    await log.does(insert(rows).values(old))
    assert await log.faults() == []
    await log.note(SALMA, 2)
    assert await log.faults() == []
    report = await log.db.read(lambda db: audit.verify(Work(db, log.now, HOUSE)))
    assert (report.rows, report.unchained) == (3, 1)


@pytest.mark.req("TH-71", "INV-15")
async def test_two_hands_at_one_chain_follow_each_other(log: Log) -> None:
    """Turns of two chats of one account, at once: no number is given twice, no row has another's predecessor."""

    def both(db: Db, first: int, second: int) -> None:
        work = Work(db, NOW, HOUSE)
        activity.note(work, first, Event.SIGNED_IN)
        activity.note(work, second, Event.SIGNED_OUT)

    pairs = [(SALMA, SALMA), (SALMA, YOUSSEF), (YOUSSEF, SALMA)]
    for _ in range(8):  # deadlocks are run again, three times at most: a few at once
        await asyncio.gather(*(log.db.run(lambda db, p=pair: both(db, *p)) for pair in pairs))  # type: ignore[misc]
    assert await log.faults() == []
    assert await log.db.read(lambda db: store.count(db, SALMA)) == 32


@pytest.mark.req("TH-71", "INV-15")
@pytest.mark.world(on="sqlite")
@pytest.mark.parametrize("seed", range(12))
async def test_the_verifier_against_a_model(log: Log, seed: int) -> None:
    """Rows come and go by the rules in any order, and nothing shows; then one hand too many, and it does."""
    chance = random.Random(seed)
    model: dict[int, list[tuple[int, dt.datetime]]] = {SALMA: [], YOUSSEF: [], 9: []}
    written = dict.fromkeys(model, 0)
    for _ in range(60):
        match chance.choice(["note", "note", "note", "wait", "sweep"]):
            case "note":
                account = chance.choice(list(model))
                await log.note(account)
                written[account] += 1
                model[account].append((written[account], log.now))
            case "wait":
                log.now += KEPT / 7
            case _:
                cut = log.now - KEPT
                await log.db.run(lambda db, cut=cut: store.forget(db, cut))  # type: ignore[misc]
                model = {one: [row for row in kept if row[1] >= cut] for one, kept in model.items()}
        assert await log.faults() == []
    wanted = select(rows.c.id, rows.c.account_id, rows.c.seq, rows.c.at)
    present = await log.db.read(lambda db: db.execute(wanted).all())
    assert sorted((one.account_id, one.seq) for one in present) == sorted(
        (one, seq) for one, kept in model.items() for seq, _ in kept
    )
    victims = [one for one in present if one.at >= log.now - KEPT]
    if not victims:
        return
    victim = chance.choice(victims)
    harm: Executable = chance.choice(
        [
            delete(rows).where(rows.c.id == victim.id),
            update(rows).where(rows.c.id == victim.id).values(detail="L002"),
            update(rows).where(rows.c.id == victim.id).values(account_id=9 if victim.account_id != 9 else 8),
        ]
    )
    await log.does(harm)
    assert victim.account_id in {fault.account_id for fault in await log.faults()}
