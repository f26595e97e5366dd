"""The statements of one participant: the lines that were paid together, by the number that they bear."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import BigInteger, bindparam, cast, func, select

from store.db import Db
from store.reimbursements import ActRow, Wanted
from store.schema import guarantees, reimbursements

_lines = reimbursements.c


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement: its number, the day of its last payment, how many lines, and their sum in centimes of MAD."""

    number: str
    paid_on: dt.date
    lines: int
    reimbursed: int


@dataclass(frozen=True, slots=True)
class WholeRow:
    """A line with its statement; money in centimes of MAD."""

    statement: str
    payment_date: dt.date
    beneficiary_id: int
    care_start: dt.date
    care_end: dt.date
    act: ActRow
    claimed: int
    paid_by_scheme: int
    reimbursed: int


def of_participant(db: Db, participant_id: int) -> list[StatementRow]:
    """All statements, the latest first."""
    return [
        StatementRow(row.statement_number, row.paid_on, row.lines, row.reimbursed)
        for row in db.execute(_STATEMENTS, {"participant": participant_id})
    ]


def lines(
    db: Db, participant_id: int, wanted: Wanted, limit: int, number: str | None = None
) -> list[WholeRow]:
    """At most `limit` whole lines, in the order of their payment; of one statement where its number is given."""
    chosen = _WHOLE.where(_lines.payment_date.between(wanted.since, wanted.until))
    if number is not None:
        chosen = chosen.where(_lines.statement_number == number)
    if wanted.beneficiary_id is not None:
        chosen = chosen.where(_lines.beneficiary_id == wanted.beneficiary_id)
    if wanted.act_code is not None:
        chosen = chosen.where(_lines.act_code == wanted.act_code)
    return [
        WholeRow(
            row.statement_number,
            row.payment_date,
            row.beneficiary_id,
            row.care_start,
            row.care_end,
            ActRow(row.act_code, row.label_fr, row.label_ar),
            row.claimed,
            row.paid_by_scheme,
            row.reimbursed,
        )
        for row in db.execute(chosen.limit(limit), {"participant": participant_id})
    ]


_MINE = _lines.participant_id == bindparam("participant")
_PAID_ON = func.max(_lines.payment_date, type_=_lines.payment_date.type).label("paid_on")
_STATEMENTS = (
    select(
        _lines.statement_number,
        _PAID_ON,
        func.count().label("lines"),
        cast(func.sum(_lines.reimbursed), BigInteger).label("reimbursed"),
    )
    .where(_MINE)
    .group_by(_lines.statement_number)
    .order_by(_PAID_ON.desc(), _lines.statement_number.desc())
)
_WHOLE = (
    select(reimbursements, guarantees.c.label_fr, guarantees.c.label_ar)
    .outerjoin_from(reimbursements, guarantees, guarantees.c.act_code == _lines.act_code)
    .where(_MINE)
    .order_by(_lines.payment_date, _lines.statement_number, _lines.id)
)
