"""A copy of all one's data: of which years, and the password anew (law 09-08: the right of access; TH-09)."""

from __future__ import annotations

from dataclasses import replace

from bot import downloads
from bot.conversations.credentials import account_of, present_step
from bot.forms.form import Answers, Choice, Closed, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.screen import Screen
from kit.text import Ltr, Text, t
from services import consents, export

NAME = "export"
ALL = "all"
_YEARS = 12  # buttons at most


def _ask(_turn: Turn, _answers: Answers) -> list[Text | None]:
    return [
        t("<b>A copy of all my data</b>"),
        None,
        t("A file with all that is held of you: your identity, family, space, consents, requests, who saw your file, "
          "and your reimbursements with their statements as PDF."),
        t("It says everything about your health that the fund knows: keep it where nobody else reads it."),
        None,
        t("Everything at once, or with the reimbursements of one year?"),
    ]  # fmt: skip


def _choices(turn: Turn, _answers: Answers) -> list[Choice]:
    years = export.years(turn.work, turn.who)[:_YEARS] if turn.who.signed_in else []
    return [
        Choice(ALL, t("Everything")),
        *(Choice(str(year), t("{year}", year=Ltr(str(year)))) for year in years),
    ]


def _submit(turn: Turn, answers: Answers) -> Screen:
    account = account_of(turn)
    on_page = downloads.bare(turn)
    if not on_page and not consents.shows_in_chat(turn.work, account.id):
        raise Closed(
            Refused("no_consent", t("Without your consent to health data in Telegram I can’t send it here."))
        )
    year = None if answers["which"] == ALL else int(answers["which"])
    paper = export.paper(turn.work, turn.who, turn.chat, year)
    if on_page:
        screen = downloads.offer(turn, t("<b>Your data</b>, as a zip file."), paper)
        return replace(screen, keys=[*screen.keys, [MENU_KEY]])
    lines = [
        t("<b>Your data</b>, as a zip file. Save it, then delete this message."),
        t("What is in it, field by field, the file data.json says; amounts are in dirhams, times are UTC."),
    ]
    return Screen(lines, keys=[[MENU_KEY]], paper=paper)


FORM = Form(
    name=NAME,
    title=t("A copy of all my data"),
    summary=False,
    steps=(
        Step("which", t("Which data"), ask=_ask, choices=_choices, show=str),
        present_step(),
    ),
    submit=_submit,
)
