"""The house keeps its own rules, and each rule sees the fault that it is there for."""

from __future__ import annotations

import pytest

from tests import house


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: house.Rule) -> None:
    broken = [f"{file.path}:{line}" for file in house.files() for line in rule(file)]
    assert not broken, f"{rule.__doc__}\n" + "\n".join(broken)


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (house.short_files, "services/a.py", "x = 1\n" * 401),
        (house.time_is_handed_in, "services/a.py", "datetime.now(UTC)"),
        (house.time_is_handed_in, "bot/handlers/a.py", "date.today()"),
        (house.time_is_handed_in, "store/a.py", "time.time()"),
        (house.sql_is_never_pasted, "store/a.py", 'text(f"SELECT {name}")'),
        (house.sql_is_never_pasted, "store/a.py", 'db.exec_driver_sql("SELECT %s" % name)'),
        (house.sql_is_never_pasted, "store/a.py", 'connection.execute("SELECT " + name)'),
        (house.sql_is_never_pasted, "store/a.py", 'connection.execute("SELECT {}".format(name))'),
        (house.the_core_never_waits, "services/a.py", "async def send(): ..."),
        (house.the_edge_commits, "services/a.py", "work.db.commit()"),
        (house.logs_name_events, "delivery/a.py", 'log.info(f"mail to {address}")'),
        (house.logs_name_events, "delivery/a.py", 'log.info("mail to %s", address)'),
        (house.the_wiring_has_no_sql, "rafiq.py", "from sqlalchemy import text"),
        (house.the_wiring_has_no_sql, "settings.py", "import services.fund"),
    ],
)
def test_a_planted_fault_is_seen(rule: house.Rule, path: str, code: str) -> None:
    assert list(rule(house.File.of(path, code)))


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (house.short_files, "services/a.py", "x = 1\n" * 400),
        (house.short_files, "store/migrations/versions/a.py", "x = 1\n" * 401),
        (house.time_is_handed_in, "services/a.py", "later = work.now + timedelta(days=1)"),
        (house.time_is_handed_in, "delivery/a.py", "time.time()"),
        (house.sql_is_never_pasted, "store/a.py", 'text("SELECT :name")'),
        (house.sql_is_never_pasted, "bot/a.py", 'screen.text(f"")'),
        (house.the_core_never_waits, "delivery/a.py", "async def send(): ..."),
        (house.the_edge_commits, "store/a.py", "connection.commit()"),
        (house.logs_name_events, "delivery/a.py", 'log.info("mail.sent", outbox=1)'),
        (house.the_wiring_has_no_sql, "rafiq.py", "from store import database"),
    ],
)
def test_good_code_is_left_alone(rule: house.Rule, path: str, code: str) -> None:
    assert not list(rule(house.File.of(path, code)))


def test_the_locks_name_no_registry() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (house.ROOT / lock).read_text("utf-8")
