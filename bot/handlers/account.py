"""/register, /login, /logout, /lock, and what a registration does while it waits for its activation."""

from __future__ import annotations

from bot.conversations import address, registration, sign_in
from bot.forms.engine import Forms
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY, link_expired, nothing_waits
from kit.errors import Refused
from kit.screen import Button, Screen
from kit.text import t
from services import registration as registering
from services import sign_in as signing
from services.access import Standing


def places(forms: Forms) -> tuple[Place, ...]:
    """The places of the account; three of them open forms."""

    def register(turn: Turn) -> Screen:
        if turn.who.standing >= Standing.LINKED:
            lines = [t("This chat has a space already. Sign out first to create another one.")]
            return Screen(lines, keys=[[MENU_KEY]], edit=turn.pressed)
        waiting = registering.waiting(turn.work, turn.chat.id)
        if waiting is not None:
            keys = [
                *registration.WAITING_KEYS,
                [Button(t("Start again from the beginning"), "register:again")],
            ]
            return Screen(
                registration.waiting_lines(turn, waiting.data["email"]), keys=keys, edit=turn.pressed
            )
        return begin(turn)

    def begin(turn: Turn, _argument: str = "") -> Screen:
        try:
            registering.may_begin(turn.work, turn.chat.id)
        except Refused as refused:
            return Screen([refused.text], keys=[[MENU_KEY]], edit=turn.pressed)
        return forms.start(turn, registration.NAME)

    def login(turn: Turn) -> Screen:
        if turn.who.signed_in:
            return Screen([t("You are signed in already.")], keys=[[MENU_KEY]], edit=turn.pressed)
        return forms.start(turn, sign_in.NAME)

    def login_for(turn: Turn, then: str) -> Screen:
        if turn.who.signed_in:
            turn.next = then
            return Screen([t("You are signed in already.")])
        return forms.start(turn, sign_in.NAME, then=then)

    def correct(turn: Turn) -> Screen:
        if registering.waiting(turn.work, turn.chat.id) is None:
            return nothing_waits()
        return forms.start(turn, address.NAME)

    return (
        Place(
            "register",
            t("Create my space"),
            Standing.STRANGER,
            register,
            begin,
            described=t("Create my space"),
        ),
        Place("login", t("Sign in"), Standing.STRANGER, login, login_for, described=t("Sign in")),
        Place("lock", t("Lock"), Standing.LINKED, _lock, described=t("End the sign-in at once")),
        Place(
            "logout", t("Sign out"), Standing.LINKED, _log_out, described=t("Sign out and forget this chat")
        ),
        Place("resend", t("Send the mail again"), Standing.STRANGER, _resend),
        Place("address", t("Correct the address"), Standing.STRANGER, correct),
    )


def _log_out(turn: Turn) -> Screen:
    signing.sign_out(turn.work, turn.chat.id, turn.who.account_id)
    turn.forget_who()
    turn.place = {}
    lines = [t("You are signed out, and this chat is no longer linked to your space.")]
    return Screen(
        lines,
        keys=[[Button(t("Sign in"), "go:login", lasting=True)], [MENU_KEY]],
        edit=turn.pressed,
        wipe=True,
    )


def _lock(turn: Turn) -> Screen:
    signing.lock(turn.work, turn.chat.id, turn.who.account_id)
    turn.forget_who()
    turn.place = {}
    lines = [t("🔒 Locked. Personal data need your password again.")]
    return Screen(
        lines,
        keys=[[Button(t("Sign in"), "go:login", lasting=True)], [MENU_KEY]],
        edit=turn.pressed,
        wipe=True,
    )


def _resend(turn: Turn) -> Screen:
    try:
        registration_row = registering.resend(turn.work, turn.chat.id)
    except Refused as refused:
        return Screen([refused.text], keys=registration.WAITING_KEYS, edit=turn.pressed)
    if registration_row is None:
        return nothing_waits()
    lines = registration.waiting_lines(turn, registration_row.data["email"])
    if not registering.awaits_agent(registration_row):
        lines.insert(0, t("A new activation mail is on its way; the link in the former one no longer works."))
    return Screen(lines, keys=registration.WAITING_KEYS, edit=turn.pressed)


def activation_link(turn: Turn, token: str) -> Screen:
    """A deep link from the activation mail: it opens in the chat that registered, and in no other (TH-04)."""
    if registering.peek(turn.work, token) != turn.chat.id:
        return link_expired()
    try:
        registering.activate(turn.work, token)
    except Refused:
        return link_expired()
    turn.forget_who()
    turn.form = None
    return registering.activated()
