"""A change of the e-mail address (SPEC 2.7): the present password, the new address; the rest goes by mail."""

from __future__ import annotations

import datetime as dt

from bot.conversations.credentials import account_of, present_step
from bot.conversations.registration import read_address
from bot.forms.form import Answers, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.screen import Screen
from kit.text import Ltr, nt, t
from services import email_change

NAME = "email"
_HOUR = dt.timedelta(hours=1)


def _check(turn: Turn, _answers: Answers, email: str) -> None:
    if email.casefold() == account_of(turn).email.casefold():
        raise Refused("email_same", t("This is your address already: type the new one."))


def _submit(turn: Turn, answers: Answers) -> Screen:
    email_change.ask(turn.work, turn.chat, account_of(turn).id, answers["email"])
    lines = [
        nt(
            "A mail is on its way to {email}: open its link within {n} hour, and you sign in with this address from then on.",
            "A mail is on its way to {email}: open its link within {n} hours, and you sign in with this address from then on.",
            email_change.CONFIRM_WITHIN // _HOUR,
            email=Ltr(answers["email"]),
        ),
        t("Your present address is told too, and can cancel the change."),
    ]
    return Screen(lines, keys=[[MENU_KEY]], edit=turn.pressed)


FORM = Form(
    name=NAME,
    title=t("Change my e-mail address"),
    summary=False,
    steps=(
        present_step(),
        Step(
            "email",
            t("New e-mail"),
            ask=lambda *_: [t("Your new e-mail address? A link to confirm it goes there.")],
            read=read_address,
            check=_check,
            show=Ltr,
        ),
    ),
    submit=_submit,
)
