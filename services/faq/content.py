"""All that the matcher learns from, as it stands in the database, and a matcher trained on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kit.language import LANGUAGES
from services.faq.folding import words
from services.faq.matcher import Guess, Kind, Match, Matcher
from services.faq.topics import Role, Said, Topic
from store import faq
from store.db import Db
from store.faq import AGENT


@dataclass(frozen=True, slots=True)
class Content:
    """The topics, with the phrasings of the file; what agents added stands beside them."""

    version: int
    topics: tuple[Topic, ...]
    phrasings: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]
    negatives: Sequence[str]

    def with_phrasing(self, topic: str, text: str) -> Content:
        """This content and one more phrasing."""
        return replace(self, phrasings={**self.phrasings, topic: [*self.phrasings.get(topic, ()), text]})

    def with_word(self, concept: str, word: str) -> Content:
        """This content and one more word of a concept."""
        return replace(self, words={**self.words, concept: [*self.words.get(concept, ()), word]})

    def with_negative(self, text: str) -> Content:
        """This content and one more question that is not ours."""
        return replace(self, negatives=[*self.negatives, text])

    def with_topic(self, topic: Topic) -> Content:
        """This content and one more topic."""
        return replace(self, topics=(*self.topics, topic))


def load(db: Db) -> Content:
    """The content that is in force."""
    filed: dict[str, list[str]] = {}
    added: dict[str, list[str]] = {}
    for phrasing in faq.phrasings(db):
        (added if phrasing.source == AGENT else filed).setdefault(phrasing.topic, []).append(phrasing.text)
    variants: dict[str, list[str]] = {}
    for concept, word in faq.words(db):
        variants.setdefault(concept, []).append(word)
    topics = tuple(entry(one, filed.get(one.key, ())) for one in faq.topics(db))
    return Content(faq.version(db), topics, added, variants, faq.negatives(db))


def entry(topic: faq.Topic, phrasings: Sequence[str]) -> Topic:
    """A stored topic as the matcher takes it; of which language a phrasing is does not matter to it."""
    said = {
        language: Said(title=topic.titles[language], answer=topic.answers[language]) for language in LANGUAGES
    }
    french = said["fr"].model_copy(update={"phrasings": tuple(phrasings)})
    roles = tuple(role for role in ("participant", "delegate") if role in topic.roles)
    return Topic(id=topic.key, theme=topic.theme, action=topic.action, roles=roles, fr=french, ar=said["ar"])


@dataclass(frozen=True, slots=True)
class Learned:
    """A matcher, and what agents decided of single questions: those are answered as they said, word for word, whatever it thinks."""

    matcher: Matcher
    decided: Mapping[tuple[str, ...], str | None]  # by the folded words; None: not ours

    def match(self, text: str, *, role: Role | None = None) -> Match:
        """What a question is about."""
        found = self.matcher.match(text, role=role)
        key = tuple(words(text))
        if found.kind is Kind.EMERGENCY or key not in self.decided:
            return found
        topic = self.decided[key]
        if topic is None:
            return replace(found, kind=Kind.NONE, topic=None, body=None)
        others = [guess for guess in found.top3 if guess.topic != topic][:2]
        return replace(
            found, kind=Kind.ANSWER, topic=topic, top3=(Guess(topic, 1.0), *others), confidence=1.0, body=None
        )


def trained(content: Content) -> Learned:
    """What is learned of this content: a few tenths of a second of CPU."""
    matcher = Matcher.train(
        content.topics, words=content.words, phrasings=content.phrasings, negatives=content.negatives
    )
    known = {topic.id for topic in content.topics}
    decided: dict[tuple[str, ...], str | None] = {tuple(words(text)): None for text in content.negatives}
    for topic, texts in content.phrasings.items():
        if topic in known:
            decided.update((tuple(words(text)), topic) for text in texts)
    decided.pop((), None)
    return Learned(matcher, decided)
