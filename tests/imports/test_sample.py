"""The demo's people are plausible, and their files are those that the generator writes."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from services import sample


def _rows(kind: str) -> list[dict[str, str]]:
    with (sample.FOLDER / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    sample.write(tmp_path)
    for kind in sample.ORDER:
        assert (tmp_path / f"{kind}.csv").read_bytes() == (sample.FOLDER / f"{kind}.csv").read_bytes(), kind


def test_there_is_someone_for_each_story() -> None:
    people, lines = sample.people(), Counter(row["matricule"] for row in _rows("reimbursements"))
    assert len(people) >= 6
    assert {person.language for person in people} == {"fr", "ar"}
    assert min(lines[person.matricule] for person in people) == 0
    assert max(lines.values()) > 100
    assert sum(lines.values()) >= 240
    assert {row["relation"] for row in _rows("beneficiaries")} == {"self", "spouse", "child"}
    days = sorted(row["payment_date"] for row in _rows("reimbursements"))
    assert (days[0], days[-1]) == ("2023-12-10", "2026-11-10")


def test_the_figures_hold_together() -> None:
    born = {row["beneficiary_id"]: row["birth_date"] for row in _rows("beneficiaries")}
    statements: dict[str, set[tuple[str, str]]] = defaultdict(set)
    acts = {row["act_code"] for row in _rows("guarantees")}
    for row in _rows("reimbursements"):
        claimed, scheme, reimbursed = (
            round(float(row[f"amount_{name}"]) * 100) for name in ("claimed", "paid_by_scheme", "reimbursed")
        )
        assert claimed >= scheme + reimbursed
        assert born[row["beneficiary_id"]] <= row["care_start"] <= row["care_end"] < row["payment_date"]
        assert row["act_code"] in acts
        assert row["payment_date"][-2:] in ("10", "25")
        statements[row["statement_number"]].add((row["payment_date"], row["matricule"]))
    assert all(len(of) == 1 for of in statements.values())


def test_names_and_acts_are_in_both_scripts() -> None:
    arabic = [person.last_name_ar + person.first_name_ar for person in sample.people()]
    arabic += [row["label_ar"] for row in _rows("guarantees")]
    assert all("\u0600" <= text[0] <= "\u06ff" and unicodedata.is_normalized("NFC", text) for text in arabic)
    names = " ".join(f"{person.last_name} {person.first_name}" for person in sample.people())
    assert all(part in names for part in ("El ", "Ben ", "'", "-"))
    assert all(person.email.endswith("@example.com") for person in sample.people())
