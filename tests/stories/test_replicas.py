"""Two bots on one PostgreSQL, one bot on one SQLite, and a database that is away (FL-10, FL-19, FL-25, FL-26)."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from bot.entry import Verdict
from playground.queues import Update
from store import schema
from store.db import Db
from store.promises import State
from store.solo import SecondProcess
from tests.databases import PostgresTemplate
from tests.people import Person
from tests.stories.clockwork import passes
from tests.stories.desk import rafiq
from tests.stories.sentences import CREATED
from tests.world import World
from wiring import App, Tuning, lock

STRANGER = "Is it your first time? Create your space. Do you have one? Sign in."
HELP = "<b>What I do</b>"
ORDER = ("/menu", "/help", "/language", "/privacy")
on_postgres = pytest.mark.world(on="postgresql", mode="webhook")


@asynccontextmanager
async def second(world: World) -> AsyncIterator[App]:
    """Another replica, on a port of its own; the load balancer of this story is `both_take`."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    settings = world.settings.model_copy(update={"listen": f"127.0.0.1:{port}"})
    app = App(settings, world.fund, Tuning(clock=world.clock, strict=True, lifted=True))
    await app.start()
    await asyncio.wait(_named(app, "_greet_telegram"), timeout=10)
    try:
        yield app
    finally:
        with suppress(RuntimeError):
            await app.stop()


def _named(app: App, name: str) -> list[asyncio.Task[Any]]:
    return [task for task in app._tasks if name in getattr(task.get_coro(), "__qualname__", "")]


async def both_take(world: World, *apps: App) -> list[int]:
    """Give each update that Telegram holds to all of these at once, each queue in order; the statuses."""
    queues: dict[int, list[Update]] = {}
    for update in list(world.playground.updates.pending.values()):
        queues.setdefault(update.queue, []).append(update)
    statuses: list[int] = []

    async def one_queue(updates: list[Update]) -> None:
        for update in updates:
            body = orjson.loads(update.body)
            verdicts = await asyncio.gather(*(app.entry.handle(dict(body)) for app in apps))
            statuses.extend(verdict.status for verdict in verdicts)
            world.playground.updates.drop(update, accepted=True)

    await asyncio.gather(*(one_queue(updates) for updates in queues.values()))
    for app in apps:
        await settled(app)
    return statuses


async def settled(app: App) -> None:
    """Nothing is under way in this replica's sender."""
    while True:
        await app.sender.idle.wait()
        at_work = [task for task in app.sender._tasks if not task.done()]
        if not at_work:
            return
        await asyncio.wait(at_work)


@on_postgres
@pytest.mark.req("FL-25", "FL-21", "FL-28", "G-2", "G-4", "INV-03", "INV-05")
async def test_two_replicas_that_get_every_update_answer_it_once(world: World) -> None:
    people = [world.person(f"P{number}") for number in range(4)]
    async with second(world) as other:
        world.playground.updates.paused = True
        for _ in range(3):
            for person in people:
                for text in ORDER:
                    person.phone.says(text)
        assert set(await both_take(world, world.app, other)) == {200}
        for _ in range(3):
            await asyncio.gather(world.app.sweeper.round(), other.sweeper.round())
            await settled(world.app)
            await settled(other)
        world.playground.updates.paused = False
        witness = world.person("Témoin")
        await witness.says(*ORDER)
        expected = [text[:20] for text in witness.heard] * 3
        for person in people:
            assert [text[:20] for text in person.heard] == expected
        assert set(await _states(world)) == {State.SENT}


async def _states(world: World) -> list[State]:
    return await world.read(
        lambda db: [State(one) for one in db.execute(select(schema.outbox.c.state)).scalars()]
    )


@on_postgres
@pytest.mark.req("FL-25", "FL-28", "INV-03", "AS-11")
async def test_confirmed_on_two_replicas_at_once_she_registers_once(world: World, salma: Person) -> None:
    await salma.fills_in()
    confirm = next(b.data for b in salma.screen.buttons if b.data and b.data.endswith("confirm"))
    async with second(world) as other:
        world.playground.updates.paused = True
        salma.phone.press_data(confirm)
        salma.phone.press_data(confirm)
        first, again = (orjson.loads(one.body) for one in world.playground.updates.pending.values())
        verdicts = await asyncio.gather(world.app.entry.handle(first), other.entry.handle(again))
        assert {verdict.status for verdict in verdicts} == {200}
        for update in list(world.playground.updates.pending.values()):
            world.playground.updates.drop(update, accepted=True)
        world.playground.updates.paused = False
        await settled(other)
        await world.settles()
        assert await world.count("registrations") == 1
        assert len(world.mailbox.mails) == 1
        assert salma.has_read(CREATED) == 1
    world.leaves(tokens=1)


