"""The crash test as it runs at every check-in: each database, by webhook and by polling; and the mutants, which it must find out.

A failed run prints its seed and keeps its history; `python -m tests.crash --seed …` plays it again, and longer ones.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.__main__ import play
from tests.crash.places import Place, Postgres, Sqlite
from tests.crash.run import Plan

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KEPT = Path(__file__).parents[2] / "out" / "crash"
TRIES = 3  # of a mutant: the moment must be met in which it errs


@pytest.fixture(scope="module")
def postgres() -> Iterator[Place]:
    """A PostgreSQL server of our own."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest) -> Place:
    """Either database."""
    found: Place = Sqlite() if request.param == "sqlite" else request.getfixturevalue("postgres")
    return found


@pytest.mark.req(
    "INV-01", "INV-02", "INV-03", "INV-04", "INV-05", "INV-06", "INV-07", "INV-08", "INV-11", "INV-12"
)
@pytest.mark.req("INV-13", "INV-14", "INV-16", "FL-01", "FL-03", "FL-04", "FL-12", "FL-14", "FL-17", "FL-19")
@pytest.mark.req("FL-21", "FL-25", "FL-26", "FL-27", "FL-28", "FL-39")
def test_nothing_is_missing_and_nothing_is_double_after_ten_kills_by_webhook(place: Place) -> None:
    """On PostgreSQL two replicas share the work, and their connections are cut too; an import runs beside."""
    pg = place.dialect == "postgresql"
    plan = Plan(seed=20, mode="webhook", replicas=2 if pg else 1, importing=True, cuts=pg)
    outcome = play(plan, place, KEPT)
    assert outcome.faults == []
    assert outcome.figures["kill"] >= 10
    assert statistics.median(outcome.figures["ready_after"]) < 5.0, "G-6"


@pytest.mark.req("INV-01", "INV-04", "INV-05", "INV-06", "INV-07", "FL-21", "FL-27")
def test_nothing_is_missing_and_nothing_is_double_after_ten_kills_by_polling(place: Place) -> None:
    outcome = play(Plan(seed=21, mode="polling", cuts=place.dialect == "postgresql"), place, KEPT)
    assert outcome.faults == []
    assert outcome.figures["kill"] >= 10


def found_out(mutant: str, place: Place, folder: Path, *faults: str) -> bool:
    """Whether the audit finds a mutant out, by a fault that it was made to have."""
    for seed in range(TRIES):
        pg = place.dialect == "postgresql"
        plan = Plan(
            seed,
            replicas=2 if pg else 1,
            kills=5,
            importing=mutant == "no_write_lock" and not pg,
            mutant=mutant,
            heal_seconds=5.0,
        )
        outcome = play(plan, place, folder)
        if any(one.partition(":")[0] in faults for one in outcome.faults):
            return True
    return False


def test_who_acknowledges_before_the_commit_loses_updates(tmp_path: Path) -> None:
    assert found_out("acknowledge_before_commit", Sqlite(), tmp_path, "lost")


@pytest.mark.postgres
def test_who_does_not_look_at_the_seen_set_does_things_twice(postgres: Place, tmp_path: Path) -> None:
    assert found_out("no_seen_set", postgres, tmp_path, "twice")


def test_who_promises_in_a_second_transaction_falls_silent(tmp_path: Path) -> None:
    assert found_out("outbox_in_a_second_transaction", Sqlite(), tmp_path, "silence")


def test_who_begins_without_the_write_lock_turns_updates_away_beside_an_import(tmp_path: Path) -> None:
    """SQLite gives the lock to whoever asks first, and tells the other at once that what it has read is old."""
    assert found_out("no_write_lock", Sqlite(), tmp_path, "refused")


@pytest.mark.postgres
def test_who_does_not_lock_the_chat_loses_what_another_replica_wrote(postgres: Place, tmp_path: Path) -> None:
    assert found_out("no_write_lock", postgres, tmp_path, "together", "order")
