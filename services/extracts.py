"""What is taken out of the list of reimbursements: its lines as a file, its sums as a picture. Both show what the list shows now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.money import Money
from kit.screen import Paper
from services import access, activity, statements
from services.access import Who
from services.activity import Event
from services.reimbursements import Act, Line, Query, act_of, lines_of, wanted_by
from services.work import Work
from store.reimbursements import Wanted

FILE, PICTURE = "lines", "totals"  # the kinds of the papers
MONTHS = 24  # that a picture shows at most: the last ones, as the totals in words
ACTS = 6  # that have a colour of their own; the others share one


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines of a file, each with its statement's number, and the days of the first and the last payment among them."""

    lines: Sequence[tuple[str, Line]]
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Chart:
    """Months by their first day, without a gap, the earliest first; acts, the largest first, None for all others; and of each month
    what was reimbursed for each act. `earlier`: lines before the first month are left out."""

    months: Sequence[dt.date]
    acts: Sequence[Act | None]
    amounts: Sequence[Sequence[Money]]
    earlier: bool

    @property
    def by_act(self) -> list[Money]:
        return [Money(sum(row[index].centimes for row in self.amounts)) for index in range(len(self.acts))]

    @property
    def by_month(self) -> list[Money]:
        return [Money(sum(amount.centimes for amount in row)) for row in self.amounts]

    @property
    def total(self) -> Money:
        return sum(self.by_month, Money(0))


def file(work: Work, who: Who, chat_id: int, query: Query) -> Paper:
    """What the list shows, as a file; that is noted with its period."""
    activity.note(work, who.account_id, Event.EXPORTED_REIMBURSEMENTS, chat_id, query.period)
    return file_for_a_page(work, who, query)


def file_for_a_page(work: Work, who: Who, query: Query) -> Paper:
    """The same, noted when it is taken from its page (services.downloads)."""
    return Paper(FILE, _values(work, who, query))


def picture(work: Work, who: Who, query: Query) -> tuple[Paper, Chart]:
    """The sums of what the list shows, as a picture; and what it will show, for its caption."""
    values = _values(work, who, query)
    return Paper(PICTURE, values, photo=True), of_picture(work, values)


def of_file(work: Work, values: Mapping[str, Any]) -> Extract:
    """What stands in such a file. Raises Refused where that is too much, or nothing any more."""
    found = statements.lines(work, access.signatory(values), _wanted(values))
    days = [line.payment_date for _, line in found] or [work.now.date()]
    return Extract(found, min(days), max(days))


def of_picture(work: Work, values: Mapping[str, Any]) -> Chart:
    """What stands on such a picture."""
    sums = lines_of(work, access.signatory(values)).by_month_and_act(_wanted(values))
    if not sums:
        return Chart((), (), (), earlier=False)
    last = max(month for month, _ in sums)
    first = max(min(month for month, _ in sums), _months_before(last, MONTHS - 1))
    months = [first]
    while months[-1] < last:
        months.append(_months_before(months[-1], -1))
    shown = {key: centimes for key, centimes in sums.items() if key[0] >= first}
    by_act: dict[Act, int] = {}
    for (_, row), centimes in shown.items():
        act = act_of(row)
        by_act[act] = by_act.get(act, 0) + centimes
    ranked = sorted(by_act, key=lambda act: (-by_act[act], act.code))
    acts: list[Act | None] = list(ranked) if len(ranked) <= ACTS + 1 else [*ranked[:ACTS], None]
    place = {act.code: min(index, len(acts) - 1) for index, act in enumerate(ranked)}
    grid = [[0] * len(acts) for _ in months]
    at = {month: index for index, month in enumerate(months)}
    for (month, row), centimes in shown.items():
        grid[at[month]][place[row.code]] += centimes
    return Chart(months, acts, [[Money(one) for one in row] for row in grid], earlier=len(shown) < len(sums))


def _values(work: Work, who: Who, query: Query) -> dict[str, Any]:
    wanted = wanted_by(work, query)
    return {
        **access.signed(who),
        "beneficiary": wanted.beneficiary_id,
        "act": wanted.act_code,
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
    }


def _wanted(values: Mapping[str, Any]) -> Wanted:
    days = (dt.date.fromisoformat(values[name]) for name in ("since", "until"))
    return Wanted(values["beneficiary"], values["act"], *days)


def _months_before(month: dt.date, n: int) -> dt.date:
    months = month.year * 12 + month.month - 1 - n
    return dt.date(months // 12, months % 12 + 1, 1)
