"""The fund's members: who they are, what they will type, and the import files that make the fund know them."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.import_lines import KINDS

AMOUNT = "248,40"  # of each line, as both languages write it
LINES = 12  # of each member: two pages of the list
CLERKS_LINES = 1_500  # of a member who never talks: the import beside changes them for ever
_LAST = (
    "Alami",
    "Benjelloun",
    "Chraibi",
    "El Fassi",
    "Idrissi",
    "Lahlou",
    "Naciri",
    "Ouazzani",
    "Sefrioui",
    "Tazi",
)
_FIRST = (
    "Salma",
    "Youssef",
    "Nadia",
    "Karim",
    "Hind",
    "Omar",
    "Imane",
    "Reda",
    "Zineb",
    "Amine",
    "Kenza",
    "Anas",
)
_LETTERS = "bcdfghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Member:
    """One member. `password` and `answer` are drawn: nobody and nothing else can hold them by chance."""

    number: int
    matricule: str
    last_name: str
    first_name: str
    born: str
    email: str
    password: str
    answer: str
    language: str

    @property
    def secrets(self) -> tuple[str, str]:
        """What nobody may ever find at rest, in any form."""
        return self.password, self.answer


def draw(count: int, rng: random.Random) -> list[Member]:
    """Members; every second one speaks Arabic."""
    return [_member(number, rng) for number in range(count)]


def _member(number: int, rng: random.Random) -> Member:
    def word(length: int) -> str:
        return "".join(rng.choice(_LETTERS) for _ in range(length))

    return Member(
        number,
        str(40_000_000 + number * 7_919 + rng.randrange(1_000)),
        _LAST[number % len(_LAST)],
        _FIRST[number % len(_FIRST)],
        f"{rng.randrange(1950, 2000)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        f"{word(9)}{number}@example.com",
        f"{word(8)}{rng.randrange(10, 100)}".capitalize(),
        word(12),
        "ar" if number % 2 else "fr",
    )


def write_files(folder: Path, members: Iterable[Member]) -> list[tuple[str, Path]]:
    """The import files of the members, in the order of their import, by kind."""
    members = list(members)
    silent = "90000001"
    people: list[tuple[Any, ...]] = [(silent, "Silent", "Sam", "1970-01-01", "", "", "", "", "")]
    people += [(m.matricule, m.last_name, m.first_name, m.born, "", "", "", "", "") for m in members]
    family = [(f"{row[0]}-1", row[0], row[1], row[2], "self", row[3]) for row in people]
    lines = [_line(f"M{m.number}-{n}", m.matricule, n, "248.40") for m in members for n in range(LINES)]
    return [
        ("guarantees", _write(folder / "guarantees.csv", "guarantees", _acts())),
        ("participants", _write(folder / "participants.csv", "participants", people)),
        ("beneficiaries", _write(folder / "beneficiaries.csv", "beneficiaries", family)),
        ("reimbursements", _write(folder / "reimbursements.csv", "reimbursements", lines)),
        *(("reimbursements", path) for path in _clerks_files(folder, silent)),
    ]


def _clerks_files(folder: Path, silent: str) -> list[Path]:
    """Two files that undo each other: each import of the one after the other changes every line."""
    return [
        _write(
            folder / f"clerk-{amount}.csv",
            "reimbursements",
            [_line(f"C{n}", silent, n, f"{amount}.00") for n in range(CLERKS_LINES)],
        )
        for amount in (200, 210)
    ]


def _line(name: str, matricule: str, n: int, amount: str) -> tuple[Any, ...]:
    day = f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}"
    act = ("CONS", "PHARM", "DENT")[n % 3]
    return (name, f"S{n % 12}", matricule, f"{matricule}-1", day, day, day, act, "310.50", "0.00", amount)


def _acts() -> list[tuple[Any, ...]]:
    return [
        ("CONS", "Consultation", "استشارة", 80, "", "act"),
        ("PHARM", "Pharmacie", "أدوية", 80, "", "act"),
        ("DENT", "Soins dentaires", "علاج الأسنان", 70, "3000.00", "year"),
    ]


def _write(path: Path, kind: str, rows: Iterable[Iterable[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(KINDS[kind].columns)
        out.writerows(rows)
    return path
