"""The fixture of the stories that need no bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit.seal import Keyring
from store.database import Database, open_database
from tests.databases import KEY, PostgresTemplate, SqliteTemplate


@pytest.fixture
async def database(template: SqliteTemplate | PostgresTemplate, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of the story's own, with no bot on it."""
    url = await template.copy(tmp_path)
    opened = open_database(url, Keyring(KEY))
    yield opened
    await opened.close()
    await template.drop(url, spoilt=False)
