"""Migrations: what a start takes for the newest revision is what Alembic takes for it."""

from __future__ import annotations

from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from store.migrate import config, current, migrate, newest


def test_the_last_file_is_the_head() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert scripts.get_heads() == [newest()]


async def test_a_start_brings_an_empty_database_to_it_and_leaves_it_there(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'rafiq.db'}"
    for _ in range(2):
        await migrate(url)
        engine = create_engine(f"sqlite:///{tmp_path / 'rafiq.db'}")
        with engine.connect() as connection:
            assert current(connection) == newest()
        engine.dispose()
