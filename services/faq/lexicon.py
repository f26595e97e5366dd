"""The concept lexicon: a variant in any writing adds the token of its concept, to phrasings and to questions alike.

Darija has no spelling, in either script. A word that is not known as it stands is looked up by its consonants ("n3ayet", "n3eyyet",
"نعيط" are all `n3yt`; "السيرفيس" is "service"), but only in questions that are Darija.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from services.faq.folding import words
from services.faq.language import Writing
from services.faq.listed import word_list

_LONGEST_VARIANT = 5  # words
_EMPTY = word_list("empty")
# The writings without a spelling, and from how many letters on consonants tell a word.
_UNSPELLED = {Writing.ARABIZI: 4, Writing.DARIJA: 5}
# What is written in one with a word, before it and after it.
_Clitics: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
_ARABIC_CLITICS: _Clitics = (
    ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك"),
    ("اتي", "كم", "نا", "هم", "ها", "ني", "ين", "ات", "وا", "ي", "ك", "و", "ه"),
)
_LATIN_CLITICS: _Clitics = (
    ("lel", "fel", "bel", "wel", "del", "el", "al", "fl", "bl", "wl", "dl", "l", "f", "b", "w", "d"),
    ("kom", "koum", "hom", "houm", "na", "ha", "ni", "ti", "ek", "ak", "at", "i", "o", "ou", "k", "h"),
)

# What stands for one consonant in Latin letters; the longest first.
_SOUNDS = {
    "ment": "mn", "tion": "sn", "sion": "sn", "tch": "x", "kh": "K", "gh": "G", "ch": "x", "sh": "x", "th": "t", "dh": "d", "ph": "f",
    "qu": "k", "ce": "s", "ci": "s", "cy": "s",
}  # fmt: skip
_SOUND = re.compile("|".join(f"{spelled}$" if spelled == "ment" else spelled for spelled in _SOUNDS))
_LETTERS = {
    **dict.fromkeys("aeiou2اىآ", ""), "5": "K", "7": "h", "8": "G", "9": "q", "6": "t", "4": "d", "c": "k", "v": "f", "p": "b",
    "ب": "b", "ت": "t", "ط": "t", "ث": "t", "ج": "j", "ح": "h", "ه": "h", "خ": "K", "د": "d", "ض": "d", "ذ": "d", "ظ": "d", "ر": "r",
    "ز": "z", "س": "s", "ص": "s", "ش": "x", "ع": "3", "غ": "G", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "و": "w",
    "ي": "y",
}  # fmt: skip
_HALF_VOWELS = frozenset("wyوي")


def skeleton(word: str) -> str:
    """The consonants of an Arabic or arabizi word in one alphabet; w and y only where they are surely consonants."""
    arabic = word[:1] >= "؀"
    if not arabic:
        word = _SOUND.sub(lambda found: _SOUNDS[found[0]], word)
    elif word.endswith("ه"):
        word = word[:-1] + "ا"  # ta marbuta is a vowel here
    bones = last = ""
    for place, letter in enumerate(word):
        if letter in _HALF_VOWELS and place:
            after = word[place + 1 : place + 2]
            if not (after and after in "aا" and (arabic or word[place - 1] in "aeiou")):
                continue
        sound = _LETTERS.get(letter, letter)
        if sound and sound != last:
            bones += sound
            last = sound
    return bones


@lru_cache(4096)
def forms(word: str) -> tuple[str, ...]:
    """`word`, then what is left of it without its clitics, longest first; at least three letters."""
    found = [word]
    before, after = _ARABIC_CLITICS if word[0] >= "؀" else _LATIN_CLITICS
    bare = [word]
    for clitic in before:
        if word.startswith(clitic) and len(word) - len(clitic) >= 3:
            bare.append(word[len(clitic) :])
            found.append(bare[-1])
    for stem in bare:
        for clitic in after:
            if stem.endswith(clitic) and len(stem) - len(clitic) >= 3:
                found.append(stem[: -len(clitic)])
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Concepts by their variants; immutable."""

    phrases: Mapping[
        str, tuple[tuple[tuple[str, ...], str], ...]
    ]  # first word: the variants of several words that begin so
    single: Mapping[str, tuple[str, ...]]  # a word: its concepts
    skeletons: Mapping[str, tuple[str, ...]]
    deletions: Mapping[str, str] = field(repr=False)  # a word less a letter: what it may have been

    @classmethod
    def of(cls, concepts: Mapping[str, Iterable[str]]) -> Lexicon:
        """The lexicon of {concept: variants}."""
        phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        single: dict[str, set[str]] = {}
        skeletons: dict[str, set[str]] = {}
        for concept, variants in concepts.items():
            for variant in variants:
                parts = tuple(words(str(variant)))
                if not parts or len(parts) > _LONGEST_VARIANT:
                    continue
                if len(parts) > 1:
                    phrases.setdefault(parts[0], []).append((parts, concept))
                    continue
                single.setdefault(parts[0], set()).add(concept)
                bones = skeleton(parts[0])
                if len(bones) >= 3:
                    skeletons.setdefault(bones, set()).add(concept)
        deletions: dict[str, str] = {}
        for word in sorted(single):
            if len(word) >= (7 if word[0] >= "؀" else 5) and word.isalpha():
                for shorter in _shorter(word):
                    deletions.setdefault(shorter, word)
        return cls(
            {
                first: tuple(sorted(found, key=lambda it: (-len(it[0]), it)))
                for first, found in phrases.items()
            },
            {word: tuple(sorted(found)) for word, found in single.items()},
            # consonants that many concepts share say nothing
            {bones: tuple(sorted(found)) for bones, found in skeletons.items() if len(found) <= 2},
            deletions,
        )

    def concepts(self, found: Sequence[str], writing: Writing) -> list[tuple[str, bool]]:
        """The concepts of folded words in their order, with whether each was sure, and not by consonants or a typo."""
        result: list[tuple[str, bool]] = []
        taken: set[int] = set()
        for place, word in enumerate(found):
            for form in forms(word) if len(word) > 3 else (word,):
                for parts, concept in self.phrases.get(form, ()):
                    if tuple(found[place + 1 : place + len(parts)]) == parts[1:]:
                        result.append((concept, True))
                        if strange(concept):  # "relevé de notes" has no "relevé" of ours
                            taken.update(range(place, place + len(parts)))
        for place, word in enumerate(found):
            if place not in taken:
                result += self.of_word(word, writing)
        return result

    def of_word(self, word: str, writing: Writing) -> list[tuple[str, bool]]:
        """The concepts of one word."""
        for form in forms(word):
            if form in self.single:
                whole = word.endswith(form)  # a word of another world counts as it stands: "bach" is no "bac"
                return [(concept, True) for concept in self.single[form] if whole or not strange(concept)]
        if writing in _UNSPELLED and len(word) >= _UNSPELLED[writing] and word not in _EMPTY:
            for form in forms(word):
                bones = skeleton(form)
                if len(bones) >= 3 and bones in self.skeletons:
                    many = len(bones) >= 4 and writing is Writing.ARABIZI
                    return [(c, False) for c in self.skeletons[bones] if many or not strange(c)]
        # Arabic roots differ by a letter: only a long word with one letter wrong is surely that word
        if len(word) >= (8 if word[0] >= "؀" else 6) and word.isalpha() and word not in _EMPTY:
            near = self._near(word)
            if near is not None:
                return [(concept, False) for concept in self.single[near] if not strange(concept)]
        return []

    def _near(self, word: str) -> str | None:
        """A variant that is this word but for one letter."""
        for candidate in (word, *_shorter(word)):
            if candidate in self.single and candidate != word:
                return candidate
            near = self.deletions.get(candidate)
            if near is not None and abs(len(near) - len(word)) <= 1:
                return near
        return None


def strange(concept: str) -> bool:
    """Whether a concept is of a world that is not ours: only a word spelled as listed counts for it."""
    return concept.startswith("x_")


def _shorter(word: str) -> Iterator[str]:
    for place in range(1, len(word)):  # the first letter is seldom wrong
        yield word[:place] + word[place + 1 :]
