"""The questions that the FAQ could not answer, before the agents: a card each in their group, and what an agent makes of it.

    card ──▶ a candidate, another topic, not ours ──▶ the effect ──▶ published, or not
      ├────▶ a word ──▶ its concept ─────────────────┘
      ├────▶ a new topic, written in private ────────┘
      └────▶ dropped

Whoever presses, the fund's list of agents is asked. A card is one agent's for ten minutes after each press; what it shows is kept with
its question, and its buttons name a step of that: an older one shows where the card stands.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit.errors import Refused
from kit.folding import visible
from kit.screen import Screen
from kit.text import Text, t
from services import agents
from services.faq import desk_words as words
from services.faq import effects, folding, publishing
from services.faq.effects import EFFECT, Edit, Effect
from services.faq.material import shipped
from services.work import Work
from store import faq, faq_edits, faq_questions
from store.agents import Agent
from store.faq import Topic
from store.faq_questions import WAITING, Question

HELD = dt.timedelta(minutes=10)  # after its last press a card is anybody's
LONGEST_WORD = 40  # characters of a word of the lexicon
TOPICS, CONCEPTS = 8, 10  # buttons of a page


@dataclass(slots=True)
class _Case:
    """One press: whose, on which question, and what its card shows (view, page, and what was chosen so far)."""

    work: Work
    agent: Agent
    question: Question
    message_id: int | None

    @property
    def card(self) -> dict[str, Any]:
        return self.question.card


def open_queue(work: Work, telegram_id: int, argument: str = "") -> Screen:
    """/unanswered: the next question's card; with "undo" the latest edits."""
    agent = agents.acting(work, telegram_id)
    if argument.strip().casefold() == "undo":
        return words.edits(work, publishing.latest(work))
    return _next(work, agent)


def press(work: Work, telegram_id: int, message_id: int | None, argument: str) -> Screen:
    """A button of a card, "ref:step.verb:value". Raises Refused for who is no agent, and for a card that is another's or done with."""
    agent = agents.acting(work, telegram_id)
    ref, _, rest = argument.partition(":")
    step, _, action = rest.partition(".")
    verb, _, value = action.partition(":")
    match verb:
        case "next":
            return _next(work, agent, message_id, ref)
        case "edits":
            return words.edits(work, publishing.latest(work))
        case "undo":
            return _undo(work, agent, ref)
    question = faq_questions.named(work.db, ref)
    if question is None or question.state != WAITING:
        raise Refused("question_done", t("This question has been dealt with."))
    _must_hold(work, agent, question)
    case = _Case(work, agent, question, message_id)
    if step != str(case.card.get("step", 0)):
        return _draw(case, toast=t("This card had moved on: here is where it stands."))
    return _ACTS.get(verb, _home)(case, value)


def reply(work: Work, telegram_id: int, message_id: int, text: str) -> Screen | None:
    """What is written in reply to a card that asks for a word; None for all other replies."""
    question = faq_questions.of_message(work.db, message_id)
    if question is None or question.card.get("view") != "word":
        return None
    agent = agents.acting(work, telegram_id)
    _must_hold(work, agent, question)
    return _with_word(_Case(work, agent, question, None), text)


def in_hand(work: Work, telegram_id: int) -> Question | None:
    """The question for which an agent writes a new topic."""
    agents.acting(work, telegram_id)
    question = faq_questions.in_hand(work.db, telegram_id)
    return question if question is not None and question.card.get("view") in ("writing", "effect") else None


def wrote_topic(work: Work, telegram_id: int, question: Question, said: tuple[str, str, str, str]) -> Screen:
    """The new topic is written: its effect. Its key is the same however often the turn is run."""
    agent = agents.acting(work, telegram_id)
    key = f"agent-{hashlib.sha256(question.ref.encode()).hexdigest()[:10]}"
    return _effect(_Case(work, agent, question, None), Edit("topic", key, question.text, said))


def chosen(work: Work, telegram_id: int, *, publish: bool) -> Screen:
    """The end of a new topic, pressed in private."""
    question = in_hand(work, telegram_id)
    if question is None:
        raise Refused("question_done", t("This question has been dealt with."))
    case = _Case(work, agents.acting(work, telegram_id), question, None)
    return _publish(case, "") if publish else _home(case, "")


# ── steps of a card ──────────────────────────────────────────────────────────────────────────────────────────────────


def _next(work: Work, agent: Agent, message_id: int | None = None, ref: str = "") -> Screen:
    """The next question's card, in place of that of `ref` where there is another."""
    now = faq_questions.named(work.db, ref) if ref else None
    skipped = now.id if now is not None else 0
    question = faq_questions.next_for(work.db, agent.telegram_id, work.now - HELD, skipped)
    if question is None and now is not None and now.state == WAITING:
        _must_hold(work, agent, now)
        question = now
    if question is None:
        return words.empty(faq_questions.waiting(work.db), bool(publishing.latest(work)))
    return _show(_Case(work, agent, question, message_id), view="home")


def _home(case: _Case, _: str) -> Screen:
    return _show(case, view="home")


def _topics(case: _Case, value: str) -> Screen:
    return _show(case, view="topics", page=_number(value))


def _candidate(case: _Case, value: str) -> Screen:
    keys = [topic.key for topic in _thought_of(case)]
    return _phrasing(case, keys, value)


def _topic(case: _Case, value: str) -> Screen:
    return _phrasing(case, [topic.key for topic in faq.topics(case.work.db)], value)


def _phrasing(case: _Case, keys: list[str], value: str) -> Screen:
    at = _number(value)
    return _effect(case, Edit("phrasing", keys[at], case.question.text)) if at < len(keys) else _draw(case)


