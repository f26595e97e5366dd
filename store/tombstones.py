"""Whose account was erased, and when. A restored backup holds the account and not the tombstone: they are kept outside as well."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.db import Db
from store.schema import accounts, participants, tombstones


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An erasure: the blind index of the matricule, and its moment."""

    matricule_index: bytes
    erased_at: dt.datetime


def index_of(db: Db, participant_id: int) -> bytes:
    """The blind index of a participant's matricule."""
    wanted = select(participants.c.matricule_index).where(participants.c.id == participant_id)
    return bytes(db.execute(wanted).scalar_one())


def add(db: Db, stone: Tombstone, account_id: int) -> None:
    """Write an erasure down, once. `account_id` is the number under which log and consents stay; 0 where it isn't known."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {
        "matricule_index": stone.matricule_index,
        "erased_at": stone.erased_at,
        "account_id": account_id,
    }
    db.execute(made(tombstones).values(values).on_conflict_do_nothing())


def risen(db: Db) -> list[int]:
    """The accounts that were erased after they were made, and are there all the same: a backup brought them back."""
    both = accounts.join(participants, participants.c.id == accounts.c.participant_id).join(
        tombstones, tombstones.c.matricule_index == participants.c.matricule_index
    )
    back = select(accounts.c.id).select_from(both).where(accounts.c.created_at <= tombstones.c.erased_at)
    return list(db.execute(back.distinct().order_by(accounts.c.id)).scalars())


def all_of(db: Db) -> list[Tombstone]:
    """Every erasure that is known, the oldest first."""
    rows = db.execute(select(tombstones).order_by(tombstones.c.erased_at)).all()
    return [Tombstone(row.matricule_index, row.erased_at) for row in rows]


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older than anything that could still bring the account back."""
    return db.execute(delete(tombstones).where(tombstones.c.erased_at < before)).rowcount
