"""A last or first name, as the person writes it; whether it is theirs is for the directory to say."""

from __future__ import annotations

import re
import unicodedata

from kit.errors import Refused
from kit.folding import visible
from kit.text import Both, nt, t

LONGEST = 100
MARKS_ON_A_LETTER = 3
_CUT = 4096
# A last name as well as a first name.
_EXAMPLE = Both("Karim", "كريم")
_LINES = re.compile("[\r\n\x00\x0b\x0c\x85\u2028\u2029]")


def read_name(raw: str) -> str:
    """The name in NFC with single spaces: any script, at most LONGEST characters besides marks (BI-16, BI-17).

    Raises Refused `name_empty`, `name_lines` (BI-46), `name_long`, `name_marks` (BI-05), `name_letters` (BI-06).
    """
    cut = raw[:_CUT]
    name = visible(cut)
    if not name:
        raise Refused("name_empty", t("Type the name in letters, for example {example}.", example=_EXAMPLE))
    if _LINES.search(cut.strip()):
        raise Refused("name_lines", t("Type the name on one line, for example {example}.", example=_EXAMPLE))
    letters = sum(unicodedata.category(character)[0] != "M" for character in name)
    if letters > LONGEST or len(raw) > _CUT:
        raise Refused(
            "name_long",
            nt(
                "This name is too long: type at most {n} letter.",
                "This name is too long: type at most {n} letters.",
                LONGEST,
            ),
        )
    if too_many_marks(name):
        raise Refused(
            "name_marks", t("This name has too many accents on one letter: type it with the usual letters.")
        )
    no_name = "@" in name or any(
        map(str.isnumeric, name)
    )  # an address, or a number: a slip that a mismatch would not explain
    if no_name or not all(map(_fits, name)):
        raise Refused(
            "name_letters", t("Type the name in letters only, for example {example}.", example=_EXAMPLE)
        )
    return name


def too_many_marks(text: str) -> bool:
    """Whether a letter carries more marks than any language puts on it; a mark without a letter is one too many."""
    marks = MARKS_ON_A_LETTER
    for character in unicodedata.normalize("NFD", text):
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks > MARKS_ON_A_LETTER:
            return True
    return False


def _fits(character: str) -> bool:
    """Letters, marks, digits, punctuation, and any printable ASCII; no emoji, no sign, nothing that Unicode doesn't know."""
    if character.isascii():
        return character.isprintable()
    category = unicodedata.category(character)
    return category[0] in "LP" or category in ("Mn", "Mc", "Nd", "Cf") or character in "´¨"
