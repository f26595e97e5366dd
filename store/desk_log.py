"""Who pressed what at the agents' desk, and what came of it: rows are added and read, never changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import insert, select

from store.chunks import drop
from store.db import Db
from store.schema import desk_log


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One press."""

    at: dt.datetime
    telegram_id: int
    act: str
    subject: int | None
    outcome: str


def add(db: Db, row: DeskRow) -> None:
    """Write a row."""
    values = {"at": row.at, "telegram_id": row.telegram_id, "act": row.act}
    db.execute(insert(desk_log).values(values | {"subject": row.subject, "outcome": row.outcome}))


def latest(db: Db, limit: int) -> list[DeskRow]:
    """The latest first."""
    rows = db.execute(select(desk_log).order_by(desk_log.c.id.desc()).limit(limit))
    return [DeskRow(row.at, row.telegram_id, row.act, row.subject, row.outcome) for row in rows]


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older, CHUNK rows at a time; how many went."""
    return drop(db, desk_log, desk_log.c.at < before)
