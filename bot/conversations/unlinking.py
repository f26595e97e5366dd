"""Another chat is unlinked: the password first, since a sign-in alone must not put its owner's other devices out (TH-09)."""

from __future__ import annotations

from bot.conversations.credentials import account_of, present_step
from bot.forms.form import Answers, Form
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Screen
from kit.text import t
from services import profile

NAME = "unlink"
CHAT = "chat"  # the answer that is given from the start: whose link


def _submit(turn: Turn, answers: Answers) -> Screen:
    account_of(turn)
    profile.unlink(turn.work, turn.who, turn.chat, answers[CHAT])
    keys = [[Button(t("My profile"), "go:profile", lasting=True)], [MENU_KEY]]
    return Screen([t("The chat is unlinked.")], keys=keys, edit=turn.pressed)


FORM = Form(name=NAME, title=t("Unlink a chat"), summary=False, steps=(present_step(),), submit=_submit)
