"""New reimbursements that people are yet to be told of: noted by an import in the transaction that writes the lines, one row a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Executable, and_, bindparam, delete, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from store import due
from store.db import Db, DialectName, Hot
from store.schema import accounts, news, notice_choices, quiet_hours, reimbursements
from store.schema import due as due_table

IMPORTING = (
    "importing"  # kind of `due`: an import that has news and goes on; its moment is when it is thought dead
)
_KIND = "reimbursements"


@dataclass(frozen=True, slots=True)
class News:
    """Whom to tell, whether they (still) want it and may get it, their own quiet hours, and the id after which their new lines come."""

    account_id: int
    participant_id: int
    wanted: bool
    quiet: tuple[int, int] | None
    since: int


def note(db: Db, people: Collection[int], now: dt.datetime) -> bool:
    """Before lines of these participants are written: those who asked for it will be told of what follows. Whether there is any."""
    ids = sorted(people)
    size = (
        1 << (len(ids) - 1).bit_length()
    )  # the last id fills them up, so that few statements are ever compiled
    params = {f"p{place}": ids[min(place, len(ids) - 1)] for place in range(size)}
    return bool(db.hot(_note(size), {**params, "now": now}))


@cache
def _note(size: int) -> Hot:
    return Hot(lambda dialect: _noting(dialect, size))


def _noting(dialect: DialectName, size: int) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    latest = select(func.coalesce(func.max(reimbursements.c.id), literal_column("0"))).scalar_subquery()
    asked = (
        select(accounts.c.id, latest, bindparam("now", type_=news.c.at.type))
        .join_from(accounts, notice_choices, notice_choices.c.account_id == accounts.c.id)
        .where(
            accounts.c.participant_id.in_([bindparam(f"p{place}") for place in range(size)]),
            notice_choices.c.kind == literal_column(f"'{_KIND}'"),
            notice_choices.c.wanted,
        )
        .order_by(accounts.c.id)
    )
    statement = insert(news).from_select(["account_id", "since", "at"], asked)
    # Who is to be told already stays where they are, but the row is taken, so that it is known that it waits for this import too.
    again = statement.on_conflict_do_update(index_elements=[news.c.account_id], set_={"at": news.c.at})
    return again.returning(news.c.account_id)


def hold(db: Db, importing: int, until: dt.datetime) -> None:
    """An import that has news goes on: nobody is told before it ends, or is thought dead at `until`."""
    due.arm(db, IMPORTING, importing, until)


def let_go(db: Db, importing: int) -> None:
    """An import has ended."""
    due.disarm(db, IMPORTING, importing)


def held(db: Db, now: dt.datetime) -> bool:
    """Whether an import that has news is under way."""
    goes_on = due_table.c.kind == IMPORTING, due_table.c.at > now
    return db.execute(select(due_table.c.subject).where(*goes_on).limit(1)).first() is not None


def take(db: Db, now: dt.datetime, limit: int) -> list[News]:
    """Some who may be told now, taken out in this transaction: what is promised to them commits with it."""
    columns = (
        news.c.account_id,
        accounts.c.participant_id,
        accounts.c.disabled_at,
        notice_choices.c.wanted,
        quiet_hours.c.begins,
        quiet_hours.c.ends,
        news.c.since,
    )
    chosen = and_(notice_choices.c.account_id == news.c.account_id, notice_choices.c.kind == _KIND)
    ready = (
        select(*columns)
        .join_from(news, accounts)
        .outerjoin(notice_choices, chosen)
        .outerjoin(quiet_hours, quiet_hours.c.account_id == news.c.account_id)
        .where(news.c.at <= now)
        .order_by(news.c.at, news.c.account_id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=news)
    )
    rows = db.execute(ready).all()
    if rows:
        db.execute(delete(news).where(news.c.account_id.in_([row.account_id for row in rows])))
    return [
        News(
            row.account_id,
            row.participant_id,
            bool(row.wanted) and row.disabled_at is None,
            None if row.begins is None else (row.begins, row.ends),
            row.since,
        )
        for row in rows
    ]


def put_back(db: Db, account_id: int, since: int, at: dt.datetime) -> None:
    """Tell this person later. An import may have noted them again meanwhile: the earlier line counts."""
    insert = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    statement = insert(news).values(account_id=account_id, since=since, at=at)
    db.execute(
        statement.on_conflict_do_update(index_elements=[news.c.account_id], set_={"since": since, "at": at})
    )


def count(db: Db) -> int:
    """How many people are yet to be told."""
    return int(db.execute(select(func.count()).select_from(news)).scalar_one())
