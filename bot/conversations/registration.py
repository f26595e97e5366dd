"""Registration (SPEC 2.1): ten questions in the guide's order, a summary, Confirm."""

from __future__ import annotations

import datetime as dt

from bot.conversations.secret_steps import OWN, password_steps, question_of, question_steps
from bot.forms.form import Answers, Choice, Closed, Doubt, Form, Step
from bot.turn import Turn
from kit.errors import Refused
from kit.readers import read_birth_date, read_email, read_matricule, read_name, suggest_email
from kit.screen import Button, Screen
from kit.text import Code, Ltr, Text, t
from services import registration
from services.holder import Holder
from services.passwords import check_password
from services.registration import Identity
from services.secret_answers import check_answer

NAME = "register"
_HOLDS = (
    "matricule",
    "last_name",
    "first_name",
    "birth_date",
    "email",
)  # what a password and an answer may not hold


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


def _read_password(turn: Turn, answers: Answers, raw: str) -> str:
    return check_password(raw, turn.work.fund.password_policy, _holder(answers))


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
        "question": question_of(answers),
        "own_question": answers["question"] == OWN,
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
        *password_steps(_read_password, depends=_HOLDS),
        *question_steps(
            lambda _turn, answers, raw, question: check_answer(raw, question, _holder(answers)),
            lambda _turn, answers: str(answers["password"]),
            depends=("password", *_HOLDS),
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
