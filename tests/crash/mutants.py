"""Bots that lack one safeguard each. They are made inside the bot's process, by the launcher; the product knows nothing of them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import bindparam, select

import store.chats
import store.seen
import store.writer
from bot.entry import TAKEN, Entry, Verdict
from store import outbox, schema
from store.chats import Chat
from store.db import Db, Hot
from store.promises import Promise
from store.turns import Ask, Turns


def acknowledge_before_commit() -> None:
    """Telegram hears 200 at once; the work is done after it."""
    handle = Entry.handle
    under_way: set[asyncio.Task[Verdict]] = set()

    async def hasty(self: Entry, update: dict[str, Any]) -> Verdict:
        task = asyncio.ensure_future(handle(self, update))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return TAKEN

    Entry.handle = hasty  # type: ignore[method-assign]


def no_seen_set() -> None:
    """The ids are written down, but nobody looks at them."""
    note_all = store.seen.note_all

    def forgetful(db: Db, update_ids: Sequence[int], now: dt.datetime) -> set[int]:
        note_all(db, update_ids, now)
        return set(update_ids)

    store.seen.note_all = forgetful


def outbox_in_a_second_transaction() -> None:
    """The turn commits its effect, and its promises right after it."""
    run = Turns.run

    async def twice(self: Turns, ask: Ask, turn: Any) -> Sequence[Promise] | None:
        made: list[tuple[Sequence[Promise], dt.datetime]] = []

        def effect_only(db: Db, chat: Chat, now: dt.datetime) -> Sequence[Promise]:
            made[:] = [(turn(db, chat, now), now)]
            return ()

        if await run(self, ask, effect_only) is None:
            return None
        promises, now = made[0]
        return await self._db.run(lambda db: outbox.insert_all(db, promises, self._owner, now))

    Turns.run = twice  # type: ignore[method-assign]


def no_write_lock() -> None:
    """SQLite: a transaction begins without the write lock, and asks for it in the middle. PostgreSQL: the chat's row is read unlocked."""
    store.writer.BEGIN = "BEGIN"
    chats = schema.chats
    unlocked = select(*store.chats._COLUMNS).where(chats.c.id == bindparam("id"))
    store.chats._FIND = Hot(lambda _: unlocked)


MUTANTS: dict[str, Callable[[], None]] = {
    "acknowledge_before_commit": acknowledge_before_commit,
    "no_seen_set": no_seen_set,
    "outbox_in_a_second_transaction": outbox_in_a_second_transaction,
    "no_write_lock": no_write_lock,
}
