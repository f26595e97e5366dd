"""The processes that serve: which of them live. What one holds of the outbox is free for the others once it beats no more."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, insert, select, update

from store.chunks import drop
from store.db import Db
from store.outbox import PENDING
from store.schema import outbox, replicas


def join(db: Db, replica: int, name: str, now: dt.datetime) -> None:
    """A replica comes. One of the same name (machine and port) was its former life: what that held is free at once."""
    db.execute(delete(replicas).where(replicas.c.name == name))
    db.execute(insert(replicas).values(id=replica, name=name, beat_at=now))


def beat(db: Db, replica: int, name: str, now: dt.datetime) -> None:
    """Say that a replica lives; one that was thought dead comes back."""
    if db.execute(update(replicas).where(replicas.c.id == replica).values(beat_at=now)).rowcount == 0:
        join(db, replica, name, now)


def leave(db: Db, replica: int) -> None:
    """A replica goes: its rows are free at once."""
    db.execute(update(outbox).where(outbox.c.owner == replica, PENDING).values(owner=None))
    db.execute(delete(replicas).where(replicas.c.id == replica))


def living(db: Db, stale: dt.datetime) -> int:
    """How many replicas live."""
    return int(
        db.execute(select(func.count()).select_from(replicas).where(replicas.c.beat_at >= stale)).scalar_one()
    )


def forget(db: Db, stale: dt.datetime) -> int:
    """Drop replicas that are long gone; how many went."""
    return drop(db, replicas, replicas.c.beat_at < stale)
