"""What a person agreed to, when, to which wording, and when they took it back. Rows stay: they prove both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, exists, insert, select, update

from store.chunks import drop
from store.db import Db
from store.schema import accounts, consents


@dataclass(frozen=True, slots=True)
class Given:
    """A consent: to which wording, when it was given, when it was taken back."""

    kind: str
    version: str
    given_at: dt.datetime
    revoked_at: dt.datetime | None


def of_account(db: Db, account_id: int) -> list[Given]:
    """An account's consents, the latest first."""
    mine = select(consents).where(consents.c.account_id == account_id).order_by(consents.c.id.desc())
    return [Given(row.kind, row.version, row.given_at, row.revoked_at) for row in db.execute(mine)]


def add(db: Db, account_id: int, kind: str, version: str, now: dt.datetime) -> None:
    """Write a consent down."""
    db.execute(insert(consents).values(account_id=account_id, kind=kind, version=version, given_at=now))


def revoke(db: Db, account_id: int, kind: str, now: dt.datetime) -> int:
    """End the consents of a kind that hold; how many did."""
    holding = update(consents).where(
        consents.c.account_id == account_id, consents.c.kind == kind, consents.c.revoked_at.is_(None)
    )
    return db.execute(holding.values(revoked_at=now)).rowcount


def since(db: Db, account_id: int, kind: str, version: str) -> dt.datetime | None:
    """When the consent to this wording was given, if it still holds."""
    mine = select(consents.c.given_at).where(consents.c.account_id == account_id, consents.c.kind == kind)
    holding = (
        mine.where(consents.c.version == version, consents.c.revoked_at.is_(None))
        .order_by(consents.c.id.desc())
        .limit(1)
    )
    given: dt.datetime | None = db.execute(holding).scalar()
    return given


def forget(db: Db, before: dt.datetime) -> int:
    """Drop the proofs of erased spaces that were given before a moment, CHUNK rows at a time; how many went."""
    space = exists(select(accounts.c.id).where(accounts.c.id == consents.c.account_id))
    return drop(db, consents, and_(consents.c.given_at < before, ~space))
