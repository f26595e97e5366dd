"""What the fund covers, by act, as its file of guarantees says it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from store.db import Db
from store.reimbursements import ActRow
from store.schema import guarantees


@dataclass(frozen=True, slots=True)
class GuaranteeRow:
    """An act's guarantee: the rate in percent, the ceiling in centimes of MAD, and the period that it counts for."""

    act: ActRow
    rate_percent: int | None
    ceiling: int | None
    period: str


def everything(db: Db) -> list[GuaranteeRow]:
    """All guarantees, by the code of their act."""
    return [
        GuaranteeRow(
            ActRow(row.act_code, row.label_fr, row.label_ar), row.rate_percent, row.ceiling, row.period
        )
        for row in db.execute(select(guarantees).order_by(guarantees.c.act_code))
    ]
