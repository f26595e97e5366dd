"""Updates that fail: counted, and at the last failure kept sealed for the operator, so that they block nobody's chat."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from store.chunks import drop
from store.db import Db
from store.schema import set_aside

_PLACE = "set_aside.body"
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread over the phone


def new_incident() -> str:
    """A reference for one failure, that a person can read out."""
    return "E-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def count_failure(db: Db, update_id: int, incident: str, kind: str, reason: str, now: dt.datetime) -> int:
    """Note that an update failed; how often it has."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {"incident": incident, "kind": kind[:32], "reason": reason[:200], "at": now}
    statement = made(set_aside).values(update_id=update_id, failures=1, **values)
    again = statement.on_conflict_do_update(
        index_elements=[set_aside.c.update_id], set_={**values, "failures": set_aside.c.failures + 1}
    )
    return int(db.execute(again.returning(set_aside.c.failures)).scalar_one())


def keep(
    db: Db, update_id: int, kind: str, reason: str, incident: str, update: dict[str, Any], now: dt.datetime
) -> None:
    """Set an update aside with its body."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    values = {
        "incident": incident,
        "kind": kind[:32],
        "reason": reason[:200],
        "at": now,
        "body_sealed": _sealed(db, update),
    }
    statement = made(set_aside).values(update_id=update_id, failures=1, **values)
    db.execute(statement.on_conflict_do_update(index_elements=[set_aside.c.update_id], set_=values))


def _sealed(db: Db, update: dict[str, Any]) -> bytes:
    """The body, or the names of its fields where it can't be written (nested without end, text that is no Unicode)."""
    try:
        return db.seal(update, _PLACE)
    except TypeError:
        return db.seal({"unwritable": [repr(name)[:80] for name in list(update)[:20]]}, _PLACE)


def body(db: Db, update_id: int) -> Any:
    """The body of an update that was set aside, for the operator; None when there is none."""
    row = db.execute(select(set_aside.c.body_sealed).where(set_aside.c.update_id == update_id)).first()
    return None if row is None or row.body_sealed is None else db.open(row.body_sealed, _PLACE)


def listed(db: Db, limit: int = 50) -> list[tuple[int, str, str, str, dt.datetime]]:
    """What was set aside, latest first: update id, incident, kind, reason, moment."""
    columns = (
        set_aside.c.update_id,
        set_aside.c.incident,
        set_aside.c.kind,
        set_aside.c.reason,
        set_aside.c.at,
    )
    query = (
        select(*columns)
        .where(set_aside.c.body_sealed.is_not(None))
        .order_by(set_aside.c.at.desc())
        .limit(limit)
    )
    return [tuple(row) for row in db.execute(query)]


def forget(db: Db, before: dt.datetime) -> int:
    """Drop what is older, CHUNK rows at a time; how many went."""
    return drop(db, set_aside, set_aside.c.at < before)
