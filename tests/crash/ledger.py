"""What the database holds at the end of a run, read and opened once, for the audit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import exists, func, select

from kit.seal import Keyring
from store import schema
from store.database import open_database
from store.db import Db


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outbox, with its payload opened."""

    id: int
    channel: str
    destination: str
    lane: int
    method: str
    body: dict[str, Any]
    after: int | None
    state: int
    attempts: int
    not_before: dt.datetime
    created: dt.datetime
    reason: str | None

    @property
    def key(self) -> tuple[str, bytes]:
        """What the other side can tell it by."""
        return self.method, orjson.dumps(self.body, option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class Ledger:
    """`seen` gives the moment of each update's turn; other tables as rows."""

    seen: dict[int, dt.datetime]
    outbox: list[Row]
    set_aside: list[Any]
    accounts: list[Any]
    registrations: list[Any]
    tokens: list[Any]
    consents: list[Any]
    activity: list[Any]
    links: list[Any]
    orphans: list[str]

    def of_chat(self, chat: int) -> list[Row]:
        """The rows for one chat, in order."""
        return [row for row in self.outbox if row.destination == f"telegram:{chat}"]


async def read(url: str, key: str) -> Ledger:
    """The whole ledger."""
    database = open_database(url, Keyring(key))
    try:
        return await database.read(_read)
    finally:
        await database.close()


async def waiting(url: str, key: str) -> int:
    """How many rows could go out now."""
    database = open_database(url, Keyring(key))
    now = dt.datetime.now(dt.UTC)
    due = (schema.outbox.c.state == 0) & (
        (schema.outbox.c.not_before <= now) | (schema.outbox.c.attempts > 0)
    )
    try:
        return int(
            await database.read(
                lambda db: db.execute(select(func.count()).select_from(schema.outbox).where(due)).scalar_one()
            )
        )
    finally:
        await database.close()


def _read(db: Db) -> Ledger:
    def rows(table: Any) -> list[Any]:
        return list(db.execute(select(table).order_by(*table.primary_key.columns)))

    return Ledger(
        {row.update_id: row.at for row in rows(schema.seen)},
        [_row(db, row) for row in rows(schema.outbox)],
        rows(schema.set_aside),
        rows(schema.accounts),
        rows(schema.registrations),
        rows(schema.tokens),
        rows(schema.consents),
        rows(schema.activity),
        rows(schema.links),
        _orphans(db),
    )


def _row(db: Db, row: Any) -> Row:
    return Row(
        row.id,
        row.channel,
        row.destination,
        row.lane,
        row.method,
        orjson.loads(db.keys.open(row.payload_sealed, b"outbox.payload")),
        row.after_id,
        row.state,
        row.attempts,
        row.not_before,
        row.created_at,
        row.reason,
    )


def _orphans(db: Db) -> list[str]:
    """Rows whose parent is not there."""
    found = []
    for table in schema.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                parent = key.column
                lonely = (
                    select(func.count())
                    .select_from(table)
                    .where(column.is_not(None), ~exists().where(parent == column))
                )
                if count := db.execute(lonely).scalar_one():
                    found.append(f"{count} rows of {table.name} without their {parent.table.name}")
    return found
