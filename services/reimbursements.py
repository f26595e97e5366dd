"""Reading one's reimbursements: pages, single lines, totals, and what can be asked for.

Everything starts from who asks, and only who is signed in may: the edges lead others to the sign-in before they come here.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.folding import fold
from kit.money import Money
from kit.text import Both
from kit.zones import zone
from services import activity
from services.access import Who
from services.activity import Event
from services.names import full_name
from services.work import Work
from store import reimbursements as store
from store.reimbursements import ActRow, BeneficiaryRow, Lines, Order, Wanted

__all__ = ["PERIODS", "Act", "Beneficiary", "Line", "Order", "Page", "Query", "Totals"]

PAGE = 10  # lines on a page
PERIODS = ("month", "three_months", "year", "last_year")  # beside "all" and a year by its number
_MASK = "•••"
_MASK_LETTERS = 3  # of a first name that a mask shows at most, to tell two children apart


class NotSignedIn(Exception):
    """Health data were asked for without a sign-in: a fault of ours, since edges check before they ask."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows. `period` is "all", one of PERIODS, or a year as "2023"; pages are counted from 1."""

    beneficiary_id: int | None = None
    act_code: str | None = None
    period: str = "all"
    order: Order = "date"
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether anything but the order and the page is asked for."""
        return self.beneficiary_id is not None or self.act_code is not None or self.period != "all"


@dataclass(frozen=True, slots=True)
class Act:
    """An act; without a label where the guarantees don't know it: it is shown by its code."""

    code: str
    label: Both | None


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Who was cared for, by a mask of the name: "F•••" (CF-10). A line in full has the name."""

    id: int
    relation: str  # self, spouse, child
    mask: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list; `id` stays with us, people see its number on the page."""

    id: int
    payment_date: dt.date
    beneficiary: Beneficiary
    act: Act
    reimbursed: Money


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list. `number` is the one asked for, or the last there is."""

    items: Sequence[Item]
    number: int
    pages: int
    lines: int
    reimbursed: Money


@dataclass(frozen=True, slots=True)
class Line:
    """A whole line."""

    payment_date: dt.date
    beneficiary: Beneficiary
    name: Both
    care_start: dt.date
    care_end: dt.date
    act: Act
    claimed: Money
    paid_by_scheme: Money
    reimbursed: Money


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of what a query finds: in all, by act (the largest first), by month (the latest first, each by its first day)."""

    lines: int
    reimbursed: Money
    by_act: Sequence[tuple[Act, Money]]
    by_month: Sequence[tuple[dt.date, Money]]


def opened(work: Work, who: Who, chat_id: int) -> None:
    """Note that the list was opened: once for all its pages."""
    activity.note(work, who.account_id, Event.READ_REIMBURSEMENTS, chat_id)


