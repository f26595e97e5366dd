"""What the cards of unanswered questions say, in the agents' group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kit.screen import Button, Screen
from kit.text import Both, Text, nt, t
from services import agents
from services.faq import effects
from services.faq.effects import Edit
from services.work import Work
from store import faq
from store.agents import Agent
from store.faq import Topic
from store.faq_edits import Published
from store.faq_questions import Question

VERB = "faq"  # of the buttons in the group
WRITE = "faq_topic"  # the place where a new topic is written
_WRITINGS: Mapping[str, Text] = {
    "fr": t("French"),
    "ar": t("Arabic"),
    "darija-ar": t("Darija"),
    "darija-lat": t("Darija in Latin letters"),
}
_REASONS: Mapping[str, Text] = {
    "unknown": t("I did not know the answer."),
    "unhelpful": t("What I answered did not help."),
}
_EDITS = t("Latest changes…")


def card(question: Question, thought_of: Sequence[Topic], waiting: int, toast: Text | None = None) -> Screen:
    """The question, and what can be made of it."""
    lines = [*_head(question), None, _REASONS.get(question.reason, _REASONS["unknown"])]
    if thought_of:
        lines.append(t("Is it one of these? Then it becomes one more way to ask for it."))
    keys = [[_key(question, _title(topic), f"as:{at}")] for at, topic in enumerate(thought_of)]
    keys += [
        [_key(question, t("Another topic…"), "topics:0"), _key(question, t("New topic…"), "new")],
        [_key(question, t("A word…"), "word"), _key(question, t("Not ours"), "not")],
        [_key(question, t("Drop"), "drop"), _key(question, t("Next question"), "next")],
        [_key(question, _EDITS, "edits")],
    ]
    lines.append(nt("{n} question waits.", "{n} questions wait.", waiting))
    return Screen(lines, keys=keys, edit=True, toast=toast)


def empty(waiting: int, undoable: bool) -> Screen:
    """Nothing waits, or all is in other hands."""
    keys = [[Button(_EDITS, f"{VERB}::0.edits", lasting=True)]] if undoable else []
    if not waiting:
        return Screen([t("No question waits for an answer.")], keys=keys, edit=True)
    lines = [nt("{n} question waits.", "{n} questions wait.", waiting), t("Other agents have them in hand.")]
    return Screen(lines, keys=keys, edit=True)


def topics(question: Question, known: Sequence[Topic], page: int, size: int, toast: Text | None) -> Screen:
    """All topics, a page of them."""
    keys = [
        [_key(question, _title(topic), f"topic:{at}")]
        for at, topic in list(enumerate(known))[page * size : (page + 1) * size]
    ]
    turns = _turns(question, "topics", page, len(known), size)
    lines = [*_head(question), None, t("Which topic does it ask for?")]
    return Screen(lines, keys=[*keys, turns, [_back(question)]], edit=True, toast=toast)


def word(question: Question, found: Sequence[str], toast: Text | None) -> Screen:
    """A word that the lexicon should know."""
    buttons = [_key(question, t("{word}", word=one), f"word:{at}") for at, one in enumerate(found)]
    keys = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    lines = [
        *_head(question),
        None,
        t("Which word should I learn? Choose it, or reply to this message with another one."),
    ]
    return Screen(lines, keys=[*keys, [_back(question)]], edit=True, toast=toast)


def concepts(
    question: Question, chosen: str, names: Sequence[str], page: int, size: int, toast: Text | None
) -> Screen:
    """What a word means, a page of concepts."""
    buttons = [
        _key(question, t("{word}", word=name), f"concept:{at}")
        for at, name in list(enumerate(names))[page * size : (page + 1) * size]
    ]
    keys = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    turns = _turns(question, "concepts", page, len(names), size)
    lines = [*_head(question), None, t("What does “{word}” mean?", word=chosen)]
    return Screen(lines, keys=[*keys, turns, [_back(question)]], edit=True, toast=toast)


def writing(question: Question, agent: Agent, toast: Text | None) -> Screen:
    """Somebody writes a new topic."""
    lines = [
        *_head(question),
        None,
        t("{agent} is writing a new topic, in private with me.", agent=agent.name),
    ]
    return Screen(lines, keys=[[_back(question)]], edit=True, toast=toast)


def write_topic(question: Question) -> Screen:
    """In private: the way into the form."""
    lines = [t("A new topic for this question:"), t("“{question}”", question=question.text)]
    return Screen(lines, keys=[[Button(t("Write it"), f"go:{WRITE}", lasting=True)]])


def effect(work: Work, question: Question, edit: Edit, told: Mapping[str, Any], toast: Text | None) -> Screen:
    """What the change would do; nothing is published yet."""
    lines = [*_head(question), None, described(work, edit), None, *_effect(work, edit, told)]
    keys = [[_key(question, t("Publish"), "publish"), _key(question, t("Don’t publish"), "home")]]
    return Screen(lines, keys=keys, edit=True, toast=toast)


def _effect(work: Work, edit: Edit, told: Mapping[str, Any]) -> list[Text | None]:
    """The regression set, before and after."""
    (was, now), (let_in, lets_in) = told["recall"], told["strangers"]
    lines: list[Text | None] = [
        t("Known questions that find their topic: {was} → {now}", was=_percent(was), now=_percent(now)),
        t("Foreign questions that are answered: {was} → {now}", was=_percent(let_in), now=_percent(lets_in)),
    ]
    if told["better"]:
        lines.append(
            nt(
                "{n} known question is answered better.",
                "{n} known questions are answered better.",
                told["better"],
            )
        )
    lines += [t("⚠️ Worse: “{question}”", question=text) for text in told["worse"]]
    own = faq.topics_named(work.db, [told["own"]]).get(told["own"]) if told["own"] else None
    title = _both(own) if own is not None else None
    if edit.said is not None and told["own"] == edit.at:
        title = Both(edit.said[0], edit.said[1])
    if title is not None:
        lines.append(t("This question would be answered with “{title}”.", title=title))
    else:
        lines.append(t("This question would not be answered straight away."))
    return lines


def described(work: Work, edit: Edit) -> Text:
    """What a change is, in a sentence."""
    match edit.kind:
        case "phrasing":
            known = faq.topics_named(work.db, [edit.at]).get(edit.at)
            title = _both(known) if known is not None else edit.at
            return t("A new way to ask for “{title}”.", title=title)
        case "word":
            return t("“{word}” means: {concept}.", word=edit.text, concept=edit.at)
        case "topic" if edit.said is not None:
            return t("A new topic: “{title}”.", title=Both(edit.said[0], edit.said[1]))
    return t("A question that is not ours.")


def published(work: Work, question: Question, edit: Edit, agent: Agent) -> Screen:
    """It is in force."""
    lines = [*_head(question), None, described(work, edit), t("✅ Published by {agent}.", agent=agent.name)]
    return Screen(lines, keys=[_onwards(question)], edit=True)


def dropped(question: Question, agent: Agent) -> Screen:
    """It is done without a change."""
    lines = [*_head(question), None, t("Dropped by {agent}.", agent=agent.name)]
    return Screen(lines, keys=[_onwards(question)], edit=True)


def edits(work: Work, latest: Sequence[Published]) -> Screen:
    """The latest changes, each with its undo."""
    if not latest:
        return Screen([t("Nothing has been changed yet.")])
    lines: list[Text | None] = [t("<b>Latest changes</b>")]
    keys: list[list[Button]] = []
    for number, one in enumerate(latest, start=1):
        by = agents.known(work, one.agent)
        who = by.name if by is not None else "?"
        lines += [None, t("{n}. {date}, {agent}:", n=number, date=one.at, agent=who), *_told(work, one)]
        keys.append([Button(t("Undo {n}", n=number), f"{VERB}:{one.ref}:0.undo", lasting=True)])
    return Screen(lines, keys=keys)


def undone(work: Work, one: Published, agent: Agent) -> Screen:
    """It is taken back."""
    lines = [
        *_told(work, one),
        None,
        t("↩️ Taken back by {agent}. The question waits again.", agent=agent.name),
    ]
    return Screen(lines, edit=True)


def _told(work: Work, one: Published) -> list[Text | None]:
    question = t("“{question}”", question=str(one.edit["text"]))
    if one.kind == "drop":
        return [t("A question was dropped."), question]
    edit = effects.as_read(one.edit)
    return [described(work, edit)] if edit.kind == "word" else [described(work, edit), question]


def _head(question: Question) -> list[Text | None]:
    written = _WRITINGS.get(str(question.asked["writing"]), _WRITINGS["fr"])
    lines: list[Text | None] = [
        t("<b>Question without an answer</b>"),
        t("“{question}”", question=question.text),
        t("Language: {language}", language=written),
    ]
    if question.times > 1:
        lines.append(nt("Asked {n} time.", "Asked {n} times.", question.times))
    return lines


def _turns(question: Question, verb: str, page: int, count: int, size: int) -> list[Button]:
    turns = [_key(question, t("‹ Previous"), f"{verb}:{page - 1}")] if page > 0 else []
    if (page + 1) * size < count:
        turns.append(_key(question, t("Next ›"), f"{verb}:{page + 1}"))
    return turns


def _back(question: Question) -> Button:
    return _key(question, t("‹ Back"), "home")


def _onwards(question: Question) -> list[Button]:
    return [_key(question, t("Next question"), "next"), _key(question, _EDITS, "edits")]


def _key(question: Question, label: Text, action: str) -> Button:
    return Button(label, f"{VERB}:{question.ref}:{question.card.get('step', 0)}.{action}", lasting=True)


def _title(topic: Topic) -> Text:
    return t("{title}", title=_both(topic))


def _both(topic: Topic) -> Both:
    return Both(topic.titles["fr"], topic.titles["ar"])


def _percent(share: float) -> Text:
    return t("{n} %", n=round(share * 100))
