"""What a line of each import file must hold (SPEC 6): its cells read and checked, or BadLine with the column and the rule.

A reason never quotes the cell: reports are shown on terminals, the cell itself stands in the rejects file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from kit.folding import visible
from store.imports import Beneficiaries, Book, Guarantees, Participants, Reimbursements

LONGEST_NAME = 100
LONGEST_LABEL = 200
RELATIONS = ("self", "spouse", "child")
PERIODS = ("act", "month", "year", "two_years", "lifetime")

_PLAIN = re.compile(
    "[ -~\u00c0-\u024f\u0621-\u063a\u0641-\u064a]*"
)  # Latin and Arabic letters that are NFC as they stand
_CODE = re.compile(r"[!-~](?:[ -~]{0,38}[!-~])?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,10})(?:\.(\d{1,2}))?", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,185}\.[^@\s,;<>\".]{2,63}")
_PHONE = re.compile(r"[0-9+(][0-9 ().+/-]{3,24}")
_PERCENT = re.compile(r"\d{1,3}", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


class BadLine(Exception):
    """A line that can't be taken; the message says which column and why."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the fund and the day say: the pattern of a matricule, and no one is born tomorrow."""

    matricule: re.Pattern[str]
    today: dt.date


@dataclass(slots=True)
class Entry:
    """A line that reads well: its key, whom it speaks of, and its values, in which the ids are still to be put (`settle`)."""

    key: str
    values: tuple[Any, ...]
    matricule: str | None = None
    beneficiary: str | None = None
    act: str | None = None


Read: TypeAlias = "Callable[[Sequence[str], Rules], Entry]"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of import file: its columns, the key's first; how a line is read; the table that it fills."""

    columns: tuple[str, ...]
    read: Read
    book: type[Book]


def _participant(cells: Sequence[str], rules: Rules) -> Entry:
    matricule, last, first, birth, last_ar, first_ar, email, phone, left_on = cells
    _matricule(matricule, rules)
    if email and (len(email) > 254 or not _EMAIL.fullmatch(email)):
        raise BadLine("email is not an address")
    if phone and not _PHONE.fullmatch(phone):
        raise BadLine("phone is not a number")
    if left_on:
        _day(left_on, "left_on")
    names = (_text(last, "last_name"), _text(first, "first_name"), _born(birth, rules))
    arabic = (_text(last_ar, "last_name_ar", empty=True), _text(first_ar, "first_name_ar", empty=True))
    return Entry(matricule, (matricule, *names, *arabic, email, phone, left_on))


def _beneficiary(cells: Sequence[str], rules: Rules) -> Entry:
    number, matricule, last, first, relation, birth = cells
    _code(number, "beneficiary_id")
    _matricule(matricule, rules)
    if relation not in RELATIONS:
        raise BadLine(f"relation is none of {', '.join(RELATIONS)}")
    names = (_text(last, "last_name"), _text(first, "first_name"))
    return Entry(number, (number, matricule, *names, relation, _born(birth, rules)), matricule)


def _reimbursement(cells: Sequence[str], rules: Rules) -> Entry:
    line, statement, matricule, beneficiary, payment, start, end, act, claimed, scheme, reimbursed = cells
    _code(line, "line_id")
    _code(statement, "statement_number")
    _matricule(matricule, rules)
    _code(beneficiary, "beneficiary_id")
    _code(act, "act_code")
    paid_on, from_day, to_day = (
        _day(payment, "payment_date"),
        _day(start, "care_start"),
        _day(end, "care_end"),
    )
    if to_day < from_day:
        raise BadLine("care_end is before care_start")
    if paid_on < from_day:
        raise BadLine("payment_date is before care_start")
    amounts = (
        _amount(claimed, "amount_claimed"),
        _amount(scheme, "amount_paid_by_scheme"),
        _amount(reimbursed, "amount_reimbursed"),
    )
    values = (line, statement, matricule, beneficiary, paid_on, from_day, to_day, act, *amounts)
    return Entry(line, values, matricule, beneficiary, act)


