"""The back office sends its files: what comes in, what a second run does, what asks first, what is told to whom."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from kit.rejects import neutral
from kit.seal import Keyring
from services import sample
from services.import_lines import KINDS
from services.import_report import Marks, Report
from store import seen
from store.database import open_database
from store.db import Db
from store.writer import Unavailable
from tests.imports.conftest import GOOD, INES, SALMA, YOUSSEF, Office

MOMENT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


@pytest.mark.req("INV-09", "TH-64")
def test_a_second_run_changes_nothing(office: Office) -> None:
    first = office.sample()
    assert {kind: (r.new, r.changed, r.rejected, r.unknown_acts, r.status) for kind, r in first.items()} == {
        "guarantees": (20, 0, 0, 0, 0),
        "participants": (7, 0, 0, 0, 0),
        "beneficiaries": (18, 0, 0, 0, 0),
        "reimbursements": (297, 0, 0, 0, 0),
    }
    before = office.directory()
    for kind, report in office.sample().items():
        assert (report.new, report.changed, report.unchanged) == (0, 0, first[kind].lines)
    assert office.directory() == before


def test_one_who_moves_is_changed_alone(office: Office) -> None:
    office.sample()
    path = office.folder / "participants.csv"
    path.write_text(path.read_text("utf-8").replace("0661204827", "0700000000"), "utf-8")
    report = office.take("participants", path)
    assert (report.new, report.changed, report.unchanged, report.status) == (0, 1, 6, 0)
    assert sum("0700000000" in person for _, _, person, _ in office.directory()["participants"]) == 1


def test_a_corrected_line_takes_the_old_one_s_place(office: Office) -> None:
    office.sample()
    path = office.folder / "reimbursements.csv"
    last = path.read_text("utf-8").splitlines()[-1]
    corrected = f"{last.rsplit(',', 1)[0]},100.00"
    report = office.take("reimbursements", office.file("reimbursements", corrected))
    assert (report.new, report.changed) == (0, 1)
    assert [line[-1] for line in office.directory()["reimbursements"] if line[0] == last.split(",")[0]] == [
        10_000
    ]


@pytest.mark.req("TH-62")
def test_a_mass_change_asks_first(office: Office) -> None:
    office.sample()
    before = office.directory()
    path = office.folder / "participants.csv"
    path.write_text(path.read_text("utf-8").replace("example.com", "example.org"), "utf-8")

    dry = office.take("participants", path, dry_run=True)
    assert (dry.changed, dry.unchanged, dry.status) == (6, 1, 0)
    alone = office.take("participants", path)
    assert alone.status == 2
    assert "--yes" in str(alone.message)
    asked: list[int] = []

    def no(report: Report) -> bool:
        asked.append(report.changed)
        return False

    assert office.take("participants", path, confirm=no).status == 2
    assert asked == [6]
    assert office.directory() == before

    assert office.take("participants", path, confirm=lambda _: True).changed == 6
    assert office.take("participants", path).unchanged == 7
    path.write_text(path.read_text("utf-8").replace("example.org", "example.net"), "utf-8")
    assert office.take("participants", path, yes=True).changed == 6


def test_who_has_new_lines_is_told_in_the_same_transaction(office: Office) -> None:
    office.family()
    told: list[frozenset[int]] = []

    def fails(db: Db, people: frozenset[int]) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        office.take("reimbursements", office.file("reimbursements", GOOD), touched=fails)
    assert office.directory()["reimbursements"] == []

    report = office.take(
        "reimbursements", office.file("reimbursements", GOOD), touched=lambda db, people: told.append(people)
    )
    assert report.people.count == len(told[-1]) == 1
    told.clear()
    office.take(
        "reimbursements",
        office.file("reimbursements", GOOD.replace("248.40", "240.00")),
        yes=True,
        touched=lambda *_: told.append(_[1]),
    )
    assert told == []  # a correction is no news


def test_an_act_without_a_guarantee_is_taken_and_counted(office: Office) -> None:
    office.family()
    report = office.take("reimbursements", office.file("reimbursements", GOOD.replace("PHARM", "CURE")))
    assert (report.new, report.unknown_acts, report.unknown_act_codes, report.status) == (1, 1, ["CURE"], 0)
    assert "CURE" in "\n".join(report.sentences())


def test_columns_may_come_in_any_order(office: Office) -> None:
    office.family()
    there = office.take("reimbursements", office.file("reimbursements", GOOD))
    turned = (
        "\n".join(",".join(reversed(line)) for line in (KINDS["reimbursements"].columns, GOOD.split(",")))
        + "\n"
    )
    again = office.take("reimbursements", office.bytes("turned", turned.encode()))
    assert (there.new, again.unchanged) == (1, 1)


@pytest.mark.req("TH-60")
def test_of_two_lines_with_one_key_the_first_stands(office: Office) -> None:
    lines = (SALMA, YOUSSEF, SALMA.replace("Salma", "Selma"))
    report = office.take("participants", office.file("participants", *lines))
    assert (report.new, report.rejected, report.status) == (2, 1, 1)
    assert report.reasons == [(4, "matricule was in line 2 already")]


def test_a_key_is_met_again_far_below(office: Office) -> None:
    many = [f"{200_000 + number},Alami,Nour,1990-01-01,,,,," for number in range(2_000)]
    report = office.take("participants", office.file("participants", *many, many[5], many[1_500]))
    assert (report.new, report.rejected) == (2_000, 2)
    assert [reason for _, reason in report.reasons] == [
        "matricule was in line 7 already",
        "matricule was in line 1502 already",
    ]


@pytest.mark.req("TH-63", "AS-03", "BI-33")
def test_rejects_are_safe_in_a_spreadsheet(office: Office) -> None:
    evil = ("=HYPERLINK(1)", "+1+1", "-1", "@SUM(A1)", "＝1+1", '"=1,2"')
    lines = [f"10{number},{cell},Nour,1990-13-01,,,,," for number, cell in enumerate(evil)]
    report = office.take("participants", office.file("participants", SALMA, *lines))
    assert report.rejects is not None
    assert stat.S_IMODE(report.rejects.stat().st_mode) == 0o600
    with report.rejects.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["line"] for row in rows] == ["3", "4", "5", "6", "7", "8"]
    assert [row["last_name"] for row in rows] == [f"'{cell.strip(chr(34))}" for cell in evil]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())
    assert neutral("\t=1") == "'\t=1"

    assert office.take("participants", office.file("participants", SALMA)).rejects is None
    assert not report.rejects.exists()  # the file speaks of the last run
    assert not list(office.folder.glob("*.part"))


@pytest.mark.req("FL-35")
@pytest.mark.parametrize("fate", ["grows", "goes", "is replaced"])
def test_a_file_that_does_not_hold_still_is_refused(
    office: Office, fate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.file("participants", SALMA)
    real = shutil.copyfileobj

    def copy(source: Any, to: Any, length: int) -> None:
        real(source, to, length)
        if fate == "grows":
            with path.open("a", encoding="utf-8") as more:
                more.write(f"{YOUSSEF}\n")
        else:
            path.unlink()
            if fate == "is replaced":
                office.file("participants", YOUSSEF)

    monkeypatch.setattr(shutil, "copyfileobj", copy)
    report = office.take("participants", path)
    assert report.status == 2
    assert "while it was read" in str(report.message)
    assert office.directory()["participants"] == []


@pytest.mark.req("TH-61")
def test_a_file_cut_at_each_tenth_brings_nothing_false(office: Office) -> None:
    office.sample()
    whole = (sample.FOLDER / "reimbursements.csv").read_bytes()
    true = {line[0]: line for line in office.directory()["reimbursements"]}
    body = len(whole.split(b"\n", 1)[0]) + 1
    for tenth in range(1, 10):
        cut = whole[: body + (len(whole) - body) * tenth // 10].replace(b"\nL", b"\nM")
        report = office.take("reimbursements", office.bytes("cut", cut), yes=True)
        lines = cut.count(b"\n") - 1
        if not cut.endswith(b"\n"):
            assert report.cut == lines + 2
            assert any("is cut" in line for line in report.sentences())
        assert (report.lines, report.new + report.changed + report.unchanged) == (
            lines + (report.cut is not None),
            lines,
        )
    taken = [line for line in office.directory()["reimbursements"] if line[0].startswith("M")]
    assert len(taken) > 200
    assert all(line[1:] == true[line[0].replace("M", "L")][1:] for line in taken)


@pytest.mark.req("TH-61")
def test_a_last_line_is_taken_only_if_it_is_whole(office: Office) -> None:
    """Wherever it is cut: "248.4" and "248" are amounts too, but not the one that was sent."""
    office.family()
    for keep in range(1, len(GOOD) + 1):
        path = office.file("reimbursements", GOOD, GOOD.replace("L1", "L2")[:keep])
        path.write_bytes(path.read_bytes()[:-1])
        report = office.take("reimbursements", path)
        whole = keep == len(GOOD)
        assert (report.cut, report.status) == ((None, 0) if whole else (3, 1))
        assert [line[0] for line in office.directory()["reimbursements"]] == (
            ["L1", "L2"] if whole else ["L1"]
        )
    path.write_bytes(office.file("participants", YOUSSEF).read_bytes()[:-1])
    assert office.take("participants", path).new == 1  # its last cell may be empty


def test_a_bot_beside_gets_its_turns_between_the_slices(office: Office) -> None:
    """The lock is free whenever the importer reads: a turn of another process is let in at each chunk."""
    many = [f"{200_000 + number},Alami,Nour,1990-01-01,,,,," for number in range(1_500)]
    turns: list[bool] = []

    def turn(done: int, total: int) -> None:
        async def one() -> bool:
            bot = open_database(office.url, Keyring(office.key))
            try:
                return await bot.run(lambda db: seen.note(db, len(turns), MOMENT))
            finally:
                await bot.close()

        turns.append(asyncio.run(one()))

    assert office.take("participants", office.file("participants", *many), progress=turn).new == 1_500
    assert len(turns) > 3
    assert all(turns)


def test_a_busy_database_is_told_and_the_rest_comes_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"{200_000 + number},Alami,Nour,1990-01-01,,,,," for number in range(1_000)]
    path, real, calls = office.file("participants", *many), office.blocking.run, [0]

    def run(fn: Any) -> Any:
        calls[0] += 1
        if calls[0] > 2:
            raise Unavailable("busy")
        return real(fn)

    monkeypatch.setattr(office.blocking, "run", run)
    report = office.take("participants", path)
    assert report.status == 2
    assert "run the same file again" in str(report.message)
    monkeypatch.undo()
    some = len(office.directory()["participants"])
    assert 0 < some < 1_000
    assert office.take("participants", path).new == 1_000 - some


def test_progress_ends_at_the_whole(office: Office) -> None:
    office.sample()
    heard: list[tuple[int, int]] = []
    office.take(
        "reimbursements",
        office.folder / "reimbursements.csv",
        progress=lambda done, total: heard.append((done, total)),
    )
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    path = office.file("reimbursements", GOOD, name="one")
    heard.clear()
    office.take("reimbursements", path, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (path.stat().st_size, path.stat().st_size)


def test_marks_count_each_once() -> None:
    marks = Marks()
    marks.add([1, 5, 70_000])
    marks.add([5, 6])
    assert marks.count == 4


def test_reports_name_no_one(office: Office) -> None:
    report = office.take("beneficiaries", office.file("beneficiaries", INES, INES.replace("child", "cousin")))
    said = "\n".join(report.sentences())
    assert report.status == 2
    assert not any(word in said for word in ("104827", "Tazi", "Inès", "2011"))
    assert "matricule is not known" in said
    assert Path(str(report.rejects)).name == "beneficiaries.csv.rejects.csv"
