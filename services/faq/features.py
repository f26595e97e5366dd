"""What the softmax sees of a question: its words, their concepts and pairs of concepts, letters in a row.

Each block of features is of length one, times its weight: a long word's many n-grams count no more than a short one's.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from services.faq.folding import words
from services.faq.language import Writing, writing
from services.faq.lexicon import Lexicon
from services.faq.listed import word_list

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Row: TypeAlias = tuple[NDArray[np.int32], NDArray[np.float32]]

BLOCKS: Mapping[str, float] = {
    "w": 0.8,
    "c": 1.3,
    "p": 0.8,
    "g": 0.8,
}  # words, concepts, pairs of them, letters in a row
_SIZES = (3, 4)  # of letters in a row
_RARE_KEPT = ("w", "c")  # of the other blocks only what two texts have
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
    """The features that training met, by number, with their inverse document frequencies."""

    def __init__(
        self, number: Mapping[str, Mapping[str, int]], idf: Sequence[float], blocks: Mapping[str, float]
    ) -> None:
        self.number = number
        self.idf = idf
        self.blocks = blocks

    @classmethod
    def of(cls, texts: Iterable[Seen], blocks: Mapping[str, float] = BLOCKS) -> tuple[Vocabulary, list[Row]]:
        """The vocabulary of texts, and the texts by it. They are gone through once and not kept: a generator saves memory."""
        met: dict[str, dict[str, int]] = {block: {} for block in blocks}
        count = 0
        features, values, lengths = array("i"), array("f"), array("i")
        for seen in texts:
            for block in blocks:
                numbers = met[block]
                counts = seen.counts[block]
                for feature, often in counts.items():
                    number = numbers.setdefault(feature, count)
                    count += number == count
                    features.append(number)
                    values.append(_dampened(often))
                lengths.append(len(counts))
        return cls._weighed(met, count, features, values, lengths, blocks)

    @classmethod
    def _weighed(
        cls,
        met: dict[str, dict[str, int]],
        count: int,
        features: array[int],
        values: array[float],
        lengths: array[int],
        blocks: Mapping[str, float],
    ) -> tuple[Vocabulary, list[Row]]:
        """Without the rare features of long lists, by inverse document frequency, each block of each text of length one."""
        import numpy as np

        at = np.frombuffer(features, np.int32) if features else np.zeros(0, np.int32)
        long = np.frombuffer(lengths, np.int32)
        often = np.bincount(at, minlength=count)
        kept = np.ones(count, bool)
        for block in blocks:
            if block not in _RARE_KEPT:
                own = np.fromiter(met[block].values(), np.int32, len(met[block]))
                kept[own] = often[own] > 1
        idf = 1.0 + np.log((1 + len(long) // len(blocks)) / (1 + often))
        value = np.frombuffer(values, np.float32) * idf[at] * kept[at] if features else np.zeros(0)
        part = np.repeat(np.arange(len(long)), long)
        size = np.sqrt(np.bincount(part, value * value, minlength=len(long)))
        weight = np.resize(list(blocks.values()), len(long)) / np.where(size > 0, size, 1)
        value = (value * weight[part]).astype(np.float32)
        new = np.cumsum(kept) - 1
        number = {
            block: {feature: int(new[old]) for feature, old in numbers.items() if kept[old]}
            for block, numbers in met.items()
        }
        rows: list[Row] = []
        ends = np.cumsum(long)[len(blocks) - 1 :: len(blocks)]
        for start, end in zip([0, *ends[:-1]], ends, strict=True):
            own = np.flatnonzero(kept[at[start:end]]) + start
            rows.append((new[at[own]].astype(np.int32), value[own]))
        return cls(number, idf[kept].tolist(), blocks), rows

    def __len__(self) -> int:
        return len(self.idf)

    def vector(self, seen: Seen) -> tuple[list[int], list[float]]:
        """The numbers of a text's features and their values."""
        numbers: list[int] = []
        values: list[float] = []
        for block, weight in self.blocks.items():
            number = self.number[block]
            known = [(number[f], often) for f, often in seen.counts[block].items() if f in number]
            if known:
                raw = [_dampened(often) * self.idf[at] for at, often in known]
                scale = weight / math.sqrt(sum(value * value for value in raw))
                numbers += [at for at, _ in known]
                values += [value * scale for value in raw]
        return numbers, values


def _dampened(often: float) -> float:
    return 1.0 + math.log(often) if often > 1 else often
