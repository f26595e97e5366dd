"""Registration (SPEC 2.1): ten questions in the guide's order, a summary, Confirm."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from bot.forms.form import Answers, Choice, Closed, Doubt, Form, Step
from bot.turn import Turn
from kit.errors import Refused
from kit.readers import read_birth_date, read_email, read_matricule, read_name, suggest_email
from kit.screen import Button, Screen
from kit.text import Code, Ltr, Text, Value, t
from services import registration
from services.holder import Holder
from services.passwords import check_password
from services.registration import Identity
from services.secret_answers import QUESTIONS, check_answer, read_own_question

NAME = "register"
_OWN = "own"
_OWN_PREFIX = "own:"


def _identity(answers: Answers, born: str) -> Identity:
    return Identity(
        answers["matricule"], answers["last_name"], answers["first_name"], dt.date.fromisoformat(born)
    )


def _holder(answers: Answers) -> Holder:
    born = answers.get("birth_date")
    return Holder(
        matricule=answers.get("matricule", ""),
        last_name=answers.get("last_name", ""),
        first_name=answers.get("first_name", ""),
        birth_date=dt.date.fromisoformat(born) if born else None,
        email=answers.get("email", ""),
    )


def _check_identity(turn: Turn, answers: Answers, born: str) -> None:
    try:
        registration.identify(turn.work, turn.chat.id, _identity(answers, born))
    except Refused as refused:
        raise Closed(refused) if refused.at is None else refused from None


def _read_birth_date(turn: Turn, _: Answers, raw: str) -> str:
    return read_birth_date(raw, turn.work.now.date()).isoformat()


def read_address(_turn: Turn, answers: Answers, raw: str) -> str:
    """An e-mail, with a question back where its domain looks like a slip of a well-known one."""
    email = read_email(raw)
    probable = suggest_email(email.address)
    if probable is not None:
        offers = [
            (t("Yes: {email}", email=Ltr(probable)), probable),
            (t("No, keep {email}", email=Ltr(email.shown)), email.address),
        ]
        raise Doubt(t("Did you mean {email}?", email=Ltr(probable)), offers)
    return email.address


def ask_password(turn: Turn) -> list[Text | None]:
    """The words before a password is chosen: the fund's policy."""
    policy = turn.work.fund.password_policy
    return [
        t(
            "Choose a password of {minimum} to {maximum} characters with at least {digits} digits.",
            minimum=policy.minimum,
            maximum=policy.maximum,
            digits=policy.digits,
        ),
    ]


TYPED_IN_CHAT = (
    None,
    t(
        "<i>I delete your message as soon as I have read it and keep no readable copy; your devices may show it for a moment.</i>"
    ),
)
NOT_GUESSED = (
    t("No word of your name, your birth date, your address or the fund, and none that many people use."),
)


def _read_password(turn: Turn, answers: Answers, raw: str) -> str:
    return check_password(raw, turn.work.fund.password_policy, _holder(answers))


def _check_repetition(turn: Turn, answers: Answers, typed: str) -> None:
    """The second entry against the hash of the first; where they differ nothing is kept of either (BI-26)."""
    if not turn.work.need("verify", answers["password"], typed):
        raise Refused(
            "passwords_differ",
            t("The two passwords are not the same. Please choose it again."),
            at="password",
        )


def _composed(typed: str) -> str:
    """A password as it is hashed: é is one character, whatever the keyboard sends (BI-21)."""
    return unicodedata.normalize("NFKC", typed)


def _questions(_turn: Turn, _answers: Answers) -> list[Choice]:
    own = Choice(_OWN, t("A question of my own"))
    return [*(Choice(id, text) for id, text in QUESTIONS.items()), own]


def _show_question(value: Any) -> Value:
    return QUESTIONS.get(str(value), t("a question of my own"))


def _worded(turn: Turn, answers: Answers) -> Value:
    """The question as the person reads it."""
    chosen = str(answers["question"])
    if chosen != _OWN:
        return QUESTIONS[chosen]
    return str(answers.get("own_question") or "") or t("a question of my own")


def _plain_question(answers: Answers) -> str:
    chosen = str(answers["question"])
    return str(answers["own_question"]) if chosen == _OWN else QUESTIONS[chosen].id


def _read_answer(_turn: Turn, answers: Answers, raw: str) -> str:
    return check_answer(raw, _plain_question(answers), _holder(answers))


def _check_answer(turn: Turn, answers: Answers, _answer: str) -> None:
    """The answer is asked of people who forgot the password: it can't be the password."""
    if turn.work.need("verify", answers["password"], _composed(turn.incoming.text.strip())):
        raise Refused("answer_is_password", t("The answer can’t be your password: type another one."))


def _ask_consent(turn: Turn, _: Answers) -> list[Text | None]:
    return [
        t(
            "To show you your reimbursements, {fund} keeps and processes your health data, "
            "under law 09-08 on the protection of personal data.",
            fund=turn.work.fund.name,
        ),
        t("You may see, correct and object to them at any time: /privacy."),
        None,
        t("Do you agree?"),
    ]


def _check_consent(_turn: Turn, _answers: Answers, value: str) -> None:
    if value != "yes":
        raise Refused(
            "consent_needed",
            t("Without your agreement no space can be created. You can also stop here: nothing is kept."),
        )


