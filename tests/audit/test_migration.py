"""The tables of this release are those that the migrations make."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kit.seal import Keyring
from store.database import open_database
from store.migrate import migrate
from store.schema import metadata
from tests.databases import KEY, PostgresTemplate, SqliteTemplate


@pytest.mark.slow
async def test_up_down_and_up_again(template: SqliteTemplate | PostgresTemplate, tmp_path: Path) -> None:
    url = await template.copy(tmp_path)
    await migrate(url, "0001")
    await migrate(url)
    db = open_database(url, Keyring(KEY))
    differing = await db.read(
        lambda db: compare_metadata(
            MigrationContext.configure(db.conn, opts={"compare_type": True}), metadata
        )
    )
    assert differing == []
    await db.close()
    await template.drop(url, spoilt=True)
