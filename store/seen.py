"""The ids of updates already handled, kept for a while: a set and no high-water mark, since ids can jump (TG-08)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Executable, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite

from store.chunks import drop
from store.db import Db, DialectName, Hot
from store.schema import seen


def _insert(dialect: DialectName) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values = insert(seen).values(update_id=bindparam("update_id"), at=bindparam("at"))
    return values.on_conflict_do_nothing().returning(seen.c.update_id)


_NOTE = Hot(_insert)
_UNNOTE = Hot(lambda _: delete(seen).where(seen.c.update_id == bindparam("update_id")))


def note(db: Db, update_id: int, now: dt.datetime) -> bool:
    """Note that an update is being handled in this transaction; False when it was handled before."""
    return bool(db.hot(_NOTE, {"update_id": update_id, "at": now}))


def note_all(db: Db, update_ids: Sequence[int], now: dt.datetime) -> set[int]:
    """Note several updates; those that were not handled before."""
    return {
        row[0]
        for row in db.hot_many(_NOTE, [{"update_id": update_id, "at": now} for update_id in update_ids])
    }


def unnote(db: Db, update_ids: Sequence[int]) -> None:
    """Updates that were not handled after all."""
    db.hot_many(_UNNOTE, [{"update_id": update_id} for update_id in update_ids])


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older, CHUNK rows at a time; how many went."""
    return drop(db, seen, seen.c.at < before)
