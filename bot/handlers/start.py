"""/start, /menu, /help, /language: the ways in that need nothing."""

from __future__ import annotations

from bot.places import Place
from bot.turn import Turn
from kit.clock import to_ms
from kit.language import LANGUAGES
from kit.screen import Button, Screen
from kit.text import Ltr, Text, t
from services import opening_hours
from services.access import Standing

ONCE_MS = 2_000  # /start again within this time is answered already (BI-82)


def _key(label: Text, place: str) -> Button:
    return Button(label, f"go:{place}", lasting=True)


# What the menu offers, most needed first, two in a row: a phone is narrow.
_REIMBURSEMENTS = _key(t("My reimbursements"), "reimbursements")
_STATEMENTS = _key(t("My statements"), "statements")
_GUARANTEES = _key(t("My guarantees"), "guarantees")
_NOTIFICATIONS = _key(t("Notifications"), "notifications")
_PROFILE = _key(t("My profile"), "profile")
_LOGIN = _key(t("Sign in"), "login")
_LOGOUT = _key(t("Sign out"), "logout")
_FAQ = _key(t("Questions and answers"), "faq")
_CONTACT = _key(t("Contact"), "contact")
_DOCUMENTS = _key(t("Documents"), "documents")
_ABOUT = _key(t("About the fund"), "about")
_VERIFY = _key(t("Is it really us?"), "verify")
_LAST = (_key(t("Français / العربية"), "language"), _key(t("Help"), "help"))
MENU: dict[Standing, tuple[tuple[Button, ...], ...]] = {
    Standing.STRANGER: (
        (_key(t("Create my space"), "register"), _LOGIN),
        (_key(t("Forgotten password?"), "forgot"), _FAQ),
        (_CONTACT, _DOCUMENTS),
        (_ABOUT, _VERIFY),
        _LAST,
    ),
    Standing.LINKED: (
        (_REIMBURSEMENTS, _LOGIN),
        (_STATEMENTS, _GUARANTEES),
        (_FAQ, _CONTACT),
        (_DOCUMENTS, _VERIFY),
        (_ABOUT, _LOGOUT),
        _LAST,
    ),
    Standing.SIGNED_IN: (
        (_REIMBURSEMENTS, _STATEMENTS),
        (_GUARANTEES, _FAQ),
        (_CONTACT, _DOCUMENTS),
        (_PROFILE, _NOTIFICATIONS),
        (_ABOUT, _VERIFY),
        (_key(t("Lock"), "lock"), _LOGOUT),
        _LAST,
    ),
}
GREETING: dict[Standing, Text] = {
    Standing.STRANGER: t("Is it your first time? Create your space. Do you have one? Sign in."),
    Standing.LINKED: t("This chat knows you, but you need to sign in again to see personal data."),
    Standing.SIGNED_IN: t("You are signed in. What would you like to see?"),
}
# What /help lists, by topic: commands, and what they do.
HELP: tuple[tuple[Text, tuple[Text, ...]], ...] = (
    (
        t("<b>My space</b>"),
        (
            t("{command}: create your participant space", command=Ltr("/register")),
            t(
                "{login}: sign in · {lock}: end the sign-in at once · {logout}: forget this chat",
                login=Ltr("/login"),
                lock=Ltr("/lock"),
                logout=Ltr("/logout"),
            ),
            t("{command}: choose a new password when you have forgotten yours", command=Ltr("/forgot")),
            t("{command}: when I write to you, and when not", command=Ltr("/notifications")),
            t("{command}: your data, your chats, who saw your file", command=Ltr("/profile")),
            t("{command}: your data and your consent", command=Ltr("/privacy")),
        ),
    ),
    (
        t("<b>My care</b>"),
        (
            t("{command}: your latest reimbursements, line by line", command=Ltr("/reimbursements")),
            t("{command}: your statements as PDF, by year", command=Ltr("/statements")),
            t("{command}: what the fund covers, with your own example", command=Ltr("/guarantees")),
        ),
    ),
    (
        t("<b>The fund</b>"),
        (
            t("{command}: questions and answers; or just write yours", command=Ltr("/faq")),
            t("{command}: forms and guides", command=Ltr("/documents")),
            t("{command}: telephone, e-mail, to be called back, to write", command=Ltr("/contact")),
            t("{command}: recognise the fund’s only assistant, report a message", command=Ltr("/verify")),
            t("{command}: who the fund is", command=Ltr("/about")),
        ),
    ),
    (
        t("<b>Here</b>"),
        (
            t(
                "{language}: French or Arabic · {cancel}: stop what is under way",
                language=Ltr("/language"),
                cancel=Ltr("/cancel"),
            ),
        ),
    ),
)


