"""/forgot, the links of the mails about passwords and addresses where they open the chat, and "It was not me"."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversations import recovery
from bot.forms.engine import Forms
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY, link_expired
from kit.errors import Refused
from kit.screen import Button, Screen
from kit.text import Ltr, Text, t
from services import email_change, not_me
from services import recovery as recovering
from services.access import Standing
from services.one_time import EMAIL_CANCEL, NOT_ME

FORMS = (recovery.FORM, recovery.RESET_FORM)
_MENU = ((MENU_KEY,),)


def place(forms: Forms) -> Place:
    """/forgot; its bound button leaves an open sign-in for it without a question."""

    def begin(turn: Turn, _argument: str = "") -> Screen:
        return forms.start(turn, recovery.NAME)

    return Place(
        recovery.NAME,
        t("Forgotten password?"),
        Standing.STRANGER,
        begin,
        begin,
        described=t("Choose a new password"),
    )


def deep_links(forms: Forms) -> dict[str, Callable[[Turn, str], Screen]]:
    """What the links of the mails open where they lead into the chat, by purpose."""

    def reset(turn: Turn, token: str) -> Screen:
        """The form, in the chat that asked and in no other (TH-33)."""
        link = recovering.look(turn.work, token)
        if link is None or link.chat_id != turn.chat.id:
            return link_expired()
        return forms.start(turn, recovery.RESET, answers={"token": token})

    return {"reset": reset, "email": confirm_email, "keep": ask_to_cancel, "notme": ask_to_lock}


def confirm_email(turn: Turn, token: str) -> Screen:
    """The link to a new address: opening it in the chat that asked is the confirmation."""
    try:
        email_change.confirm(turn.work, token, here=turn.chat.id)
    except Refused:
        return link_expired()
    lines = [t("✅ <b>Your new address is confirmed.</b> You sign in with it from now on.")]
    return Screen(lines, keys=_MENU)


def ask_to_cancel(turn: Turn, token: str) -> Screen:
    """The link from the former address: a press decides."""
    if email_change.look_at_cancel(turn.work, token) is None:
        return link_expired()
    lines = [
        t("Cancel the change of the e-mail address of your space?"),
        t(
            "If the new address is in use already, every chat is signed out and a new password must be chosen."
        ),
    ]
    keys = [[Button(t("Cancel the change"), f"{EMAIL_CANCEL}:{token}", lasting=True)], [MENU_KEY]]
    return Screen(lines, keys=keys)


def cancel_email(turn: Turn, token: str) -> Screen:
    """The press under it."""
    try:
        said = email_change.cancel(turn.work, token, here=turn.chat.id)
    except Refused:
        return link_expired()
    turn.forget_who()
    return Screen(said, keys=[[recovery.FORGOT_KEY], [MENU_KEY]], edit=True)


def ask_to_lock(turn: Turn, token: str) -> Screen:
    """The link from a mail that told of a change: a press decides."""
    account = not_me.look(turn.work, token, turn.chat.id)
    return link_expired() if account is None else _sure(account.email, token)


def not_me_pressed(turn: Turn, token: str) -> Screen:
    """ "It was not me" under the news of a change: asked once, since only the fund can open the space again."""
    sure, _, token = token.rpartition(".")
    account = not_me.look(turn.work, token, turn.chat.id)
    if account is None:
        return link_expired()
    if not sure:
        return _sure(account.email, token)
    said = not_me.lock(turn.work, token, here=turn.chat.id)
    turn.forget_who()
    turn.form, turn.place = None, {}
    return Screen(said, keys=_MENU, edit=True, wipe=True)


def _sure(email: str, token: str) -> Screen:
    lines: list[Text | None] = [
        t("<b>Lock the space of {email}?</b>", email=Ltr(email)),
        t("Nobody will get in any more, you neither, until the fund has checked who you are."),
    ]
    keys = [[Button(t("Yes, lock it"), f"{NOT_ME}:!.{token}", lasting=True)], [MENU_KEY]]
    return Screen(lines, keys=keys)


# Buttons of any age that carry a one-time token of their own, by verb.
TOKENS = {NOT_ME: not_me_pressed, EMAIL_CANCEL: cancel_email}
