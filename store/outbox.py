"""What we promised to send: rows written in the transaction of their cause, sent after it, marked when done.

A row is held by one replica at a time (`owner`); a replica that stops beating loses its rows to the others. Order is kept per
destination and lane: `head` rows come in id order, and nothing of a destination is handed out from memory while an older row of it
is pending elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)

from store.chunks import CHUNK
from store.chunks import drop as drop_rows
from store.db import Db, Hot
from store.promises import Lane, Mark, Promise, State
from store.schema import outbox, replicas

_PLACE = b"outbox.payload"
_ZERO: ColumnElement[int] = literal_column("0")  # spelt out, so that the index of pending rows serves
PENDING = outbox.c.state == _ZERO
_BULK: ColumnElement[int] = literal_column("3")

_INSERT = Hot(
    lambda _: (
        insert(outbox)
        .values(
            channel=bindparam("channel"),
            destination=bindparam("destination"),
            lane=bindparam("lane"),
            method=bindparam("method"),
            payload_sealed=bindparam("payload_sealed"),
            after_id=bindparam("after_id"),
            state=_ZERO,
            owner=bindparam("owner"),
            not_before=bindparam("not_before"),
            created_at=bindparam("created_at"),
            private=bindparam("private"),
        )
        .returning(outbox.c.id)
    )
)
# A turn that waited for another's lock began before it, and clocks of replicas differ: what is due this soon is due before us.
_SKEW = dt.timedelta(seconds=30)
_OLDER = Hot(
    lambda _: select(bindparam("destination", type_=String)).where(
        exists(
            select(outbox.c.id).where(
                outbox.c.destination == bindparam("destination"),
                outbox.c.state == _ZERO,
                or_(outbox.c.owner.is_(None), outbox.c.owner != bindparam("owner")),
                # What goes out in bulk holds nothing else up, until it has failed: then the chat itself waits.
                or_(
                    and_(outbox.c.not_before <= bindparam("now"), outbox.c.lane != _BULK),
                    outbox.c.attempts > _ZERO,
                ),
            )
        )
    )
)
_MARK = Hot(
    lambda _: (
        update(outbox)
        .where(outbox.c.id == bindparam("b_id"))
        .values(
            state=bindparam("state"),
            done_at=bindparam("at"),
            result=bindparam("result"),
            reason=bindparam("reason"),
            owner=null(),
        )
    )
)


def insert_all(db: Db, promises: Sequence[Promise], owner: int | None, now: dt.datetime) -> list[Promise]:
    """Write promises, in order; those that the owner may send from memory now are returned, in order.

    A destination with an older row in other hands, and a promise for later, is left to the sweeper.
    """
    if not promises:
        return []
    elsewhere = _older_elsewhere(db, {promise.destination for promise in promises}, owner, now + _SKEW)
    ready: list[Promise] = []
    waves: tuple[list[Promise], list[Promise]] = ([], [])
    for promise in promises:
        waves[isinstance(promise.after, Promise)].append(promise)
        if promise.destination not in elsewhere and promise.not_before <= now:
            ready.append(promise)
    held = {id(promise) for promise in ready}
    for wave in waves:  # what refers to another promise comes after it, when that has its id
        rows = db.hot_many(
            _INSERT, [_values(db, promise, owner if id(promise) in held else None, now) for promise in wave]
        )
        for promise, row in zip(wave, rows, strict=True):
            promise.id, promise.created_at = row[0], now
    return ready


def _values(db: Db, promise: Promise, owner: int | None, now: dt.datetime) -> dict[str, Any]:
    after = promise.after
    return {
        "channel": promise.channel,
        "destination": promise.destination,
        "lane": int(promise.lane),
        "method": promise.method,
        "payload_sealed": db.keys.seal(promise.payload, _PLACE),
        "after_id": after.id if isinstance(after, Promise) else after,
        "owner": owner,
        "not_before": promise.not_before,
        "created_at": now,
        "private": promise.private,
    }


def _older_elsewhere(db: Db, wanted: set[str], owner: int | None, now: dt.datetime) -> set[str]:
    """The destinations that have an older row in other hands."""
    if owner is None:
        return wanted
    return {
        row[0]
        for row in db.hot_many(
            _OLDER, [{"destination": name, "owner": owner, "now": now} for name in sorted(wanted)]
        )
    }


def mark_all(db: Db, marks: Sequence[Mark]) -> None:
    """Write what became of rows."""
    rows = [
        {"b_id": m.id, "state": int(m.state), "at": m.at, "result": m.result, "reason": m.reason}
        for m in marks
    ]
    db.hot_many(_MARK, rows)


def put_off(db: Db, ids: Collection[int], head: int, until: dt.datetime) -> None:
    """Release rows of a destination whose head failed: its attempt is counted, and the destination waits for it until `until`."""
    db.execute(update(outbox).where(outbox.c.id.in_(ids), PENDING).values(owner=None))
    tried = update(outbox).where(outbox.c.id == head, PENDING)
    db.execute(tried.values(attempts=outbox.c.attempts + 1, not_before=until))


def claim(db: Db, owner: int, now: dt.datetime, stale: dt.datetime, limit: int) -> list[Promise]:
    """Take pending rows that no living replica holds, in id order; none of a destination that another replica is sending to, or
    whose head waits for its next attempt.

    `stale`: replicas whose last beat is older have lost what they held. A destination is taken by locking its first row: two replicas
    that claim at one moment see different rows of it, and each would send its own.
    """
    living = select(replicas.c.id).where(replicas.c.beat_at >= stale)
    free = and_(PENDING, or_(outbox.c.owner.is_(None), outbox.c.owner.not_in(living)))
    other = outbox.alias()
    elsewhere = and_(other.c.owner != owner, other.c.owner.in_(living))
    backs_off = and_(other.c.attempts > 0, other.c.not_before > now)
    same = and_(other.c.destination == outbox.c.destination, other.c.state == _ZERO)
    held = exists(select(other.c.id).where(same, or_(elsewhere, backs_off)))
    ready = and_(free, outbox.c.not_before <= now)
    anybodys = or_(other.c.owner.is_(None), other.c.owner != owner)
    before = and_(anybodys, other.c.not_before <= now, other.c.id < outbox.c.id)
    first = ~exists(select(other.c.id).where(same, before))
    # Not by plain id: SQLite would walk the whole table in that order rather than the index of what is pending.
    in_order = outbox.c.id + _ZERO
    heads = select(outbox.c.destination).where(ready, first, ~held).order_by(in_order).limit(limit)
    mine = db.execute(heads.with_for_update(skip_locked=True, of=outbox)).scalars().all()
    if not mine:
        return []
    wanted = select(outbox).where(ready, outbox.c.destination.in_(mine)).order_by(in_order).limit(limit)
    rows = db.execute(wanted).all()
    db.execute(update(outbox).where(outbox.c.id.in_([row.id for row in rows])).values(owner=owner))
    return [_promise(db, row) for row in rows]


def result_of(db: Db, row_id: int) -> tuple[State, int | None] | None:
    """What became of a row, and the message id that it gave."""
    row = db.execute(select(outbox.c.state, outbox.c.result).where(outbox.c.id == row_id)).first()
    return None if row is None else (State(row.state), row.result)


def follow(db: Db, old: int, new: int) -> None:
    """What waits for the result of a row waits for that of another, which takes its place."""
    db.execute(update(outbox).where(outbox.c.after_id == old, PENDING).values(after_id=new))


def drop(db: Db, destination: str, reason: str, now: dt.datetime) -> int:
    """End everything pending for a destination that can't be reached; how many rows."""
    pending = and_(outbox.c.destination == destination, PENDING)
    return db.execute(
        update(outbox).where(pending).values(state=int(State.DEAD), reason=reason, done_at=now, owner=None)
    ).rowcount


