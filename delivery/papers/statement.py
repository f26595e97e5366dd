"""The statement: one, or all of a year. Its seven fields are those of a line in the chat (bot/handlers/reimbursements_words.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from delivery.papers.sheet import Sheet
from delivery.papers.typesetting import EDITION, set_paper
from delivery.papers.words import Runs, alone, both, figures, file_name, head, said, shown
from kit.money import Money
from kit.speech import Speech, strip_bidi
from kit.text import Ltr, Short, Text, nt, t
from services import statements
from services.reimbursements import Line
from services.statements import Contents, Statement
from services.work import Work

_COLUMNS = (
    t("Paid on"),
    t("Beneficiary"),
    t("Care, from – to"),
    t("Type of care"),
    t("Claimed (MAD)"),
    t("Paid by the scheme (MAD)"),
    t("Reimbursed (MAD)"),
)


def of_statement(work: Work, speech: Speech, values: Mapping[str, Any]) -> Sheet:
    """A statement, or those of a year. Raises Refused where there is none."""
    found, number, year = statements.of_paper(work, values), values["number"], values["year"]
    title = (
        t("Statement of reimbursements No. {number}", number=Ltr(number))
        if number is not None
        else t("Statements of reimbursements of {year}", year=Ltr(str(year)))
    )
    facts = _facts(work, speech, found, title, whole_year=number is None)
    return Sheet(file_name(work.fund, number or str(year), "pdf"), "application/pdf", facts, _draw)


def _draw(facts: Any) -> bytes:
    return set_paper("statement", facts, facts["at"])


def _facts(work: Work, speech: Speech, found: Contents, title: Text, *, whole_year: bool) -> dict[str, Any]:
    lines = found.lines
    last = max(statement.paid_on for statement, _ in found.statements)
    return {
        **head(speech, work.fund),
        "edition": EDITION,
        "at": int(dt.datetime.combine(last, dt.time(12), dt.UTC).timestamp()),
        "title": strip_bidi(speech.plain(title)),
        "heading": said(speech, title),
        "foot": said(speech, title),
        "about": [(said(speech, label), value) for label, value in _about(speech, found)],
        "columns": [said(speech, column) for column in _COLUMNS],
        "statements": [
            _statement(speech, statement, of_it, titled=whole_year) for statement, of_it in found.statements
        ],
        "acts": _acts(speech, lines),
        "note": said(
            speech,
            t(
                "Amounts are in dirhams (MAD). “Paid by the scheme” is what the mandatory scheme paid to the provider. "
                "A question about a line? {phone}, {email}.",
                phone=Ltr(work.fund.health_fund.phone),
                email=Ltr(work.fund.health_fund.email),
            ),
        ),
    }


def _about(speech: Speech, found: Contents) -> list[tuple[Text, Any]]:
    """Whose it is and what it sums up."""
    holder, lines = found.holder, found.lines
    mine, other = holder.latin, holder.arabic
    if speech.language == "ar" and holder.arabic:
        mine, other = other, mine
    total = sum((line.reimbursed for line in lines), Money(0))
    about: list[tuple[Text, Any]] = [
        (t("Participant"), [alone(speech, mine), *([" · ", alone(speech, other)] if other else [])])
    ]
    if holder.matricule.strip("•"):
        about.append((t("Matricule"), alone(speech, holder.matricule)))
    if len(found.statements) == 1:
        about.append((t("Payment date"), shown(speech, found.statements[0][0].paid_on)))
    about.append((t("Reimbursements"), alone(speech, str(len(lines)))))
    about.append((t("Reimbursed in all"), shown(speech, total)))
    return about


def _statement(
    speech: Speech, statement: Statement, lines: Sequence[Line], *, titled: bool
) -> dict[str, Any]:
    heading = t("No. {number} of {date}", number=Ltr(statement.number), date=statement.paid_on)
    sums = (
        sum((line.claimed for line in lines), Money(0)),
        sum((line.paid_by_scheme for line in lines), Money(0)),
        sum((line.reimbursed for line in lines), Money(0)),
    )
    label = nt("Total of {n} reimbursement", "Total of {n} reimbursements", len(lines))
    return {
        "heading": said(speech, heading) if titled else None,
        "lines": [_line(speech, line) for line in lines],
        "label": said(speech, label),
        "sums": [figures(speech, amount) for amount in sums],
    }


def _line(speech: Speech, line: Line) -> list[Any]:
    act = line.act.label
    return [
        shown(speech, Short(line.payment_date)),
        alone(speech, both(speech, line.name)),
        _care(speech, line),
        alone(speech, both(speech, act) if act is not None else line.act.code),
        figures(speech, line.claimed),
        figures(speech, line.paid_by_scheme),
        figures(speech, line.reimbursed),
    ]


def _care(speech: Speech, line: Line) -> Runs:
    start, end = Short(line.care_start), Short(line.care_end)
    return shown(speech, start) if start == end else said(speech, t("{start} – {end}", start=start, end=end))


def _acts(speech: Speech, lines: Sequence[Line]) -> dict[str, Any]:
    rows = statements.by_act(lines)
    total = sum((amount for _, _, amount in rows), Money(0))
    return {
        "title": said(speech, t("Totals by type of care")),
        "columns": [said(speech, label) for label in (t("Type of care"), t("Number"), t("Reimbursed (MAD)"))],
        "rows": [
            [
                alone(speech, both(speech, act.label) if act.label else act.code),
                str(n),
                figures(speech, amount),
            ]
            for act, n, amount in rows
        ],
        "sums": [said(speech, t("In all")), str(len(lines)), figures(speech, total)],
    }
