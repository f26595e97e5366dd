"""Requests to people: what somebody asked of the fund's agents. What they wrote and how to reach them is sealed in one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from kit.language import Language
from store.chunks import drop
from store.db import Db
from store.schema import requests

_PLACE = "requests.details"
OPEN, TAKEN, DONE = "open", "taken", "done"


@dataclass(frozen=True, slots=True)
class Request:
    """A request. `account_id` is 0 for a stranger; `details` holds text, phone, when, service, each "" where it was not given."""

    id: int
    year: int
    kind: str
    state: str
    chat_id: int
    account_id: int
    language: Language
    details: dict[str, str]
    taken_by: int | None
    filed_at: dt.datetime
    taken_at: dt.datetime | None
    done_at: dt.datetime | None

    @property
    def number(self) -> str:
        """The reference that people see. It gives no right to anything."""
        return f"D-{self.year}-{self.id:06}"


def add(
    db: Db,
    year: int,
    kind: str,
    chat_id: int,
    account_id: int,
    language: Language,
    details: dict[str, str],
    now: dt.datetime,
) -> Request:
    """A new request, open."""
    values = {
        "year": year,
        "kind": kind,
        "state": OPEN,
        "chat_id": chat_id,
        "account_id": account_id or None,
        "language": language,
        "details_sealed": db.seal(details, _PLACE),
        "filed_at": now,
    }
    id = int(db.execute(insert(requests).values(values).returning(requests.c.id)).scalar_one())
    return Request(id, year, kind, OPEN, chat_id, account_id, language, details, None, now, None, None)


def get(db: Db, request_id: int) -> Request | None:
    """A request, locked: two agents who press at once follow each other."""
    row = db.execute(select(requests).where(requests.c.id == request_id).with_for_update()).first()
    return None if row is None else _request(db, row)


def glance(db: Db, request_id: int) -> Request | None:
    """A request, to be read."""
    row = db.execute(select(requests).where(requests.c.id == request_id)).first()
    return None if row is None else _request(db, row)


def undone(db: Db) -> tuple[int, int]:
    """How many aren't done, and how many of these nobody has."""
    many = select(func.count()).select_from(requests).where(requests.c.done_at.is_(None))
    total = db.execute(many).scalar_one()
    return total, db.execute(many.where(requests.c.state == OPEN)).scalar_one()


def waiting(db: Db, many: int, after: int) -> list[Request]:
    """Those that aren't done, the oldest first: `many` of them, after so many."""
    rows = select(requests).where(requests.c.done_at.is_(None)).order_by(requests.c.id)
    return [_request(db, row) for row in db.execute(rows.limit(many).offset(after))]


def untaken(db: Db, ids: Sequence[int]) -> list[int]:
    """Which of these nobody has taken."""
    wanted = select(requests.c.id).where(requests.c.id.in_(ids), requests.c.state == OPEN)
    return list(db.execute(wanted.order_by(requests.c.id)).scalars())


def of_account(db: Db, account_id: int) -> list[Request]:
    """What an account asked, the latest first."""
    mine = select(requests).where(requests.c.account_id == account_id).order_by(requests.c.id.desc())
    return [_request(db, row) for row in db.execute(mine)]


def take(db: Db, request: Request, agent: int, now: dt.datetime) -> None:
    """An agent has it. When it was taken first is kept."""
    _write(db, request, state=TAKEN, taken_by=agent, taken_at=request.taken_at or now)


def give_back(db: Db, request: Request) -> None:
    """Nobody has it."""
    _write(db, request, state=OPEN, taken_by=None)


def finish(db: Db, request: Request, agent: int, now: dt.datetime) -> None:
    """It is done, by this agent."""
    _write(db, request, state=DONE, taken_by=agent, done_at=now)


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what was done before a moment, CHUNK rows at a time; how many went."""
    return drop(db, requests, requests.c.done_at < before)


def _write(db: Db, request: Request, **values: Any) -> None:
    db.execute(update(requests).where(requests.c.id == request.id).values(**values))


def _request(db: Db, row: Any) -> Request:
    return Request(
        row.id,
        row.year,
        row.kind,
        row.state,
        row.chat_id,
        row.account_id or 0,
        row.language,
        db.open(row.details_sealed, _PLACE),
        row.taken_by,
        row.filed_at,
        row.taken_at,
        row.done_at,
    )
