"""/privacy: what is kept and why, in plain words, and the consents with the way to take them back (law 09-08)."""

from __future__ import annotations

from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Screen
from kit.text import Ltr, Text, t
from services.access import Standing


def open_privacy(turn: Turn) -> Screen:
    """The notice."""
    fund = turn.work.fund
    lines: list[Text | None] = [
        t("<b>Your data</b>"),
        t("{fund} is responsible for them, under law 09-08.", fund=fund.name),
        t("• Your identity, your e-mail and your language, to recognise you; they are kept encrypted."),
        t("• Your password and your secret answer, as fingerprints that nobody can read back."),
        t("• Your reimbursements, which are the fund’s archive; they are shown to you only."),
        t("• Who signed in and who read what, and when."),
        None,
        t("To see, correct or object to your data, write to {email}.", email=Ltr(fund.health_fund.email)),
    ]
    keys = [[MENU_KEY]]
    if turn.who.signed_in:
        keys.insert(0, [Button(t("Health data in this chat"), "go:consent", lasting=True)])
    return Screen(lines, keys=keys, edit=turn.pressed)


PLACE = Place(
    "privacy", t("Privacy"), Standing.STRANGER, open_privacy, described=t("Your data and your consents")
)