def readdress(db: Db, old: str, new: str, old_chat: int, new_chat: int) -> None:
    """Send what is pending for a chat that moved to its new id."""
    old_id, new_id = b'"chat_id":%d' % old_chat, b'"chat_id":%d' % new_chat
    for row in db.execute(
        select(outbox.c.id, outbox.c.payload_sealed).where(outbox.c.destination == old, PENDING)
    ).all():
        payload = db.keys.open(row.payload_sealed, _PLACE).replace(old_id, new_id, 1)
        db.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(destination=new, payload_sealed=db.keys.seal(payload, _PLACE), owner=None)
        )


def release(db: Db, ids: Collection[int], owner: int) -> None:
    """Give back rows that a replica holds and can't send from memory."""
    db.execute(
        update(outbox).where(outbox.c.id.in_(ids), PENDING, outbox.c.owner == owner).values(owner=None)
    )


def pending(db: Db) -> int:
    """How many rows wait."""
    return int(db.execute(select(func.count()).select_from(outbox).where(PENDING)).scalar_one())


def bulk_pending(db: Db, before: dt.datetime) -> int:
    """How many rows wait to go out in bulk before a moment."""
    waiting = and_(PENDING, outbox.c.lane == int(Lane.BULK), outbox.c.not_before <= before)
    return int(db.execute(select(func.count()).select_from(outbox).where(waiting)).scalar_one())


def waits_in_bulk(db: Db, destination: str) -> bool:
    """Whether something waits to go out in bulk to a destination."""
    waiting = and_(PENDING, outbox.c.destination == destination, outbox.c.lane == int(Lane.BULK))
    return db.execute(select(outbox.c.id).where(waiting).limit(1)).first() is not None


def postpone(db: Db, row_id: int, until: dt.datetime) -> None:
    """Give a row back for a later time, as if it had never been tried: it doesn't hold up its destination meanwhile."""
    db.execute(
        update(outbox).where(outbox.c.id == row_id, PENDING).values(owner=None, not_before=until, attempts=0)
    )


def forget_payloads(db: Db, before: dt.datetime) -> int:
    """Drop the payloads of what was done before a moment, CHUNK rows at a time; how many went."""
    done = and_(outbox.c.state != 0, outbox.c.done_at < before, outbox.c.payload_sealed.is_not(None))
    ids = select(outbox.c.id).where(done).limit(CHUNK)
    return db.execute(update(outbox).where(outbox.c.id.in_(ids)).values(payload_sealed=None)).rowcount


def forget(db: Db, before: dt.datetime) -> int:
    """Drop the rows that were done before a moment, CHUNK at a time; how many went."""
    return drop_rows(db, outbox, and_(outbox.c.state != 0, outbox.c.done_at < before))


def _promise(db: Db, row: Any) -> Promise:
    return Promise(
        channel=row.channel,
        destination=row.destination,
        lane=Lane(row.lane),
        method=row.method,
        payload=db.keys.open(row.payload_sealed, _PLACE),
        not_before=row.not_before,
        after=row.after_id,
        private=row.private,
        id=row.id,
        attempts=row.attempts,
        created_at=row.created_at,
    )
