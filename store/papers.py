"""Papers that Telegram has already, by what stands on them: sent again without being drawn and uploaded again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.chunks import drop
from store.db import Db
from store.schema import papers


def key(db: Db, facts: str) -> bytes:
    """The key of a paper: `facts` are all that its bytes depend on, and the bot whom the file's id belongs to."""
    return db.blind(facts, "papers")


def find(db: Db, paper: bytes) -> str | None:
    """Telegram's id of the paper's file, if it was sent before."""
    return db.execute(select(papers.c.file_id).where(papers.c.key == paper)).scalar()


def keep(db: Db, paper: bytes, file_id: str, now: dt.datetime) -> None:
    """Note the id that a paper's file has, or that it was used again."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {"file_id": file_id, "used_at": now}
    statement = made(papers).values(key=paper, **values)
    db.execute(statement.on_conflict_do_update(index_elements=[papers.c.key], set_=values))


def lose(db: Db, paper: bytes) -> None:
    """Telegram no longer takes the id."""
    db.execute(delete(papers).where(papers.c.key == paper))


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what was not used since a moment, CHUNK rows at a time; how many went."""
    return drop(db, papers, papers.c.used_at < before)