def _submit(turn: Turn, answers: Answers) -> Screen:
    kept = {
        "email": answers["email"],
        "password": answers["password"],
        "question": answers["own_question"] if answers["question"] == _OWN else answers["question"],
        "own_question": answers["question"] == _OWN,
        "answer": answers["answer"],
        "language": turn.chat.language,
    }
    registration.confirm(turn.work, turn.chat.id, _identity(answers, answers["birth_date"]), kept)
    return Screen(
        [t("✅ <b>Your account is created.</b>"), *waiting_lines(turn, answers["email"])],
        keys=WAITING_KEYS,
        edit=turn.pressed,
    )


def waiting_lines(turn: Turn, email: str) -> list[Text | None]:
    """What is said while a registration waits: for its activation, or for an agent first. The same for known and unknown."""
    if turn.work.fund.identity_gate == "agent":
        return [
            t(
                "The fund checks your identity first; the activation mail then reaches you at {email}.",
                email=Ltr(email),
            )
        ]
    if turn.work.fund.identity_gate == "directory_email":
        return [
            t("An activation mail will reach you in a few minutes, at the address that the fund has of you."),
            t("Its link is good for 24 hours, once."),
        ]
    return [
        t(
            "An activation mail will reach you in a few minutes at {email}. Its link is good for 24 hours, once.",
            email=Ltr(email),
        ),
        None,
        t("No mail? Look among the unwanted mails first."),
    ]


WAITING_KEYS = (
    (Button(t("Send the mail again"), "go:resend", lasting=True),),
    (Button(t("Correct the address"), "go:address", lasting=True),),
)

FORM = Form(
    name=NAME,
    title=t("Create my space"),
    intro=lambda turn: [
        t("Welcome. Ten short questions open your participant space; have your membership card at hand."),
        t("You can go back or stop at any time."),
    ],
    steps=(
        Step(
            "matricule",
            t("Matricule"),
            ask=lambda turn, _: [
                t(
                    "What is your {fund} matricule? It is printed on your membership card.",
                    fund=turn.work.fund.health_fund.short_name,
                )
            ],
            read=lambda turn, _, raw: read_matricule(raw, turn.work.fund.identifiers.matricule),
            show=Code,
        ),
        Step(
            "last_name",
            t("Last name"),
            ask=lambda *_: [t("Your last name, as on the card? In Latin or in Arabic letters.")],
            read=lambda _turn, _answers, raw: read_name(raw),
            show=str,
        ),
        Step(
            "first_name",
            t("First name"),
            ask=lambda *_: [t("Your first name?")],
            read=lambda _turn, _answers, raw: read_name(raw),
            show=str,
        ),
        Step(
            "birth_date",
            t("Birth date"),
            ask=lambda *_: [t("Your birth date? For example 31/12/1980.")],
            read=_read_birth_date,
            check=_check_identity,
            show=lambda value: dt.date.fromisoformat(value),
            depends=("matricule", "last_name", "first_name"),
        ),
        Step(
            "email",
            t("E-mail"),
            ask=lambda *_: [
                t("Your e-mail address? It will be your login, and the activation link goes there.")
            ],
            read=read_address,
            show=Ltr,
        ),
        Step(
            "password",
            t("Password"),
            ask=lambda turn, _: ask_password(turn),
            read=_read_password,
            secret="hash",  # noqa: S106
            depends=("matricule", "last_name", "first_name", "birth_date", "email"),
            in_chat=TYPED_IN_CHAT,
            on_page=NOT_GUESSED,
            autocomplete="new-password",
        ),
        Step(
            "repetition",
            t("Password again"),
            ask=lambda *_: [t("Type the password once more.")],
            read=lambda _turn, _answers, raw: _composed(raw),
            check=_check_repetition,
            secret="drop",  # noqa: S106
            depends=("password",),
            editable=False,
            autocomplete="new-password",
        ),
        Step(
            "question",
            t("Secret question"),
            ask=lambda *_: [t("Choose a secret question: it is asked if you forget your password.")],
            choices=_questions,
            show=_show_question,
        ),
        Step(
            "own_question",
            t("Your own question"),
            ask=lambda *_: [t("Type your own question. Nobody but you should know its answer.")],
            read=lambda _turn, _answers, raw: read_own_question(raw),
            when=lambda answers: answers.get("question") == _OWN,
            show=str,
            depends=("question",),
            editable=False,
            veiled=True,
        ),
        Step(
            "answer",
            t("Answer"),
            ask=lambda turn, answers: [
                t("Your answer to: {question}", question=_worded(turn, answers)),
            ],
            in_chat=(
                t(
                    "<i>Capitals and accents do not matter. Your message is deleted as soon as I have read it.</i>"
                ),
            ),
            on_page=(t("Capitals and accents do not matter."),),
            read=_read_answer,
            check=_check_answer,
            secret="hash",  # noqa: S106
            depends=(
                "question",
                "own_question",
                "password",
                "matricule",
                "last_name",
                "first_name",
                "birth_date",
                "email",
            ),
        ),
        Step(
            "consent",
            t("Consent"),
            ask=_ask_consent,
            choices=lambda *_: [Choice("yes", t("I agree")), Choice("no", t("I do not agree"))],
            check=_check_consent,
            show=lambda _: t("given"),
            editable=False,
        ),
    ),
    submit=_submit,
)
