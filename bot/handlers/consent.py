"""The consent to health data in Telegram: asked before the first of them, and taken back as easily as it was given (law 09-08)."""

from __future__ import annotations

from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Link, Screen
from kit.text import Ltr, Text, t
from services import consents
from services.access import Standing

NAME = "consent"
# Whoever said no reads on without what says something about health.
AS_BEFORE = Button(t("My reimbursements"), "go:reimbursements", lasting=True)


def bar(turn: Turn, then: str) -> Screen | None:
    """What stands before a place that shows health data: None once the consent is given, else the question.

    `then` is the place that follows it. Where the fund shows no health data in chats, nothing follows.
    """
    if turn.work.fund.health_data_in_chat == "page_only":
        return _elsewhere(turn)
    return None if consents.has(turn.work, turn.who.account_id, "telegram") else ask(turn, then)


def ask(turn: Turn, then: str | None = None) -> Screen:
    """The question, and what saying yes means."""
    turn.place = {"name": NAME, "then": then}
    lines = [
        t("<b>May I show your health data in this chat?</b>"),
        None,
        t(
            "What you were reimbursed for says something about your health and your family’s. "
            "To show it here, it has to pass through Telegram."
        ),
        t("• Telegram’s servers are abroad, outside Morocco."),
        t("• A chat with a bot is not end-to-end encrypted: Telegram could read it."),
        t(
            "• Whoever holds your phone, or opens your Telegram on another device, can read what stays in the chat."
        ),
        None,
        *([] if turn.work.house.public_url is not None else [_no_page(turn)]),
        t(
            "You are free to refuse: everything else goes on as before. "
            "Under law 09-08 you may withdraw your consent at any time, with /privacy."
        ),
    ]
    keys = [[Button(t("I agree"), f"{NAME}:agree")], [Button(t("No"), f"{NAME}:no")]]
    return Screen(lines, keys=keys, edit=turn.pressed)


def _no_page(turn: Turn) -> Text:
    """Why no page takes the chat's place."""
    return t(
        "I have no page outside Telegram on which you could read or download them instead. "
        "Without this chat, the fund gives them to you: {phone}",
        phone=Ltr(turn.work.fund.health_fund.phone),
    )


def open_consent(turn: Turn) -> Screen:
    """What was agreed to, and the way to take it back; the question, where nothing was."""
    if turn.work.fund.health_data_in_chat == "page_only":
        return _elsewhere(turn)
    given = consents.since(turn.work, turn.who.account_id, "telegram")
    if given is None:  # asked again where a button had grown old: what was to follow the yes still follows it
        return ask(turn, turn.place.get("then") if turn.place.get("name") == NAME else None)
    lines = [
        t("<b>Health data in this chat</b>"),
        t(
            "On {date} you agreed that your health data are shown in Telegram, whose servers are abroad.",
            date=given,
        ),
        t("You may withdraw this consent at any time; nothing of the kind is shown here from then on."),
    ]
    return Screen(
        lines, keys=[[Button(t("Withdraw my consent"), f"{NAME}:revoke")], [MENU_KEY]], edit=turn.pressed
    )


def press(turn: Turn, argument: str) -> Screen:
    """The answer to the question, or the consent taken back. After a yes the place that was asked for follows."""
    match argument:
        case "agree":
            return _agree(turn)
        case "no":
            return _refuse(turn)
        case "revoke":
            return _revoke(turn)
        case _ if argument.startswith("for:") and (question := bar(turn, argument[4:])) is not None:
            return question
        case _:
            return open_consent(turn)


def _agree(turn: Turn) -> Screen:
    consents.give(turn.work, turn.who.account_id, "telegram", turn.chat.id)
    turn.next = turn.place.pop("then", None)
    lines = [t("Thank you, your consent is recorded."), t("You can withdraw it at any time with /privacy.")]
    return Screen(lines, keys=[] if turn.next else [[MENU_KEY]], edit=True)


def _refuse(turn: Turn) -> Screen:
    turn.place = {}
    lines = [
        t("Understood: your health data will not be shown in this chat."),
        t("If you change your mind, open your reimbursements again, or /privacy."),
    ]
    return Screen(lines, keys=[[AS_BEFORE, MENU_KEY]], edit=True, wipe=True)


def _revoke(turn: Turn) -> Screen:
    consents.revoke(turn.work, turn.who.account_id, "telegram", turn.chat.id)
    turn.place = {}
    lines = [
        t("Your consent is withdrawn: no health data are shown in this chat from now on."),
        t("What was shown in the last two days is being deleted from it."),
        t("If you change your mind, open your reimbursements again, or /privacy."),
    ]
    return Screen(lines, keys=[[MENU_KEY]], edit=True, wipe=True)


def _elsewhere(turn: Turn) -> Screen:
    fund = turn.work.fund.health_fund
    lines = [
        t("{fund} does not show health data in Telegram.", fund=fund.short_name),
        t("You can read your reimbursements on its portal: {link}", link=Ltr(fund.portal)),
    ]
    if turn.work.house.public_url is None:
        lines.append(_no_page(turn))
    return Screen(lines, keys=[[Link(t("Open the portal"), fund.portal)], [MENU_KEY]], edit=turn.pressed)


PLACE = Place(
    name=NAME, label=t("Health data in this chat"), needs=Standing.SIGNED_IN, open=open_consent, press=press
)
