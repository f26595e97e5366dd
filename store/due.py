"""What must happen later: one row per kind and subject, taken by one replica at a time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Executable, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.db import Db, DialectName, Hot
from store.schema import due


def _upsert(dialect: DialectName) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values = insert(due).values(kind=bindparam("kind"), subject=bindparam("subject"), at=bindparam("at"))
    return values.on_conflict_do_update(
        index_elements=[due.c.kind, due.c.subject], set_={"at": values.excluded.at}
    )


_ARM = Hot(_upsert)


def arm(db: Db, kind: str, subject: int, at: dt.datetime) -> None:
    """Set or move the moment of `kind` for `subject`."""
    db.hot(_ARM, {"kind": kind, "subject": subject, "at": at})


def disarm(db: Db, kind: str, subject: int) -> None:
    """Forget it."""
    db.execute(delete(due).where(due.c.kind == kind, due.c.subject == subject))


def take(db: Db, now: dt.datetime) -> tuple[str, int] | None:
    """The next thing that is due, taken out in this transaction: what is done about it commits with it."""
    wanted = select(due.c.kind, due.c.subject).where(due.c.at <= now).order_by(due.c.at).limit(1)
    row = db.execute(wanted.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    disarm(db, row.kind, row.subject)
    return row.kind, row.subject


def take_all(db: Db, kind: str, now: dt.datetime) -> list[int]:
    """All else of a kind that is due, taken out likewise: what is done about it is done at once."""
    gone = delete(due).where(due.c.kind == kind, due.c.at <= now).returning(due.c.subject)
    return list(db.execute(gone).scalars())
