"""A forgotten password (SPEC 2.2): the address, the secret question, one answer to all; and the new password, twice."""

from __future__ import annotations

import datetime as dt

from bot.conversations.secret_steps import LOOSELY, LOOSELY_ON_PAGE, password_steps
from bot.forms.form import Answers, Closed, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.readers import read_email
from kit.screen import Button, Screen
from kit.text import Ltr, Text, nt, t
from services import credentials, recovery
from services.secret_answers import QUESTIONS

NAME, RESET = "forgot", "reset"
_LONGEST_ANSWER = 4096
_WITHIN = "within"  # in the form's state: whether the request may lead to a mail
_MINUTE = dt.timedelta(minutes=1)
LOGIN_KEY = Button(t("Sign in"), "go:login", lasting=True)
FORGOT_KEY = Button(t("Forgotten password?"), "go:forgot", lasting=True)


def _count(turn: Turn, _answers: Answers, email: str) -> None:
    """Each address that is entered is a request."""
    try:
        within = recovery.request(turn.work, turn.chat, email)
    except Refused as refused:
        raise Closed(refused) from None
    if turn.form is not None:
        turn.form[_WITHIN] = within


def _ask_answer(turn: Turn, answers: Answers) -> list[Text | None]:
    asked = QUESTIONS.get(recovery.question(turn.work, answers["email"]))
    if asked is None:
        return [t("Your answer to your own question, which only you know?")]
    return [t("Your answer to: {question}", question=asked)]


def _on_page(turn: Turn, answers: Answers) -> list[Text]:
    """A question in one's own words is worded here only; an unknown address has one too (CF-03)."""
    if recovery.question(turn.work, answers["email"]) in QUESTIONS:
        return [LOOSELY_ON_PAGE]
    return [t("“{question}”", question=recovery.wording(turn.work, answers["email"])), LOOSELY_ON_PAGE]


def _read_answer(_turn: Turn, _answers: Answers, raw: str) -> str:
    if not raw.strip() or len(raw) > _LONGEST_ANSWER:
        raise Refused("answer_length", t("Please type your answer."))
    return raw


def _take_answer(turn: Turn, answers: Answers, raw: str) -> None:
    within = turn.form is not None and bool(turn.form.get(_WITHIN))
    recovery.answer(turn.work, turn.chat, answers["email"], raw, within=within)


def _submit(turn: Turn, answers: Answers) -> Screen:
    """The one reply: whether the address is known and the answer right stands in it nowhere."""
    fund = turn.work.fund.health_fund
    lines = [
        t(
            "If the address and the answer are right, a mail is on its way to {email}, with a link to choose a new password.",
            email=Ltr(answers["email"]),
        ),
        nt(
            "The link works once, for {n} minute after the mail has left.",
            "The link works once, for {n} minutes after the mail has left.",
            recovery.AFTER_ACCEPTANCE // _MINUTE,
        ),
        None,
        t(
            "No mail? Look among the unwanted mails, then try again with care: only a few answers are taken in an hour."
        ),
        t(
            "If you no longer have this mailbox or the answer, the fund helps you: {phone}, {email}.",
            phone=Ltr(fund.phone),
            email=Ltr(fund.email),
        ),
    ]
    contact = Button(t("Contact"), "go:contact", lasting=True)
    return Screen(lines, keys=[[LOGIN_KEY], [contact, MENU_KEY]], edit=turn.pressed)


FORM = Form(
    name=NAME,
    title=t("Forgotten password"),
    summary=False,
    steps=(
        Step(
            "email",
            t("E-mail"),
            ask=lambda *_: [t("Which e-mail address do you sign in with?")],
            read=lambda _turn, _answers, raw: read_email(raw).address,
            check=_count,
            show=Ltr,
        ),
        Step(
            "answer",
            t("Secret question"),
            ask=_ask_answer,
            in_chat=LOOSELY,
            on_page=_on_page,
            read=_read_answer,
            check=_take_answer,
            secret="drop",  # noqa: S106
            depends=("email",),
        ),
    ),
    submit=_submit,
)


# ── the link of the mail, where it opens the chat ────────────────────────────────────────────────────────────────────


def _link(turn: Turn, answers: Answers) -> recovery.ResetLink:
    """The link that opened the form, while it is good: it may have ended meanwhile."""
    link = recovery.look(turn.work, answers["token"])
    if link is None:
        raise Closed(
            Refused(
                "link_expired",
                t(
                    "This link is no longer valid. Ask for another one with {command}.",
                    command=Ltr("/forgot"),
                ),
            )
        )
    return link


def _read_password(turn: Turn, answers: Answers, raw: str) -> str:
    return credentials.read_password(turn.work, _link(turn, answers).account, raw)


def _check_password(turn: Turn, answers: Answers, password: str) -> None:
    credentials.refuse_former(turn.work, _link(turn, answers).account, password)


def _reset(turn: Turn, answers: Answers) -> Screen:
    _link(turn, answers)
    recovery.reset(turn.work, answers["token"], answers["password"], here=turn.chat.id)
    turn.forget_who()
    turn.place = {}
    return Screen(recovery.done_lines(), keys=[[LOGIN_KEY], [MENU_KEY]], edit=turn.pressed, wipe=True)


RESET_FORM = Form(
    name=RESET,
    title=t("New password"),
    summary=False,
    lifetime=recovery.LONGEST_LIFE,
    steps=password_steps(_read_password, check=_check_password, label=t("New password")),
    submit=_reset,
)
