"""/notifications: which notices a person gets, and the hours in which none comes. Nothing is on before they said yes.

A notice's own button turns its kind off without a sign-in: whoever is told too much must not need a password to have peace.
"""

from __future__ import annotations

from bot import paging
from bot.forms.words import BACK
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Screen
from kit.text import Ltr, Text, t
from services import notices
from services.access import Standing
from services.notices import Kind, Quiet

NAME = "notifications"
OFFER = t("🔔 Shall I tell you when a new reimbursement arrives?")
YES, NO = t("Yes, tell me"), t("No, thank you")
TOLD = t("Agreed, I will tell you. You can change this with /notifications.")
NOT_TOLD = t("Agreed, I will not write to you unasked. You can change this with /notifications.")
ON = Button(t("🔔 Tell me of new reimbursements"), "go:notices_on", lasting=True)
OFF = Button(t("🔕 Turn these notices off"), "go:notices_off", lasting=True)
_HOURS_IN_A_ROW = 6
_MINUTES = 60


def open_notifications(turn: Turn) -> Screen:
    """What is on, and when it is quiet."""
    turn.place = {"name": NAME}
    work, account = turn.work, turn.who.account_id
    wanted = notices.wants(work, account, Kind.REIMBURSEMENTS)
    lines: list[Text | None] = [
        t("<b>Notifications</b>"),
        None,
        t("🔔 New reimbursements: <b>on</b>. One message for all that arrive together.")
        if wanted
        else t("🔕 New reimbursements: <b>off</b>."),
        t("🔒 The security of your space: <b>always on</b>."),
        None,
        _quiet_line(notices.own_hours(work, account), notices.fund_hours(work)),
    ]
    switch = (
        _button(t("Turn off new reimbursements"), "reimbursements:off")
        if wanted
        else _button(t("Turn on new reimbursements"), "reimbursements:on")
    )
    keys = [[switch], [_button(t("Quiet hours"), "quiet")], [MENU_KEY]]
    return Screen(lines, keys=keys, edit=turn.pressed)


def _quiet_line(own: Quiet | None, funds: Quiet | None) -> Text:
    hours = own or funds
    if hours is None or hours.begins == hours.ends:
        return t("Quiet hours: <b>none</b>. A notice may come at any time.")
    return t(
        "Quiet hours: <b>from {begins} to {ends}</b>. What arrives meanwhile is told afterwards.",
        begins=_time(hours.begins),
        ends=_time(hours.ends),
    )


def press(turn: Turn, argument: str) -> Screen:
    """A button of these screens; one that means nothing shows what is on."""
    verb, _, value = argument.partition(":")
    if verb == Kind.REIMBURSEMENTS:
        notices.set(turn.work, turn.who.account_id, Kind.REIMBURSEMENTS, value == "on", turn.chat.id)
    elif verb == "quiet":
        return _quiet(turn)
    elif verb == "fund":
        notices.set_hours(turn.work, turn.who.account_id, None, turn.chat.id)
    elif verb == "none":
        notices.set_hours(turn.work, turn.who.account_id, Quiet(0, 0), turn.chat.id)
    elif verb == "own":
        return _hours(t("From what time shall it be quiet?"), "from")
    elif verb == "from" and (begins := _minutes(value)) is not None:
        turn.place = {"name": NAME, "begins": begins}
        return _hours(t("Quiet from {begins}, until what time?", begins=_time(begins)), "to", but=begins)
    elif verb == "to" and (ends := _minutes(value)) is not None and "begins" in turn.place:
        hours = Quiet(int(turn.place["begins"]), ends)
        notices.set_hours(turn.work, turn.who.account_id, hours, turn.chat.id)
    return open_notifications(turn)


def _quiet(turn: Turn) -> Screen:
    """The choice of quiet hours."""
    funds = notices.fund_hours(turn.work)
    lines = [
        t("<b>Quiet hours</b>"),
        _quiet_line(notices.own_hours(turn.work, turn.who.account_id), funds),
        t("The times are those of the fund’s seat. What concerns the security of your space comes at once."),
    ]
    keys = [[_button(t("Choose my hours"), "own")], [_button(t("No quiet hours"), "none")]]
    if funds is not None:
        label = t("From {begins} to {ends}", begins=_time(funds.begins), ends=_time(funds.ends))
        keys.insert(0, [_button(label, "fund")])
    return Screen(lines, keys=[*keys, [_button(BACK, "list")]], edit=True)


def _hours(question: Text, verb: str, but: int | None = None) -> Screen:
    hours = [
        _button(t("{time}", time=_time(hour * _MINUTES)), f"{verb}:{hour}")
        for hour in range(24)
        if hour * _MINUTES != but
    ]
    return Screen(
        [question], keys=[*paging.rows(hours, _HOURS_IN_A_ROW), [_button(BACK, "quiet")]], edit=True
    )


def _minutes(value: str) -> int | None:
    """A full hour as a button names it, in minutes after midnight."""
    known = value.isascii() and value.isdecimal() and len(value) < 3 and int(value) < 24
    return int(value) * _MINUTES if known else None


def _time(minutes: int) -> Ltr:
    return Ltr(f"{minutes // 60:02}:{minutes % 60:02}")


def _button(label: Text, action: str) -> Button:
    return Button(label, f"{NAME}:{action}")


def _on(turn: Turn) -> Screen:
    notices.set(turn.work, turn.who.account_id, Kind.REIMBURSEMENTS, True, turn.chat.id)
    return Screen([TOLD], keys=[[OFF], [MENU_KEY]], edit=turn.pressed)


def _off(turn: Turn) -> Screen:
    notices.set(turn.work, turn.who.account_id, Kind.REIMBURSEMENTS, False, turn.chat.id)
    return Screen([NOT_TOLD], keys=[[ON], [MENU_KEY]], edit=turn.pressed)


PLACES = (
    Place(NAME, t("Notifications"), Standing.SIGNED_IN, open_notifications, press),
    Place("notices_on", ON.label, Standing.LINKED, _on, passing=True),
    Place("notices_off", OFF.label, Standing.LINKED, _off, passing=True),
)
