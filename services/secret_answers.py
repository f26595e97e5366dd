"""The secret question and its answer: what may be asked, and what is too easily guessed to be an answer (CF-03)."""

from __future__ import annotations

import datetime as dt
import re

from kit.errors import Refused
from kit.folding import fold, joined, same_name, visible
from kit.readers.birth_dates import MONTHS
from kit.readers.names import too_many_marks
from kit.text import Text, nt, t
from services.holder import SHORTEST, Holder, date_forms, email_words, name_words
from services.words import words

LONGEST_ANSWER = 120
SHORTEST_QUESTION, LONGEST_QUESTION = 10, 120
_CUT = 4096
_AFTER_THE_MARK = re.compile(r"[?؟].*[^\W_]")

QUESTIONS: dict[str, Text] = {
    "first_school": t("What was the name of your first school?"),
    "first_teacher": t("What was the name of the teacher who taught you to read?"),
    "childhood_friend": t("What was the name of your best friend when you were ten?"),
    "childhood_street": t("In which street did you live as a child?"),
    "grandmother_birthplace": t("In which village or town was your mother's mother born?"),
    "first_book": t("Which was the first book that you loved?"),
}


def check_answer(raw: str, question: str, context: Holder) -> str:
    """The answer folded, as it is to be hashed; `question` is its wording as the person read it.

    Raises Refused: `answer_` and one of `short`, `long`, `in_question`, `matricule`, `birth_date`, `name`, `email`, `common`.
    """
    answer = fold(raw[:_CUT])
    packed = answer.replace(" ", "")
    if len(packed) < SHORTEST:
        raise Refused(
            "answer_short",
            nt(
                "This answer is too short: type at least {n} letter or digit.",
                "This answer is too short: type at least {n} letters or digits.",
                SHORTEST,
            ),
        )
    if len(answer) > LONGEST_ANSWER or len(raw) > _CUT:
        raise Refused(
            "answer_long",
            nt(
                "This answer is too long: type at most {n} character.",
                "This answer is too long: type at most {n} characters.",
                LONGEST_ANSWER,
            ),
        )
    if _is_in(answer, question):
        raise Refused("answer_in_question", t("This answer is in the question itself: type another one."))
    _check_guesses(answer, packed, context)
    return answer


def read_own_question(raw: str) -> str:
    """A question in the person's own words, on one line, without its answer.

    Raises Refused: `question_short`, `question_long`, `question_marks`, `question_answered`.
    """
    question = visible(raw[:_CUT])
    if sum(map(str.isalpha, question)) < SHORTEST_QUESTION:
        raise Refused(
            "question_short",
            nt(
                "This question is too short: write it with at least {n} letter.",
                "This question is too short: write it with at least {n} letters.",
                SHORTEST_QUESTION,
            ),
        )
    if len(question) > LONGEST_QUESTION or len(raw) > _CUT:
        raise Refused(
            "question_long",
            nt(
                "This question is too long: write at most {n} character.",
                "This question is too long: write at most {n} characters.",
                LONGEST_QUESTION,
            ),
        )
    if too_many_marks(question):
        raise Refused(
            "question_marks",
            t("This question has too many accents on one letter: write it with the usual letters."),
        )
    if _AFTER_THE_MARK.search(question):
        raise Refused(
            "question_answered", t("Write the question only, without its answer: the answer comes next.")
        )
    return question


def _is_in(answer: str, question: str) -> bool:
    asked = fold(question[:_CUT])
    return f" {answer} " in f" {asked} " or (len(answer) > SHORTEST and answer in asked)


def _check_guesses(answer: str, packed: str, context: Holder) -> None:
    if packed == joined(context.matricule):
        raise Refused(
            "answer_matricule", t("Your matricule is no secret answer: type something only you know.")
        )
    if packed in date_forms(context.birth_date) or (
        context.birth_date and _is_date(answer, context.birth_date)
    ):
        raise Refused(
            "answer_birth_date", t("Your birth date is no secret answer: type something only you know.")
        )
    known = name_words(context.last_name) | name_words(context.first_name)
    if packed in known or same_name(answer, f"{context.first_name} {context.last_name}"):
        raise Refused("answer_name", t("Your own name is no secret answer: type something only you know."))
    if packed in email_words(context.email) | {joined(context.email)}:
        raise Refused(
            "answer_email", t("Your e-mail address is no secret answer: type something only you know.")
        )
    if packed in words("common_answers"):
        raise Refused(
            "answer_common", t("Too many people would give this answer: type one that is harder to guess.")
        )


def _is_date(answer: str, date: dt.date) -> bool:
    """Whether a folded answer is that date with its month in words: "31 decembre 1980"."""
    day, _, rest = answer.partition(" ")
    month, _, year = rest.rpartition(" ")
    return (day.removesuffix("er"), MONTHS.get(month), year) in (
        (f"{date.day:02}", date.month, str(date.year)),
        (str(date.day), date.month, str(date.year)),
    )
