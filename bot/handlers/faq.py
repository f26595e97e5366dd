"""/faq and free text: themes and topics, page by page; a question's answer, "did this help?", and the way to a person.

What is shown is kept with the chat, so that buttons name places in it:
    name · language: in which the FAQ is spoken here, that of the question · themes, topics: keys in the order of the buttons
    theme, page: where one browses · topic: the key of the answer that is open · browsed: whether it was come to from the list
    question: what was asked, in the person's words · thought: what the matcher made of it, for the agents
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import paging
from bot.forms.engine import Forms
from bot.handlers import faq_bare
from bot.handlers import faq_human as human
from bot.handlers import faq_words as words
from bot.places import Place
from bot.turn import Turn
from kit.folding import fold
from kit.language import Language
from kit.screen import Button, Keys, Screen
from kit.text import Text, t
from services.access import Standing
from services.faq import asking
from services.faq.asking import UNHELPFUL, UNKNOWN, Answer, Topic
from services.faq.emergencies import is_emergency
from services.faq.folding import words as folded_words
from services.faq.matcher import Kind

NAME = "faq"
PAGE = 8  # topics of a page
_QUESTION_MARKS = ("?", "؟")
_FEWEST_WORDS = 3  # of a text in a form that may be a question without its mark


class Faq:
    """The FAQ in the chat; `knows` tells it the rest of the house, which knows it in turn."""

    def __init__(self) -> None:
        self.labels: Mapping[str, Text] = {}
        self.forms: Forms | None = None
        self.place = Place(
            name=NAME,
            label=t("Questions and answers"),
            needs=Standing.STRANGER,
            open=self.open,
            press=self.press,
            described=t("Questions and answers"),
        )

    def knows(self, forms: Forms, places: Sequence[Place]) -> None:
        """The forms, one of which asks for a number to call; and the places, which answers' buttons lead to."""
        self.forms, self.labels = forms, {place.name: place.label for place in places}

    # ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────

    def question(self, turn: Turn) -> Screen:
        """The answer to a free text outside forms."""
        text = turn.incoming.text
        bare = faq_bare.answer(turn, NAME)
        if bare is not None:
            return bare
        answer = asking.ask(turn.work, turn.who, text, turn.chat.language)
        language, fund = answer.language, turn.work.fund
        around = [[words.BROWSE, words.MENU]]
        if answer.courtesy is not None:
            return Screen([words.COURTESIES[answer.courtesy.kind]], keys=around, language=language)
        if answer.kind is Kind.EMERGENCY:
            return Screen(words.emergency(fund), language=language)
        if answer.body is not None:
            return Screen(words.elsewhere(fund, answer.body), keys=around, language=language)
        thought = {"writing": answer.writing.value, "topics": [topic.key for topic in answer.topics]}
        turn.place = {
            "name": NAME,
            "language": language,
            "question": text[: asking.LONGEST],
            "thought": thought,
        }
        if answer.sure:
            return self._answer(turn, answer.topics[0])
        if answer.kind is Kind.UNSURE and answer.topics:
            return self._suggest(turn, answer)
        return self._unknown(turn)

    def aside(self, turn: Turn) -> Sequence[Text | None] | None:
        """In a form: the answer to a text that its step has refused, where it is clearly a question; else None.

        Nothing of it is kept: what is typed in a form may be anything.
        """
        text = turn.incoming.text.strip()
        asked = text.endswith(_QUESTION_MARKS)
        if not asked and len(fold(text).split()) < _FEWEST_WORDS:
            return None
        answer = asking.ask(turn.work, turn.who, text, turn.chat.language)
        if answer.kind is Kind.EMERGENCY:
            return words.emergency(turn.work.fund)
        if not answer.sure:
            return None
        return words.answer(turn.work.fund, answer.topics[0], answer.language)

    def cry(self, turn: Turn) -> Sequence[Text | None] | None:
        """In a form: the numbers to call, where what a step takes for its answer tells of a danger to somebody's life."""
        danger = is_emergency(folded_words(turn.incoming.text))
        return words.emergency(turn.work.fund) if danger else None

    def _suggest(self, turn: Turn, answer: Answer) -> Screen:
        turn.place["topics"] = [topic.key for topic in answer.topics]
        keys = [
            [_button(words.label(topic, answer.language), f"pick:{index}")]
            for index, topic in enumerate(answer.topics)
        ]
        keys.append([_button(words.NONE_OF_THESE, "none")])
        return Screen([words.DID_YOU_MEAN], keys=keys, edit=turn.pressed, language=answer.language)

    def _unknown(self, turn: Turn) -> Screen:
        self._keep(turn, UNKNOWN)
        lines = [words.UNKNOWN, words.ASK_OTHERWISE, None, words.NOTED]
        return self._to_a_person(turn, lines)

    # ── an answer ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, turn: Turn, topic: Topic) -> Screen:
        """The answer, its button, and whether it helped."""
        turn.place["topic"] = topic.key
        language = _language(turn)
        lines = [*words.answer(turn.work.fund, topic, language), None, words.HELPED]
        votes = [_button(words.YES, "yes"), _button(words.NO, "no")]
        back = [[_button(words.BACK, "list"), words.MENU]] if turn.place.get("browsed") else []
        return Screen(lines, keys=[*self._action(topic), votes, *back], edit=turn.pressed, language=language)

    def _action(self, topic: Topic) -> list[list[Button]]:
        """The button of what does it; none where this bot has no such place."""
        action = topic.action
        if action is None or action not in self.labels:
            return []
        return [[Button(self.labels[action], f"go:{action}", lasting=True)]]

    def _done_with(self, turn: Turn, topic: Topic) -> Screen:
        """The answer once it was voted on: it stays to be read."""
        language = _language(turn)
        keys: Keys = [*self._action(topic), [words.BROWSE, words.MENU]]
        return Screen(words.answer(turn.work.fund, topic, language), keys=keys, edit=True, language=language)

    def _yes(self, turn: Turn, _: str) -> Screen:
        topic = self._open_topic(turn)
        if topic is None:
            return self.open(turn)
        asking.voted(turn.work, topic.key, helped=True)
        turn.place.pop("topic")
        return replace(self._done_with(turn, topic), toast=words.GLAD)

    def _no(self, turn: Turn, _: str) -> Screen:
        topic = self._open_topic(turn)
        if topic is None:
            return self.open(turn)
        asking.voted(turn.work, topic.key, helped=False)
        if "question" in turn.place:
            self._keep(turn, UNHELPFUL)
        else:
            turn.place["question"] = topic.titles[_language(turn)]
        turn.place.pop("topic")
        return replace(self._done_with(turn, topic), more=(self._to_a_person(turn, [words.SORRY]),))

    def _pick(self, turn: Turn, value: str) -> Screen:
        topic = self._of_list(turn, value)
        return self._answer(turn, topic) if topic is not None else self.open(turn)

    def _none(self, turn: Turn, _: str) -> Screen:
        if "question" not in turn.place:
            return self.open(turn)
        self._keep(turn, UNHELPFUL)
        return replace(self._to_a_person(turn, [words.UNKNOWN, None, words.NOTED]), edit=True)

    # ── a person ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _to_a_person(self, turn: Turn, before: Sequence[Text | None]) -> Screen:
        lines, keys = human.offer(turn, self.labels)
        return Screen([*before, None, *lines], keys=keys, language=_language(turn))

    def _send(self, turn: Turn, _: str) -> Screen:
        if "question" not in turn.place:
            return self.open(turn)
        language = _language(turn)
        return replace(human.send(turn, turn.place.pop("question"), language), language=language)

    def _call(self, turn: Turn, _: str) -> Screen:
        if "question" not in turn.place or self.forms is None:
            return self.open(turn)
        return human.call(turn, self.forms, turn.place.pop("question"))

    def _ring(self, turn: Turn, _: str) -> Screen:
        screen = faq_bare.ring(turn, self.forms) if self.forms is not None else None
        return screen if screen is not None else self.open(turn)

    def _keep(self, turn: Turn, reason: str) -> None:
        place = turn.place
        if "thought" in place:
            asking.keep(turn.work, turn.who, turn.chat.id, place["question"], place["thought"], reason)

    # ── browsing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, turn: Turn) -> Screen:
        """The themes."""
        shelves = asking.browse(turn.work)
        language = turn.chat.language
        turn.place = {
            "name": NAME,
            "language": language,
            "themes": [theme.key if theme else "" for theme, _ in shelves],
        }
        keys = [
            [_button(words.label(theme, language) if theme is not None else words.OTHERS, f"theme:{index}")]
            for index, (theme, _) in enumerate(shelves)
        ]
        lines = [words.TITLE, None, words.CHOOSE if shelves else words.EMPTY]
        return Screen(lines, keys=[*keys, [words.MENU]], edit=turn.pressed)

    def _theme(self, turn: Turn, value: str) -> Screen:
        keys: list[str] = turn.place.get("themes", [])
        key = paging.at(keys, value)
        if key is None:
            return self.open(turn)
        turn.place.update(theme=key, page=1)
        return self._list(turn)

    def _list(self, turn: Turn, _: str = "") -> Screen:
        """A page of a theme's topics."""
        key = turn.place.get("theme")
        shelf = next(
            (
                (theme, topics)
                for theme, topics in asking.browse(turn.work)
                if (theme.key if theme else "") == key
            ),
            None,
        )
        if shelf is None:
            return self.open(turn)
        theme, topics = shelf
        language = _language(turn)
        last = (len(topics) - 1) // PAGE + 1
        page = min(max(1, turn.place.get("page", 1)), last)
        shown = topics[(page - 1) * PAGE : page * PAGE]
        turn.place.update(page=page, topics=[topic.key for topic in shown], browsed=True)
        keys = [
            [_button(words.label(topic, language), f"topic:{index}")] for index, topic in enumerate(shown)
        ]
        heading = t("<b>{line}</b>", line=words.title(theme, language)) if theme is not None else words.OTHERS
        lines = [heading, *paging.heading(page, last)]
        turns = paging.turns(page, last, f"{NAME}:page:previous", f"{NAME}:page:next")
        keys = [*keys, turns, [_button(words.BACK, "themes"), words.MENU]]
        return Screen(lines, keys=keys, edit=True, language=language)

    def _page(self, turn: Turn, value: str) -> Screen:
        turn.place["page"] = turn.place.get("page", 1) + (1 if value == "next" else -1)
        return self._list(turn)

    def _topic(self, turn: Turn, value: str) -> Screen:
        topic = self._of_list(turn, value)
        return self._answer(turn, topic) if topic is not None else self._list(turn)

    def _themes(self, turn: Turn, _: str) -> Screen:
        return self.open(turn)

    # ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────

    def press(self, turn: Turn, argument: str) -> Screen:
        """A bound button of the FAQ; one that means nothing here shows the themes."""
        if turn.place.get("name") != NAME:
            return self.open(turn)
        verb, _, value = argument.partition(":")
        acts: dict[str, Callable[[Turn, str], Screen]] = {
            "theme": self._theme,
            "page": self._page,
            "topic": self._topic,
            "list": self._list,
            "themes": self._themes,
            "pick": self._pick,
            "none": self._none,
            "yes": self._yes,
            "no": self._no,
            "send": self._send,
            "call": self._call,
            "ring": self._ring,
        }
        act = acts.get(verb)
        return act(turn, value) if act is not None else self.open(turn)

    def _open_topic(self, turn: Turn) -> Topic | None:
        key = turn.place.get("topic")
        return asking.topic(turn.work, key) if key is not None else None

    def _of_list(self, turn: Turn, value: str) -> Topic | None:
        keys: list[Any] = turn.place.get("topics", [])
        key = paging.at(keys, value)
        return asking.topic(turn.work, key) if key is not None else None


def _language(turn: Turn) -> Language:
    language: Language = turn.place.get("language", turn.chat.language)
    return language


def _button(label: Text, action: str) -> Button:
    return Button(label, f"{NAME}:{action}")
