"""Do the keys in hand open what this database holds? Asked once at the start, before anything is written with a wrong one."""

from __future__ import annotations

from sqlalchemy import select

from store.db import Db
from store.outbox import PENDING
from store.schema import accounts, outbox, participants

_SAMPLES = (
    (select(participants.c.person_sealed), "participants.person"),
    (select(accounts.c.email_sealed), "accounts.email"),
    (select(outbox.c.payload_sealed).where(PENDING), "outbox.payload"),
)


def check(db: Db) -> None:
    """Raises KeyRefused when a sealed value does not open."""
    for sample, place in _SAMPLES:
        sealed = db.execute(sample.limit(1)).scalar()
        if sealed is not None:
            db.keys.open(sealed, place.encode())
