"""Someone's life: before any matching, in all four writings. What is said then is the numbers to call and nothing else.

Both ways count. A missed cry for help is worse, but who asks whether an ambulance is reimbursed must get an answer. The words, and how
they weigh against calm ones, are in data/faq_emergencies.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from services.faq.folding import words
from services.faq.listed import shipped_file

_CLITICS = "(?:[وفبل]?(?:ال|ل)?)"  # what Arabic writes in one with the word
_GAP = r"(?:\S+ ){0,4}"


def is_emergency(found: Sequence[str]) -> bool:
    """Whether folded words tell of a danger to somebody's life."""
    text = f" {' '.join(found)} "
    index, calm = _patterns()
    weaker = False
    for pattern, always in {hit for word in found for bare in _bare(word) for hit in index.get(bare, ())}:
        if _compiled(pattern).search(text):
            if always:
                return True
            weaker = True
    return weaker and not _compiled(calm).search(text)


def prepare() -> None:
    """Compile what questions will need, a few hundredths of a second, so that none of them waits for it."""
    index, calm = _patterns()
    for pattern in {calm, *(pattern for entries in index.values() for pattern, _ in entries)}:
        _compiled(pattern)


@cache
def _patterns() -> tuple[dict[str, list[tuple[str, bool]]], str]:
    """Patterns by the words that they may begin with (a question has few of those), each with whether it is `always`; the calm words."""
    lines = shipped_file("emergencies")
    index: dict[str, list[tuple[str, bool]]] = {}
    for part in ("always", "named", "acute"):
        for line in lines[part]:
            entry = ("(?<= )" + _pattern(line), part == "always")
            for first in _first_words(line):
                index.setdefault(first, []).append(entry)
    return index, "(?<= )(?:" + "|".join(map(_pattern, lines["calm"])) + ")"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled once in a process."""
    return re.compile(pattern)


def _bare(word: str) -> set[str]:
    """An Arabic word, and what it may be without what is written in one with it."""
    if word[0] < "؀":
        return {word}
    less = word[1:] if word[0] in "وفبل" else word
    return {word, less, word.removeprefix("ال"), less.removeprefix("ال"), less.removeprefix("ل")} - {""}


def _first_words(line: str) -> Iterator[str]:
    for part in line.split("&"):
        for word in part.split():
            for choice in word.lstrip("?").split("|"):
                yield (words(choice.rstrip("*")) or [choice])[0]
            if not word.startswith("?"):
                break


def _pattern(line: str) -> str:
    parts = ["".join(_word(word) for word in part.split()) for part in line.split("&")]
    if len(parts) == 1:
        return parts[0]
    orders = [parts, parts[::-1]]
    return "(?:" + "|".join(_GAP.join(order) for order in orders) + ")"


def _word(word: str) -> str:
    optional = word.startswith("?")
    choices = [_choice(one) for one in word.lstrip("?").split("|")]
    # what is written in one with an Arabic word stands once before all of them: the pattern compiles in half the time
    arabic = "|".join(one for one in choices if one[0] >= "؀")
    latin = [one for one in choices if one[0] < "؀"]
    both = "|".join([f"{_CLITICS}(?:{arabic})", *latin] if arabic else latin)
    return f"(?:(?:{both}) )" + ("?" if optional else "")


def _choice(word: str) -> str:
    begins = word.endswith("*")
    folded = " ".join(words(word.rstrip("*"))) or word.rstrip("*")
    return re.escape(folded) + (r"\S*" if begins else "")
