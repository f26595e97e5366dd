"""A question that the FAQ did not answer, put before the fund's agents, who call back."""

from __future__ import annotations

from bot.conversations.contact import phone_step, when_step
from bot.forms.form import Answers, Form, Step
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.folding import visible
from kit.language import Language
from kit.screen import Screen
from kit.text import nt, t
from services import requests
from services.requests import Kind

NAME = "ask_person"
_LONGEST = 1000  # characters of a question


def _read_question(raw: str) -> str:
    text = visible(raw)
    if not 4 <= len(text) <= _LONGEST:
        raise Refused(
            "question_length",
            nt(
                "Type your question in a few words, at most {n} character.",
                "Type your question in a few words, at most {n} characters.",
                _LONGEST,
            ),
        )
    return text


def file(turn: Turn, question: str, language: Language, *, phone: str = "", when: str = "") -> Screen:
    """Put the question before the agents: the number, and when to expect an answer. Raises Refused."""
    filed = requests.file(
        turn.work,
        Kind.QUESTION,
        turn.chat.id,
        account_id=turn.who.proven_account,
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
        phone_step(t("Which number may the fund call?")),
        when_step(),
    ),
    submit=_submit,
)
