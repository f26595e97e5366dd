"""The steps that every form has alike which takes a password or a secret question: a password twice, a question and its answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, TypeAlias

from bot.forms.form import Answers, Choice, Step
from bot.forms.words import DIFFER
from bot.turn import Turn
from kit.errors import Refused
from kit.text import Text, Value, t
from services import credentials
from services.passwords import at_least_digits, length_words
from services.secret_answers import QUESTIONS, read_own_question

OWN = "own"
LONGEST = 200

Read: TypeAlias = "Callable[[Turn, Answers, str], str]"
ReadAnswer: TypeAlias = (
    "Callable[[Turn, Answers, str, str], str]"  # the last one: the question as the person read it
)
PasswordOf: TypeAlias = "Callable[[Turn, Answers], str]"


def composed(typed: str) -> str:
    """A password as it is hashed: é is one character, whatever the keyboard sends (BI-21)."""
    return unicodedata.normalize("NFKC", typed)


def read_typed(_turn: Turn, _answers: Answers, raw: str) -> str:
    """A password as typed: which rules it was chosen by is of no matter here."""
    if not raw or len(raw) > LONGEST:
        raise Refused("password_length", t("Please type your password."))
    return raw


def ask_password(turn: Turn) -> list[Text | None]:
    """The words before a password is chosen: the fund's policy."""
    policy = turn.work.fund.password_policy
    length = length_words(policy)
    if not policy.digits:
        return [t("Choose a password of {length}.", length=length)]
    digits = at_least_digits(policy.digits)
    return [t("Choose a password of {length} with {digits}.", length=length, digits=digits)]


TYPED_IN_CHAT = (
    None,
    t(
        "<i>I delete your message as soon as I have read it and keep no readable copy; your devices may show it for a moment.</i>"
    ),
)
NOT_GUESSED = (
    t("No word of your name, your birth date, your address or the fund, and none that many people use."),
)
DELETED = (t("<i>I delete your message as soon as I have read it.</i>"),)
LOOSELY = (
    t("<i>Capitals and accents do not matter. Your message is deleted as soon as I have read it.</i>"),
)
LOOSELY_ON_PAGE = t("Capitals and accents do not matter.")


def password_steps(
    read: Read,
    *,
    check: Callable[[Turn, Answers, Any], None] | None = None,
    label: Text | None = None,
    depends: tuple[str, ...] = (),
) -> tuple[Step, Step]:
    """A password and its repetition; the hash is kept as "password"."""
    return (
        Step(
            "password",
            label or t("Password"),
            ask=lambda turn, _: ask_password(turn),
            read=read,
            check=check,
            secret="hash",  # noqa: S106
            depends=depends,
            in_chat=TYPED_IN_CHAT,
            on_page=NOT_GUESSED,
            autocomplete="new-password",
        ),
        Step(
            "repetition",
            t("Password again"),
            ask=lambda *_: [t("Type the password once more.")],
            read=lambda _turn, _answers, raw: composed(raw),
            check=_check_repetition,
            secret="drop",  # noqa: S106
            depends=("password",),
            repeats="password",
            editable=False,
            autocomplete="new-password",
        ),
    )


def _check_repetition(turn: Turn, answers: Answers, typed: str) -> None:
    """The second entry against the hash of the first; where they differ nothing is kept of either (BI-26)."""
    if not turn.work.need("verify", answers["password"], typed):
        raise Refused(
            "passwords_differ",
            DIFFER,
            at="password",
        )


def question_steps(
    read_answer: ReadAnswer, password_of: PasswordOf, *, depends: tuple[str, ...] = ()
) -> tuple[Step, Step, Step]:
    """A secret question, one's own where none suits, and the answer, whose hash is kept as "answer"."""

    def check(turn: Turn, answers: Answers, _answer: str) -> None:
        credentials.refuse_password(turn.work, password_of(turn, answers), turn.incoming.text)

    return (
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
            ask=_ask_own_question,
            read=lambda _turn, _answers, raw: read_own_question(raw),
            when=lambda answers: answers.get("question") == OWN,
            show=str,
            depends=("question",),
            editable=False,
            veiled=True,
        ),
        Step(
            "answer",
            t("Answer"),
            ask=_ask_answer,
            in_chat=LOOSELY,
            on_page=(LOOSELY_ON_PAGE,),
            read=lambda turn, answers, raw: read_answer(turn, answers, raw, _plain(answers)),
            check=check,
            secret="hash",  # noqa: S106
            depends=("question", "own_question", *depends),
        ),
    )


def _questions(_turn: Turn, _answers: Answers) -> list[Choice]:
    own = Choice(OWN, t("A question of my own"))
    return [*(Choice(id, text) for id, text in QUESTIONS.items()), own]


def _show_question(value: Any) -> Value:
    return QUESTIONS.get(str(value), t("a question of my own"))


def _ask_own_question(turn: Turn, _: Answers) -> list[Text | None]:
    """Where there is no page, nobody will word it for them: the chat never shows it (CF-03)."""
    said: list[Text | None] = [t("Type your own question. Nobody but you should know its answer.")]
    if turn.work.house.public_url is None:
        said.append(
            t("If you forget your password, I will ask for its answer without wording it: remember both.")
        )
    return said


def _ask_answer(_turn: Turn, answers: Answers) -> list[Text | None]:
    """The question, but where it is worded on the same page."""
    chosen = str(answers["question"])
    if chosen != OWN:
        return [t("Your answer to: {question}", question=QUESTIONS[chosen])]
    own = answers.get("own_question")
    return [t("Your answer to: {question}", question=str(own))] if own else []


def _plain(answers: Answers) -> str:
    chosen = str(answers["question"])
    return str(answers["own_question"]) if chosen == OWN else QUESTIONS[chosen].id


def question_of(answers: Answers) -> str:
    """What is kept as the question: an id, or the owner's words."""
    return str(answers["own_question"] if answers["question"] == OWN else answers["question"])
