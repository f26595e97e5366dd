"""/guarantees: what the fund covers, by act, and an example worked out on one's own latest line; edited in place.

What the list shows is kept with the chat: name · page · acts: codes of the page's guarantees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot import downloads, paging
from bot.forms.words import BACK
from bot.handlers.reimbursements_words import act_label
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Screen
from kit.text import Ltr, Short, Text, t
from services import consents, guarantees
from services.access import Standing
from services.guarantees import Example, Guarantee, Outcome

NAME = "guarantees"
_ROW = 4
TITLE = t("<b>My guarantees</b>")


def open_guarantees(turn: Turn) -> Screen:
    """The first page."""
    turn.place = {"name": NAME, "page": 1}
    return replace(_list(turn), edit=False)


def press(turn: Turn, argument: str) -> Screen:
    """A button of the list; one that means nothing here shows the list."""
    if turn.place.get("name") != NAME:
        return open_guarantees(turn)
    verb, _, value = argument.partition(":")
    act = _VERBS.get(verb)
    return act(turn, value) if act is not None else _list(turn)


def _list(turn: Turn, _: str = "") -> Screen:
    page = guarantees.page(turn.work, turn.place.get("page", 1))
    turn.place = {"name": NAME, "page": page.number, "acts": [one.act.code for one in page.guarantees]}
    fund = turn.work.fund.health_fund
    if not page.guarantees:
        none = t(
            "The fund has not published its guarantees here yet. It answers you at {phone}.",
            phone=Ltr(fund.phone),
        )
        return Screen([TITLE, None, none], keys=[[MENU_KEY]], edit=True, protect=True)
    lines: list[Text | None] = [TITLE, t("What {fund} covers, by type of care.", fund=fund.short_name)]
    lines += [*paging.heading(page.number, page.pages), None]
    lines += [_short(number, one) for number, one in enumerate(page.guarantees, 1)]
    before, after = (f"{NAME}:page:{number}" for number in (page.number - 1, page.number + 1))
    keys = paging.numbers(len(page.guarantees), f"{NAME}:act", _ROW)
    keys += [paging.turns(page.number, page.pages, before, after), [MENU_KEY]]
    if consents.shows_in_chat(turn.work, turn.who.account_id):
        lines += [None, t("Press a number to see a guarantee and what it gave for your latest care.")]
    else:
        lines += [None, t("Press a number to see a guarantee.")]
    return Screen(lines, keys=keys, edit=True, protect=True)


def _short(number: int, one: Guarantee) -> Text:
    if one.rate is None:
        return t("<b>{n}.</b> {act}", n=number, act=act_label(one.act))
    return t("<b>{n}.</b> {act}: {rate} %", n=number, act=act_label(one.act), rate=one.rate)


def _page(turn: Turn, value: str) -> Screen:
    paging.turn_to(turn.place, value)
    return _list(turn)


def _open(turn: Turn, value: str) -> Screen:
    """A guarantee, with the example."""
    codes: list[str] = turn.place.get("acts", [])
    code = paging.at(codes, value)
    one = guarantees.of_act(turn.work, code) if code is not None else None
    if one is None:
        return _list(turn)
    lines: list[Text | None] = [
        t("<b>Guarantee: {act}</b>", act=act_label(one.act)),
        None,
        _rate(one),
        _ceiling(one),
        None,
    ]
    last = [_button(BACK, "list"), MENU_KEY]
    if not consents.shows_in_chat(turn.work, turn.who.account_id):
        keys = [downloads.show_here(turn, NAME), last]
        return Screen([*lines, *_without_example(turn)], keys=keys, edit=True, protect=True)
    example = guarantees.example(turn.work, turn.who, turn.chat.id, one)
    if example is None:
        lines.append(
            t("You have no reimbursement of this type of care yet: once you have one, it is worked out here.")
        )
    else:
        lines += _example(turn, one, example)
    return Screen(lines, keys=[last], edit=True, protect=True)


def _without_example(turn: Turn) -> list[Text | None]:
    """Why there is none, and what would show one's own care."""
    fund = turn.work.fund
    lines: list[Text | None] = []
    if fund.health_data_in_chat == "page_only":
        lines.append(t("{fund} does not show health data in Telegram.", fund=fund.health_fund.short_name))
    else:
        lines.append(
            t(
                "An example worked out on your own care is shown here only if you agree to health data in this chat."
            )
        )
    if turn.work.house.public_url is not None:
        lines.append(t("You can read your own care on a page outside Telegram: /reimbursements"))
    return lines


