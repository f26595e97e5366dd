"""A statement, the lines of the list, or a copy of all one's data: a file that a page hands over once, within ten minutes (CF-10).

The file is drawn before the token is spent: where it can't be, the page comes back and can be tried again.
"""

from __future__ import annotations

from kit.sheet import GENERAL, File, Sheet, Typed
from kit.text import Ltr, Text, t
from services import downloads, export, extracts, statements
from services.downloads import Asked
from services.work import Work

TITLE = t("Your document")
BAD_LINK = Sheet(
    t("This page is closed"),
    [t("A page serves once and for ten minutes. In Telegram, ask for the document again.")],
)


class Paper:
    """It belongs to the account that asked, in the chat that asked, and only while that is signed in."""

    name = downloads.NAME
    bad = BAD_LINK

    def look(self, work: Work, token: str) -> Sheet | None:
        """What it is, and the button."""
        paper = downloads.asked(work, token)
        return None if paper is None else _page(paper)

    def act(self, work: Work, token: str, typed: Typed) -> Sheet | None:
        """The file."""
        paper = downloads.asked(work, token)
        if paper is None:
            return None
        file = downloads.drawn(work, paper)
        if not isinstance(file, File):
            return _page(paper).again(typed, {GENERAL: file})
        return Sheet(TITLE, file=file) if downloads.take(work, token) else None

    def past(self, work: Work, token: str) -> Sheet | None:
        """It was taken already."""
        paper = downloads.asked_before(work, token)
        if paper is None or downloads.asked(work, token) is not None:
            return None
        return Sheet(
            t("This document was downloaded already"),
            [
                t("You find it where your browser keeps what it downloads."),
                t("If it is not there, ask for it again in Telegram."),
            ],
            language=paper.language,
        )


def _page(paper: Asked) -> Sheet:
    return Sheet(
        TITLE,
        [
            _what(paper),
            t(
                "It says something about your health: keep it where nobody else reads it. The page serves once."
            ),
        ],
        buttons=[("download", t("Download"))],
        language=paper.language,
        owner=paper.chat_id,
    )


def _what(paper: Asked) -> Text:
    """What the file is."""
    number, year = paper.values.get("number"), paper.values.get("year")
    match paper.kind:
        case statements.PAPER if number is not None:
            return t("Statement No. {number}, as a PDF.", number=Ltr(str(number)))
        case statements.PAPER:
            return t("Your statements of {year}, as a PDF.", year=Ltr(str(year)))
        case extracts.FILE:
            return t("Your reimbursements, as a file for a spreadsheet.")
        case export.PAPER if year is not None:
            return t(
                "A copy of your data with the reimbursements of {year}, as a zip file.", year=Ltr(str(year))
            )
        case _:
            return t("A copy of all your data, as a zip file.")
