"""Correction of a mistyped address before the activation (SPEC 2.1)."""

from __future__ import annotations

from bot.conversations.registration import WAITING_KEYS, read_address, waiting_lines
from bot.forms.form import Answers, Form, Step
from bot.turn import Turn
from bot.words import nothing_waits
from kit.screen import Screen
from kit.text import Ltr, t
from services import registration

NAME = "address"


def _submit(turn: Turn, answers: Answers) -> Screen:
    corrected = registration.correct_address(turn.work, turn.chat.id, answers["email"])
    if corrected is None:
        return nothing_waits()
    return Screen(
        [t("The address is corrected."), *waiting_lines(turn, answers["email"])],
        keys=WAITING_KEYS,
        edit=turn.pressed,
    )


FORM = Form(
    name=NAME,
    title=t("Correct the address"),
    summary=False,
    steps=(
        Step(
            "email",
            t("E-mail"),
            ask=lambda *_: [
                t("Your right e-mail address? The activation link sent before will no longer work.")
            ],
            read=read_address,
            show=Ltr,
        ),
    ),
    submit=_submit,
)
