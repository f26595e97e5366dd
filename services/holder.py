"""Whose secret it is: what others know of a person, and so must be in no password and be no secret answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kit.folding import PARTICLES, fold, joined

SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Holder:
    """What is known of the holder at that moment; what isn't is left empty."""

    matricule: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: dt.date | None = None
    email: str = ""


def name_words(name: str) -> set[str]:
    """A name whole and each of its parts, folded; particles and what is shorter than SHORTEST are left out."""
    parts = {part for part in fold(name).split() if part not in PARTICLES}
    return {word for word in {joined(name), *parts} if len(word) >= SHORTEST}


def email_words(email: str) -> set[str]:
    """What stands before the "@", whole and without its "+tag", folded."""
    local = email.rpartition("@")[0]
    return {word for part in (local, local.partition("+")[0]) if len(word := joined(part)) >= SHORTEST}


def date_forms(date: dt.date | None) -> set[str]:
    """A date in the six ways people write it in figures: 31121980, 311280, 19801231, 801231, 12311980, and 121980 for 1/2/1980."""
    if date is None:
        return set()
    year, short = f"{date.year:04}", f"{date.year % 100:02}"
    day, month = f"{date.day:02}", f"{date.month:02}"
    return {
        *(
            day + month + year,
            day + month + short,
            year + month + day,
            short + month + day,
            month + day + year,
        ),
        f"{date.day}{date.month}{year}",
    }
