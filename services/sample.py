"""The import files of the demo: its people, their families and three years of reimbursements.

`python -m services.sample` writes the files of services/data/sample, the same at each run; the demo imports them like any others.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from services.import_lines import KINDS
from services.sample_people import ACTS, PEOPLE, Act, Person, Relative

FOLDER = Path(__file__).parent / "data" / "sample"
ORDER = (
    "guarantees",
    "participants",
    "beneficiaries",
    "reimbursements",
)  # whom a line speaks of is imported before it
FIRST_YEAR = 2023  # from its December on
LAST_PAYMENT = dt.date(2026, 11, 10)
PAYMENT_DAYS = (10, 25)


def people() -> tuple[Person, ...]:
    """Whom one can be in the demo: all but those who have left the fund."""
    return tuple(person for person in PEOPLE if not person.left_on)


def rows(kind: str) -> Iterator[tuple[str, ...]]:
    """The lines of a file, as text, without its header."""
    if kind == "guarantees":
        for act in ACTS:
            ceiling = "" if act.ceiling is None else f"{act.ceiling}.00"
            yield act.code, act.label_fr, act.label_ar, str(act.rate), ceiling, act.period
    elif kind == "participants":
        for one in PEOPLE:
            arabic = (one.last_name_ar, one.first_name_ar)
            yield (
                one.matricule,
                one.last_name,
                one.first_name,
                one.birth_date,
                *arabic,
                one.email,
                one.phone,
                one.left_on,
            )
    elif kind == "beneficiaries":
        for person in PEOPLE:
            for number, relative in enumerate(_family(person)):
                names = (relative.last_name, relative.first_name)
                yield (
                    f"{person.matricule}-{number}",
                    person.matricule,
                    *names,
                    relative.relation,
                    relative.birth_date,
                )
    else:
        yield from _reimbursements()


def write(folder: Path = FOLDER) -> None:
    """Write the four files."""
    for kind in ORDER:
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(KINDS[kind].columns)
            out.writerows(rows(kind))


def _family(person: Person) -> tuple[Relative, ...]:
    return (Relative("self", person.last_name, person.first_name, person.birth_date), *person.family)


def _reimbursements() -> Iterator[tuple[str, ...]]:
    draw = random.Random("rafiq")  # noqa: S311 (sample data)
    cares = [(*care, person) for person in PEOPLE for care in _cares(person, draw)]
    cares.sort(key=lambda care: (care[0], care[-1].matricule))
    statements: dict[tuple[dt.date, str], str] = {}
    for number, (paid, start, act, who, person) in enumerate(cares, 1):
        statement = statements.setdefault((paid, person.matricule), f"D{paid.year}-{len(statements) + 1:05}")
        lasts = draw.randrange(10, 30) if act.code == "KINE" else draw.randrange(1, 6) if act.scheme else 0
        end = min(start + dt.timedelta(lasts), paid - dt.timedelta(1))
        claimed = draw.randrange(act.cost[0] * 20, act.cost[1] * 20 + 1) * 5  # centimes, in steps of five
        scheme = claimed * act.scheme // 100
        covered = min(claimed, act.ceiling * 100 if act.ceiling is not None else claimed) * act.rate // 100
        amounts = (claimed, scheme, max(0, min(covered, claimed - scheme)))
        yield (
            f"L{number:07}",
            statement,
            person.matricule,
            f"{person.matricule}-{who}",
            *(day.isoformat() for day in (paid, start, end)),
            act.code,
            *(f"{amount // 100}.{amount % 100:02}" for amount in amounts),
        )


def _cares(person: Person, draw: random.Random) -> Iterator[tuple[dt.date, dt.date, Act, int]]:
    """The person's lines: day of payment, first day of care, act, and whose: plausible for their age."""
    acts = {act.code: act for act in ACTS}
    weights = [act.weight * (3 if act.code in person.likes else 1) for act in ACTS]
    last = dt.date.fromisoformat(person.left_on) if person.left_on else LAST_PAYMENT
    payments = [day for day in _payments() if day <= last]
    for day, code in person.planned:
        paid = dt.date.fromisoformat(day)
        yield paid, paid - dt.timedelta(30), acts[code], 0
    family, drawn = list(_family(person)), 0
    while drawn < person.lines:
        paid, act, who = draw.choice(payments), draw.choices(ACTS, weights)[0], draw.randrange(len(family))
        start = paid - dt.timedelta(draw.randrange(6, 40))
        age = (start - dt.date.fromisoformat(family[who].birth_date)).days / 365.25
        if act.ages[0] <= age < act.ages[1]:
            drawn += 1
            yield paid, start, act, who


def _payments() -> Iterator[dt.date]:
    """The days on which the fund pays: twice a month, three years long."""
    for month in range(FIRST_YEAR * 12 + 11, LAST_PAYMENT.year * 12 + LAST_PAYMENT.month):
        for number in PAYMENT_DAYS:
            if (day := dt.date(month // 12, month % 12 + 1, number)) <= LAST_PAYMENT:
                yield day


if __name__ == "__main__":
    write()
