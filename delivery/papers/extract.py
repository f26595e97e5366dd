"""The lines of the list as a file for a spreadsheet.

Made for people, not for programs: as Excel and LibreOffice open it in Morocco without a question. UTF-8 with a mark at its start (without
it Excel takes the accents and the Arabic for another code), semicolons between (Excel's own where the comma parts decimals), amounts as
"1234,50" and days as "14/03/2026", which a spreadsheet takes for numbers and days. The heads are in the person's language.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from delivery.papers.sheet import Sheet
from delivery.papers.words import both, file_name
from kit.errors import Refused
from kit.money import Money
from kit.speech import Speech, strip_bidi
from kit.text import Text, t
from services import extracts
from services.reimbursements import Line
from services.work import Work

_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet would compute
_HEADS = (
    t("Statement"),
    t("Payment date"),
    t("Beneficiary"),
    t("Care from"),
    t("Care to"),
    t("Code"),
    t("Type of care"),
    t("Claimed (MAD)"),
    t("Paid by the scheme (MAD)"),
    t("Reimbursed (MAD)"),
)


def of_lines(work: Work, speech: Speech, values: Mapping[str, Any]) -> Sheet:
    """The file of what a list shows. Raises Refused where nothing is left of it, or too much."""
    found = extracts.of_file(work, values)
    if not found.lines:
        raise Refused(
            "nothing", t("No reimbursement matches your choice. Try a longer period, or show them all.")
        )
    heads = [_said(speech, head) for head in _HEADS]
    rows = [_row(speech, statement, line) for statement, line in found.lines]
    name = file_name(work.fund, f"{found.first:%Y-%m-%d}-{found.last:%Y-%m-%d}", "csv")
    return Sheet(name, "text/csv", [heads, *rows], written)


def written(rows: Any) -> bytes:
    """Rows of cells as a file."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(
        [harmless(cell) for cell in row] for row in rows
    )
    return (_MARK + out.getvalue()).encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like it gets an apostrophe (TH-63)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(speech: Speech, statement: str, line: Line) -> list[str]:
    days = (line.payment_date, line.care_start, line.care_end)
    paid, start, end = (f"{day:%d/%m/%Y}" for day in days)
    label = both(speech, line.act.label) if line.act.label is not None else line.act.code
    amounts = (_amount(amount) for amount in (line.claimed, line.paid_by_scheme, line.reimbursed))
    return [statement, paid, both(speech, line.name), start, end, line.act.code, label, *amounts]


def _amount(money: Money) -> str:
    return f"{money.dirhams:.2f}".replace(".", ",")


def _said(speech: Speech, text: Text) -> str:
    return strip_bidi(speech.plain(text))
