"""What the fund covers, by act, and what that made of the participant's own latest line of the act.

Nothing is reckoned that the fund did not say: the example sets the line's own figures beside what rate and ceiling give, and says which
of them the reimbursement is; where it is none of them, it says that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from kit.folding import fold
from kit.money import Money
from services import reimbursements
from services.access import Who
from services.reimbursements import Act, Line, act_of, lines_of
from services.work import Work
from store import guarantees as store
from store.reimbursements import Wanted

PAGE = 8  # guarantees on a page


@dataclass(frozen=True, slots=True)
class Guarantee:
    """An act's rate in percent, its ceiling, and the period that the ceiling counts for: act, month, year, two_years, lifetime."""

    act: Act
    rate: int | None
    ceiling: Money | None
    period: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the guarantees, by their label; `number` is the one asked for, or the last there is."""

    guarantees: Sequence[Guarantee]
    number: int
    pages: int


class Outcome(Enum):
    """What a reimbursement is, in the terms of its guarantee."""

    RATE = "rate"  # the rate of what was claimed
    CEILING = "ceiling"  # the ceiling for each act
    RATE_OF_CEILING = (
        "rate_of_ceiling"  # the rate of the ceiling, which is all that counts of what was claimed
    )
    REST = "rest"  # what the mandatory scheme left to pay
    LESS = "less"  # less than the rate gives, for a reason that neither rate nor ceiling for each act tells
    MORE = "more"  # more than it gives
    UNKNOWN = "unknown"  # there is no rate


@dataclass(frozen=True, slots=True)
class Example:
    """The latest line of the act, what the rate gives for it, and what the reimbursement is; `of_ceiling` is the rate of the ceiling."""

    line: Line
    by_rate: Money | None
    of_ceiling: Money | None
    outcome: Outcome


def page(work: Work, number: int = 1) -> Page:
    """A page of the guarantees."""
    found = _everything(work)
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, number), pages)
    return Page(found[(number - 1) * PAGE : number * PAGE], number, pages)


def of_act(work: Work, code: str) -> Guarantee | None:
    """The guarantee of an act."""
    return next((one for one in _everything(work) if one.act.code == code), None)


def example(work: Work, who: Who, chat_id: int, guarantee: Guarantee) -> Example | None:
    """The guarantee at work on the participant's latest line of its act, whose reading is noted; None where there is no line."""
    latest = lines_of(work, who).page(Wanted(act_code=guarantee.act.code), "date", 1, 0)
    line = reimbursements.line(work, who, chat_id, latest[0].id) if latest else None
    return None if line is None else worked_out(guarantee, line)


def _everything(work: Work) -> list[Guarantee]:
    found = [
        Guarantee(
            act_of(row.act), row.rate_percent, None if row.ceiling is None else Money(row.ceiling), row.period
        )
        for row in store.everything(work.db)
    ]
    return sorted(found, key=lambda one: fold(one.act.label.fr if one.act.label else one.act.code))


def worked_out(guarantee: Guarantee, line: Line) -> Example:
    """What a guarantee gives for a line."""
    if guarantee.rate is None:
        return Example(line, None, None, Outcome.UNKNOWN)
    by_rate = _percent(line.claimed, guarantee.rate)
    ceiling = guarantee.ceiling if guarantee.period == "act" else None
    of_ceiling = None
    if ceiling is not None and ceiling < line.claimed:
        of_ceiling = _percent(ceiling, guarantee.rate)
    rest = Money(line.claimed.centimes - line.paid_by_scheme.centimes)
    match line.reimbursed:
        case paid if paid == by_rate:
            outcome = Outcome.RATE
        case paid if ceiling is not None and paid == ceiling and by_rate > ceiling:
            outcome = Outcome.CEILING
        case paid if of_ceiling is not None and paid == of_ceiling:
            outcome = Outcome.RATE_OF_CEILING
        case paid if line.paid_by_scheme.centimes and paid == rest:
            outcome = Outcome.REST
        case paid:
            outcome = Outcome.LESS if paid < by_rate else Outcome.MORE
    return Example(line, by_rate, of_ceiling, outcome)


def _percent(amount: Money, rate: int) -> Money:
    """A part of an amount, to the nearest centime."""
    return Money((amount.centimes * rate + 50) // 100)
