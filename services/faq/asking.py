"""A question from a chat: what is answered, in which language, and what is kept of a question that nobody could answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.folding import fold
from kit.language import Language
from kit.text import Both
from services.access import Standing, Who
from services.faq import bodies
from services.faq.courtesies import Courtesy, courtesy
from services.faq.folding import words
from services.faq.language import Writing, plainly_french
from services.faq.masking import mask
from services.faq.matcher import Kind, Match
from services.faq.topics import Role
from services.limits import Daily
from services.work import Work
from store import directory, faq, faq_questions
from store.faq import Theme, Topic

__all__ = ["Answer", "Theme", "Topic"]

LONGEST = 400  # characters of a question that are read
MATCH = "faq"  # the matcher, as work.need names it
UNKNOWN, UNHELPFUL = "unknown", "unhelpful"
_WORTH = 0.08  # the probability from which a topic is worth being offered
_SHORTEST = 4  # letters of a question that is worth an agent's time
kept_of_chat = Daily(
    "faq.kept", 20
)  # questions of one chat that are put before agents: nobody fills their queue


@dataclass(frozen=True, slots=True)
class Answer:
    """What the matcher made of a question. `topics` are those it thought of, as they are today, best first; `body` is whose it is, where
    it is another's; `courtesy` a greeting or a thanks that asks nothing."""

    kind: Kind
    writing: Writing
    language: Language
    topics: tuple[Topic, ...] = ()
    body: Both | None = None
    courtesy: Courtesy | None = None

    @property
    def sure(self) -> bool:
        """Whether the first topic is the answer."""
        return self.kind is Kind.ANSWER and bool(self.topics)


def ask(work: Work, who: Who, text: str, language: Language) -> Answer:
    """Match a question, off the loop, and find its topics. `language` is the chat's."""
    polite = courtesy(text)
    if polite is not None:
        return Answer(Kind.NONE, Writing.FRENCH, polite.language or language, courtesy=polite)
    role: Role | None = "participant" if who.standing > Standing.STRANGER else None
    match: Match | None = work.need(MATCH, text[:LONGEST], role)
    if match is None:
        return Answer(Kind.NONE, Writing.FRENCH, language)
    keys = [guess.topic for guess in match.top3 if guess.probability >= _WORTH]
    known = faq.topics_named(work.db, keys)
    body = bodies.known()[match.body].name if match.body is not None else None
    topics = tuple(known[key] for key in keys if key in known)
    gone = match.topic is not None and match.topic not in known
    kind = Kind.NONE if gone or (match.kind is Kind.UNSURE and not topics) else match.kind
    spoken = answered_in(match.writing, language) if any(map(str.isalpha, text)) else language
    if kind is Kind.NONE and match.writing is Writing.FRENCH and not plainly_french(words(text)):
        spoken = language  # English, Spanish …: what is not understood is said in the person's own language
    return Answer(kind, match.writing, spoken, topics, body)


def answered_in(writing: Writing, language: Language) -> Language:
    """The language of the answer: that of the question; Darija is answered in Arabic, in Latin letters as the person's language is."""
    if writing is Writing.ARABIZI:
        return language
    return "ar" if writing.arabic_script else "fr"


def keep(work: Work, who: Who, chat_id: int, text: str, answer: Mapping[str, Any], reason: str) -> None:
    """Put a question before the agents, masked. `answer`: its writing and the keys of the topics that were thought of."""
    masked = mask(text[:LONGEST], names(work, who))
    if len(fold(masked).replace(" ", "")) < _SHORTEST or not kept_of_chat.take(work, chat_id):
        return
    asked = {"text": masked, "writing": answer["writing"], "topics": list(answer["topics"])}
    faq_questions.keep(work.db, asked, reason, work.now)


def names(work: Work, who: Who) -> list[str]:
    """The names of who asks and of the family, as the fund knows them: they are masked."""
    return directory.family_names(work.db, who.participant_id) if who.participant_id else []


def topic(work: Work, key: str) -> Topic | None:
    """A topic as it is today."""
    return faq.topics_named(work.db, [key]).get(key)


def browse(work: Work) -> list[tuple[Theme | None, list[Topic]]]:
    """The themes that have topics, each with these, in the file's order; last, under None, those of no theme."""
    by_theme: dict[str | None, list[Topic]] = {}
    known = faq.themes(work.db)
    keys = {theme.key for theme in known}
    for one in faq.topics(work.db):
        by_theme.setdefault(one.theme if one.theme in keys else None, []).append(one)
    shelves: list[tuple[Theme | None, list[Topic]]] = [
        (theme, by_theme[theme.key]) for theme in known if theme.key in by_theme
    ]
    return [*shelves, (None, by_theme[None])] if None in by_theme else shelves


def voted(work: Work, key: str, *, helped: bool) -> None:
    """Count whether an answer helped."""
    faq.vote(work.db, key, helped=helped)
