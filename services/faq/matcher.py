"""From a question to a topic: `Matcher.train(topics).match("slm 3afak fin wsel remb dyali")`.

A matcher is immutable. Training takes a few tenths of a second of CPU: do it off the loop and put the new one in the old one's place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from services.faq import bodies, emergencies
from services.faq.features import Seen, Vocabulary, read
from services.faq.folding import words as folded
from services.faq.language import Writing
from services.faq.lexicon import Lexicon
from services.faq.material import Material, shipped
from services.faq.softmax import train
from services.faq.topics import Role, Topic

if TYPE_CHECKING:
    from services.faq.softmax import Floats

# From the softmax's probability p to how often such an answer is right: 1 / (1 + exp(-(SLOPE logit p + SHIFT))). Fitted on the training
# texts, each judged by a softmax that had not seen it (docs/faq.md).
_SLOPE, _SHIFT = 0.9, 0.33
_SURE = 0.65  # the confidence from which one answer is given
_PRIOR = 1.5  # how much likelier a topic is when it is one of those that the asker's role usually asks


class Kind(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"  # `topic` is the one
    UNSURE = "unsure"  # offer `top3`
    NONE = "none"  # nothing fits: the way to a human (`top3` is filled, but means little)
    EMERGENCY = "emergency"  # the numbers to call, and nothing else
    OTHER_BODY = "other_body"  # `body` is not us


@dataclass(frozen=True, slots=True)
class Guess:
    """A topic's id and its probability."""

    topic: str
    probability: float


@dataclass(frozen=True, slots=True)
class Match:
    """`topic` is set for Kind.ANSWER only, `body` (an id of `bodies.known()`) for Kind.OTHER_BODY only.

    `confidence` is how likely the best topic is the right one.
    """

    kind: Kind
    topic: str | None
    top3: tuple[Guess, ...]
    writing: Writing
    confidence: float
    body: str | None = None


class Matcher:
    """Trained on topics; see `train`."""

    def __init__(
        self,
        topics: tuple[Topic, ...],
        lexicon: Lexicon,
        vocabulary: Vocabulary,
        weights: Floats,
        bias: Floats,
    ) -> None:
        self._topics = topics
        self._lexicon = lexicon
        self._vocabulary = vocabulary
        self._weights = weights
        self._bias = bias

    @classmethod
    def train(
        cls,
        topics: Iterable[Topic],
        *,
        words: Mapping[str, Iterable[str]] | None = None,
        phrasings: Mapping[str, Iterable[str]] | None = None,
        negatives: Iterable[str] = (),
        material: Material | None = None,
    ) -> Matcher:
        """A matcher of these topics. What agents added comes on top of what ships (`material`).

        Args:
            words: {concept: further variants}; a new concept may be named.
            phrasings: {topic id: further ways to ask it}; ids that no topic has are passed over.
            negatives: further questions that are not ours.
        """
        topics = tuple(topics)
        material = material or shipped()
        emergencies.prepare()
        concepts: dict[str, list[str]] = {
            name: list(variants) for name, variants in material.concepts.items()
        }
        for name, variants in (words or {}).items():
            concepts.setdefault(name, []).extend(variants)
        for body in bodies.known().values():
            concepts[f"x_{body.id}"] = [" ".join(name) for name in body.names]
        lexicon = Lexicon.of(concepts)
        texts: list[tuple[str, int]] = []
        for number, topic in enumerate(topics):
            asked = [
                *topic.phrasings,
                *material.phrasings.get(topic.id, ()),
                *(phrasings or {}).get(topic.id, ()),
            ]
            texts += [(text, number) for text in _once(asked)]
        texts += [(text, len(topics)) for text in _once([*material.negatives, *negatives])]
        vocabulary, rows = Vocabulary.of(read(text, lexicon) for text, _ in texts)
        weights, bias = train(
            rows,
            [number for _, number in texts],
            features=len(vocabulary),
            kinds=len(topics) + 1,
        )
        return cls(topics, lexicon, vocabulary, weights, bias)

    def match(self, text: str, *, role: Role | None = None) -> Match:
        """What the question is about. Never raises; only the first 400 characters count."""
        seen = read(text, self._lexicon)
        probabilities = self._probabilities(seen, role)
        best = sorted(range(len(self._topics)), key=lambda at: -probabilities[at])[:3]
        top3 = tuple(Guess(self._topics[at].id, probabilities[at]) for at in best)
        confidence = _confidence(top3[0].probability) if seen.words else 0.0
        if emergencies.is_emergency(seen.words):
            return Match(Kind.EMERGENCY, None, top3, seen.writing, confidence)
        body = bodies.named(seen.words)
        if body is not None and confidence < bodies.OVERRULED:
            return Match(Kind.OTHER_BODY, None, top3, seen.writing, confidence, body)
        if confidence >= _SURE:
            return Match(Kind.ANSWER, top3[0].topic, top3, seen.writing, confidence)
        body = bodies.named(seen.words, weak=True)
        if body is not None:
            return Match(Kind.OTHER_BODY, None, top3, seen.writing, confidence, body)
        stranger = 1.0 - sum(probabilities)
        kind = (
            Kind.UNSURE if seen.words and sum(guess.probability for guess in top3) > stranger else Kind.NONE
        )
        return Match(kind, None, top3, seen.writing, confidence)

    def _probabilities(self, seen: Seen, role: Role | None) -> list[float]:
        """By topic; what is missing to 1 is the stranger's."""
        import numpy as np

        numbers, values = self._vocabulary.vector(seen)
        logits = (
            self._bias + np.asarray(values, np.float32) @ self._weights[numbers]
            if numbers
            else self._bias.copy()
        )
        if role is not None:
            logits[:-1] += np.log(_PRIOR) * np.asarray(
                [role in topic.roles for topic in self._topics], np.float32
            )
        likely = np.exp(logits - logits.max())
        return [float(one) for one in (likely / likely.sum())[:-1]]


def _once(texts: Iterable[str]) -> Iterable[str]:
    """Each question once, however it is typed: a title that is a phrasing too counts no more than others."""
    return {tuple(folded(text)): text for text in texts}.values()


def _confidence(probability: float) -> float:
    odds = math.log(max(probability, 1e-9) / max(1.0 - probability, 1e-9))
    return 1.0 / (1.0 + math.exp(-(_SLOPE * odds + _SHIFT)))
