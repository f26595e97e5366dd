"""Which chat belongs to which account, and how fresh its sign-in is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from store.chunks import drop as drop_rows
from store.db import Db
from store.schema import accounts, chats, links


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A chat's link, with what of the account decides whether it holds."""

    account_id: int
    participant_id: int
    disabled: bool
    used_at: dt.datetime
    signed_in_at: dt.datetime | None
    seen_at: dt.datetime | None


_LINK = select(
    links.c.chat_id,
    links.c.account_id,
    accounts.c.participant_id,
    accounts.c.disabled_at,
    accounts.c.locked_at,
    links.c.used_at,
    links.c.signed_in_at,
    links.c.seen_at,
).join_from(links, accounts)


def of_chat(db: Db, chat_id: int) -> LinkRow | None:
    """The link of a chat."""
    row = db.execute(_LINK.where(links.c.chat_id == chat_id)).first()
    return None if row is None else _row(row)


def _row(row: Row[Any]) -> LinkRow:
    return LinkRow(
        row.account_id,
        row.participant_id,
        row.disabled_at is not None or row.locked_at is not None,
        row.used_at,
        row.signed_in_at,
        row.seen_at,
    )


def of_accounts(db: Db, account_ids: Collection[int]) -> list[tuple[int, LinkRow, bool]]:
    """The links of some accounts, in the order in which chats are locked: the chat, its link, whether it can be reached."""
    wanted = _LINK.add_columns(chats.c.unreachable_at).outerjoin(chats, chats.c.id == links.c.chat_id)
    rows = db.execute(wanted.where(links.c.account_id.in_(account_ids)).order_by(links.c.chat_id))
    return [(row.chat_id, _row(row), row.unreachable_at is None) for row in rows]


def put(db: Db, chat_id: int, account_id: int, now: dt.datetime) -> None:
    """Link a chat and sign it in; a former link of that chat is replaced."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {"account_id": account_id, "linked_at": now, "used_at": now, "signed_in_at": now, "seen_at": now}
    statement = made(links).values(chat_id=chat_id, **values)
    db.execute(statement.on_conflict_do_update(index_elements=[links.c.chat_id], set_=values))


def touch(db: Db, chat_id: int, now: dt.datetime, *, seen: bool) -> None:
    """Note a use of the link, and of the sign-in where it is fresh."""
    values = {"used_at": now, "seen_at": now} if seen else {"used_at": now}
    db.execute(update(links).where(links.c.chat_id == chat_id).values(values))


def lock(db: Db, chat_id: int) -> None:
    """End a chat's sign-in."""
    db.execute(update(links).where(links.c.chat_id == chat_id).values(signed_in_at=None, seen_at=None))


def drop(db: Db, chat_id: int) -> None:
    """Unlink a chat."""
    db.execute(delete(links).where(links.c.chat_id == chat_id))


def chats_of(db: Db, account_id: int) -> list[int]:
    """The chats linked to an account, in the order in which they are locked."""
    return list(
        db.execute(
            select(links.c.chat_id).where(links.c.account_id == account_id).order_by(links.c.chat_id)
        ).scalars()
    )


@dataclass(frozen=True, slots=True)
class LinkedChat:
    """A chat that an account is linked to."""

    chat_id: int
    linked_at: dt.datetime
    used_at: dt.datetime


def listed(db: Db, account_id: int, used_since: dt.datetime) -> list[LinkedChat]:
    """The chats whose link still holds, the one used last first."""
    mine = select(links).where(links.c.account_id == account_id, links.c.used_at > used_since)
    latest = mine.order_by(links.c.used_at.desc(), links.c.chat_id)
    return [LinkedChat(row.chat_id, row.linked_at, row.used_at) for row in db.execute(latest)]


def forget(db: Db, before: dt.datetime) -> int:
    """Drop links that were used last before a moment, CHUNK rows at a time; how many went."""
    return drop_rows(db, links, links.c.used_at < before)
