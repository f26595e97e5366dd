"""Who did what with an account's data: rows are added and read, never changed, and chained so that it shows if they were.

Each row has its number in its account's chain and a keyed hash (`mac`) over what it says, its number, and its predecessor's hash and
moment. The head of a chain is a row of its own: it is locked to add to the chain, and it tells when the newest rows were taken away.
Rows from before the chain have no number.
"""

from __future__ import annotations

import datetime as dt
import hmac
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import Executable, bindparam, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kit.clock import from_ms, to_ms
from store.chunks import drop
from store.db import Db, DialectName, Hot
from store.schema import accounts, activity, activity_heads

MAC = 16  # bytes
_HEAD = (activity_heads.c.seq, activity_heads.c.at, activity_heads.c.mac, activity_heads.c.seal)
_NAMES = ("account_id", "at", "event", "actor", "chat_id", "detail", "seq", "before", "before_at", "mac")
_LOCK = Hot(
    lambda _: select(*_HEAD).where(activity_heads.c.account_id == bindparam("account_id")).with_for_update()
)


def _begin(dialect: DialectName) -> Executable:
    made = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values: dict[str, Any] = {name: bindparam(name) for name in ("account_id", "seq", "mac", "seal")}
    return made(activity_heads).values(values).on_conflict_do_nothing()


def _add() -> Any:
    return insert(activity).values({name: bindparam(name) for name in _NAMES})


def _advance() -> Any:
    head = update(activity_heads).where(activity_heads.c.account_id == bindparam("account_id"))
    return head.values({name: bindparam(name) for name in ("seq", "at", "mac", "seal")})


_BEGIN = Hot(_begin)
_ADD = Hot(lambda _: _add())
_ADVANCE = Hot(lambda _: _advance())
_ADD_AND_ADVANCE = Hot(lambda _: _advance().add_cte(_add().cte("added")))  # one round trip to a server


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One thing that happened."""

    at: dt.datetime
    event: str
    actor: str
    chat_id: int | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A row as it stands in its chain. `seq` is None for one from before the chain; `whole`: its hash fits what it says."""

    at: dt.datetime
    seq: int | None
    before: bytes
    before_at: dt.datetime | None
    mac: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends. `whole`: nobody moved it."""

    seq: int
    at: dt.datetime | None
    mac: bytes
    whole: bool


def add(db: Db, account_id: int, row: ActivityRow) -> None:
    """Write a row at the end of the account's chain, whose head stays locked until the transaction ends."""
    key = {"account_id": account_id}
    rows = db.hot(_LOCK, key)
    if not rows:
        db.hot(_BEGIN, {**key, "seq": 0, "mac": b"", "seal": _seal(db, account_id, 0, b"")})
        rows = db.hot(_LOCK, key)
    last, last_at, last_mac, seal = rows[0]
    if not hmac.compare_digest(seal, _seal(db, account_id, last, last_mac)):
        last_mac = os.urandom(MAC)  # a head that was moved never fits again: what follows would hide it
    seq = last + 1
    at = to_ms(row.at)
    mac = _mac(db, account_id, seq, at, row, last_mac, last_at)
    sealed = {"seq": seq, "at": row.at, "mac": mac, "seal": _seal(db, account_id, seq, mac)}
    before = {"before": last_mac, "before_at": None if last_at is None else from_ms(last_at)}
    params = {**key, **asdict(row), **sealed, **before}
    if db.dialect == "postgresql":
        db.hot(_ADD_AND_ADVANCE, params)
    else:
        db.hot(_ADD, params)
        db.hot(_ADVANCE, params)


def _mac(
    db: Db, account_id: int, seq: int, at: int, row: ActivityRow, before: bytes, before_at: int | None
) -> bytes:
    said = [account_id, seq, at, row.event, row.actor, row.chat_id, row.detail, before.hex(), before_at]
    return db.blind(orjson.dumps(said).decode(), "activity row")[:MAC]


def _seal(db: Db, account_id: int, seq: int, mac: bytes) -> bytes:
    return db.blind(f"{account_id} {seq} {mac.hex()}", "activity head")[:MAC]


def of_account(db: Db, account_id: int, limit: int, offset: int = 0) -> list[ActivityRow]:
    """An account's rows, the latest first."""
    mine = select(activity).where(activity.c.account_id == account_id)
    latest = mine.order_by(activity.c.at.desc(), activity.c.id.desc()).limit(limit).offset(offset)
    return [ActivityRow(row.at, row.event, row.actor, row.chat_id, row.detail) for row in db.execute(latest)]


def count(db: Db, account_id: int) -> int:
    """How many rows an account has."""
    mine = select(func.count()).select_from(activity).where(activity.c.account_id == account_id)
    return int(db.execute(mine).scalar_one())


# ── the chains, for who looks whether they are whole ─────────────────────────────────────────────────────────────────


def chained(db: Db, after: int, limit: int) -> list[int]:
    """The accounts that have a chain, or rows, or could have, by id, from the one after `after`."""
    numbers = select(activity_heads.c.account_id.label("id")).union(select(accounts.c.id)).subquery()
    headless = select(activity.c.account_id).where(
        ~exists(
            select(activity_heads.c.account_id).where(activity_heads.c.account_id == activity.c.account_id)
        ),
        activity.c.account_id > after,
    )
    known = select(numbers.c.id).where(numbers.c.id > after).order_by(numbers.c.id).limit(limit)
    found = set(db.execute(known).scalars()) | set(db.execute(headless.distinct().limit(limit)).scalars())
    return sorted(found)[:limit]


def head_of(db: Db, account_id: int) -> Head | None:
    """The head of an account's chain."""
    row = db.execute(select(*_HEAD).where(activity_heads.c.account_id == account_id)).first()
    if row is None:
        return None
    whole = hmac.compare_digest(row.seal, _seal(db, account_id, row.seq, row.mac))
    return Head(row.seq, row.at, row.mac, whole)


def links_of(db: Db, account_id: int) -> Sequence[Link]:
    """An account's rows in the order of its chain; those from before it come first."""
    mine = select(activity).where(activity.c.account_id == account_id)
    rows = db.execute(mine).all()
    return [_link(db, account_id, row) for row in sorted(rows, key=lambda row: (row.seq or 0, row.id))]


def _link(db: Db, account_id: int, row: Any) -> Link:
    if row.seq is None:
        return Link(row.at, None, b"", None, b"", True)
    said = ActivityRow(row.at, row.event, row.actor, row.chat_id, row.detail)
    before_at = None if row.before_at is None else to_ms(row.before_at)
    mac = _mac(db, account_id, row.seq, to_ms(row.at), said, row.before or b"", before_at)
    return Link(
        row.at,
        row.seq,
        row.before or b"",
        row.before_at,
        row.mac or b"",
        hmac.compare_digest(row.mac or b"", mac),
    )


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older, CHUNK rows at a time; how many went."""
    return drop(db, activity, activity.c.at < before)
