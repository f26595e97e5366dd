"""A chat's row: its language, its open form and list, its flood counter. It is the lock of everything that happens in the chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Executable, and_, bindparam, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kit.clock import from_ms, to_ms
from kit.language import Language
from store.chunks import drop
from store.db import Db, DialectName, Hot
from store.schema import agents, chats, links, registrations, requests

_PLACE = b"chats.state"
_MOVES = 3  # how often a group may have moved; Telegram moves one once
_COLUMNS = (
    chats.c.id,
    chats.c.kind,
    chats.c.language,
    chats.c.language_chosen,
    chats.c.revision,
    chats.c.state_sealed,
    chats.c.minute,
    chats.c.minute_updates,
    chats.c.unreachable_at,
)


class Held(Exception):
    """The chat is in the hands of another turn of the same group: this turn is to be run again alone."""


@dataclass(slots=True)
class Chat:
    """A chat as a turn sees and changes it; `state` is JSON: what is open in it. `save` writes what changed."""

    id: int
    kind: str
    language: Language
    language_chosen: bool
    revision: int
    state: dict[str, Any]
    minute: int
    minute_updates: int
    unreachable_at: dt.datetime | None


_FIND = Hot(lambda _: select(*_COLUMNS).where(chats.c.id == bindparam("id")).with_for_update())


def _insert(dialect: DialectName) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    names = ("id", "kind", "language", "language_chosen", "created_at", "touched_at")
    return insert(chats).values({name: bindparam(name) for name in names}).on_conflict_do_nothing()


_INSERT = Hot(_insert)
_SAVE = Hot(
    lambda _: (
        update(chats)
        .where(chats.c.id == bindparam("b_id"))
        .values(
            language=bindparam("language"),
            language_chosen=bindparam("language_chosen"),
            revision=bindparam("revision"),
            state_sealed=bindparam("state_sealed"),
            minute=bindparam("minute"),
            minute_updates=bindparam("minute_updates"),
            unreachable_at=bindparam("unreachable_at"),
            touched_at=bindparam("touched_at"),
        )
    )
)


def lock(db: Db, chat_id: int, kind: str, language: Language, now: dt.datetime) -> Chat:
    """The chat's row, locked until the transaction ends; made when it is new (a row that isn't there can't be locked).

    Raises Held when another turn of the group has it in hand.
    """
    if chat_id in db.held:
        raise Held
    rows = db.hot(_FIND, {"id": chat_id})
    if not rows:
        db.hot(_INSERT, _new(chat_id, kind, language, now))
        rows = db.hot(_FIND, {"id": chat_id})
    return _chat(db, rows[0])


def lock_all(db: Db, wanted: Sequence[tuple[int, str, Language]], now: dt.datetime) -> dict[int, Chat]:
    """The rows of several chats (id, kind, language for a new one), locked in the order of their ids; by id."""
    by_id = sorted({chat_id: (kind, language) for chat_id, kind, language in wanted}.items())
    rows = db.hot_many(_FIND, [{"id": chat_id} for chat_id, _ in by_id])
    if len(rows) < len(by_id):
        known = {row[0] for row in rows}
        new = [_new(chat_id, *kind, now) for chat_id, kind in by_id if chat_id not in known]
        db.hot_many(_INSERT, new)
        rows = [*rows, *db.hot_many(_FIND, [{"id": values["id"]} for values in new])]
    return {row[0]: _chat(db, row) for row in rows}


def find(db: Db, chat_id: int) -> Chat | None:
    """The chat's row, locked, if it is known. Raises Held when another turn of the group has it in hand."""
    if chat_id in db.held:
        raise Held
    rows = db.hot(_FIND, {"id": chat_id})
    return _chat(db, rows[0]) if rows else None


def glance(db: Db, chat_id: int) -> Chat | None:
    """The chat as it is, not locked: for looking only."""
    row = db.execute(select(*_COLUMNS).where(chats.c.id == chat_id)).first()
    if row is None:
        return None
    gone = None if row.unreachable_at is None else to_ms(row.unreachable_at)
    return _chat(db, (*row[:-1], gone))


