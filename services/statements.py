"""The archived statements of who asks: by year, one by one or a whole year, and the whole lines of what a list shows.

As with reimbursements everything starts from who asks, and only who is signed in may. What a paper says is read when it is sent, for
who was signed in when it was asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.errors import Refused
from kit.money import Money
from kit.screen import Paper
from kit.text import Both, t
from services import access, activity
from services.access import Who
from services.activity import Event
from services.reimbursements import Act, Line, act_of, family_of, lines_of, name_of
from services.requests_words import masked
from services.work import Work
from store import statements as store
from store.reimbursements import Wanted

PAPER = "statement"  # the kind of its papers
PAGE = 8  # statements on a page
LINES = 2_000  # that one paper may have: what a family is paid in ten years


@dataclass(frozen=True, slots=True)
class Statement:
    """What was paid together; `paid_on` is the day of its last payment."""

    number: str
    paid_on: dt.date
    lines: int
    reimbursed: Money


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of a year's statements. `years` are those that there are, the latest first; `number` is the page asked for, or the last."""

    years: Sequence[int]
    year: int
    statements: Sequence[Statement]
    number: int
    pages: int
    of_year: int
    reimbursed: Money


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose statement it is: the name in each script that the fund holds, and the matricule, masked."""

    latin: str
    arabic: str
    matricule: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands on a statement, or on those of a year, in the order of their payment."""

    holder: Holder
    statements: Sequence[tuple[Statement, Sequence[Line]]]

    @property
    def lines(self) -> list[Line]:
        return [line for _, lines in self.statements for line in lines]


def opened(work: Work, who: Who, chat_id: int) -> None:
    """Note that the list was opened: once for all its pages."""
    activity.note(work, who.account_id, Event.READ_STATEMENTS, chat_id)


def paper(work: Work, who: Who, chat_id: int, *, number: str | None = None, year: int | None = None) -> Paper:
    """A statement, or all those of a year, as they are sent; that is noted."""
    activity.note(work, who.account_id, Event.READ_STATEMENT, chat_id, number or str(year))
    return paper_for_a_page(who, number=number, year=year)


def paper_for_a_page(who: Who, *, number: str | None = None, year: int | None = None) -> Paper:
    """The same, noted when it is taken from its page (services.downloads)."""
    return Paper(PAPER, {**access.signed(who), "number": number, "year": year})


def shelf(work: Work, who: Who, year: int | None = None, page: int = 1) -> Shelf | None:
    """A page of a year's statements, the latest first; of the latest year where that one has none. None: there are no statements."""
    everything = _all(work, who)
    if not everything:
        return None
    years = sorted({one.paid_on.year for one in everything}, reverse=True)
    chosen = year if year in years else years[0]
    found = [one for one in everything if one.paid_on.year == chosen]
    pages = -(-len(found) // PAGE)
    number = min(max(1, page), pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    total = Money(sum(one.reimbursed.centimes for one in found))
    return Shelf(years, chosen, shown, number, pages, len(found), total)


def of_paper(work: Work, values: Mapping[str, Any]) -> Contents:
    """What stands on such a paper. Raises Refused where it is no longer there."""
    who = access.signatory(values)
    number = values["number"]
    return contents(work, who, number) if number is not None else contents_of_year(work, who, values["year"])


def contents(work: Work, who: Who, number: str) -> Contents:
    """A whole statement. Raises Refused where the participant has none of that number."""
    return _contents(work, who, [row for row in _all(work, who) if row.number == number], number)


def contents_of_year(work: Work, who: Who, year: int) -> Contents:
    """All statements of a year. Raises Refused where there is none."""
    return _contents(work, who, [row for row in _all(work, who) if row.paid_on.year == year])


def lines(work: Work, who: Who, wanted: Wanted) -> list[tuple[str, Line]]:
    """The whole lines that are wanted, each with its statement's number, the earliest first. Raises Refused where they are too many for
    one file."""
    rows = store.lines(work.db, lines_of(work, who).participant_id, wanted, LINES + 1)
    if len(rows) > LINES:
        raise too_many()
    return _whole(work, who, rows)


def by_act(lines: Iterable[Line]) -> list[tuple[Act, int, Money]]:
    """How many lines and how much, by act, the largest sum first."""
    sums: dict[str, tuple[Act, int, Money]] = {}
    for line in lines:
        _, n, amount = sums.get(line.act.code, (line.act, 0, Money(0)))
        sums[line.act.code] = (line.act, n + 1, amount + line.reimbursed)
    return sorted(sums.values(), key=lambda one: (-one[2].centimes, one[0].code))


def too_many() -> Refused:
    """More lines than one file takes."""
    return Refused("too_many_lines", t("That is more than fits into one file. Choose a shorter period."))


def _all(work: Work, who: Who) -> list[Statement]:
    return [_statement(row) for row in store.of_participant(work.db, lines_of(work, who).participant_id)]


def _statement(row: store.StatementRow) -> Statement:
    return Statement(row.number, row.paid_on, row.lines, Money(row.reimbursed))


def _contents(work: Work, who: Who, found: Sequence[Statement], number: str | None = None) -> Contents:
    if not found:
        raise Refused(
            "no_statement", t("This statement is no longer there. Open the list of statements again.")
        )
    mine = lines_of(work, who)
    by_number: dict[str, list[Line]] = {one.number: [] for one in found}
    if sum(one.lines for one in found) > LINES:
        raise too_many()
    until = Wanted(until=max(one.paid_on for one in found))
    rows = store.lines(work.db, mine.participant_id, until, 10 * LINES, number)
    for statement, line in _whole(work, who, [row for row in rows if row.statement in by_number]):
        by_number[statement].append(line)
    person = mine.person()
    holder = Holder(
        f"{person['first_name']} {person['last_name']}".strip(),
        f"{person.get('first_name_ar') or ''} {person.get('last_name_ar') or ''}".strip(),
        masked(str(person.get("matricule") or "")),
    )
    in_order = sorted(found, key=lambda one: (one.paid_on, one.number))
    return Contents(holder, [(one, by_number[one.number]) for one in in_order])


def _whole(work: Work, who: Who, rows: Sequence[store.WholeRow]) -> list[tuple[str, Line]]:
    mine = lines_of(work, who)
    people = {row.id: row for row in mine.family({row.beneficiary_id for row in rows})}
    family = family_of(mine, people)
    person = mine.person()
    names: dict[int, Both] = {
        id: name_of(person if row.relation == "self" else row.person) for id, row in people.items()
    }
    return [
        (
            row.statement,
            Line(
                row.payment_date,
                family[row.beneficiary_id],
                names[row.beneficiary_id],
                row.care_start,
                row.care_end,
                act_of(row.act),
                Money(row.claimed),
                Money(row.paid_by_scheme),
                Money(row.reimbursed),
            ),
        )
        for row in rows
    ]
