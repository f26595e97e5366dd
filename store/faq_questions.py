"""What the FAQ could not answer, or did not help with: masked, sealed, one row however often it is asked, until an agent has seen to it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from store import faq
from store.chunks import drop
from store.db import Db
from store.schema import faq_questions

WAITING, DONE = "waiting", "done"
_ASKED, _CARD = "faq_questions.asked", "faq_questions.card"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the queue. `asked`: text, language, candidates; `card`: what its card shows, {} before the first."""

    id: int
    ref: str
    asked: Mapping[str, Any]
    reason: str
    times: int
    state: str
    agent: int | None
    shown_at: dt.datetime | None
    message_id: int | None
    card: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.asked["text"])


def new_ref() -> str:
    """A name for buttons: it says nothing, and gives no right."""
    return secrets.token_urlsafe(9)


def keep(db: Db, asked: Mapping[str, Any], reason: str, now: dt.datetime) -> None:
    """Keep a masked question; asked before, it counts once more, and waits anew only if it did not help."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    statement = made(faq_questions).values(
        ref=new_ref(),
        text_index=faq.index(db, asked["text"]),
        asked_sealed=db.seal(asked, _ASKED),
        reason=reason,
        times=1,
        state=WAITING,
        asked_at=now,
    )
    again = {"times": faq_questions.c.times + 1, "asked_at": now}
    db.execute(statement.on_conflict_do_update(index_elements=[faq_questions.c.text_index], set_=again))


def waiting(db: Db) -> int:
    """How many wait."""
    counted = select(func.count()).select_from(faq_questions).where(faq_questions.c.state == WAITING)
    return int(db.execute(counted).scalar_one())


def next_for(db: Db, agent: int, shown_before: dt.datetime, skipped: int = 0) -> Question | None:
    """The question to put before an agent, locked: one that nobody has in hand, those asked most often first."""
    free = or_(
        faq_questions.c.agent.is_(None),
        faq_questions.c.agent == agent,
        faq_questions.c.shown_at < shown_before,
    )
    wanted = select(faq_questions).where(
        faq_questions.c.state == WAITING, free, faq_questions.c.id != skipped
    )
    return _first(db, wanted.order_by(faq_questions.c.times.desc(), faq_questions.c.id).limit(1))


def all_of(db: Db) -> list[Question]:
    """The whole queue, done or not, the oldest first; nothing is locked."""
    return [_question(db, row) for row in db.execute(select(faq_questions).order_by(faq_questions.c.id))]


def named(db: Db, ref: str) -> Question | None:
    """The question that a button names, locked."""
    return _first(db, select(faq_questions).where(faq_questions.c.ref == ref))


def of_message(db: Db, message_id: int) -> Question | None:
    """The question whose card a message is, locked, while it waits."""
    mine = (faq_questions.c.message_id == message_id, faq_questions.c.state == WAITING)
    return _first(db, select(faq_questions).where(*mine).order_by(faq_questions.c.id.desc()).limit(1))


def in_hand(db: Db, agent: int) -> Question | None:
    """The question whose card an agent had last, locked, while it waits."""
    mine = (faq_questions.c.agent == agent, faq_questions.c.state == WAITING)
    return _first(db, select(faq_questions).where(*mine).order_by(faq_questions.c.shown_at.desc()).limit(1))


def get(db: Db, question_id: int) -> Question | None:
    """A question by its row, locked."""
    return _first(db, select(faq_questions).where(faq_questions.c.id == question_id))


def show(
    db: Db, question: Question, card: Mapping[str, Any], agent: int, message_id: int | None, now: dt.datetime
) -> None:
    """Remember what its card shows, where it stands, and who has it."""
    values: dict[str, Any] = {"card_sealed": db.seal(card, _CARD), "agent": agent, "shown_at": now}
    if message_id is not None:
        values["message_id"] = message_id
        elsewhere = update(faq_questions).where(
            faq_questions.c.message_id == message_id, faq_questions.c.id != question.id
        )
        db.execute(elsewhere.values(message_id=None))
    db.execute(update(faq_questions).where(faq_questions.c.id == question.id).values(**values))


def set_state(db: Db, question_id: int, state: str) -> None:
    """An agent has seen to it, or it waits again."""
    values = {"state": state, "agent": None, "shown_at": None, "card_sealed": None}
    db.execute(update(faq_questions).where(faq_questions.c.id == question_id).values(**values))


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what was asked last before a moment, CHUNK rows at a time; how many went."""
    return drop(db, faq_questions, faq_questions.c.asked_at < before)


def _first(db: Db, wanted: Select[Any]) -> Question | None:
    row = db.execute(wanted.with_for_update()).first()
    return None if row is None else _question(db, row)


def _question(db: Db, row: Any) -> Question:
    card = db.open(row.card_sealed, _CARD) if row.card_sealed is not None else {}
    asked = db.open(row.asked_sealed, _ASKED)
    return Question(
        *(row.id, row.ref, asked, row.reason, row.times, row.state),
        *(row.agent, row.shown_at, row.message_id, card),
    )
