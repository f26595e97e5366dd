"""Sign-in (SPEC 2.2): e-mail, password."""

from __future__ import annotations

from bot.conversations.secret_steps import read_typed
from bot.forms.form import Answers, Closed, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.readers import read_email
from kit.screen import Button, Screen
from kit.text import Ltr, Text, t
from services import registration, sign_in

NAME = "login"
_ENDINGS = ("lock", "logout")  # nobody signs in to sign out


def _check(turn: Turn, answers: Answers, password: str) -> None:
    try:
        sign_in.sign_in(turn.work, turn.chat.id, answers["email"], password)
    except Refused as refused:
        raise Closed(refused) if refused.code == "sign_in_locked" else refused from None


def _ask_email(turn: Turn, _: Answers) -> list[Text | None]:
    lines: list[Text | None] = [t("Your e-mail address?")]
    if registration.waiting(turn.work, turn.chat.id) is not None:
        lines.append(
            t(
                "<i>You registered here but have not yet opened the link in the activation mail: that comes first.</i>"
            )
        )
    return lines


def _submit(turn: Turn, _: Answers) -> Screen:
    turn.forget_who()
    then = (turn.form or {}).get("then")
    turn.next = then or "menu"
    return Screen([t("You are signed in.")] if then else ())  # the menu says so itself


FORM = Form(
    name=NAME,
    title=t("Sign in"),
    summary=False,
    steps=(
        Step(
            "email",
            t("E-mail"),
            ask=_ask_email,
            read=lambda _turn, _answers, raw: read_email(raw).address,
            show=Ltr,
        ),
        Step(
            "password",
            t("Password"),
            ask=lambda *_: [t("Your password?")],
            in_chat=(t("<i>I delete your message as soon as I have read it.</i>"),),
            autocomplete="current-password",
            read=read_typed,
            check=_check,
            secret="drop",  # noqa: S106
            beside=(Button(t("Forgotten password?"), "forgot:here"),),
        ),
    ),
    submit=_submit,
)


def first(turn: Turn, then: str) -> Screen:
    """What a place answers that needs a sign-in: why, and the way to one or to a space. `then` follows the sign-in."""
    if then in _ENDINGS:
        keys = [[Button(t("Sign in"), "go:login", lasting=True)], [MENU_KEY]]
        return Screen([t("No space is open in this chat.")], keys=keys, edit=turn.pressed)
    lines = [t("This is personal: please sign in first. You come back here after it.")]
    keys = [
        [Button(t("Sign in"), f"{NAME}:{then}")],
        [Button(t("Create my space"), "go:register", lasting=True)],
    ]
    return Screen(lines, keys=keys, edit=turn.pressed)
