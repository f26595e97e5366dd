"""/password, /question, /email: the changes that the present password opens."""

from __future__ import annotations

from functools import partial

from bot.conversations import credentials, email_change
from bot.forms.engine import Forms
from bot.places import Place
from bot.turn import Turn
from kit.screen import Screen
from kit.text import t
from services.access import Standing

FORMS = (credentials.PASSWORD_FORM, credentials.QUESTION_FORM, email_change.FORM)


def places(forms: Forms) -> tuple[Place, ...]:
    """Each opens its form; the profile leads there."""

    def begin(name: str, turn: Turn) -> Screen:
        return forms.start(turn, name)

    return tuple(
        Place(name, label, Standing.SIGNED_IN, partial(begin, name))
        for name, label in (
            (credentials.PASSWORD, t("Change my password")),
            (credentials.QUESTION, t("Change my secret question")),
            (email_change.NAME, t("Change my e-mail address")),
        )
    )
