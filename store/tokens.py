"""One-time tokens: random, stored hashed, for one purpose, spent by one conditional update in the transaction of their effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, insert, or_, select, update

from kit.seal import new_token, token_hash
from store.chunks import drop
from store.db import Db
from store.schema import tokens


@dataclass(frozen=True, slots=True)
class Spent:
    """What a token was for."""

    subject: int
    chat_id: int


def issue(db: Db, purpose: str, subject: int, chat_id: int, now: dt.datetime, lifetime: dt.timedelta) -> str:
    """A new token; earlier ones of the same purpose and subject are void."""
    void(db, purpose, subject, now)
    return add(db, purpose, subject, chat_id, now, lifetime)


def add(db: Db, purpose: str, subject: int, chat_id: int, now: dt.datetime, lifetime: dt.timedelta) -> str:
    """A new token beside earlier ones of its purpose and subject."""
    token = new_token()
    values = {
        "purpose": purpose,
        "subject": subject,
        "chat_id": chat_id,
        "created_at": now,
        "expires_at": now + lifetime,
    }
    db.execute(insert(tokens).values(hash=token_hash(token), **values))
    return token


def peek(db: Db, token: str, purpose: str, now: dt.datetime) -> Spent | None:
    """What a token is for, if it is still good; nothing changes."""
    row = db.execute(select(tokens.c.subject, tokens.c.chat_id).where(*_good(token, purpose, now))).first()
    return None if row is None else Spent(row.subject, row.chat_id)


def past(db: Db, token: str, purpose: str) -> Spent | None:
    """What a token was for, whether it is still good, used or expired; None for one that was never issued for this purpose."""
    known = select(tokens.c.subject, tokens.c.chat_id).where(
        tokens.c.hash == token_hash(token), tokens.c.purpose == purpose
    )
    row = db.execute(known).first()
    return None if row is None else Spent(row.subject, row.chat_id)


def spend(db: Db, token: str, purpose: str, now: dt.datetime) -> Spent | None:
    """Use a token up: what it was for, once; None for one that is unknown, of another purpose, used, void or expired."""
    spent = update(tokens).where(*_good(token, purpose, now)).values(used_at=now)
    row = db.execute(spent.returning(tokens.c.subject, tokens.c.chat_id)).first()
    return None if row is None else Spent(row.subject, row.chat_id)


def shorten(db: Db, token: str, purpose: str, until: dt.datetime) -> None:
    """A token ends at a moment if it would have lived longer."""
    wanted = (tokens.c.hash == token_hash(token), tokens.c.purpose == purpose, tokens.c.expires_at > until)
    db.execute(update(tokens).where(*wanted).values(expires_at=until))


def void(db: Db, purpose: str, subject: int, now: dt.datetime) -> None:
    """Make the tokens of a purpose and subject useless."""
    db.execute(
        update(tokens)
        .where(tokens.c.purpose == purpose, tokens.c.subject == subject, tokens.c.used_at.is_(None))
        .values(used_at=now)
    )


def live(db: Db, now: dt.datetime) -> int:
    """How many tokens could still be spent."""
    return len(
        db.execute(select(tokens.c.hash).where(tokens.c.used_at.is_(None), tokens.c.expires_at > now)).all()
    )


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older, CHUNK rows at a time; how many went."""
    return drop(db, tokens, or_(tokens.c.expires_at < before, tokens.c.used_at < before))


def _good(token: str, purpose: str, now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        tokens.c.hash == token_hash(token),
        tokens.c.purpose == purpose,
        tokens.c.used_at.is_(None),
        tokens.c.expires_at > now,
    )
