"""A suspicious message is passed on to the fund's agents: forwarded or typed."""

from __future__ import annotations

from bot.forms.form import Answers, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.readers import read_message
from kit.screen import Screen
from kit.text import Text, t
from services import requests
from services.requests import Kind

NAME = "report"


def _submit(turn: Turn, answers: Answers) -> Screen:
    request = requests.file(
        turn.work,
        Kind.SUSPICIOUS,
        turn.chat.id,
        account_id=turn.who.proven_account,
        language=turn.chat.language,
        text=answers["message"],
    )
    lines: list[Text | None] = [
        t("✅ <b>Thank you.</b> You help to protect others too."),
        None,
        *requests.filed(turn.work, request),
        None,
        t("Don’t answer that message, open nothing in it, and block who sent it."),
    ]
    return Screen(lines, keys=[[MENU_KEY]], edit=turn.pressed)


FORM = Form(
    name=NAME,
    title=t("Report a message"),
    steps=(
        Step(
            "message",
            t("Message"),
            ask=lambda *_: [
                t("Forward the suspicious message here, or type what it says and who sent it."),
                t("<i>Put no password and no code into it.</i>"),
            ],
            read=lambda _turn, _answers, raw: read_message(raw[: requests.LONGEST], requests.LONGEST),
            show=lambda text: text if len(text) <= 300 else f"{text[:300]}…",
            forwarded=True,
        ),
    ),
    submit=_submit,
    confirm=t("Send to the agents"),
)
