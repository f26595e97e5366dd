"""Durable counters for limits: how often something happened in a window, and until when it must wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.chunks import drop
from store.db import Db
from store.schema import counters


@dataclass(slots=True)
class Counter:
    """A count since a moment, and the moment before which nothing more is let through."""

    count: int
    since: dt.datetime
    not_before: dt.datetime | None


def look(db: Db, key: bytes, now: dt.datetime, window: dt.timedelta) -> Counter:
    """The counter under a key; one whose window is over starts anew. The row is locked where there is one."""
    row = db.execute(
        select(counters.c.count.label("hits"), counters.c.since, counters.c.not_before)
        .where(counters.c.key == key)
        .with_for_update()
    ).first()
    if row is None or row.since + window <= now:
        held = row.not_before if row is not None else None
        return Counter(0, now, held)
    return Counter(row.hits, row.since, row.not_before)


def put(db: Db, key: bytes, counter: Counter, until: dt.datetime) -> None:
    """Write a counter back; it may be forgotten after `until`."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {
        "count": counter.count,
        "since": counter.since,
        "not_before": counter.not_before,
        "until": until,
    }
    statement = made(counters).values(key=key, **values)
    db.execute(statement.on_conflict_do_update(index_elements=[counters.c.key], set_=values))


def clear(db: Db, key: bytes) -> None:
    """Start anew."""
    db.execute(delete(counters).where(counters.c.key == key))


def forget(db: Db, now: dt.datetime) -> int:
    """Drop what may be forgotten, CHUNK rows at a time; how many went."""
    return drop(db, counters, counters.c.until < now)
