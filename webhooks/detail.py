"""A reimbursement in full: all seven fields, on a page that is open for ten minutes and serves once (CF-10).

Whoever opens the link sees nothing of it before the button, which a Mini App presses by itself once Telegram has said who is there.
"""

from __future__ import annotations

from kit.sheet import Sheet, Typed
from kit.text import Ltr, Short, Text, Value, t
from services import details
from services.reimbursements import Line
from services.work import Work

TITLE = t("Your reimbursement")
BAD_LINK = Sheet(
    t("This page is closed"),
    [t("A page serves once and for ten minutes. In Telegram, press the number of the reimbursement again.")],
)


class Detail:
    """It belongs to the chat that asked for it, and only while that is signed in."""

    name = details.NAME
    bad = BAD_LINK

    def look(self, work: Work, token: str) -> Sheet | None:
        """The button."""
        reader = details.reader(work, token)
        if reader is None:
            return None
        return Sheet(
            TITLE,
            [t("Press the button to read it here, out of Telegram. The page serves once.")],
            buttons=[("show", t("Show the details"))],
            language=reader.language,
            owner=reader.chat_id,
            at_once=True,
        )

    def act(self, work: Work, token: str, _typed: Typed) -> Sheet | None:
        """The line."""
        line = details.read(work, token)
        if line is None:
            return None
        return Sheet(t("Reimbursement of {date}", date=line.payment_date), facts=_facts(line))

    def past(self, work: Work, token: str) -> Sheet | None:
        """It was read already."""
        reader = details.reader_before(work, token)
        if reader is None or details.reader(work, token) is not None:
            return None
        return Sheet(
            t("This page was shown already"),
            [t("To read it again, press the number of the reimbursement in Telegram.")],
            language=reader.language,
        )


def _facts(line: Line) -> list[tuple[Text, Value]]:
    start, end = Short(line.care_start), Short(line.care_end)
    return [
        (t("Payment date"), Short(line.payment_date)),
        (t("Beneficiary"), line.name),
        (t("Beginning of the care"), start),
        (t("End of the care"), end),
        (t("Type of care"), line.act.label or Ltr(line.act.code)),
        (t("Amount claimed"), line.claimed),
        (t("Paid to the provider by the mandatory scheme"), line.paid_by_scheme),
        (t("Reimbursed to you"), line.reimbursed),
    ]