def find_all(db: Db, chat_ids: Collection[int]) -> list[Chat]:
    """The rows of those chats that are known, locked, in the order of their ids. Raises Held as `find` does."""
    if not db.held.isdisjoint(chat_ids):
        raise Held
    rows = db.hot_many(_FIND, [{"id": chat_id} for chat_id in sorted(chat_ids)])
    return [_chat(db, row) for row in rows]


def save(db: Db, chat: Chat, now: dt.datetime) -> None:
    """Write back a locked chat."""
    db.hot(_SAVE, _values(db, chat, now))


def save_all(db: Db, many: Sequence[Chat], now: dt.datetime) -> None:
    """Write back locked chats."""
    db.hot_many(_SAVE, [_values(db, chat, now) for chat in many])


def _new(chat_id: int, kind: str, language: Language, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": chat_id,
        "kind": kind,
        "language": language,
        "language_chosen": False,
        "created_at": now,
        "touched_at": now,
    }


def _values(db: Db, chat: Chat, now: dt.datetime) -> dict[str, Any]:
    return {
        "b_id": chat.id,
        "language": chat.language,
        "language_chosen": chat.language_chosen,
        "revision": chat.revision,
        "state_sealed": db.keys.seal(orjson.dumps(chat.state), _PLACE) if chat.state else None,
        "minute": chat.minute,
        "minute_updates": chat.minute_updates,
        "unreachable_at": chat.unreachable_at,
        "touched_at": now,
    }


def reachable(db: Db, chat_id: int, since: dt.datetime | None) -> None:
    """Mark a chat unreachable since a moment (blocked, deleted), or reachable again."""
    db.execute(update(chats).where(chats.c.id == chat_id).values(unreachable_at=since))


def move(db: Db, old_id: int, new_id: int, now: dt.datetime) -> None:
    """A group became a supergroup: its old row says where it is now. Raises Held when another turn of the group has it in hand."""
    chat = lock(db, old_id, "group", "fr", now)
    chat.state["moved_to"] = new_id
    save(db, chat, now)


def present_id(db: Db, chat_id: int) -> int:
    """The id that a group has today; nothing is locked."""
    for _ in range(_MOVES):
        sealed = db.execute(select(chats.c.state_sealed).where(chats.c.id == chat_id)).scalar_one_or_none()
        state = orjson.loads(db.keys.open(sealed, _PLACE)) if sealed else {}
        if "moved_to" not in state:
            break
        chat_id = state["moved_to"]
    return chat_id


def _chat(db: Db, row: Any) -> Chat:
    chat_id, kind, language, chosen, revision, sealed, minute, updates, unreachable = row
    state = orjson.loads(db.keys.open(sealed, _PLACE)) if sealed else {}
    gone = None if unreachable is None else from_ms(unreachable)
    return Chat(chat_id, kind, language, bool(chosen), revision, state, minute, updates, gone)


def forget(db: Db, before: dt.datetime) -> int:
    """Drop private chats in which nothing was said since a moment, that belong to no space, ask for none, and are owed nothing; CHUNK
    rows at a time; how many went."""
    elsewhere = (
        select(links.c.chat_id).where(links.c.chat_id == chats.c.id),
        select(registrations.c.id).where(registrations.c.chat_id == chats.c.id),
        select(agents.c.telegram_id).where(agents.c.telegram_id == chats.c.id),
        select(requests.c.id).where(requests.c.chat_id == chats.c.id, requests.c.done_at.is_(None)),
    )
    alone = and_(*(~exists(one) for one in elsewhere))
    return drop(db, chats, and_(chats.c.kind == "private", chats.c.touched_at < before, alone))


def minute_of(now: dt.datetime) -> int:
    """The number of the minute that a moment falls in."""
    return to_ms(now) // 60_000
