"""The traps of sharing a transaction, each with the turn that falls into it (DESIGN 5): store/writer.py and store/turns.py."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.util import await_only

from kit.seal import Keyring
from services.work import Needs
from store import chats, counters, outbox, schema, seen, writer
from store.chats import Chat
from store.counters import Counter
from store.database import Database, Postgres, Sqlite, open_database
from store.db import Db
from store.outbox import Lane, Promise
from store.turns import Ask, Turns
from store.writer import Unavailable, Writer
from tests.databases import KEY, PostgresTemplate, SqliteTemplate

NOW = dt.datetime(2026, 3, 20, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
async def database(template: SqliteTemplate | PostgresTemplate, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of the story's own, with no bot on it."""
    url = await template.copy(tmp_path)
    opened = open_database(url, Keyring(KEY))
    yield opened
    await opened.close()
    await template.drop(url, spoilt=False)


@pytest.fixture
def sqlite(database: Database) -> Writer:
    """The one writer of the embedded database."""
    assert isinstance(database, Sqlite)
    return database._writer


def note(update_id: int) -> Callable[[Db], int]:
    """A small turn: an update is noted as seen."""

    def turn(db: Db) -> int:
        seen.note(db, update_id, NOW)
        return update_id

    return turn


async def noted(database: Database) -> list[int]:
    """The updates that are noted as seen."""
    ids = select(schema.seen.c.update_id).order_by(schema.seen.c.update_id)
    return await database.read(lambda db: list(db.execute(ids).scalars()))


async def together(database: Database, *turns: Callable[[Db], Any]) -> list[Any]:
    """Run these in one group: they wait while another turn holds the writer."""
    gate = threading.Event()
    first = asyncio.ensure_future(database.run(lambda _: gate.wait(10)))
    waiting = [asyncio.ensure_future(database.run(turn)) for turn in turns]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.wait([first])
    return await asyncio.gather(*waiting, return_exceptions=True)


# ── the writer (SQLite) ──────────────────────────────────────────────────────────────────────────────────────────────

on_sqlite = pytest.mark.world(on="sqlite")


@on_sqlite
@pytest.mark.req("AS-10", "INV-04")
async def test_a_turn_that_fails_takes_nothing_with_it(database: Database) -> None:
    def fails(db: Db) -> None:
        seen.note(db, 2, NOW)
        raise ZeroDivisionError

    outcomes = await together(database, note(1), fails, note(3))
    assert [outcomes[0], outcomes[2]] == [1, 3]
    assert isinstance(outcomes[1], ZeroDivisionError)
    assert await noted(database) == [1, 3]


@on_sqlite
@pytest.mark.req("FL-18", "FL-10")
async def test_a_full_disk_refuses_who_needs_room_and_nobody_else(database: Database) -> None:
    """SQLITE_FULL rolls the whole transaction back, savepoints included: the group is dropped, and each turn is run alone."""
    transactions: list[bool] = []

    def limited(db: Db, pages: int) -> None:
        db._driver.execute(f"PRAGMA max_page_count={pages}")

    def needs_room(db: Db) -> None:
        seen.note(db, 2, NOW)
        db.execute(insert(schema.agents).values(telegram_id=1, name_sealed=b"x" * 4_000_000, role="agent",
                                                active=True, added_at=NOW))  # fmt: skip

    def looks(db: Db) -> None:
        transactions.append(db._driver.in_transaction)

    pages = await database.read(lambda db: int(db.execute(text("PRAGMA page_count")).scalar_one()))
    await database.run(lambda db: limited(db, pages + 20))
    outcomes = await together(database, note(1), needs_room, note(3), looks)
    assert isinstance(outcomes[1], Unavailable)
    assert [outcomes[0], outcomes[2]] == [1, 3]
    assert await noted(database) == [1, 3]
    assert transactions
    assert all(transactions), "nothing ever ran outside a transaction"
    await database.run(lambda db: limited(db, 2**30))
    await database.run(needs_room)
    assert await noted(database) == [1, 2, 3]


@on_sqlite
@pytest.mark.req("FL-18")
async def test_an_interrupted_statement_drops_its_turn_only(database: Database) -> None:
    def interrupted(db: Db) -> None:
        seen.note(db, 2, NOW)
        db._driver.set_progress_handler(lambda: 1, 50)
        try:
            db._driver.execute(
                "INSERT INTO seen WITH RECURSIVE n(x) AS (SELECT 1000 UNION ALL SELECT x+1 FROM n LIMIT 99999) SELECT x, 0 FROM n"
            )
        finally:
            db._driver.set_progress_handler(None, 0)

    outcomes = await together(database, note(1), interrupted, note(3))
    assert isinstance(outcomes[1], Unavailable)
    assert await noted(database) == [1, 3]


@on_sqlite
@pytest.mark.req("FL-10", "FL-17", "AS-10")
async def test_a_commit_that_fails_is_told_to_the_whole_group(database: Database) -> None:
    """A reference that is looked at only when the transaction ends, and leads nowhere."""

    def leads_nowhere(db: Db) -> None:
        db._driver.execute("PRAGMA defer_foreign_keys=ON")
        db.execute(insert(schema.reimbursements).values(
            line="X", statement_number="X", participant_id=-1, beneficiary_id=-1, payment_date=NOW.date(),
            care_start=NOW.date(), care_end=NOW.date(), act_code="X", claimed=1, paid_by_scheme=1, reimbursed=1))  # fmt: skip

    outcomes = await together(database, note(1), leads_nowhere, note(3))
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3
    assert await noted(database) == []
    assert await database.run(note(4)) == 4


