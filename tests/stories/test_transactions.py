"""The traps of sharing a transaction, each with the turn that falls into it (DESIGN 5): store/writer.py and store/database.py."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.util import await_only

from kit.seal import Keyring
from store import chats, counters, outbox, replicas, schema, seen, writer
from store.chats import Chat
from store.counters import Counter
from store.database import Database, Postgres, Sqlite
from store.db import Db
from store.promises import Promise
from store.turns import Ask, Turns
from store.writer import Unavailable, Writer
from tests.databases import KEY, PostgresTemplate
from tests.stories.bare import NOW, note, noted, on_sqlite, promise


@pytest.fixture
def sqlite(database: Database) -> Writer:
    """The one writer of the embedded database."""
    assert isinstance(database, Sqlite)
    return database._writer


async def together(database: Database, *turns: Callable[[Db], Any]) -> list[Any]:
    """Run these in one group: they wait while another turn holds the writer."""
    gate = threading.Event()
    first = asyncio.ensure_future(database.run(lambda _: gate.wait(10)))
    waiting = [asyncio.ensure_future(database.run(turn)) for turn in turns]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.wait([first])
    return await asyncio.gather(*waiting, return_exceptions=True)


@pytest.fixture(autouse=True)
def _unhurried_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not end a group before those who wait are in it."""
    monkeypatch.setattr(writer, "GROUP_SECONDS", 10.0)


# ── the writer (SQLite) ──────────────────────────────────────────────────────────────────────────────────────────────


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


# ── the server (PostgreSQL) ──────────────────────────────────────────────────────────────────────────────────────────


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
    assert len(tries) >= 3, "who lost was run again"


@pytest.mark.world(on="postgresql")
@pytest.mark.req("FL-19", "FL-28")
@pytest.mark.parametrize("others", [0, 2])
async def test_a_turn_that_loses_a_deadlock_is_run_again_and_is_no_fault_of_ours(
    database: Database, others: int
) -> None:
    """Also in a group, whose savepoint would let the others go on: the loser was told as a failure of the turn."""
    turns = Turns(database, 1, lambda: NOW)
    tries: list[int] = []

    def loses(db: Db, _chat: Chat, _now: dt.datetime) -> Sequence[Promise]:
        tries.append(len(tries))
        if len(tries) <= 1 + bool(others):
            db.execute(text("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$"))
        return [promise(1)]

    def goes(_db: Db, chat: Chat, _now: dt.datetime) -> Sequence[Promise]:
        return [promise(chat.id)]

    asks = [Ask(number, number, "private", "fr") for number in range(1, others + 2)]
    outcomes = await asyncio.gather(*(turns.run(ask, loses if ask.chat_id == 1 else goes) for ask in asks))
    assert [[row.destination for row in ready or ()] for ready in outcomes] == [
        [f"telegram:{ask.chat_id}"] for ask in asks
    ]
    assert await noted(database) == [ask.update_id for ask in asks]


@pytest.mark.world(on="postgresql")
@pytest.mark.req("FL-19")
async def test_a_turn_that_always_loses_is_left_with_telegram(database: Database) -> None:
    def loses(db: Db, _chat: Chat, _now: dt.datetime) -> Sequence[Promise]:
        db.execute(text("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$"))
        return ()

    with pytest.raises(Unavailable):
        await Turns(database, 1, lambda: NOW).run(Ask(1, 1, "private", "fr"), loses)
    assert await noted(database) == []


@pytest.mark.world(on="postgresql")
@pytest.mark.req("FL-25", "INV-05", "G-4")
async def test_two_replicas_that_claim_at_one_moment_do_not_share_a_chat(database: Database) -> None:
    """A row that comes while one replica claims its chat is not taken by the other, which would overtake the first."""
    claimed, go = asyncio.Event(), asyncio.Event()

    def promises(db: Db) -> None:
        outbox.insert_all(db, [promise(101)], None, NOW)

    def joins(db: Db) -> None:
        for replica in (1, 2):
            replicas.join(db, replica, f"replica {replica}", NOW)

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
