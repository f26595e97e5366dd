"""A form is data: its steps in order, each with what it asks, how the answer is read and checked, and what the summary shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bot.incoming import Incoming, Kind
from bot.turn import Turn
from kit.errors import Refused
from kit.screen import Button, Screen
from kit.text import Text, Value

Answers: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that answers a step; `id` is the value kept."""

    id: str
    label: Text


class Doubt(Refused):
    """A reader's question back: "did you mean …?". Each offer is a button; `values` are what they answer the step with."""

    def __init__(self, text: Text, offers: Sequence[tuple[Text, Any]]) -> None:
        super().__init__("doubt", text)
        self.offers = offers


class Closed(Refused):
    """A refusal that ends the form: there is no going on for now."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code, refused.text)


Ask: TypeAlias = "Callable[[Turn, Answers], Sequence[Text | None]]"
Read: TypeAlias = "Callable[[Turn, Answers, str], Any]"
Check: TypeAlias = "Callable[[Turn, Answers, Any], None]"
Aside: TypeAlias = "Callable[[Turn], Sequence[Text | None] | None]"  # what answers a question that came in place of an answer


@dataclass(frozen=True, slots=True)
class Step:
    """One question.

    id: stable name under which the answer is kept; forms are saved by it, so it outlives releases.
    label: what the summary and the Edit menu call it.
    ask: the lines of the question.
    in_chat, on_page: lines that follow them where the answer is typed into the chat, or on the one-time page that asks for secrets
        where there is a public address.
        Those of a page may depend on the answers: what only a page words.
    autocomplete: what a browser may fill in on that page, in its own word.
    read: the person's text to a JSON value, or Refused; without it only a choice answers.
    check: what can only be said in view of the database and the other answers; Refused(at=...) lands on the guilty step.
    secret: the text is deleted from the chat as soon as it is read, never shown, and kept as its hash ("hash") or, for a repetition
        or a proof that needs no keeping, not at all ("drop": `check` judges it, True is kept).
    veiled: no secret, but not for the chat: asked on the page of the secret that follows it, where there is one, and not shown.
    choices: buttons that answer.
    show: the answer as the summary shows it; steps without it are left out there.
    depends: steps whose change asks this one again.
    forwarded: a message forwarded from elsewhere answers it too, by its text.
    beside: buttons that lead elsewhere, for who can't answer.
    proof: it shows who answers; who fails it is told nothing of what else was typed with it.
    repeats: the step whose text is to be typed once more here.
    """

    id: str
    label: Text
    ask: Ask
    read: Read | None = None
    check: Check | None = None
    secret: Literal["hash", "drop"] | None = None
    choices: Callable[[Turn, Answers], Sequence[Choice]] | None = None
    optional: bool = False
    when: Callable[[Answers], bool] | None = None
    show: Callable[[Any], Value] | None = None
    depends: tuple[str, ...] = ()
    editable: bool = True
    in_chat: Sequence[Text | None] = ()
    on_page: Sequence[Text] | Callable[[Turn, Answers], Sequence[Text]] = ()
    autocomplete: str = "off"
    veiled: bool = False
    forwarded: bool = False
    beside: Sequence[Button] = ()
    proof: bool = False
    repeats: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The steps, and what is done with the answers.

    submit: the use case; its Refused lands on a step like any other.
    summary: whether the answers are shown, with Edit, before they are confirmed.
    """

    name: str
    title: Text
    steps: Sequence[Step]
    submit: Callable[[Turn, Answers], Screen]
    intro: Callable[[Turn], Sequence[Text | None]] | None = None
    summary: bool = True
    confirm: Text | None = None
    lifetime: dt.timedelta | None = None  # the fund's retention of drafts unless told

    def step(self, id: str) -> Step | None:
        return next((step for step in self.steps if step.id == id), None)

    def asked(self, answers: Answers) -> list[Step]:
        """The steps that these answers call for, in order."""
        return [step for step in self.steps if step.when is None or step.when(answers)]

    def takes(self, id: str, incoming: Incoming) -> bool:
        """Whether what came is text to a step: typed, or forwarded where that is asked for."""
        if incoming.kind is not Kind.FORWARDED:
            return incoming.kind is Kind.TEXT
        step = self.step(id)
        return step is not None and step.forwarded and bool(incoming.text)
