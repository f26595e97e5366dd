"""Changes of a login: asked for, taken once the new address confirmed, cancelled from the former one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from store.chunks import drop
from store.db import Db
from store.schema import email_changes

WAITING, TAKEN, CANCELLED, VOID = "waiting", "taken", "cancelled", "void"


@dataclass(frozen=True, slots=True)
class EmailChange:
    """One change; `chat_id` is where it was asked for."""

    id: int
    account_id: int
    chat_id: int
    former: str
    wanted: str
    state: str


def open_one(db: Db, account_id: int, chat_id: int, former: str, wanted: str, now: dt.datetime) -> int:
    """A new change; its id."""
    values = {
        "account_id": account_id,
        "chat_id": chat_id,
        "former_sealed": db.seal(former, "email_changes.former"),
        "wanted_sealed": db.seal(wanted, "email_changes.wanted"),
        "state": WAITING,
        "asked_at": now,
    }
    return int(db.execute(insert(email_changes).values(values).returning(email_changes.c.id)).scalar_one())


def get(db: Db, change_id: int, *, locked: bool = True) -> EmailChange | None:
    """A change, locked unless one only looks."""
    wanted = select(email_changes).where(email_changes.c.id == change_id)
    row = db.execute(wanted.with_for_update() if locked else wanted).first()
    if row is None:
        return None
    return EmailChange(
        id=row.id,
        account_id=row.account_id,
        chat_id=row.chat_id,
        former=db.open(row.former_sealed, "email_changes.former"),
        wanted=db.open(row.wanted_sealed, "email_changes.wanted"),
        state=row.state,
    )


def void_waiting(db: Db, account_id: int) -> list[int]:
    """The changes of an account that still wait are void; their ids."""
    columns = email_changes.c
    waiting = (columns.account_id == account_id, columns.state == WAITING)
    voided = update(email_changes).where(*waiting).values(state=VOID).returning(columns.id)
    return list(db.execute(voided).scalars())


def void_after(db: Db, account_id: int, change_id: int) -> list[int]:
    """The changes of an account that came after one are void; their ids."""
    columns = email_changes.c
    later = (columns.account_id == account_id, columns.id > change_id)
    return list(
        db.execute(update(email_changes).where(*later).values(state=VOID).returning(columns.id)).scalars()
    )


def set_state(db: Db, change_id: int, state: str) -> None:
    """Move a change on."""
    db.execute(update(email_changes).where(email_changes.c.id == change_id).values(state=state))


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older, CHUNK rows at a time; how many went."""
    return drop(db, email_changes, email_changes.c.asked_at < before)
