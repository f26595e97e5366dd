"""What a chat was shown, and what is still to come, as the outbox knows it: what is taken back when the chat is locked or left."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import and_, or_, select, update

from store.db import Db
from store.outbox import PENDING
from store.schema import outbox


def private(
    db: Db, destination: str, since: dt.datetime, promised_at: dt.datetime | None = None
) -> tuple[list[int], list[int]]:
    """The messages with health data or one-time links that a chat was sent since a moment and that may still be there, and the rows that
    will yet bring some; none is named twice. `promised_at`: only those of the transaction of that moment."""
    private = and_(outbox.c.destination == destination, outbox.c.private)
    if promised_at is not None:
        private = and_(private, outbox.c.created_at == promised_at)
    shown = and_(private, outbox.c.result.is_not(None), outbox.c.done_at >= since)
    coming = and_(private, PENDING, outbox.c.method != "deleteMessage")
    messages = dict.fromkeys(db.execute(select(outbox.c.result).where(shown).order_by(outbox.c.id)).scalars())
    rows = db.execute(select(outbox.c.id).where(coming).order_by(outbox.c.id)).scalars().all()
    db.execute(update(outbox).where(or_(shown, coming)).values(private=False))
    return list(messages), list(rows)


def everything(db: Db, destination: str, since: dt.datetime) -> tuple[list[int], list[int]]:
    """The same of all messages, whatever they show."""
    there = and_(outbox.c.destination == destination, outbox.c.method != "deleteMessage")
    shown = and_(there, outbox.c.result.is_not(None), outbox.c.done_at >= since)
    found = dict.fromkeys(db.execute(select(outbox.c.result).where(shown).order_by(outbox.c.id)).scalars())
    rows = db.execute(select(outbox.c.id).where(there, PENDING).order_by(outbox.c.id)).scalars().all()
    return list(found), list(rows)


def taken_back(db: Db, row_id: int, now: dt.datetime) -> bool:
    """Whether the deletion of what a row brings is due: the chat was locked, and its health data don't come back."""
    deletion = and_(
        outbox.c.after_id == row_id, outbox.c.method == "deleteMessage", outbox.c.not_before <= now
    )
    return db.execute(select(outbox.c.id).where(deletion).limit(1)).first() is not None
