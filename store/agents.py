"""The fund's list of agents: the right to press and to answer comes from here, never from membership of a group."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from store.db import Db
from store.schema import agents

Role: TypeAlias = Literal["agent", "supervisor"]
_PLACE = "agents.name"


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent; `name` is the alias under which the fund knows them."""

    telegram_id: int
    name: str
    role: Role
    active: bool


def put(db: Db, telegram_id: int, name: str, role: Role, now: dt.datetime) -> None:
    """Add an agent, or change one and make them active again."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {"name_sealed": db.seal(name, _PLACE), "role": role, "active": True}
    statement = made(agents).values(telegram_id=telegram_id, added_at=now, **values)
    db.execute(statement.on_conflict_do_update(index_elements=[agents.c.telegram_id], set_=values))


def remove(db: Db, telegram_id: int) -> bool:
    """End an agent's rights at once; False when there is no such active agent. The row stays: the log names it."""
    active = update(agents).where(agents.c.telegram_id == telegram_id, agents.c.active)
    return db.execute(active.values(active=False)).rowcount > 0


def get(db: Db, telegram_id: int) -> Agent | None:
    """An agent, active or not."""
    row = db.execute(select(agents).where(agents.c.telegram_id == telegram_id)).first()
    return (
        None
        if row is None
        else Agent(row.telegram_id, db.open(row.name_sealed, _PLACE), row.role, row.active)
    )


def listed(db: Db) -> list[Agent]:
    """All agents, those who left last."""
    rows = db.execute(select(agents).order_by(agents.c.active.desc(), agents.c.telegram_id)).all()
    return [Agent(row.telegram_id, db.open(row.name_sealed, _PLACE), row.role, row.active) for row in rows]