@on_postgres
@pytest.mark.req("FL-25", "G-6")
async def test_replicas_come_and_go_and_telegram_notices_nothing(world: World, salma: Person) -> None:
    """They know the same secret token: what Telegram sends with the other's is taken."""
    async with second(world) as other:
        assert other.secret_token == world.app.secret_token
        assert await world.read(_living) == 2
        await salma.says("/menu")
        salma.reads(STRANGER)
    assert await world.read(_living) == 1
    await salma.says("/help")
    salma.reads(HELP)


def _living(db: Db) -> int:
    return int(db.execute(select(func.count()).select_from(schema.replicas)).scalar_one())


@on_postgres
@pytest.mark.req("FL-25", "FL-39", "G-1", "G-3", "INV-06")
async def test_what_a_dead_replica_held_is_sent_by_the_other(
    world: World, salma: Person, youssef: Person
) -> None:
    async with second(world) as other:
        held = world.playground.faults.add("hold", "sendMessage", salma.id)
        world.playground.updates.paused = True
        salma.phone.says("/menu")
        for update in list(world.playground.updates.pending.values()):
            assert await other.entry.handle(orjson.loads(update.body)) == Verdict(200)
            world.playground.updates.drop(update, accepted=True)
        world.playground.updates.paused = False
        await asyncio.wait_for(held.reached.wait(), 10)
        await salma.says("/help")
        assert not salma.has_read(HELP), "what the other holds goes first"
        mine, world.app = world.app, other
        await world.kill()
        world.app = mine
        held.times = 0
        await passes(world, seconds=9)
        assert not salma.has_read(HELP), "it may only be slow"
        await passes(world, seconds=2)
        assert salma.has_read(STRANGER) == 1
        salma.reads(HELP)
        held.release()
        await youssef.says("/menu")
        youssef.reads(STRANGER)


@on_postgres
@pytest.mark.req("FL-26", "G-3", "INV-07")
async def test_a_replica_that_slept_wakes_up_and_repeats_no_more_than_it_held(
    world: World, salma: Person
) -> None:
    async with second(world) as other:
        held = world.playground.faults.add("hold", "sendMessage", salma.id)
        world.playground.updates.paused = True
        for text in ("/menu", "/help"):
            salma.phone.says(text)
        for update in list(world.playground.updates.pending.values()):
            assert await other.entry.handle(orjson.loads(update.body)) == Verdict(200)
            world.playground.updates.drop(update, accepted=True)
        world.playground.updates.paused = False
        await asyncio.wait_for(held.reached.wait(), 10)
        for rounds in _named(other, "rounds"):  # asleep: it beats no more
            rounds.cancel()
        held.times = 0
        await passes(world, seconds=30)
        assert salma.has_read(STRANGER) == 1
        held.release()
        await settled(other)
        await asyncio.gather(other.sweeper.round(), world.sweeper.round())
        await settled(other)
        await world.settles()
        assert salma.has_read(STRANGER) <= 2
        assert salma.has_read(HELP) <= 2
        assert set(await _states(world)) == {State.SENT}


# ── one process on SQLite ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.world(on="sqlite")
@pytest.mark.req("FL-25")
async def test_a_second_process_on_an_embedded_database_is_refused(world: World) -> None:
    url = world.settings.database_url
    held = lock(url)
    assert held is not None
    with pytest.raises(SecondProcess):
        lock(url)
    refused = await rafiq(world, "run")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("rafiq: another rafiq runs on ")
    assert len(refused.stderr.splitlines()) == 1
    assert (await rafiq(world, "agents", "list")).exit_code == 0, "commands work beside it"
    held.close()
    again = lock(url)
    assert again is not None
    again.close()
    assert lock("postgresql+asyncpg://u@localhost/x") is None