def welcome(turn: Turn) -> Screen:
    """The first words: who speaks, what it does, the language found, and how to change it. A drumming thumb gets them once."""
    state, now = turn.chat.state, to_ms(turn.work.now)
    drummed, state["welcomed"] = now - state.get("welcomed", 0) < ONCE_MS, now
    if drummed:
        return Screen(())
    fund = turn.work.fund
    lines = [
        t(
            "Hello, I am <b>Rafiq</b>, the assistant of {fund} ({short}).",
            fund=fund.name,
            short=Ltr(fund.health_fund.short_name),
        ),
        t("With me you follow your reimbursements, at any hour, in French or in Arabic."),
    ]
    menu_screen = menu(turn)
    return Screen([*lines, None, *menu_screen.lines], keys=menu_screen.keys)


def menu(turn: Turn) -> Screen:
    """What can be done from here, by who is here."""
    standing = turn.who.standing
    return Screen([GREETING[standing]], keys=MENU[standing], edit=turn.pressed)


def help_screen(turn: Turn) -> Screen:
    """What the bot does, by topic, and how to reach a person."""
    fund = turn.work.fund
    lines: list[Text | None] = [t("<b>What I do</b>"), None]
    for title, commands in HELP:
        lines += [title, *commands, None]
    lines += [
        t("<b>To reach a person</b>"),
        t(
            "Telephone {phone}, e-mail {email}.",
            phone=Ltr(fund.health_fund.phone),
            email=Ltr(fund.health_fund.email),
        ),
        opening_hours.week(fund),
        None,
        t("I never ask for your bank card, and your password only when you sign in or choose one."),
    ]
    keys = [[_key(t("Contact"), "contact"), _key(t("Menu"), "menu")]]
    return Screen(lines, keys=keys, edit=turn.pressed)


def language(turn: Turn) -> Screen:
    """The choice of language, said in both."""
    keys = [[Button(t("Français"), "language:fr"), Button(t("العربية"), "language:ar")]]
    return Screen([t("Choose your language · اختر لغتك")], keys=keys, edit=turn.pressed)


def choose_language(turn: Turn, argument: str) -> Screen:
    """The language is chosen for good; the answer is already in it, and goes on from there."""
    for known in LANGUAGES:
        if known == argument:
            turn.chat.language, turn.chat.language_chosen = known, True
    said = t("From now on I speak English with you.")
    if turn.form is not None:
        return Screen([said], edit=True)
    here = menu(turn)
    return Screen([said, None, *here.lines], keys=here.keys, edit=True)


PLACES = (
    Place("start", t("Start"), Standing.STRANGER, welcome, described=t("Start")),
    Place("menu", t("Menu"), Standing.STRANGER, menu, described=t("What I can do for you")),
    Place(
        "help",
        t("Help"),
        Standing.STRANGER,
        help_screen,
        passing=True,
        described=t("Help, and how to reach a person"),
    ),
    Place(
        "language",
        t("Language"),
        Standing.STRANGER,
        language,
        choose_language,
        passing=True,
        described=t("Français / العربية"),
    ),
)
