"""Turns that share a transaction: one that fails takes nothing with it, one that reaches into another's chat waits (store/turns.py)."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from kit.offload import Needs
from store import chats, counters, outbox, schema
from store.chats import Chat
from store.counters import Counter
from store.database import Database
from store.db import Db
from store.promises import Promise
from store.turns import Ask, Turns
from store.writer import Unavailable
from tests.stories.bare import NOW, noted, on_sqlite, promise

Turn = Callable[[Db, Chat, dt.datetime], Sequence[Promise]]


def ask(number: int, chat: int | None = None) -> Ask:
    return Ask(number, 100 + number if chat is None else chat, "private", "fr")


def remembers(what: str, *promises: Promise) -> Turn:
    """A turn that keeps a word in its chat, and promises."""

    def turn(_db: Db, chat: Chat, _now: dt.datetime) -> Sequence[Promise]:
        chat.state.setdefault("words", []).append(what)
        return promises

    return turn


async def run_all(database: Database, *turns: tuple[Ask, Turn]) -> list[Any]:
    group = Turns(database, 1, lambda: NOW)
    return await asyncio.gather(*(group.run(*one) for one in turns), return_exceptions=True)


async def words(database: Database, chat: int) -> list[str]:
    found = await database.run(lambda db: chats.find(db, chat))
    return [] if found is None else list(found.state.get("words", []))


async def promised(database: Database) -> int:
    return await database.read(
        lambda db: int(db.execute(select(func.count()).select_from(schema.outbox)).scalar_one())
    )


@pytest.mark.req("AS-10", "INV-04", "FL-30")
async def test_in_a_group_a_turn_fails_alone(database: Database) -> None:
    def fails(db: Db, chat: Chat, now: dt.datetime) -> Sequence[Promise]:
        chat.state["words"] = ["lost"]
        counters.put(db, b"k", Counter(1, now, None), now)
        raise ZeroDivisionError

    def refused(db: Db, _chat: Chat, now: dt.datetime) -> Sequence[Promise]:
        row = {"kind": "x", "subject": 1, "at": now}
        db.execute(insert(schema.due).values(**row))
        db.execute(insert(schema.due).values(**row))
        return ()

    def needs(_db: Db, chat: Chat, _now: dt.datetime) -> Sequence[Promise]:
        chat.state["words"] = ["lost"]
        raise Needs("hash", ("x",))

    outcomes = await run_all(
        database,
        (ask(1), remembers("one", promise(101))),
        (ask(2), fails),
        (ask(3), refused),
        (ask(4), needs),
        (ask(5), remembers("five", promise(105))),
    )
    assert [type(outcome) for outcome in outcomes[1:4]] == [ZeroDivisionError, IntegrityError, Needs]
    assert [[row.destination for row in outcomes[number]] for number in (0, 4)] == [
        ["telegram:101"],
        ["telegram:105"],
    ]
    assert [await words(database, 100 + number) for number in range(1, 6)] == [["one"], [], [], [], ["five"]]
    assert await noted(database) == [1, 5], "those that failed will be tried again"
    assert await promised(database) == 2
    assert await database.run(lambda db: counters.look(db, b"k", NOW, dt.timedelta(days=1)).count) == 0


@pytest.mark.req("FL-28", "INV-05")
async def test_a_turn_that_touches_the_chat_of_another_is_run_alone(database: Database) -> None:
    runs: list[int] = []

    def tells(db: Db, _chat: Chat, now: dt.datetime) -> Sequence[Promise]:
        runs.append(1)
        other = chats.lock(db, 102, "private", "fr", now)
        other.state.setdefault("words", []).append("told")
        chats.save(db, other, now)
        return [promise(102)]

    outcomes = await run_all(
        database, (ask(1), tells), (ask(2), remembers("own")), (ask(3), remembers("three"))
    )
    assert len(runs) == 2
    assert [len(outcome) for outcome in outcomes] == [1, 0, 0]
    assert await words(database, 102) == ["own", "told"], "neither is lost"
    assert await noted(database) == [1, 2, 3]


@pytest.mark.req("FL-21", "FL-28", "INV-03", "INV-05", "G-2")
async def test_the_updates_of_a_chat_follow_each_other_and_each_counts_once(database: Database) -> None:
    turns = [(ask(number % 7, chat=5), remembers(str(number % 7))) for number in range(14)]
    outcomes = await run_all(database, *turns)
    assert outcomes[:7] == [[]] * 7
    assert outcomes[7:] == [None] * 7
    assert await words(database, 5) == [str(number) for number in range(7)]


@pytest.mark.req("INV-05", "G-4")
async def test_a_promise_behind_an_older_one_is_left_to_the_table(database: Database) -> None:
    def other_replicas_row(db: Db) -> None:
        outbox.insert_all(db, [promise(101)], None, NOW)

    await database.run(other_replicas_row)
    outcomes = await run_all(
        database, (ask(1), remembers("x", promise(101))), (ask(2), remembers("y", promise(102)))
    )
    assert [len(outcome) for outcome in outcomes] == [0, 1]
    assert await promised(database) == 3


@pytest.mark.req("TH-16")
async def test_many_at_once_share_few_transactions(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, transactions = database.run, []

    async def run(fn: Callable[[Db], Any]) -> Any:
        transactions.append(1)
        return await real(fn)

    monkeypatch.setattr(database, "run", run)
    outcomes = await run_all(database, *((ask(number), remembers("x")) for number in range(100)))
    assert outcomes == [[]] * 100
    assert len(transactions) <= 4


@on_sqlite
@pytest.mark.req("FL-18", "FL-10")
async def test_a_group_on_a_full_disk_stores_nothing_of_anybody(database: Database) -> None:
    def needs_room(db: Db, chat: Chat, _now: dt.datetime) -> Sequence[Promise]:
        chat.state["words"] = ["x"]
        db.execute(insert(schema.agents).values(telegram_id=1, name_sealed=b"x" * 4_000_000, role="agent",
                                                active=True, added_at=NOW))  # fmt: skip
        return ()

    await database.run(lambda db: db._driver.execute("PRAGMA max_page_count=1") and None)
    outcomes = await run_all(
        database, (ask(1), remembers("one")), (ask(2), needs_room), (ask(3), remembers("three"))
    )
    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    await database.run(lambda db: db._driver.execute("PRAGMA max_page_count=1073741823") and None)
    assert await noted(database) == []
    assert await run_all(database, (ask(1), remembers("one"))) == [[]]
