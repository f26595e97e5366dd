"""Who asked to be told what, and when not."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.db import Db
from store.schema import notice_choices, quiet_hours


def choice(db: Db, account_id: int, kind: str) -> bool | None:
    """What was chosen; None where the person was never asked."""
    mine = notice_choices.c.account_id == account_id, notice_choices.c.kind == kind
    wanted: bool | None = db.execute(select(notice_choices.c.wanted).where(*mine)).scalar()
    return wanted


def choose(db: Db, account_id: int, kind: str, wanted: bool, now: dt.datetime) -> None:
    """Write a choice down."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {"wanted": wanted, "chosen_at": now}
    statement = made(notice_choices).values(account_id=account_id, kind=kind, **values)
    key = [notice_choices.c.account_id, notice_choices.c.kind]
    db.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


def quiet(db: Db, account_id: int) -> tuple[int, int] | None:
    """The quiet hours that a person chose, in minutes after midnight; None for who left them to the fund."""
    columns = quiet_hours.c.begins, quiet_hours.c.ends
    row = db.execute(select(*columns).where(quiet_hours.c.account_id == account_id)).first()
    return None if row is None else (row.begins, row.ends)


def set_quiet(db: Db, account_id: int, hours: tuple[int, int] | None) -> None:
    """Write quiet hours down; None leaves them to the fund."""
    if hours is None:
        db.execute(delete(quiet_hours).where(quiet_hours.c.account_id == account_id))
        return
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {"begins": hours[0], "ends": hours[1]}
    statement = made(quiet_hours).values(account_id=account_id, **values)
    db.execute(statement.on_conflict_do_update(index_elements=[quiet_hours.c.account_id], set_=values))
