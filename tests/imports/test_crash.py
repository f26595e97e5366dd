"""The power fails in the middle of an import: what is there is whole, and running the file again leaves what one run would have left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports.conftest import GOOD, INES, SALMA, Office

PROGRAM = """
import datetime as dt, sys
from pathlib import Path
from kit.seal import Keyring
from services.imports import run_import
from store.blocking import Blocking

kind, path, url, key = sys.argv[1:]
with Blocking(url, Keyring(key)) as blocking:
    told = lambda *_: print("chunk", flush=True)
    run_import(kind, Path(path), blocking, matricule="[0-9]+", today=dt.date(2026, 11, 21), yes=True, progress=told)
"""
ROOT = Path(__file__).parents[2]


def _killed_at(office: Office, kind: str, path: Path, chunk: int) -> None:
    command = [sys.executable, "-c", PROGRAM, kind, str(path), office.url, office.key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        for _ in range(chunk):
            assert process.stdout.readline() == b"chunk\n"
        process.kill()
    assert process.returncode == -9


@pytest.mark.req("TH-64", "INV-09")
def test_killed_and_run_again_is_as_run_once(office: Office) -> None:
    office.family()
    files = {
        "participants": [
            f"{200_000 + number},Alami,Nour {number},1990-01-01,,,,," for number in range(3_000)
        ],
        "reimbursements": [GOOD.replace("L1", f"L{number}") for number in range(3_000)],
    }
    for kind, lines in files.items():
        path, before = office.file(kind, *lines), len(office.directory()[kind])
        for chunk in (1, 4):
            _killed_at(office, kind, path, chunk)
            there = len(office.directory()[kind]) - before
            assert 0 < there < 3_000, kind
        report = office.take(kind, path)
        assert report.new + report.unchanged == 3_000
        assert report.changed == 0
        assert report.unchanged >= there
        assert not list(office.folder.glob("*.part"))

    found = office.directory()
    assert [line[4:] for line in found["reimbursements"]] == [found["reimbursements"][0][4:]] * 3_000
    assert {line[0] for line in found["reimbursements"]} == {f"L{number}" for number in range(3_000)}
    names = {matricule: person for matricule, _, person, _ in found["participants"]}
    assert all(f"'Nour {number}'" in names[str(200_000 + number)] for number in range(3_000))
    assert office.take("participants", office.file("participants", SALMA)).unchanged == 1
    assert office.take("beneficiaries", office.file("beneficiaries", INES)).unchanged == 1
