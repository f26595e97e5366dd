"""To be called back by the fund, and to write to it. `service`, where one was chosen, is answered before the first question."""

from __future__ import annotations

from typing import Any

from bot.conversations.registration import read_address
from bot.forms.form import Answers, Choice, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.readers import read_message, read_phone
from kit.screen import Screen
from kit.text import Ltr, Text, Value, nt, t
from services import requests
from services.requests import ANSWERS, TIMES, Kind

CALLBACK, WRITE = "callback", "write"
_SUBJECT = 200  # characters
_SHOWN = 300  # characters of a message that the summary repeats


def _file(turn: Turn, kind: Kind, answers: Answers) -> Screen:
    request = requests.file(
        turn.work,
        kind,
        turn.chat.id,
        account_id=turn.who.proven_account,
        language=turn.chat.language,
        text=answers.get("text") or answers.get("subject") or "",
        phone=answers.get("phone") or "",
        email=answers.get("email") or "",
        when=answers.get("when") or answers.get("answer") or "",
        service=answers.get("service") or "",
    )
    return Screen(
        [t("✅ <b>Sent.</b>"), None, *requests.filed(turn.work, request)],
        keys=[[MENU_KEY]],
        edit=turn.pressed,
    )


def phone_step(question: Text, **more: Any) -> Step:
    """The number at which the fund calls."""
    return Step(
        "phone",
        t("Telephone"),
        ask=lambda *_: [question, t("<i>For example {example}.</i>", example=Ltr("06 12 34 56 78"))],
        read=lambda _turn, _answers, raw: read_phone(raw),
        show=Ltr,
        **more,
    )


def _shown(text: Any) -> Value:
    """What was written, or that nothing was; a long text by its beginning."""
    if not text:
        return t("–")
    return str(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _choices(choices: dict[str, Text]) -> Any:
    return lambda *_: [Choice(id, label) for id, label in choices.items()]


def when_step() -> Step:
    """When the fund calls."""
    return Step(
        "when",
        t("When"),
        ask=lambda *_: [t("When does it suit you? The fund calls in its opening hours.")],
        choices=_choices(TIMES),
        show=lambda id: TIMES[id],
    )


CALLBACK_FORM = Form(
    name=CALLBACK,
    title=t("Be called back"),
    steps=(
        phone_step(t("Which number may the fund call?")),
        when_step(),
        Step(
            "subject",
            t("Subject"),
            ask=lambda *_: [
                t("What is it about, in a few words?"),
                t("<i>Only an agent who takes your request reads it. Leave out what is not needed.</i>"),
            ],
            read=lambda _turn, _answers, raw: read_message(raw, _SUBJECT),
            show=_shown,
            optional=True,
        ),
    ),
    submit=lambda turn, answers: _file(turn, Kind.CALLBACK, answers),
    confirm=t("Ask to be called"),
)

WRITE_FORM = Form(
    name=WRITE,
    title=t("Write to the fund"),
    steps=(
        Step(
            "text",
            t("Message"),
            ask=lambda *_: [
                nt(
                    "What would you like to say? Write it in one message, {n} character at most.",
                    "What would you like to say? Write it in one message, {n} characters at most.",
                    requests.LONGEST,
                ),
                t("<i>Only an agent who takes your request reads it. Leave out what is not needed.</i>"),
            ],
            read=lambda _turn, _answers, raw: read_message(raw, requests.LONGEST),
            show=_shown,
        ),
        Step(
            "answer",
            t("Answer"),
            ask=lambda *_: [t("The fund does not answer in this chat yet. How shall it answer you?")],
            choices=_choices(ANSWERS),
            show=lambda id: ANSWERS[id],
        ),
        phone_step(t("At which number?"), when=lambda answers: answers.get("answer") == "by_phone"),
        Step(
            "email",
            t("E-mail"),
            ask=lambda *_: [t("At which e-mail address?")],
            read=read_address,
            show=Ltr,
            when=lambda answers: answers.get("answer") == "by_email" and not answers.get("known"),
        ),
    ),
    submit=lambda turn, answers: _file(turn, Kind.MESSAGE, answers),
    confirm=t("Send"),
)
