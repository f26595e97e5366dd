"""Accounts: one a participant, found by e-mail (the login), by participant or by id. All that is secret in them is sealed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update

from kit.language import Language
from store.db import Db
from store.schema import accounts, activity_heads, tombstones


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `password` is its PHC string, `failures` the wrong passwords in a row.

    `disabled`: its password opens nothing until a new one is chosen; `locked`: until the fund opens it again.
    """

    id: int
    participant_id: int
    email: str
    password: str
    language: Language
    failures: int
    disabled: bool
    locked: bool

    @property
    def closed(self) -> bool:
        """Whether no password opens it now."""
        return self.disabled or self.locked


@dataclass(frozen=True, slots=True)
class SecretQuestion:
    """An account's secret question (an id, or the owner's own words) and the PHC string of the answer, folded by `folding`."""

    account_id: int
    question: str
    answer: str
    folding: int
    locked: bool


def email_index(db: Db, email: str) -> bytes:
    """The blind index of a login."""
    return db.blind(email.casefold(), "email")


def by_email(db: Db, email: str) -> Account | None:
    """The account with a login."""
    return _one(db, accounts.c.email_index == email_index(db, email))


def by_participant(db: Db, participant_id: int) -> Account | None:
    """The account of a participant."""
    return _one(db, accounts.c.participant_id == participant_id)


def get(db: Db, account_id: int) -> Account | None:
    """The account with an id."""
    return _one(db, accounts.c.id == account_id)


def lock(db: Db, account_id: int) -> None:
    """Hold an account's row until the transaction ends."""
    db.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())


def _one(db: Db, condition: ColumnElement[bool]) -> Account | None:
    columns = (
        accounts.c.id,
        accounts.c.participant_id,
        accounts.c.email_sealed,
        accounts.c.password_sealed,
        accounts.c.language,
        accounts.c.failures,
        accounts.c.disabled_at,
        accounts.c.locked_at,
    )
    row = db.execute(select(*columns).where(condition)).first()
    if row is None:
        return None
    return Account(
        id=row.id,
        participant_id=row.participant_id,
        email=db.open(row.email_sealed, "accounts.email"),
        password=db.open(row.password_sealed, "accounts.password"),
        language=row.language,
        failures=row.failures,
        disabled=row.disabled_at is not None,
        locked=row.locked_at is not None,
    )


def create(db: Db, participant_id: int, data: dict[str, Any], language: Language, now: dt.datetime) -> int:
    """A new account from what a registration holds; its id. Raises IntegrityError for a second one of a participant or a login."""
    values = {
        "participant_id": participant_id,
        "email_index": email_index(db, data["email"]),
        "email_sealed": db.seal(data["email"], "accounts.email"),
        "password_sealed": db.seal(data["password"], "accounts.password"),
        "question_sealed": db.seal(data["question"], "accounts.question"),
        "answer_sealed": db.seal(data["answer"], "accounts.answer"),
        "folding_version": data["folding"],
        "language": language,
        "created_at": now,
    }
    if db.dialect == "sqlite":
        values["id"] = _next_id(db)
    return int(db.execute(insert(accounts).values(values).returning(accounts.c.id)).scalar_one())


def _next_id(db: Db) -> int:
    """SQLite gives the highest number again once its row is gone; the log of an erased account must never become another's."""
    used = (func.max(accounts.c.id), func.max(activity_heads.c.account_id), func.max(tombstones.c.account_id))
    highest = [db.execute(select(func.coalesce(one, 0))).scalar_one() for one in used]
    return int(max(highest)) + 1


def question_of(db: Db, email: str) -> SecretQuestion | None:
    """The secret question of the account with a login."""
    columns = (
        accounts.c.id,
        accounts.c.question_sealed,
        accounts.c.answer_sealed,
        accounts.c.folding_version,
        accounts.c.locked_at,
    )
    row = db.execute(select(*columns).where(accounts.c.email_index == email_index(db, email))).first()
    if row is None:
        return None
    return SecretQuestion(
        account_id=row.id,
        question=db.open(row.question_sealed, "accounts.question"),
        answer=db.open(row.answer_sealed, "accounts.answer"),
        folding=row.folding_version,
        locked=row.locked_at is not None,
    )


def set_password(db: Db, account_id: int, phc: str) -> None:
    """Replace the hash of the password."""
    sealed = db.seal(phc, "accounts.password")
    db.execute(update(accounts).where(accounts.c.id == account_id).values(password_sealed=sealed))


def renew_password(db: Db, account_id: int, phc: str) -> None:
    """A new password: failures are forgotten, and one that was disabled opens again."""
    values = {
        "password_sealed": db.seal(phc, "accounts.password"),
        "failures": 0,
        "disabled_at": None,
    }
    db.execute(update(accounts).where(accounts.c.id == account_id).values(values))


def set_question(db: Db, account_id: int, question: str, answer: str, folding: int) -> None:
    """Replace the secret question and the hash of its answer."""
    values = {
        "question_sealed": db.seal(question, "accounts.question"),
        "answer_sealed": db.seal(answer, "accounts.answer"),
        "folding_version": folding,
    }
    db.execute(update(accounts).where(accounts.c.id == account_id).values(values))


def set_email(db: Db, account_id: int, email: str) -> None:
    """Replace the login. Raises IntegrityError for one that another account has."""
    values = {"email_index": email_index(db, email), "email_sealed": db.seal(email, "accounts.email")}
    db.execute(update(accounts).where(accounts.c.id == account_id).values(values))


def disable(db: Db, account_id: int, at: dt.datetime) -> None:
    """The present password opens nothing any more, until a new one is chosen."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(disabled_at=at))


def set_locked(db: Db, account_id: int, at: dt.datetime | None) -> None:
    """Nothing opens the account from a moment on; None opens it again."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(locked_at=at))


def set_failures(db: Db, account_id: int, failures: int, disabled_at: dt.datetime | None = None) -> None:
    """Write the number of wrong passwords in a row; with a moment, the password is disabled from then on."""
    values: dict[str, Any] = {"failures": failures}
    if disabled_at is not None:
        values["disabled_at"] = disabled_at
    db.execute(update(accounts).where(accounts.c.id == account_id).values(values))


def since(db: Db, account_id: int) -> dt.datetime:
    """When an account was made."""
    made: dt.datetime = db.execute(
        select(accounts.c.created_at).where(accounts.c.id == account_id)
    ).scalar_one()
    return made


def count(db: Db) -> int:
    """How many accounts there are."""
    return int(db.execute(select(func.count()).select_from(accounts)).scalar_one())