def _rate(one: Guarantee) -> Text:
    if one.rate is None:
        return t("Rate: the fund gives none for this type of care.")
    return t("Rate: <b>{rate} %</b>", rate=one.rate)


def _ceiling(one: Guarantee) -> Text:
    if one.ceiling is None:
        return t("Ceiling: the fund gives none for this type of care.")
    match one.period:
        case "act":
            return t("Ceiling: <b>{amount}</b> each time", amount=one.ceiling)
        case "month":
            return t("Ceiling: <b>{amount}</b> in a month", amount=one.ceiling)
        case "year":
            return t("Ceiling: <b>{amount}</b> in a year", amount=one.ceiling)
        case "two_years":
            return t("Ceiling: <b>{amount}</b> in two years", amount=one.ceiling)
        case _:
            return t("Ceiling: <b>{amount}</b> in a lifetime", amount=one.ceiling)


def _example(turn: Turn, one: Guarantee, example: Example) -> list[Text | None]:
    """The line's own figures beside what rate and ceiling give."""
    line = example.line
    lines: list[Text | None] = [
        t("<b>Your latest one, paid on {date}</b>", date=Short(line.payment_date)),
        t("Amount claimed: <b>{amount}</b>", amount=line.claimed),
        t("Paid to the provider by the mandatory scheme: <b>{amount}</b>", amount=line.paid_by_scheme),
    ]
    if example.by_rate is not None and one.rate is not None:
        lines.append(
            t("{rate} % of the amount claimed: <b>{amount}</b>", rate=one.rate, amount=example.by_rate)
        )
    if example.of_ceiling is not None and one.rate is not None:
        lines.append(t("{rate} % of the ceiling: <b>{amount}</b>", rate=one.rate, amount=example.of_ceiling))
    lines += [t("Reimbursed to you: <b>{amount}</b>", amount=line.reimbursed), None]
    lines.append(_why(turn, example))
    if one.ceiling is not None and one.period != "act":
        lines.append(
            t("The ceiling counts all your care of the period; what is left of it, the fund tells you.")
        )
    return lines


def _why(turn: Turn, example: Example) -> Text:
    phone = Ltr(turn.work.fund.health_fund.phone)
    match example.outcome:
        case Outcome.RATE:
            return t("This is exactly what the rate gives.")
        case Outcome.CEILING:
            return t("The rate gives more than the ceiling: you were reimbursed up to the ceiling.")
        case Outcome.RATE_OF_CEILING:
            return t("You claimed more than the ceiling: the rate was applied to the ceiling.")
        case Outcome.REST:
            return t("With what the mandatory scheme paid, the whole amount claimed is covered.")
        case Outcome.LESS:
            return t(
                "This is less than the rate gives. The ceiling of the period, the scheme’s part or the fund’s tariff may be the reason: "
                "the fund tells you at {phone}.",
                phone=phone,
            )
        case Outcome.MORE:
            return t(
                "This is more than the rate gives today; it may have changed since. The fund tells you at {phone}.",
                phone=phone,
            )
        case _:
            return t("How the amount came about, the fund tells you at {phone}.", phone=phone)


def _button(label: Text, action: str) -> Button:
    return Button(label, f"{NAME}:{action}")


_VERBS: dict[str, Callable[[Turn, str], Screen]] = {"list": _list, "page": _page, "act": _open}

PLACE = Place(
    name=NAME,
    label=t("My guarantees"),
    needs=Standing.SIGNED_IN,
    open=open_guarantees,
    press=press,
    described=t("What the fund covers, with your own example"),
)
