"""From the FAQ to a person: the question goes to the fund's agents, with or without a call back; or telephone and e-mail are shown."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversations import ask_person
from bot.forms.engine import Forms
from bot.handlers import faq_words as words
from bot.turn import Turn
from kit.errors import Refused
from kit.language import Language
from kit.screen import Button, Keys, Screen
from kit.text import Text, t
from services import requests

CONTACT = "contact"
SEND, CALL = Button(t("Send my question to the fund"), "faq:send"), Button(t("Be called back"), "faq:call")


def offer(turn: Turn, places: Mapping[str, Text]) -> tuple[list[Text | None], Keys]:
    """How to reach a person, and the buttons for it. Only who is signed in can be reached without leaving a number."""
    contact = [Button(places[CONTACT], f"go:{CONTACT}", lasting=True)] if CONTACT in places else []
    keys: list[list[Button]] = [contact, [words.BROWSE, words.MENU]]
    if "question" not in turn.place or not requests.possible(turn.work):
        return [words.person(turn.work.fund)], keys
    agents = [[SEND]] if turn.who.signed_in else []
    return [words.person(turn.work.fund), words.OR_HERE], [*agents, [CALL], *keys]


def send(turn: Turn, question: str, language: Language) -> Screen:
    """The question is put before the agents as it is."""
    try:
        return ask_person.file(turn, question, language)
    except Refused as refused:
        return Screen([refused.text], keys=[[words.MENU]], edit=True)


def call(turn: Turn, forms: Forms, question: str) -> Screen:
    """The question, and a number to call."""
    return forms.start(turn, ask_person.NAME, answers={"question": question})