def page(work: Work, who: Who, query: Query) -> Page:
    """A page of the participant's lines."""
    lines, wanted = lines_of(work, who), wanted_by(work, query)
    total = lines.total(wanted)
    pages = max(1, -(-total.lines // PAGE))
    number = min(max(1, query.page), pages)
    rows = lines.page(wanted, query.order, PAGE, (number - 1) * PAGE) if total.lines else []
    family = family_of(lines, [row.beneficiary_id for row in rows])
    items = [
        Item(row.id, row.payment_date, family[row.beneficiary_id], act_of(row.act), Money(row.reimbursed))
        for row in rows
    ]
    return Page(items, number, pages, total.lines, Money(total.reimbursed))


def line(work: Work, who: Who, chat_id: int, line_id: int) -> Line | None:
    """A whole line, its reading noted; None where the participant has no such line."""
    lines = lines_of(work, who)
    row = lines.line(line_id)
    if row is None:
        return None
    activity.note(work, who.account_id, Event.READ_REIMBURSEMENT_LINE, chat_id, row.line)
    beneficiary = family_of(lines, [row.beneficiary.id])[row.beneficiary.id]
    name = name_of(lines.person() if beneficiary.relation == "self" else row.beneficiary.person)
    amounts = Money(row.claimed), Money(row.paid_by_scheme), Money(row.reimbursed)
    return Line(row.payment_date, beneficiary, name, row.care_start, row.care_end, act_of(row.act), *amounts)


def totals(work: Work, who: Who, query: Query) -> Totals:
    """Sums of what the query finds, whatever its page."""
    lines, wanted = lines_of(work, who), wanted_by(work, query)
    sums = lines.by_act(wanted)
    by_act = [(act_of(row), Money(one.reimbursed)) for row, one in sums]
    by_act.sort(key=lambda one: (-one[1].centimes, one[0].code))
    by_month = [(month, Money(one.reimbursed)) for month, one in lines.by_month(wanted)]
    return Totals(
        sum(one.lines for _, one in sums), Money(sum(one.reimbursed for _, one in sums)), by_act, by_month
    )


def beneficiaries(work: Work, who: Who) -> list[Beneficiary]:
    """The beneficiaries that occur."""
    lines = lines_of(work, who)
    ids = lines.beneficiary_ids()
    return [one for one in family_of(lines, ids).values() if one.id in ids]


def acts(work: Work, who: Who) -> list[Act]:
    """The acts that occur, in the order of their French labels, accents aside: "Médicaments" stands before "Monture"."""
    occurring = (act_of(row) for row in lines_of(work, who).acts())
    return sorted(occurring, key=lambda act: fold(act.label.fr if act.label else act.code))


def periods(work: Work, who: Who) -> list[str]:
    """The periods that can be asked for: PERIODS, and the years before them, down to the first line's."""
    span = lines_of(work, who).span()
    years = range(present_day(work).year - 2, span[0].year - 1, -1) if span else ()
    return [*PERIODS, *map(str, years)]


def chosen(work: Work, who: Who, query: Query) -> tuple[Beneficiary | None, Act | None]:
    """What a query's filters are called; a beneficiary who isn't the participant's is none."""
    lines, id, code = lines_of(work, who), query.beneficiary_id, query.act_code
    beneficiary = None if id is None else family_of(lines, [id]).get(id)
    return beneficiary, None if code is None else act_of(lines.act(code))


def present_day(work: Work) -> dt.date:
    """The day at the fund's seat."""
    return work.now.astimezone(zone(work.fund.opening_hours.timezone)).date()


def period_of(name: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of a period by its name (see Query)."""
    match name:
        case "all":
            return dt.date.min, dt.date.max
        case "month":
            return today.replace(day=1), today.replace(day=_days_in(today.year, today.month))
        case "three_months":
            months = today.year * 12 + today.month - 1 - 3
            year, month = months // 12, months % 12 + 1
            return dt.date(year, month, min(today.day, _days_in(year, month))), today
        case "year" | "last_year":
            year = today.year - (name == "last_year")
        case _:
            year = int(name)
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def lines_of(work: Work, who: Who) -> Lines:
    if not who.signed_in:
        raise NotSignedIn
    return store.of(work.db, who.participant_id)


def wanted_by(work: Work, query: Query) -> Wanted:
    return Wanted(query.beneficiary_id, query.act_code, *period_of(query.period, present_day(work)))


def act_of(row: ActRow) -> Act:
    known = row.label_fr is not None
    return Act(
        row.code, Both(row.label_fr or row.code, row.label_ar or row.label_fr or row.code) if known else None
    )


def family_of(lines: Lines, ids: Iterable[int]) -> dict[int, Beneficiary]:
    """The participant's beneficiaries and whoever else of `ids` occurs in the lines, by id."""
    rows = lines.family(ids)
    masks = _masks(rows)
    return {row.id: Beneficiary(row.id, row.relation, masks[row.id]) for row in rows}


def name_of(person: dict[str, str]) -> Both:
    """The name of who stands in a line, in the reader's script where the fund holds it."""
    arabic = (person.get("first_name_ar") or "", person.get("last_name_ar") or "")
    return full_name(person["first_name"], person["last_name"], *arabic)


def _masks(rows: Sequence[BeneficiaryRow]) -> dict[int, str]:
    """A mask for each: as few first letters as tell people of one relation apart, or their rank by age where letters don't."""
    ages = {row.id: (row.person.get("birth_date") or "", row.id) for row in rows}
    masks: dict[int, str] = {}
    for row in rows:
        name: str = row.person["first_name"]
        others = [
            other.person["first_name"]
            for other in rows
            if other.relation == row.relation and other.id != row.id
        ]
        lengths = range(1, min(_MASK_LETTERS, max(1, len(name) - 1)) + 1)
        apart = (length for length in lengths if all(other[:length] != name[:length] for other in others))
        if length := next(apart, 0):
            masks[row.id] = f"{name[:length]}{_MASK}"
        else:
            elder = sum(ages[other.id] < ages[row.id] for other in rows if other.relation == row.relation)
            masks[row.id] = f"{name[:1]}{_MASK} {elder + 1}"
    return masks