@on_sqlite
@pytest.mark.req("FL-28", "AS-11")
@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN"])
async def test_two_processes_that_count_lose_no_count(
    database: Database, monkeypatch: pytest.MonkeyPatch, begin: str
) -> None:
    """The bot and a command beside it. With a plain BEGIN the first to read is refused when it writes: the hook is needed."""
    assert isinstance(database, Sqlite)
    monkeypatch.setattr(writer, "BEGIN", begin)
    other = Writer(database.path, Keyring(KEY))
    read, written = threading.Event(), threading.Event()

    def counts(db: Db, *, slowly: bool) -> int:
        counter = counters.look(db, b"k", NOW, dt.timedelta(days=1))
        if slowly:
            read.set()
            written.wait(0.3)
        counters.put(db, b"k", Counter(counter.count + 1, counter.since, None), NOW)
        return counter.count + 1

    slow = asyncio.ensure_future(database.run(lambda db: counts(db, slowly=True)))
    await asyncio.to_thread(read.wait, 10)
    quick = other.submit(lambda db: counts(db, slowly=False))
    quick.add_done_callback(lambda _: written.set())
    outcomes: list[Any] = list(await asyncio.gather(slow, quick, return_exceptions=True))
    await asyncio.to_thread(other.close)
    if begin == "BEGIN IMMEDIATE":
        assert outcomes == [1, 2]
    else:
        assert isinstance(outcomes[0], Unavailable)


@on_sqlite
@pytest.mark.req("FL-10")
async def test_a_closed_writer_refuses(sqlite: Writer) -> None:
    await asyncio.to_thread(sqlite.close)
    with pytest.raises(Unavailable):
        await sqlite.submit(note(1))


# ── turns in groups (both databases) ─────────────────────────────────────────────────────────────────────────────────

Turn = Callable[[Db, Chat, dt.datetime], Sequence[Promise]]


def ask(number: int, chat: int | None = None) -> Ask:
    return Ask(number, 100 + number if chat is None else chat, "private", "fr")


def remembers(what: str, *promises: Promise) -> Turn:
    """A turn that keeps a word in its chat, and promises."""

    def turn(_db: Db, chat: Chat, _now: dt.datetime) -> Sequence[Promise]:
        chat.state.setdefault("words", []).append(what)
        return promises

    return turn


def promise(chat: int) -> Promise:
    payload = orjson.dumps({"chat_id": chat, "text": "x"})
    return Promise("telegram", f"telegram:{chat}", Lane.REPLY, "sendMessage", payload, NOW)


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


@pytest.mark.world(on="postgresql")
@pytest.mark.req("FL-19")
async def test_a_connection_that_was_cut_is_replaced(database: Database, template: PostgresTemplate) -> None:
    assert isinstance(database, Postgres)
    await database.run(note(1))
    name = database._engine.url.database
    await template._execute(
        "postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    assert await database.run(note(2)) == 2
    assert await noted(database) == [1, 2]


@pytest.mark.world(on="postgresql")
@pytest.mark.req("FL-19", "FL-28")
async def test_turns_that_lock_two_chats_crosswise_both_get_through(database: Database) -> None:
    """A deadlock is broken by the server; who lost is run again."""
    both = asyncio.Barrier(2)
    tries: list[int] = []

    async def crosswise(first: int, second: int) -> None:
        held = asyncio.Event()

        def turn(db: Db) -> None:
            tries.append(first)
            chats.save(db, chats.lock(db, first, "private", "fr", NOW), NOW)
            if not held.is_set():
                held.set()
                await_only(both.wait())
            chats.save(db, chats.lock(db, second, "private", "fr", NOW), NOW)
            seen.note(db, first, NOW)

        await database.run(turn)

    for chat in (1, 2):
        await database.run(lambda db, chat=chat: chats.lock(db, chat, "private", "fr", NOW) and None)  # type: ignore[misc]
    await asyncio.gather(crosswise(1, 2), crosswise(2, 1))
    assert await noted(database) == [1, 2]
    assert len(tries) == 3


@pytest.mark.world(on="postgresql")
@pytest.mark.req("FL-25", "INV-05", "G-4")
async def test_two_replicas_that_claim_at_one_moment_do_not_share_a_chat(database: Database) -> None:
    """A row that comes while one replica claims its chat is not taken by the other, which would overtake the first."""
    claimed, go = asyncio.Event(), asyncio.Event()

    def promises(db: Db) -> None:
        outbox.insert_all(db, [promise(101)], None, NOW)

    def joins(db: Db) -> None:
        for replica in (1, 2):
            outbox.join(db, replica, f"replica {replica}", NOW)

    def claims(db: Db, replica: int) -> list[int]:
        return [row.id for row in outbox.claim(db, replica, NOW, NOW, 10)]

    def claims_slowly(db: Db) -> list[int]:
        mine = claims(db, 1)
        claimed.set()
        await_only(go.wait())
        return mine

    await database.run(joins)
    await database.run(promises)
    first = asyncio.ensure_future(database.run(claims_slowly))
    await claimed.wait()
    await database.run(promises)
    assert await database.run(lambda db: claims(db, 2)) == []
    go.set()
    assert len(await first) == 1
    assert await database.run(lambda db: claims(db, 2)) == [], "the first still has it in hand"
    assert len(await database.run(lambda db: claims(db, 1))) == 1
