"""What goes when a space is erased, table by table. `FATES` names every table: a test fails where one is missing.

Tables that refer to the account by a foreign key are emptied of its rows without being named in the code below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from store.db import Db
from store.promises import State
from store.schema import (
    accounts,
    chats,
    metadata,
    outbox,
    registrations,
    requests,
    set_aside,
    tokens,
)

# What an erasure does with the rows of each table, and why it leaves those that it leaves.
FATES: dict[str, str] = {
    "accounts": "deleted",
    "activity": "kept under a number that leads to nobody, for as long as the fund keeps the log",
    "activity_heads": "kept with it",
    "agents": "not of a participant",
    "beneficiaries": "the fund's directory",
    "chats": "emptied: the language stays, so that the chat is answered in it",
    "consents": "kept under that number, as proof that they were given",
    "counters": "blind indexes that nobody can read back; gone within a day",
    "desk_log": "of agents; names a request by its number",
    "due": "numbers of chats with an open form; told within a day",
    "email_changes": "deleted",
    "faq_edits": "of agents",
    "faq_negatives": "what agents taught the FAQ",
    "faq_phrasings": "what agents taught the FAQ",
    "faq_questions": "questions without an answer; whose they were is not kept",
    "faq_state": "not of a person",
    "faq_themes": "not of a person",
    "faq_topics": "not of a person",
    "faq_votes": "sums by topic; whose they were is not kept",
    "faq_words": "what agents taught the FAQ",
    "guarantees": "not of a person",
    "links": "deleted",
    "news": "deleted",
    "notice_choices": "deleted",
    "outbox": "texts dropped, of messages and of mails; the row stays for its month",
    "papers": "blind indexes; nobody can tell whose",
    "participants": "the fund's directory",
    "quiet_hours": "deleted",
    "registrations": "deleted",
    "reimbursements": "the fund's archive",
    "replicas": "not of a person",
    "requests": "emptied: number and moments stay, text, telephone and account go",
    "seen": "numbers of updates; gone within two days",
    "set_aside": "texts dropped",
    "tokens": "deleted",
    "tombstones": "made: a blind index and a moment",
}
_ACCOUNT_TOKENS = ("reset", "not_me")  # whose subject is the account
_CHANGE_TOKENS = ("email", "email_cancel")  # whose subject is a change of its address
_EMPTY = {"text": "", "phone": "", "when": "", "service": ""}


def erase(
    db: Db,
    account_id: int,
    participant_id: int,
    chat_ids: Collection[int],
    mails: Collection[str],
    now: dt.datetime,
) -> None:
    """Nothing of an account, its chats and what was written to them stays but what `FATES` says. `mails`: destinations of mails."""
    changes = metadata.tables["email_changes"]
    of_account = select(changes.c.id).where(changes.c.account_id == account_id)
    db.execute(
        delete(tokens).where(
            or_(
                tokens.c.chat_id.in_(chat_ids),
                tokens.c.purpose.in_(_ACCOUNT_TOKENS) & (tokens.c.subject == account_id),
                tokens.c.purpose.in_(_CHANGE_TOKENS) & tokens.c.subject.in_(of_account),
            )
        )
    )
    _empty_requests(db, account_id, chat_ids, now)
    for table in _referring():
        db.execute(delete(table).where(_reference(table) == account_id))
    of_person = registrations.c.participant_id == participant_id
    db.execute(delete(registrations).where(or_(of_person, registrations.c.chat_id.in_(chat_ids))))
    db.execute(update(chats).where(chats.c.id.in_(chat_ids)).values(state_sealed=None))
    destinations = [*(f"telegram:{chat_id}" for chat_id in chat_ids), *mails]
    written = outbox.c.destination.in_(destinations)
    db.execute(
        update(outbox).where(written, outbox.c.state != int(State.PENDING)).values(payload_sealed=None)
    )
    _empty_set_aside(db, chat_ids)
    db.execute(delete(accounts).where(accounts.c.id == account_id))


def _referring() -> list[Table]:
    """The tables whose rows are of an account, but for requests, which keep their number."""
    return [table for table in metadata.sorted_tables if table is not requests and _refers(table)]


def _refers(table: Table) -> bool:
    return any(key.column is accounts.c.id for key in table.foreign_keys)


def _reference(table: Table) -> ColumnElement[Any]:
    return next(key.parent for key in table.foreign_keys if key.column is accounts.c.id)


def _empty_requests(db: Db, account_id: int, chat_ids: Collection[int], now: dt.datetime) -> None:
    mine = or_(requests.c.account_id == account_id, requests.c.chat_id.in_(chat_ids))
    values = {
        "details_sealed": db.seal(_EMPTY, "requests.details"),
        "account_id": None,
        "chat_id": 0,
        "state": "done",
    }
    db.execute(update(requests).where(mine, requests.c.done_at.is_(None)).values(done_at=now))
    db.execute(update(requests).where(mine).values(values))


def _empty_set_aside(db: Db, chat_ids: Collection[int]) -> None:
    """An update that failed lies there whole; whose it was stands inside."""
    wanted = select(set_aside.c.update_id, set_aside.c.body_sealed).where(
        set_aside.c.body_sealed.is_not(None)
    )
    for row in db.execute(wanted).all():
        if _names(db.open(row.body_sealed, "set_aside.body"), set(chat_ids)):
            bare = update(set_aside).where(set_aside.c.update_id == row.update_id)
            db.execute(bare.values(body_sealed=None))


def _names(body: Any, ids: set[int]) -> bool:
    """Whether one of these ids is somebody's in an update, at whatever place."""
    if isinstance(body, dict):
        return body.get("id") in ids or any(_names(value, ids) for value in body.values())
    return isinstance(body, list) and any(_names(value, ids) for value in body)
