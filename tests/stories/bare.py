"""A database with no bot on it, for what the store alone must hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import orjson
import pytest
from sqlalchemy import select

from store import schema, seen
from store.database import Database
from store.db import Db
from store.promises import Lane, Promise

NOW = dt.datetime(2026, 3, 20, 10, 0, tzinfo=dt.UTC)
on_sqlite = pytest.mark.world(on="sqlite")


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


def promise(chat: int) -> Promise:
    payload = orjson.dumps({"chat_id": chat, "text": "x"})
    return Promise("telegram", f"telegram:{chat}", Lane.REPLY, "sendMessage", payload, NOW)
