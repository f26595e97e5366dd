"""Who did what with an account's data: rows are added and read, never changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, insert, select

from store.chunks import drop
from store.db import Db, Hot
from store.schema import activity

_NAMES = ("account_id", "at", "event", "actor", "chat_id", "detail")
_INSERT = Hot(lambda _: insert(activity).values({name: bindparam(name) for name in _NAMES}))


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One thing that happened."""

    at: dt.datetime
    event: str
    actor: str
    chat_id: int | None
    detail: str | None


def add(db: Db, account_id: int, row: ActivityRow) -> None:
    """Write a row."""
    db.hot(_INSERT, {"account_id": account_id, **asdict(row)})


def of_account(db: Db, account_id: int, limit: int, offset: int = 0) -> list[ActivityRow]:
    """An account's rows, the latest first."""
    mine = select(activity).where(activity.c.account_id == account_id)
    latest = mine.order_by(activity.c.at.desc(), activity.c.id.desc()).limit(limit).offset(offset)
    return [ActivityRow(row.at, row.event, row.actor, row.chat_id, row.detail) for row in db.execute(latest)]


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older, CHUNK rows at a time; how many went."""
    return drop(db, activity, activity.c.at < before)
