"""Do the keys in hand open what this database holds? Asked once at the start, before anything is written with a wrong one."""

from __future__ import annotations

from sqlalchemy import select

from store.db import Db
from store.schema import accounts, chats, outbox, participants

_SAMPLES = (
    (participants.c.person_sealed, "participants.person"),
    (accounts.c.email_sealed, "accounts.email"),
    (chats.c.state_sealed, "chats.state"),
    (outbox.c.payload_sealed, "outbox.payload"),
)


def check(db: Db) -> None:
    """Raises KeyRefused when a sealed value does not open."""
    for column, place in _SAMPLES:
        sealed = db.execute(select(column).where(column.is_not(None)).limit(1)).scalar()
        if sealed is not None:
            db.keys.open(sealed, place.encode())
