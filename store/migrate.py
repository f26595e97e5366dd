"""Migrations: the database is brought to this release's tables, in one transaction, one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from store.writer import engine

if TYPE_CHECKING:
    from alembic.config import Config

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_LOCK = 7_274_691_042  # the advisory lock of a migration on PostgreSQL: any number of ours


class DatabaseUnreachable(RuntimeError):
    """The database server can't be reached, or refuses us; the message names the kind of fault only."""


def config() -> Config:
    """Alembic's configuration: the scripts beside this file, no ini."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_VERSIONS.parent))
    return made


async def migrate(url: str, target: str = "head") -> None:
    """Bring the database at `url` to a revision; nothing happens when it is there already."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _on_sqlite(Path(parsed.database or "rafiq.db"), target)
        return
    made = create_async_engine(url, connect_args={"timeout": 5})
    try:
        async with made.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(_upgrade, target)
    except (OSError, TimeoutError, PostgresError, InterfaceError, DBAPIError) as error:
        raise DatabaseUnreachable(type(error).__name__) from error
    finally:
        await made.dispose()


def _on_sqlite(path: Path, target: str) -> None:
    made = engine(path)
    try:
        made.connect().close()
    except OperationalError as error:
        raise DatabaseUnreachable(f"{path}: {error.orig}") from error
    with made.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("BEGIN IMMEDIATE")
        try:
            _upgrade(connection, target)
        except BaseException:
            driver.rollback()
            raise
        driver.commit()  # Alembic may have committed already
    made.dispose()


def _upgrade(connection: Connection, target: str) -> None:
    if target == "head" and current(connection) == newest():
        return
    from alembic import command  # a tenth of a second that a start on an up-to-date database is spared

    chosen = config()
    chosen.attributes["connection"] = connection
    if target == "base" or target.startswith("-"):
        command.downgrade(chosen, target)
    else:
        command.upgrade(chosen, target)


def newest() -> str:
    """The revision of this release: that of the last file, since they are numbered in order (a test holds Alembic to it)."""
    return max(file.name for file in _VERSIONS.glob("[0-9]*.py"))[:4]


def current(connection: Connection) -> str | None:
    """The revision that the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision
