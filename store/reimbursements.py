"""The reimbursements of one participant: every query starts from whose they are.

All but a single line is answered from the one index `ix_reimbursements_latest`, which holds a participant's lines side by side with
all that lists and totals need: 5 000 lines of one person are read through in a millisecond or two, however large the table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)

from store.db import Db, Hot
from store.schema import beneficiaries, guarantees, participants, reimbursements

Order: TypeAlias = Literal["date", "amount"]
_PERSON = "participants.person"
_BENEFICIARY = "beneficiaries.person"
_lines = reimbursements.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of one beneficiary, of one act, paid from `since` to `until` (both included); all where nothing is said."""

    beneficiary_id: int | None = None
    act_code: str | None = None
    since: dt.date = dt.date.min
    until: dt.date = dt.date.max


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act by its code, with its labels where the guarantees know it."""

    code: str
    label_fr: str | None
    label_ar: str | None


@dataclass(frozen=True, slots=True)
class BeneficiaryRow:
    """A beneficiary; `person` is what the fund told of them, opened."""

    id: int
    relation: str
    person: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Brief:
    """A line as a list shows it; money in centimes of MAD."""

    id: int
    payment_date: dt.date
    beneficiary_id: int
    act: ActRow
    reimbursed: int


@dataclass(frozen=True, slots=True)
class Sum:
    """How many lines, and what was reimbursed for them, in centimes of MAD."""

    lines: int
    reimbursed: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """A whole line; money in centimes of MAD."""

    line: str
    payment_date: dt.date
    beneficiary: BeneficiaryRow
    care_start: dt.date
    care_end: dt.date
    act: ActRow
    claimed: int
    paid_by_scheme: int
    reimbursed: int


@dataclass(frozen=True, slots=True)
class Lines:
    """One participant's lines."""

    db: Db
    participant_id: int

    def page(self, wanted: Wanted, order: Order, limit: int, offset: int) -> list[Brief]:
        """Some lines, the latest or the largest first; lines of one day, or of one amount, come latest first too."""
        statement = _page(order, wanted.beneficiary_id is not None, wanted.act_code is not None)
        rows = self.db.hot(statement, {**self._params(wanted), "limit": limit, "offset": offset})
        return [
            Brief(id, dt.date.fromordinal(day), beneficiary, ActRow(code, label_fr, label_ar), reimbursed)
            for id, day, beneficiary, code, reimbursed, label_fr, label_ar in rows
        ]

    def total(self, wanted: Wanted) -> Sum:
        """How many lines there are, and their sum."""
        statement = _total(wanted.beneficiary_id is not None, wanted.act_code is not None)
        lines, reimbursed = self.db.hot(statement, self._params(wanted))[0]
        return Sum(lines, reimbursed)

    def after(self, line_id: int, since: dt.date) -> Sum:
        """How many lines came after one, and their sum; of those paid since a day."""
        newer = select(*_sums()).where(_MINE, _lines.id > line_id, _lines.payment_date >= since)
        row = self.db.execute(newer, {"participant": self.participant_id}).one()
        return Sum(row.lines, row.reimbursed)

    def by_act(self, wanted: Wanted) -> list[tuple[ActRow, Sum]]:
        """Sums by act."""
        statement = _by_act(wanted.beneficiary_id is not None, wanted.act_code is not None)
        rows = self.db.hot(statement, self._params(wanted))
        return [
            (ActRow(code, label_fr, label_ar), Sum(lines, reimbursed))
            for code, lines, reimbursed, label_fr, label_ar in rows
        ]

    def by_month(self, wanted: Wanted) -> list[tuple[dt.date, Sum]]:
        """Sums by the month of payment, the latest first, each month by its first day."""
        statement = _by_day(wanted.beneficiary_id is not None, wanted.act_code is not None)
        months: dict[int, Sum] = {}
        for day, lines, reimbursed in self.db.hot(statement, self._params(wanted)):
            month = _month_of(day)
            known = months.get(month)
            months[month] = (
                Sum(lines, reimbursed)
                if known is None
                else Sum(known.lines + lines, known.reimbursed + reimbursed)
            )
        return [(dt.date.fromordinal(month), sums) for month, sums in months.items()]

    def by_month_and_act(self, wanted: Wanted) -> dict[tuple[dt.date, ActRow], int]:
        """What was reimbursed in each month, by its first day, for each act, in centimes of MAD."""
        statement = _by_day_and_act(wanted.beneficiary_id is not None, wanted.act_code is not None)
        sums: dict[tuple[dt.date, ActRow], int] = {}
        for day, code, _, reimbursed, label_fr, label_ar in self.db.hot(statement, self._params(wanted)):
            key = (dt.date.fromordinal(_month_of(day)), ActRow(code, label_fr, label_ar))
            sums[key] = sums.get(key, 0) + reimbursed
        return sums

    def acts(self) -> list[ActRow]:
        """The acts that occur."""
        return [_act(row) for row in self.db.execute(_ACTS, {"participant": self.participant_id})]

    def act(self, code: str) -> ActRow:
        """One act, whether it occurs or not."""
        row = self.db.execute(_ACT, {"act": code}).first()
        return ActRow(code, None, None) if row is None else ActRow(code, row.label_fr, row.label_ar)

    def beneficiary_ids(self) -> list[int]:
        """The beneficiaries that occur."""
        return list(self.db.execute(_BENEFICIARY_IDS, {"participant": self.participant_id}).scalars())

    def family(self, ids: Iterable[int]) -> list[BeneficiaryRow]:
        """The participant's beneficiaries, and those of `ids` that are no longer among them but have been cared for."""
        rows = list(self.db.hot(_FAMILY, {"participant": self.participant_id}))
        if gone := set(ids) - {row[0] for row in rows}:
            mine = _BENEFICIARY_IDS.where(_lines.beneficiary_id.in_(gone))
            rows += self.db.execute(
                select(*_MEMBER).where(beneficiaries.c.id.in_(mine)), {"participant": self.participant_id}
            )
        return [
            BeneficiaryRow(id, relation, self.db.open(sealed, _BENEFICIARY)) for id, relation, sealed in rows
        ]

    def span(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last payment date, if there is a line."""
        row = self.db.execute(_SPAN, {"participant": self.participant_id}).one()
        return None if row.first is None else (row.first, row.last)

    def line(self, line_id: int) -> LineRow | None:
        """A line with all its fields; None for one that is somebody else's, as for one that doesn't exist."""
        row = self.db.execute(_LINE, {"participant": self.participant_id, "id": line_id}).first()
        if row is None:
            return None
        beneficiary = BeneficiaryRow(
            row.beneficiary_id, row.relation, self.db.open(row.person_sealed, _BENEFICIARY)
        )
        return LineRow(
            row.line,
            row.payment_date,
            beneficiary,
            row.care_start,
            row.care_end,
            _act(row),
            row.claimed,
            row.paid_by_scheme,
            row.reimbursed,
        )

    def person(self) -> dict[str, Any]:
        """What the fund holds of the participant, opened."""
        sealed = self.db.execute(_PARTICIPANT, {"participant": self.participant_id}).scalar_one()
        person: dict[str, Any] = self.db.open(sealed, _PERSON)
        return person

    def _params(self, wanted: Wanted) -> dict[str, Any]:
        return {
            "participant": self.participant_id,
            "beneficiary": wanted.beneficiary_id,
            "act": wanted.act_code,
            "since": wanted.since,
            "until": wanted.until,
        }


def of(db: Db, participant_id: int) -> Lines:
    """The lines of a participant."""
    return Lines(db, participant_id)


# ── statements, one for each shape ───────────────────────────────────────────────────────────────────────────────────


def _act(row: Row[Any]) -> ActRow:
    return ActRow(row.act_code, row.label_fr, row.label_ar)


def _labelled(rows: Subquery) -> Select[Any]:
    """`rows` with the labels of their acts, where there are any."""
    known = rows.c.act_code == guarantees.c.act_code
    return select(*rows.c, guarantees.c.label_fr, guarantees.c.label_ar).outerjoin_from(
        rows, guarantees, known
    )


def _where(by_beneficiary: bool, by_act: bool) -> ColumnElement[bool]:
    conditions = [
        _lines.participant_id == bindparam("participant"),
        _lines.payment_date >= bindparam("since"),
        _lines.payment_date <= bindparam("until"),
    ]
    if by_beneficiary:
        conditions.append(_lines.beneficiary_id == bindparam("beneficiary"))
    if by_act:
        conditions.append(_lines.act_code == bindparam("act"))
    return and_(*conditions)


@cache
def _page(order: Order, by_beneficiary: bool, by_act: bool) -> Hot:
    columns = (_lines.id, _lines.payment_date, _lines.beneficiary_id, _lines.act_code, _lines.reimbursed)
    amount = (_lines.reimbursed.desc(),) if order == "amount" else ()
    chosen = (
        select(*columns)
        .where(_where(by_beneficiary, by_act))
        .order_by(*amount, _lines.payment_date.desc(), _lines.id.desc())
    )
    ten = chosen.limit(bindparam("limit")).offset(bindparam("offset")).subquery()
    again = (ten.c.reimbursed.desc(),) if order == "amount" else ()
    return Hot(lambda _: _labelled(ten).order_by(*again, ten.c.payment_date.desc(), ten.c.id.desc()))


def _sums() -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.count().label("lines"), cast(
        func.coalesce(func.sum(_lines.reimbursed), literal_column("0")), BigInteger
    ).label("reimbursed")


@cache
def _total(by_beneficiary: bool, by_act: bool) -> Hot:
    return Hot(lambda _: select(*_sums()).select_from(reimbursements).where(_where(by_beneficiary, by_act)))


@cache
def _by_act(by_beneficiary: bool, by_act: bool) -> Hot:
    sums = (
        select(_lines.act_code, *_sums())
        .where(_where(by_beneficiary, by_act))
        .group_by(_lines.act_code)
        .subquery()
    )
    return Hot(lambda _: _labelled(sums))


@cache
def _by_day(by_beneficiary: bool, by_act: bool) -> Hot:
    sums = select(_lines.payment_date, *_sums()).where(_where(by_beneficiary, by_act))
    return Hot(lambda _: sums.group_by(_lines.payment_date).order_by(_lines.payment_date.desc()))


@cache
def _by_day_and_act(by_beneficiary: bool, by_act: bool) -> Hot:
    sums = (
        select(_lines.payment_date, _lines.act_code, *_sums())
        .where(_where(by_beneficiary, by_act))
        .group_by(_lines.payment_date, _lines.act_code)
        .subquery()
    )
    return Hot(lambda _: _labelled(sums))


@lru_cache(maxsize=16_384)
def _month_of(day: int) -> int:
    """The ordinal of the first day of a day's month: neither database finds it faster."""
    return dt.date.fromordinal(day).replace(day=1).toordinal()


_MINE = _lines.participant_id == bindparam("participant")
_OCCURRING = select(_lines.act_code).where(_MINE).distinct().subquery()
_ACTS = _labelled(_OCCURRING)
_ACT = select(guarantees.c.label_fr, guarantees.c.label_ar).where(guarantees.c.act_code == bindparam("act"))
_BENEFICIARY_IDS = select(_lines.beneficiary_id).where(_MINE).distinct()
_MEMBER = (beneficiaries.c.id, beneficiaries.c.relation, beneficiaries.c.person_sealed)
_FAMILY = Hot(
    lambda _: (
        select(*_MEMBER)
        .where(beneficiaries.c.participant_id == bindparam("participant"))
        .order_by(beneficiaries.c.id)
    )
)
_SPAN = select(
    select(func.min(_lines.payment_date)).where(_MINE).scalar_subquery().label("first"),
    select(func.max(_lines.payment_date)).where(_MINE).scalar_subquery().label("last"),
)
_LINE = (
    select(
        reimbursements,
        beneficiaries.c.relation,
        beneficiaries.c.person_sealed,
        guarantees.c.label_fr,
        guarantees.c.label_ar,
    )
    .join_from(reimbursements, beneficiaries, beneficiaries.c.id == _lines.beneficiary_id)
    .outerjoin(guarantees, guarantees.c.act_code == _lines.act_code)
    .where(_MINE, _lines.id == bindparam("id"))
)
_PARTICIPANT = select(participants.c.person_sealed).where(participants.c.id == bindparam("participant"))
