"""Changes of the password and of the secret question (SPEC 2.2): the present password first, anew each time."""

from __future__ import annotations

from bot.conversations.secret_steps import DELETED, password_steps, question_of, question_steps, read_typed
from bot.forms.form import Answers, Closed, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.screen import Screen
from kit.text import t
from services import access, credentials
from services.credentials import PRESENT, Account

PASSWORD, QUESTION = "password", "question"


def account_of(turn: Turn) -> Account:
    """The account of who is signed in here. Raises Closed for who no longer is: a form outlives a sign-in."""
    if not turn.who.signed_in:
        raise Closed(Refused("signed_out", t("Your sign-in has ended: sign in again to change this.")))
    return credentials.get(turn.work, turn.who.account_id)


def _prove(turn: Turn, _answers: Answers, password: str) -> None:
    account = account_of(turn)
    try:
        credentials.prove(turn.work, turn.chat, account.id, password)
    except Refused as refused:
        if refused.code != "sign_in_locked":
            raise
        access.lock(turn.work, turn.chat.id)  # whoever sits there doesn't know it
        turn.forget_who()
        raise Closed(refused) from None


def present_step() -> Step:
    """The present password, asked anew."""
    return Step(
        PRESENT,
        t("Present password"),
        ask=lambda *_: [t("Your present password?")],
        in_chat=DELETED,
        autocomplete="current-password",
        read=read_typed,
        check=_prove,
        secret="drop",  # noqa: S106
        proof=True,
    )


def _read_password(turn: Turn, _answers: Answers, raw: str) -> str:
    return credentials.read_password(turn.work, account_of(turn), raw)


def _check_password(turn: Turn, _answers: Answers, password: str) -> None:
    credentials.refuse_former(turn.work, account_of(turn), password)


def _change_password(turn: Turn, answers: Answers) -> Screen:
    credentials.change_password(turn.work, turn.chat, account_of(turn).id, answers["password"])
    lines = [
        t("✅ <b>Your new password is set.</b> Every other chat has been signed out; a mail says so."),
        t("Keep it to yourself: the fund does not answer for carelessness with it."),
    ]
    return Screen(lines, keys=[[MENU_KEY]], edit=turn.pressed)


PASSWORD_FORM = Form(
    name=PASSWORD,
    title=t("Change my password"),
    summary=False,
    steps=(
        present_step(),
        *password_steps(_read_password, check=_check_password, label=t("New password")),
    ),
    submit=_change_password,
)


def _read_answer(turn: Turn, _answers: Answers, raw: str, question: str) -> str:
    return credentials.read_answer(turn.work, account_of(turn), raw, question)


def _change_question(turn: Turn, answers: Answers) -> Screen:
    account = account_of(turn)
    credentials.change_question(turn.work, turn.chat, account.id, question_of(answers), answers["answer"])
    lines = [t("✅ <b>Your secret question is changed.</b> A mail says so.")]
    return Screen(lines, keys=[[MENU_KEY]], edit=turn.pressed)


QUESTION_FORM = Form(
    name=QUESTION,
    title=t("Change my secret question"),
    summary=False,
    steps=(
        present_step(),
        *question_steps(_read_answer, lambda turn, _: account_of(turn).password),
    ),
    submit=_change_question,
)