# ── the database is away ─────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def away(world: World) -> AsyncIterator[None]:
    """Nothing can be written meanwhile: another process holds the file, or the server is a standby."""
    if isinstance(world.template, PostgresTemplate):
        world.spoilt = True
        name = make_url(world.settings.database_url).database
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        await world.template._execute(
            "postgres", f"ALTER DATABASE {name} SET default_transaction_read_only = on"
        )
        await world.template._execute("postgres", cut)
        yield
        await world.template._execute(
            "postgres", f"ALTER DATABASE {name} RESET default_transaction_read_only"
        )
        await world.template._execute("postgres", cut)
        return
    await world.app.db.run(lambda db: db._driver.execute("PRAGMA busy_timeout=0") and None)
    with sqlite3.connect(world.folder / "rafiq.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    other.close()


async def refused(world: World) -> None:
    """Telegram got a 503 for an update."""

    def last() -> bool:
        webhook = world.playground.api.intake.webhook
        return webhook is not None and webhook.last_error is not None and "503" in webhook.last_error[1]

    await world.playground.until(last)


@pytest.mark.world(mode="webhook")
@pytest.mark.req("FL-10", "FL-17", "FL-18", "FL-19", "TH-19f", "G-7", "INV-01")
async def test_while_nothing_can_be_stored_telegram_keeps_what_was_said(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.fills_in("last_name")
    async with away(world):
        salma.phone.says(salma.last_name)
        salma.phone.says(salma.first_name)
        youssef.phone.says("/menu")
        await refused(world)
        body = {"update_id": 5, "message": {"message_id": 1, "date": 1, "text": "/menu", "from": {"id": salma.id},
                "chat": {"id": salma.id, "type": "private"}}}  # fmt: skip
        assert await world.app.entry.handle(body) == Verdict(503, 5)
        assert not youssef.heard
    await world.answers()
    salma.reads("Your birth date? For example 31/12/1980.")
    youssef.reads(STRANGER)
    assert await world.count("set_aside") == 0, "it was nobody's fault"
    world.leaves(forms=1)


@pytest.mark.world(mode="webhook")
@pytest.mark.req("FL-10", "FL-17", "INV-06", "G-3")
async def test_what_was_sent_while_the_database_was_away_is_marked_later(world: World, salma: Person) -> None:
    held = world.playground.faults.add("hold", "sendMessage", salma.id)
    salma.phone.says("/menu")
    await asyncio.wait_for(held.reached.wait(), 10)
    await world.playground.quiet()
    async with away(world):
        held.release()
        await world.playground.until(lambda: salma.phone.screen)
        with suppress(Exception):
            await world.sweeper.round()
    await world.answers()
    assert salma.has_read(STRANGER) == 1
    assert set(await _states(world)) == {State.SENT}


Limit = Callable[[Db], Any]


@pytest.mark.world(on="sqlite", mode="webhook")
@pytest.mark.req("FL-18", "FL-10", "INV-01", "INV-04")
async def test_a_full_disk_loses_nothing(world: World, salma: Person, youssef: Person) -> None:
    await salma.says("/menu")

    def limit(pages: int) -> Limit:
        return lambda db: db._driver.execute(f"PRAGMA max_page_count={pages}") and None

    def fill(db: Db) -> None:
        """Use up the room that is left in the pages there are."""
        with suppress(sqlite3.OperationalError):
            for number in range(100_000):
                db._driver.execute("INSERT INTO seen VALUES (?, 0)", (10**12 + number,))

    path = Path(world.folder) / "rafiq.db"
    pages = await world.read(lambda db: int(db._driver is not None) or path.stat().st_size // 4096)
    await world.app.db.run(limit(max(1, pages)))
    for person in (salma, youssef):
        person.phone.says("x" * 4000)
        person.phone.says("/register")
        person.phone.says("1" * 4000)
    for _ in range(40):
        salma.phone.says("/help")
    with suppress(TimeoutError):
        await asyncio.wait_for(refused(world), 3)
    struck = world.playground.api.intake.webhook
    assert struck is not None
    assert struck.last_error is not None, "the disk was full"
    await world.app.db.run(limit(2**30))
    await world.answers()
    assert salma.has_read("I don’t know the answer to that.") == 1
    assert youssef.has_read("What is your {fund} matricule? It is printed on your membership card.") == 2
    assert len(salma.heard) == 1 + 3 + 40
    assert await world.count("set_aside") == 0
    world.leaves(forms=2)
