"""What the fund has on file is wrong: which entry, and what is right. An agent corrects the file, not the bot (law 09-08)."""

from __future__ import annotations

from bot.forms.form import Answers, Choice, Closed, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.screen import Screen
from kit.text import nt, t
from services import requests
from services.requests import FIELDS, Kind

NAME = "rectification"
LONGEST = 500  # characters


def _read(_turn: Turn, _answers: Answers, raw: str) -> str:
    said = " ".join(raw.split())
    if not said:
        raise Refused("text_empty", t("Please write what it should say."))
    if len(said) > LONGEST:
        raise Refused(
            "text_long",
            nt("Please keep it under {n} character.", "Please keep it under {n} characters.", LONGEST),
        )
    return said


def _submit(turn: Turn, answers: Answers) -> Screen:
    if not turn.who.signed_in:
        raise Closed(Refused("signed_out", t("Your sign-in has ended: sign in again, then start anew.")))
    request = requests.file(
        turn.work,
        Kind.RECTIFICATION,
        turn.chat.id,
        account_id=turn.who.account_id,
        language=turn.chat.language,
        text=answers["right"],
        about=answers["field"],
    )
    return Screen(requests.filed(turn.work, request), keys=[[MENU_KEY]], edit=turn.pressed)


FORM = Form(
    name=NAME,
    title=t("Correct my data"),
    summary=True,
    steps=(
        Step(
            "field",
            t("What is wrong"),
            ask=lambda *_: [
                t("What is wrong in what the fund has on file?"),
                t("<i>The e-mail you sign in with is changed in your profile, not here.</i>"),
            ],
            choices=lambda *_: [Choice(id, label) for id, label in FIELDS.items()],
            show=lambda id: FIELDS[id],
        ),
        Step(
            "right",
            t("What is right"),
            ask=lambda *_: [
                t("What should it say? An agent of the fund may ask you for a document that shows it."),
            ],
            read=_read,
            show=str,
        ),
    ),
    submit=_submit,
)
