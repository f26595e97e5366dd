"""What the softmax sees of a question: its words, their concepts and pairs of concepts, letters in a row.

Each block of features is of length one, times its weight: a long word's many n-grams count no more than a short one's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.faq.folding import words
from services.faq.language import Writing, writing
from services.faq.lexicon import Lexicon
from services.faq.listed import word_list

BLOCKS: Mapping[str, float] = {
    "w": 0.8,
    "c": 1.3,
    "p": 0.8,
    "g": 0.8,
}  # words, concepts, pairs of them, letters in a row
_SIZES = (3, 4)  # of letters in a row
_UNSURE = 0.7  # the weight of a concept found by consonants or through a typo
# Words that say nothing of what is asked. Those of the concepts (comment, où, pourquoi) are not among them.
_EMPTY = word_list("empty")


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as it was read."""

    writing: Writing
    words: tuple[str, ...]
    concepts: tuple[str, ...]
    counts: Mapping[str, Mapping[str, float]]  # block: feature: how often

    @property
    def content(self) -> list[str]:
        """Its words that say something."""
        return [word for word in self.words if word not in _EMPTY and (len(word) > 1 or word.isdigit())]


def stem(word: str) -> str:
    """A word without its commonest endings: French plurals, feminines and verbs, Arabic article."""
    if word[0] >= "؀":
        for start in ("وال", "بال", "فال", "لل", "ال"):
            if word.startswith(start) and len(word) - len(start) >= 3:
                return word[len(start) :]
        return word
    for end in ("ements", "ement", "ations", "ation", "ees", "ee", "es", "er", "ez", "ent", "e", "s", "x"):
        if word.endswith(end) and len(word) - len(end) >= 4:
            return word[: -len(end)]
    return word


def read(text: str, lexicon: Lexicon) -> Seen:
    """All that the matcher needs to know of a text, but for the weights."""
    found = words(text)
    kind = writing(found)
    concepts = lexicon.concepts(found, kind)
    weights: dict[str, float] = {}
    for concept, sure in concepts:
        weights[concept] = max(weights.get(concept, 0.0), 1.0 if sure else _UNSURE)
    names = sorted(weights)
    pairs = {f"{a} {b}": weights[a] * weights[b] for i, a in enumerate(names) for b in names[i + 1 :]}
    said: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for word in found:
        if word not in _EMPTY:
            said[stem(word)] += 1
            padded = f"<{word}>"
            for size in _SIZES:
                letters.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    return Seen(kind, tuple(found), tuple(names), {"w": said, "c": weights, "p": pairs, "g": letters})


class Vocabulary:
    """The features that training met, with their inverse document frequencies."""

    def __init__(self, seen: Sequence[Seen], blocks: Mapping[str, float] = BLOCKS) -> None:
        self.blocks = blocks
        self.number: dict[str, dict[str, int]] = {block: {} for block in blocks}
        often: dict[str, Counter[str]] = {block: Counter() for block in blocks}
        for one in seen:
            for block in blocks:
                often[block].update(one.counts[block].keys())
        self.idf: list[float] = []
        for block in blocks:
            rare = 1 if block in "wc" else 2
            for feature, times in often[block].items():
                if times >= rare:
                    self.number[block][feature] = len(self.idf)
                    self.idf.append(1.0 + math.log((1 + len(seen)) / (1 + times)))

    def __len__(self) -> int:
        return len(self.idf)

    def vector(self, seen: Seen) -> tuple[list[int], list[float]]:
        """The numbers of a text's features and their values."""
        numbers: list[int] = []
        values: list[float] = []
        for block, weight in self.blocks.items():
            number = self.number[block]
            known = [(number[f], count) for f, count in seen.counts[block].items() if f in number]
            if not known:
                continue
            raw = [(1.0 + math.log(count) if count > 1 else count) * self.idf[at] for at, count in known]
            scale = weight / math.sqrt(sum(value * value for value in raw))
            numbers += [at for at, _ in known]
            values += [value * scale for value in raw]
        return numbers, values

    def known_share(self, words_said: Iterable[str], lexicon: Lexicon, kind: Writing) -> float:
        """The share of words that training or the lexicon knows."""
        said = list(words_said)
        if not said:
            return 0.0
        known = sum(stem(word) in self.number["w"] or bool(lexicon.of_word(word, kind)) for word in said)
        return known / len(said)
