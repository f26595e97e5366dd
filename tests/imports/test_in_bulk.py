"""An import's slices need not reach the disk one by one: all have when it says that it is done, and other commands wait for each."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from store.db import Db
from store.writer import Unavailable
from tests.imports.conftest import SALMA, Office


def flushes(office: Office) -> str:
    """Whether a commit in this transaction waits for the disk, as the database tells it."""

    def ask(db: Db) -> Any:
        asked = "PRAGMA synchronous" if db.dialect == "sqlite" else "SHOW synchronous_commit"
        return db.execute(text(asked)).scalar_one()

    said = office.blocking.run(ask)
    return {1: "no", 2: "yes", "off": "no", "on": "yes"}[said]


def test_slices_of_an_import_do_not_wait_for_the_disk(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[str] = []
    assert flushes(office) == "yes"
    office.take(
        "participants",
        office.file("participants", SALMA),
        progress=lambda *_: inside.append(flushes(office)),
    )
    assert inside == ["no"]
    assert flushes(office) == "yes"


def test_at_the_end_something_is_committed_that_does(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[str] = []
    run = type(office.blocking._database).run

    def noting(database: Any, fn: Any) -> Any:
        def noted(db: Db) -> Any:
            asked = "PRAGMA synchronous" if db.dialect == "sqlite" else "SHOW synchronous_commit"
            value = fn(db)
            waited.append(str(db.execute(text(asked)).scalar_one()))
            return value

        return run(database, noted)

    monkeypatch.setattr(type(office.blocking._database), "run", noting)
    with office.blocking.in_bulk():
        office.blocking.run(lambda db: db.execute(text("SELECT 1")).scalar_one())
    assert waited in (["1", "2"], ["off", "on"])


def test_what_fails_inside_leaves_other_commands_as_they_were(office: Office) -> None:
    with pytest.raises(Unavailable), office.blocking.in_bulk():
        raise Unavailable
    assert flushes(office) == "yes"
