"""/verify: how the fund's only bot is recognised, what it never asks for, and the way to report a suspicious message."""

from __future__ import annotations

from collections.abc import Callable

from bot import words
from bot.conversations import report
from bot.forms.engine import Forms
from bot.incoming import Kind
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Screen
from kit.text import Ltr, Text, t
from services import requests
from services.access import Standing

NAME = "verify"
REPORT = t("🚩 Report a message")


def places(forms: Forms, username: Callable[[], str | None]) -> tuple[Place, ...]:
    """The place and its form; `username` is the bot's own at Telegram, once it is known."""

    def open_verify(turn: Turn) -> Screen:
        return _verify(turn, username())

    def open_report(turn: Turn, text: str = "") -> Screen:
        if not requests.possible(turn.work):
            return Screen([requests.by_phone(turn.work)], keys=[[MENU_KEY]], edit=turn.pressed)
        return forms.start(turn, report.NAME, answers={"message": text} if text else None)

    def press(turn: Turn, _: str) -> Screen:
        """ "Report this message" under a forwarded one: what it said was kept with the chat."""
        return open_report(turn, str(turn.place.pop("forwarded", "")))

    return (
        Place(
            NAME,
            t("Is it really the fund?"),
            Standing.STRANGER,
            open_verify,
            press,
            described=t("Is it really the fund?"),
        ),
        Place(report.NAME, report.FORM.title, Standing.STRANGER, open_report),
    )


def forwarded(turn: Turn) -> Screen:
    """A forwarded message that nobody asked for: it may be one to report."""
    text = turn.incoming.text.strip()[: requests.LONGEST]
    if not any(map(str.isalnum, text)) or not requests.possible(turn.work):
        return words.cannot_read(Kind.FORWARDED)
    turn.place["forwarded"] = text
    lines = [
        t("I don’t answer forwarded messages. Does this one seem suspicious? The fund’s agents look at it."),
        t("If it is a question of yours, please write it in your own words."),
    ]
    return Screen(lines, keys=[[Button(t("🚩 Report this message"), f"{NAME}:forwarded")], [MENU_KEY]])


def _verify(turn: Turn, username: str | None) -> Screen:
    fund = turn.work.fund.health_fund
    lines: list[Text | None] = [t("<b>Is it really the fund?</b>"), None]
    if username:
        lines.append(
            t(
                "The only assistant of {fund} on Telegram is {bot}. Compare the name letter by letter.",
                fund=Ltr(fund.short_name),
                bot=Ltr(f"@{username}"),
            )
        )
    lines += [
        t(
            "The fund’s own site is {site}, and the space of its participants {portal}.",
            site=Ltr(fund.site),
            portal=Ltr(fund.portal),
        ),
        None,
        t("<b>I never ask for</b>"),
        t("• money, a bank card or an account number;"),
        t("• a code that you got by SMS or from Telegram;"),
        t("• your password, but when you sign in here or choose one yourself;"),
        t("• to be called at another number than the fund’s, {phone}.", phone=Ltr(fund.phone)),
        None,
        t("In doubt, don’t answer: call the fund, or report the message."),
    ]
    keys = [[Button(t("Contact"), "go:contact", lasting=True), MENU_KEY]]
    if requests.possible(turn.work):
        keys.insert(0, [Button(REPORT, f"go:{report.NAME}", lasting=True)])
    return Screen(lines, keys=keys, edit=turn.pressed)