def _negative(case: _Case, _: str) -> Screen:
    return _effect(case, Edit("negative", "", case.question.text))


def _word(case: _Case, value: str) -> Screen:
    known = _words(case.question)
    if value.isdecimal() and int(value) < len(known):
        return _with_word(case, known[int(value)])
    return _show(case, view="word")


def _with_word(case: _Case, text: str) -> Screen:
    word = visible(text).strip().casefold()
    if not folding.words(word) or len(word) > LONGEST_WORD or len(word.split()) > 5:
        raise Refused("no_word", t("Reply with one word, or a few that belong together."))
    return _show(case, view="concept", word=word, page=0)


def _concepts(case: _Case, value: str) -> Screen:
    return _show(case, view="concept", word=case.card.get("word", ""), page=_number(value))


def _concept(case: _Case, value: str) -> Screen:
    names, at = concepts(case.work), _number(value)
    if not case.card.get("word") or at >= len(names):
        return _draw(case)
    return _effect(case, Edit("word", names[at], case.card["word"]))


def _new_topic(case: _Case, _: str) -> Screen:
    private = case.work.chat(case.agent.telegram_id)
    if private is None or private.unreachable_at is not None:
        raise Refused("no_private_chat", t("Write to me in private first, then press again."))
    case.work.tell(case.agent.telegram_id, words.write_topic(case.question))
    return _show(case, view="writing", toast=t("I have written to you in private."))


def _drop(case: _Case, _: str) -> Screen:
    publishing.drop(case.work, case.agent, case.question)
    return words.dropped(case.question, case.agent)


def _publish(case: _Case, _: str) -> Screen:
    kept = case.card.get("edit")
    if case.card.get("view") != "effect" or kept is None:
        return _draw(case)
    edit = effects.as_read(kept)
    if case.card["version"] != faq.version(case.work.db):
        return _effect(
            case, edit, toast=t("Something else was published meanwhile: here is the effect as it is now.")
        )
    publishing.publish(case.work, case.agent, case.question, edit)
    return words.published(case.work, case.question, edit, case.agent)


def _undo(work: Work, agent: Agent, ref: str) -> Screen:
    published = faq_edits.named(work.db, ref)
    if published is None or published.undone or not publishing.undo(work, agent, published):
        raise Refused("edit_undone", t("This has been taken back already."))
    return words.undone(work, published, agent)


_ACTS: dict[str, Callable[[_Case, str], Screen]] = {
    "home": _home,
    "as": _candidate,
    "topics": _topics,
    "topic": _topic,
    "not": _negative,
    "word": _word,
    "concepts": _concepts,
    "concept": _concept,
    "new": _new_topic,
    "drop": _drop,
    "publish": _publish,
}


# ── what a card shows ────────────────────────────────────────────────────────────────────────────────────────────────


def _effect(case: _Case, edit: Edit, toast: Text | None = None) -> Screen:
    """Put the effect of an edit before the agent: computed off the loop, against the content of this moment."""
    version = faq.version(case.work.db)
    effect: Effect | None = case.work.need(EFFECT, version, edit, case.question.text)
    if effect is None:
        raise Refused("content_moved", t("Something else was published at this moment. Please press again."))
    shown = {
        "recall": effect.recall,
        "strangers": effect.strangers,
        "better": effect.better,
        "worse": effect.worse,
        "own": effect.own,
    }
    return _show(case, view="effect", edit=effects.as_kept(edit), effect=shown, version=version, toast=toast)


def _show(case: _Case, *, toast: Text | None = None, **card: Any) -> Screen:
    """Keep what the card shows from now on, and draw it."""
    card["step"] = (case.card.get("step", 0) + 1) % 1000
    faq_questions.show(
        case.work.db, case.question, card, case.agent.telegram_id, case.message_id, case.work.now
    )
    case.question.card.clear()
    case.question.card.update(card)
    return _draw(case, toast=toast)


def _draw(case: _Case, toast: Text | None = None) -> Screen:
    work, question, card = case.work, case.question, case.card
    match card.get("view"):
        case "topics":
            return words.topics(question, faq.topics(work.db), card["page"], TOPICS, toast)
        case "word":
            return words.word(question, _words(question), toast)
        case "concept":
            return words.concepts(question, card["word"], concepts(work), card["page"], CONCEPTS, toast)
        case "writing":
            return words.writing(question, case.agent, toast)
        case "effect":
            return words.effect(work, question, effects.as_read(card["edit"]), card["effect"], toast)
    return words.card(question, _thought_of(case), faq_questions.waiting(work.db), toast)


def concepts(work: Work) -> list[str]:
    """The concepts of the lexicon, those that agents gave words to among them."""
    return sorted({*shipped().concepts, *(concept for concept, _ in faq.words(work.db))})


def _thought_of(case: _Case) -> list[Topic]:
    """The topics that the matcher thought of, as far as they are still there."""
    keys = [str(key) for key in case.question.asked["topics"]]
    known = faq.topics_named(case.work.db, keys)
    return [known[key] for key in keys if key in known]


def _words(question: Question) -> list[str]:
    """The words of a question that may be worth a place in the lexicon."""
    found = [word for word in folding.words(question.text) if len(word) > 2 and not word.isdigit()]
    return list(dict.fromkeys(found))[:8]


def _must_hold(work: Work, agent: Agent, question: Question) -> None:
    """A card is its agent's, until it has been left alone for a while."""
    if question.agent in (None, agent.telegram_id):
        return
    if question.shown_at is not None and question.shown_at + HELD > work.now:
        holder = agents.known(work, question.agent)
        name = holder.name if holder is not None else "?"
        raise Refused("question_held", t("{agent} has this question in hand.", agent=name))


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 5 else 0