def _guarantee(cells: Sequence[str], rules: Rules) -> Entry:
    act, label_fr, label_ar, rate, ceiling, period = cells
    _code(act, "act_code")
    if rate and (not _PERCENT.fullmatch(rate) or int(rate) > 100):
        raise BadLine("rate_percent is not a whole number from 0 to 100")
    if period not in PERIODS:
        raise BadLine(f"period is none of {', '.join(PERIODS)}")
    labels = (_text(label_fr, "label_fr", LONGEST_LABEL), _text(label_ar, "label_ar", LONGEST_LABEL))
    percent = int(rate) if rate else None
    return Entry(act, (act, *labels, percent, _amount(ceiling, "ceiling") if ceiling else None, period))


KINDS: dict[str, Kind] = {
    "participants": Kind(
        (
            "matricule",
            "last_name",
            "first_name",
            "birth_date",
            "last_name_ar",
            "first_name_ar",
            "email",
            "phone",
            "left_on",
        ),
        _participant,
        Participants,
    ),
    "beneficiaries": Kind(
        ("beneficiary_id", "matricule", "last_name", "first_name", "relation", "birth_date"),
        _beneficiary,
        Beneficiaries,
    ),
    "reimbursements": Kind(
        (
            "line_id",
            "statement_number",
            "matricule",
            "beneficiary_id",
            "payment_date",
            "care_start",
            "care_end",
            "act_code",
            "amount_claimed",
            "amount_paid_by_scheme",
            "amount_reimbursed",
        ),
        _reimbursement,
        Reimbursements,
    ),
    "guarantees": Kind(
        ("act_code", "label_fr", "label_ar", "rate_percent", "ceiling", "period"),
        _guarantee,
        Guarantees,
    ),
}

_MAY_BE_EMPTY = frozenset(
    ("last_name_ar", "first_name_ar", "email", "phone", "left_on", "rate_percent", "ceiling")
)
_WHOLE: dict[str, re.Pattern[str]] = {
    "relation": re.compile("|".join(RELATIONS)),
    "period": re.compile("|".join(PERIODS)),
    **dict.fromkeys(("birth_date", "left_on", "payment_date", "care_start", "care_end"), _DAY),
    **{
        name: re.compile(r"\d+\.\d\d", re.ASCII)
        for name in ("amount_claimed", "amount_paid_by_scheme", "amount_reimbursed", "ceiling")
    },
}


def whole(column: str, cell: str) -> bool:
    """Whether the last cell of a file that has no line end after it can't be the beginning of a longer one (TH-61).

    A day, a word of a list and an amount with both decimals can't; where a cell may be empty, an empty one is taken as it is.
    """
    if not cell:
        return column in _MAY_BE_EMPTY
    return column in _WHOLE and _WHOLE[column].fullmatch(cell) is not None


def _matricule(text: str, rules: Rules) -> None:
    if not rules.matricule.fullmatch(text) or not text.isascii():
        raise BadLine("matricule is not of the fund's form")


def _code(text: str, column: str) -> None:
    if not _CODE.fullmatch(text):
        raise BadLine(f"{column} is empty, longer than 40 characters or not in plain letters and digits")


def _text(text: str, column: str, longest: int = LONGEST_NAME, *, empty: bool = False) -> str:
    """Text as people may be shown it: NFC, one space between words, nothing invisible."""
    if not _PLAIN.fullmatch(text) or "  " in text:
        text = visible(text)
    if not text and not empty:
        raise BadLine(f"{column} is empty")
    if len(text) > longest:
        raise BadLine(f"{column} is longer than {longest} characters")
    return text


@lru_cache(maxsize=16_384)
def _day(text: str, column: str) -> int:
    """A day as its ordinal."""
    if not _DAY.fullmatch(text):
        raise BadLine(f"{column} is not of the form YYYY-MM-DD")
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadLine(f"{column} is a day that does not exist") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadLine(f"{column} is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    return day.toordinal()


def _born(text: str, rules: Rules) -> str:
    if _day(text, "birth_date") > rules.today.toordinal():
        raise BadLine("birth_date is in the future")
    return text


@lru_cache(maxsize=16_384)
def _amount(text: str, column: str) -> int:
    """Dirhams with at most two decimals, as centimes."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        if text.startswith("-"):
            raise BadLine(f"{column} is negative")
        raise BadLine(f"{column} is not an amount such as 312.50, with at most two decimals")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
