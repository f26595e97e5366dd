"""Old rows go a thousand at a time: no transaction is long, and the writer is never held for it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, select

from store.db import Db

CHUNK = 1000


def drop(db: Db, table: Table, condition: ColumnElement[bool]) -> int:
    """Delete up to CHUNK rows that a condition holds for; how many went."""
    key = next(iter(table.primary_key.columns))
    return db.execute(delete(table).where(key.in_(select(key).where(condition).limit(CHUNK)))).rowcount
