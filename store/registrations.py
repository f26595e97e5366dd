"""Registrations that wait for their activation. All that was entered is sealed in one value; the account is made from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from store.chunks import drop
from store.db import Db
from store.schema import registrations

_PLACE = "registrations.data"
WAITING, TO_APPROVE, ACTIVATED, VOID = "waiting", "to_approve", "activated", "void"


@dataclass(frozen=True, slots=True)
class Registration:
    """`data` holds what was entered: email, password and answer as PHC strings, question, folding, consent, language."""

    id: int
    chat_id: int
    participant_id: int
    state: str
    data: dict[str, Any]
    created_at: dt.datetime


def open_one(
    db: Db, chat_id: int, participant_id: int, data: dict[str, Any], state: str, now: dt.datetime
) -> int:
    """A new registration; those of the same chat that still wait are void. Its id."""
    waiting = registrations.c.state.in_((WAITING, TO_APPROVE))
    db.execute(update(registrations).where(registrations.c.chat_id == chat_id, waiting).values(state=VOID))
    values = {
        "chat_id": chat_id,
        "participant_id": participant_id,
        "state": state,
        "data_sealed": db.seal(data, _PLACE),
        "created_at": now,
    }
    return int(db.execute(insert(registrations).values(values).returning(registrations.c.id)).scalar_one())


def get(db: Db, registration_id: int) -> Registration | None:
    """A registration, locked."""
    return _one(db, registrations.c.id == registration_id)


def glance(db: Db, registration_id: int) -> Registration | None:
    """A registration as it stands, not locked: for who only looks."""
    return _one(db, registrations.c.id == registration_id, locked=False)


def waiting_in(db: Db, chat_id: int) -> Registration | None:
    """The registration of a chat that waits for its activation (or for an agent), locked."""
    return _one(db, registrations.c.chat_id == chat_id, registrations.c.state.in_((WAITING, TO_APPROVE)))


def addresses_of(db: Db, participant_id: int) -> list[str]:
    """The addresses that were typed for a participant."""
    mine = select(registrations.c.data_sealed).where(registrations.c.participant_id == participant_id)
    return [str(db.open(sealed, _PLACE)["email"]) for sealed in db.execute(mine).scalars()]


def set_email(db: Db, registration: Registration, email: str) -> None:
    """Correct the address of a registration."""
    sealed = db.seal({**registration.data, "email": email}, _PLACE)
    db.execute(update(registrations).where(registrations.c.id == registration.id).values(data_sealed=sealed))


def set_state(db: Db, registration_id: int, state: str) -> None:
    """Move a registration on."""
    db.execute(update(registrations).where(registrations.c.id == registration_id).values(state=state))


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older, CHUNK rows at a time; how many went."""
    return drop(db, registrations, registrations.c.created_at < before)


def _one(db: Db, *conditions: ColumnElement[bool], locked: bool = True) -> Registration | None:
    columns = registrations.c
    wanted = select(
        columns.id,
        columns.chat_id,
        columns.participant_id,
        columns.state,
        columns.data_sealed,
        columns.created_at,
    )
    wanted = wanted.where(*conditions).order_by(columns.id.desc()).limit(1)
    row = db.execute(wanted.with_for_update() if locked else wanted).first()
    if row is None:
        return None
    return Registration(
        row.id, row.chat_id, row.participant_id, row.state, db.open(row.data_sealed, _PLACE), row.created_at
    )
