"""A question that the FAQ did not answer, put before the fund's agents, who call back."""

from __future__ import annotations

from bot.forms.form import Answers, Choice, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.folding import visible
from kit.language import Language
from kit.readers.phones import read_phone
from kit.screen import Screen
from kit.text import Ltr, t
from services import requests
from services.requests import Kind

NAME = "ask_person"
_LONGEST = 1000  # characters of a question


def _read_question(raw: str) -> str:
    text = visible(raw)
    if not 4 <= len(text) <= _LONGEST:
        raise Refused(
            "question_length",
            t("Type your question in a few words, at most {maximum} characters.", maximum=_LONGEST),
        )
    return text


def file(turn: Turn, question: str, language: Language, *, phone: str = "", when: str = "") -> Screen:
    """Put the question before the agents: the number, and when to expect an answer. Raises Refused."""
    filed = requests.file(
        turn.work,
        Kind.QUESTION,
        turn.chat.id,
        account_id=turn.who.account_id,
        language=language,
        text=question,
        phone=phone,
        when=when,
    )
    return Screen(requests.filed(turn.work, filed), keys=[[MENU_KEY]], edit=turn.pressed)


def _submit(turn: Turn, answers: Answers) -> Screen:
    return file(turn, answers["question"], turn.chat.language, phone=answers["phone"], when=answers["when"])


FORM = Form(
    name=NAME,
    title=t("Ask a person"),
    steps=(
        Step(
            "question",
            t("Your question"),
            ask=lambda *_: [t("What would you like to know?")],
            read=lambda _turn, _answers, raw: _read_question(raw),
            show=str,
        ),
        Step(
            "phone",
            t("Telephone"),
            ask=lambda *_: [t("Which number may the fund call?")],
            read=lambda _turn, _answers, raw: read_phone(raw),
            show=Ltr,
        ),
        Step(
            "when",
            t("When"),
            ask=lambda *_: [t("When does it suit you?")],
            choices=lambda *_: [Choice(id, label) for id, label in requests.TIMES.items()],
            show=lambda id: requests.TIMES[id],
        ),
    ),
    submit=_submit,
)
