"""What agents published: who, when, what, and whether it was taken back. Rows stay: they are the FAQ's history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, select, update

from store.chunks import drop
from store.db import Db
from store.faq_questions import new_ref
from store.schema import faq_edits

_EDIT = "faq_edits.edit"


@dataclass(frozen=True, slots=True)
class Published:
    """An edit that is in force, or was taken back."""

    id: int
    ref: str
    at: dt.datetime
    agent: int
    question_id: int | None
    kind: str
    edit: Mapping[str, Any]
    undone: bool


def add(
    db: Db, agent: int, question_id: int | None, kind: str, edit: Mapping[str, Any], now: dt.datetime
) -> int:
    """Note a published edit: its id."""
    values = {
        "ref": new_ref(),
        "at": now,
        "agent": agent,
        "question_id": question_id,
        "kind": kind,
        "edit_sealed": db.seal(edit, _EDIT),
    }
    return int(db.execute(insert(faq_edits).values(values).returning(faq_edits.c.id)).scalar_one())


def last(db: Db, limit: int) -> list[Published]:
    """The latest edits that are in force, the latest first."""
    wanted = select(faq_edits).where(faq_edits.c.undone_at.is_(None))
    return _all(db, wanted.order_by(faq_edits.c.id.desc()).limit(limit))


def named(db: Db, ref: str) -> Published | None:
    """The edit that a button names, locked."""
    found = _all(db, select(faq_edits).where(faq_edits.c.ref == ref).with_for_update())
    return found[0] if found else None


def undo(db: Db, edit: Published, agent: int, now: dt.datetime) -> bool:
    """Note that it was taken back; False when somebody was quicker."""
    standing = update(faq_edits).where(faq_edits.c.id == edit.id, faq_edits.c.undone_at.is_(None))
    return db.execute(standing.values(undone_at=now, undone_by=agent)).rowcount > 0


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what was published before a moment, CHUNK rows at a time; how many went. What it changed stays."""
    return drop(db, faq_edits, faq_edits.c.at < before)


def _all(db: Db, wanted: Select[Any]) -> list[Published]:
    return [
        Published(
            *(row.id, row.ref, row.at, row.agent, row.question_id, row.kind),
            *(db.open(row.edit_sealed, _EDIT), row.undone_at is not None),
        )
        for row in db.execute(wanted)
    ]
