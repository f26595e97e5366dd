"""Planted bugs: with a guard taken out, a test must see it. Each shows the real thing pass and the mutant fail."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.util import await_only

from kit.seal import Keyring
from store import chats, schema, seen, writer
from store.database import open_database
from store.db import Db, Hot
from store.writer import Unavailable
from tests.databases import KEY, PostgresTemplate, SqliteTemplate
from tests.people import Person
from tests.stories.sentences import ASKED
from tests.world import NOW, World

# ── the seen set ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def redelivers(world: World, salma: Person) -> int:
    """Salma confirms; Telegram delivers her last answer and her press again, as after lost answers. The bot's screens more."""
    await salma.fills_in("first_name")
    message = await salma.says(salma.first_name)
    before = len(salma.heard)
    world.playground.updates.again(world.playground.accepted[-1])
    await world.settles()
    assert message.text == salma.first_name
    return len(salma.heard) - before


@pytest.mark.req("TH-19e", "INV-03")
async def test_an_update_that_comes_again_is_not_handled_again(world: World, salma: Person) -> None:
    assert await redelivers(world, salma) == 0
    salma.reads(ASKED["birth_date"])
    world.leaves(forms=1)


async def test_without_the_seen_set_it_is(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "note_all", lambda _db, update_ids, _now: set(update_ids))
    assert await redelivers(world, salma) == 1, "her first name was taken as her birth date"
    world.leaves(forms=1)


# ── the lock: who reads in order to write is alone ──────────────────────────────────────────────────────────────────

CHAT = 4711
PATIENCE = 0.3  # seconds that the first waits for the second to have read; with the lock it never has


@dataclass
class Meeting:
    """Two who add one to the same row: each tells that it has read, and waits a while for the other before it writes."""

    wait: Callable[[int], None]
    read: list[int]

    def add(self, me: int) -> Callable[[Db], None]:
        def turn(db: Db) -> None:
            chat = chats.find(db, CHAT)
            assert chat is not None
            self.read.append(me)
            self.wait(me)
            chat.state["count"] = chat.state.get("count", 0) + 1
            chats.save(db, chat, NOW)

        return turn


async def both_add(url: str, wait: Callable[[int], None]) -> tuple[int, int]:
    """Two processes of the bot, as the database sees them, add one at once: how many were told it is done, and what is there."""
    first, second = (open_database(url, Keyring(KEY)) for _ in range(2))
    await first.run(lambda db: chats.save(db, chats.lock(db, CHAT, "private", "fr", NOW), NOW))
    meeting = Meeting(wait, [])
    told = await asyncio.gather(first.run(meeting.add(0)), second.run(meeting.add(1)), return_exceptions=True)
    assert all(answer is None or isinstance(answer, Unavailable) for answer in told), told
    chat = await first.run(lambda db: chats.find(db, CHAT))
    await first.close()
    await second.close()
    assert chat is not None
    return told.count(None), int(chat.state["count"])


def in_threads() -> Callable[[int], None]:
    """SQLite's turns run in threads."""
    here = (threading.Event(), threading.Event())

    def wait(me: int) -> None:
        here[me].set()
        here[1 - me].wait(PATIENCE)

    return wait


def on_the_loop() -> Callable[[int], None]:
    """PostgreSQL's turns run on the loop."""
    here = (asyncio.Event(), asyncio.Event())

    async def meet(me: int) -> None:
        here[me].set()
        with suppress(TimeoutError):
            await asyncio.wait_for(here[1 - me].wait(), PATIENCE)

    return lambda me: await_only(meet(me))


@pytest.mark.req("FL-28")
async def test_two_processes_on_sqlite_both_get_their_turn(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    assert await both_add(await sqlite_template.copy(tmp_path), in_threads()) == (2, 2)


async def test_without_begin_immediate_one_of_them_is_turned_away(
    sqlite_template: SqliteTemplate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read the same snapshot; the second can't write over what it hasn't seen, and its turn fails."""
    monkeypatch.setattr(writer, "BEGIN", "BEGIN")
    assert await both_add(await sqlite_template.copy(tmp_path), in_threads()) == (1, 1)


@pytest.mark.postgres
@pytest.mark.req("FL-28")
async def test_two_replicas_on_postgresql_both_get_their_turn(
    postgres_template: PostgresTemplate, tmp_path: Path
) -> None:
    url = await postgres_template.copy(tmp_path)
    assert await both_add(url, on_the_loop()) == (2, 2)
    await postgres_template.drop(url, spoilt=False)


@pytest.mark.postgres
async def test_without_the_row_lock_an_update_is_lost_in_silence(
    postgres_template: PostgresTemplate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Hot(lambda _: select(*chats._COLUMNS).where(schema.chats.c.id == bindparam("id")))
    monkeypatch.setattr(chats, "_FIND", bare)
    url = await postgres_template.copy(tmp_path)
    assert await both_add(url, on_the_loop()) == (2, 1)
    await postgres_template.drop(url, spoilt=False)
