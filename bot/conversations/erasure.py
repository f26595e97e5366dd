"""The space is erased: what goes and what stays, the password, and a last press (law 09-08)."""

from __future__ import annotations

from bot.conversations.credentials import account_of, present_step
from bot.forms.form import Answers, Choice, Form, Step
from bot.turn import Turn
from kit.screen import Button, Screen
from kit.text import Text, t
from services import erasure

NAME = "erasure"


def _ask(_turn: Turn, _answers: Answers) -> list[Text | None]:
    return [
        t("<b>What is erased</b>"),
        t("• your space: its e-mail, password, secret question, language and notifications"),
        t("• its links to all your chats, and what was written there in the last two days"),
        t("• the text of your requests to the fund"),
        None,
        t("<b>What stays</b>"),
        t("• the fund’s own file: your identity, your family, your reimbursements and statements"),
        t("• who did what and what you agreed to, under a number that leads to nobody, as proof"),
        t("• a mark without your name, so that no backup brings your space back"),
        None,
        t("It can’t be undone. You may create a new space at any time."),
    ]


def _submit(turn: Turn, _: Answers) -> Screen:
    account = account_of(turn)
    erasure.erase(turn.work, turn.chat, account.id)
    turn.forget_who()
    lines = [
        t("<b>Your space is erased.</b> A mail confirms it."),
        t(
            "Older messages than two days I can’t delete: remove this chat in Telegram, and they are gone too."
        ),
        t("I wish you good health."),
    ]
    return Screen(lines, keys=[[Button(t("Menu"), "go:menu", lasting=True)]])


FORM = Form(
    name=NAME,
    title=t("Erase my space"),
    confirm=t("Erase my space for good"),
    steps=(
        Step(
            "understood",
            t("To be erased"),
            ask=_ask,
            choices=lambda *_: [Choice("all", t("Go on, I have read it"))],
            show=lambda _: t("my space, its chats, what was written there"),
            editable=False,
        ),
        present_step(),
    ),
    submit=_submit,
)
