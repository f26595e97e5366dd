"""A new topic of the FAQ, written by an agent in private: titles and answers in both languages; then its effect, and Publish."""

from __future__ import annotations

from dataclasses import replace

from bot.forms.engine import Forms
from bot.forms.form import Answers, Form, Step
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.errors import Refused
from kit.folding import visible
from kit.screen import Button, Screen
from kit.text import Text, nt, t
from services.access import Standing
from services.faq import desk
from services.faq.desk_words import WRITE
from services.faq.file import LONGEST_TITLE, faults_of_answer

NAME = WRITE
LONGEST_ANSWER = 3000  # characters


def _title(raw: str) -> str:
    title = visible(raw)
    if not 4 <= len(title) <= LONGEST_TITLE:
        raise Refused(
            "title_length",
            nt(
                "A title has 4 to {n} character: it stands on a button.",
                "A title has 4 to {n} characters: it stands on a button.",
                LONGEST_TITLE,
            ),
        )
    return title


def _answer(raw: str) -> str:
    answer = "\n".join(visible(line) for line in raw.splitlines()).strip()
    if not 10 <= len(answer) <= LONGEST_ANSWER or next(faults_of_answer(answer), None) is not None:
        raise Refused(
            "answer_form",
            nt(
                "An answer has 10 to {n} character and short lines; in braces it may name facts of the fund’s file only.",
                "An answer has 10 to {n} characters and short lines; in braces it may name facts of the fund’s file only.",
                LONGEST_ANSWER,
            ),
        )
    return answer


def _submit(turn: Turn, answers: Answers) -> Screen:
    question = desk.in_hand(turn.work, turn.incoming.user_id)
    if question is None:
        raise Refused("question_done", t("This question has been dealt with."))
    said = (answers["title_fr"], answers["title_ar"], answers["answer_fr"], answers["answer_ar"])
    told = desk.wrote_topic(turn.work, turn.incoming.user_id, question, said)
    keys = [[Button(t("Publish"), f"{NAME}:publish"), Button(t("Don’t publish"), f"{NAME}:dont")]]
    return replace(told, keys=keys, edit=turn.pressed)


def place(forms: Forms) -> Place:
    """The way in, from the button that was sent to the agent."""

    def open_form(turn: Turn) -> Screen:
        try:
            question = desk.in_hand(turn.work, turn.incoming.user_id)
        except Refused as refused:
            return Screen([refused.text], keys=[[MENU_KEY]])
        if question is None:
            return Screen([t("No question waits here for a new topic.")], keys=[[MENU_KEY]])
        return forms.start(turn, NAME)

    def press(turn: Turn, argument: str) -> Screen:
        try:
            screen = desk.chosen(turn.work, turn.incoming.user_id, publish=argument == "publish")
        except Refused as refused:
            return Screen([refused.text], keys=[[MENU_KEY]], edit=True)
        if argument != "publish":
            return Screen(
                [t("Nothing was published. The question waits in the group.")], keys=[[MENU_KEY]], edit=True
            )
        return replace(screen, keys=[[MENU_KEY]])

    return Place(NAME, t("New topic"), Standing.STRANGER, open_form, press)


def _step(id: str, label: Text, question: Text, *, title: bool) -> Step:
    return Step(
        id,
        label,
        ask=lambda *_: [question],
        read=lambda _turn, _answers, raw: _title(raw) if title else _answer(raw),
        show=str,
    )


FORM = Form(
    name=NAME,
    title=t("New topic"),
    steps=(
        _step(
            "title_fr", t("Title in French"), t("The title in French, as it stands on a button?"), title=True
        ),
        _step("title_ar", t("Title in Arabic"), t("The title in Arabic?"), title=True),
        _step(
            "answer_fr",
            t("Answer in French"),
            t("The answer in French? Short, a line a thought."),
            title=False,
        ),
        _step("answer_ar", t("Answer in Arabic"), t("The answer in Arabic?"), title=False),
    ),
    submit=_submit,
)
