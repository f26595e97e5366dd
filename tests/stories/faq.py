"""What the stories of the FAQ share: a matcher that thinks what the story wants, and what is kept."""

from __future__ import annotations

from typing import Any

from kit.language import Language
from services.faq.language import Writing
from services.faq.matcher import Guess, Kind, Match
from services.faq.material import shipped_topics
from store import faq, faq_questions
from store.faq_questions import Question
from tests.world import World

FORGOTTEN = "J'ai oublié mon mot de passe"  # a phrasing of the file: password-forgotten
MATRICULE_AR = "كيف أعرف رقم التسجيل الخاص بي؟"  # matricule-where
WHERE = "Où consulter mes remboursements ?"  # reimbursement-where


class Thinking:
    """A matcher that thinks one thing of every question, and remembers what it was asked."""

    def __init__(self, match: Match) -> None:
        self.thought = match
        self.asked: list[str] = []

    def match(self, text: str, *, role: Any = None) -> Match:
        """What it was told to think."""
        self.asked.append(text)
        return self.thought


async def thinks(
    world: World,
    kind: Kind,
    *topics: str,
    writing: Writing = Writing.FRENCH,
    body: str | None = None,
) -> Thinking:
    """From now on the bot's matcher thinks this of every question."""
    await world.app.matching.learned()
    guesses = tuple(Guess(topic, 0.6 / (1 + place)) for place, topic in enumerate(topics))
    topic = topics[0] if kind is Kind.ANSWER else None
    made = Thinking(Match(kind, topic, guesses, writing, 0.6, body))
    world.app.matching._matcher = made  # type: ignore[assignment]
    return made


def title(key: str, language: Language) -> str:
    """What a topic of the shipped file is called."""
    return next(one for one in shipped_topics().topics if one.id == key).said(language).title


async def waiting(world: World) -> list[Question]:
    """The questions that wait for an agent."""
    return [one for one in await world.read(faq_questions.all_of) if one.state == faq_questions.WAITING]


async def votes(world: World) -> dict[str, tuple[int, int]]:
    """By topic, how often it helped and did not."""
    return await world.read(faq.votes)
