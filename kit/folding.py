"""How what people type is cleaned, and when two texts are the same: names, secret answers, words of a list.

`fold` is kept with stored answers by FOLDING_VERSION: a change of its result needs a new version.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

FOLDING_VERSION = 1

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛`´ʼʻʾʿʹ′＇"))
# What NFKD leaves apart though people type one for the other: Arabic seats and keyboards, French ligatures; and letters that are blank.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیې", "ي"),
        **dict.fromkeys("ةھہە", "ه"),
        **dict(zip("ؤئکœæøłđı", ("و", "ي", "ك", "oe", "ae", "o", "l", "d", "i"), strict=True)),
        **dict.fromkeys("\u0640\u115f\u1160"),
    }
)
# Controls, formats, surrogates, non-characters, and what looks blank without being a space (each category is checked in the tests).
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Letters and marks of the scripts in which a joiner changes how a word is read: Arabic, Syriac, the Indic ones, Khmer, Mongolian.
_JOINED = (
    "[\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u0710-\u074a\u0750-\u077f\u08a0-\u08c9"
    "\u0900-\u0df4\u1000-\u109f\u1780-\u17d3\u1820-\u18aa]"
)
_STRAY_JOINER = re.compile(f"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
# A particle is one with the name that follows, however it is written: "El Ouaïssi", "Al-Ouaissi", "عبد الله", "ابن علي".
_PARTICLES = {
    **dict.fromkeys(("ben", "bin", "ibn"), "ben"),
    **dict.fromkeys(("el", "al"), "el"),
    **dict.fromkeys(("abou", "abu"), "abou"),
    **dict.fromkeys(("بن", "ابن"), "بن"),
    **dict.fromkeys(("ابو", "ابي", "ابا"), "ابو"),
    "abd": "abd",
    "عبد": "عبد",
    "ال": "ال",
}
PARTICLES = frozenset(_PARTICLES)
_NAME_LETTERS = str.maketrans({"ء": None, "گ": "ك", "ڭ": "ك", "ݣ": "ك", "ڤ": "ف", "ڥ": "ف", "پ": "ب"})
# A long vowel that older spelling leaves out, and a doubled waw.
_NAME_SPELLINGS = (
    ("رحمن", "رحمان"),
    ("اسحق", "اسحاق"),
    ("اسمعيل", "اسماعيل"),
    ("هرون", "هارون"),
    ("ابرهيم", "ابراهيم"),
    ("سليمن", "سليمان"),
    ("وو", "و"),
)


def decimal_digits(text: str) -> str:
    """`text` with every decimal digit of any script in ASCII; "²" and "Ⅷ" are no decimal digits and stay (BI-07)."""
    return _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def visible(text: str) -> str:
    """What can be seen of a text on one line: NFC, single spaces, nothing that is invisible or turns the writing round (BI-01, 03, 15).

    Joiners stay between letters of the scripts that need them. Not for texts that hold emoji: their joiners go too.
    """
    seen = _UNSEEN.sub("", re.sub(r"\s", " ", text))
    return " ".join(unicodedata.normalize("NFC", _STRAY_JOINER.sub("", seen)).split())


def fold(text: str) -> str:
    """`text` as it is compared: small letters and ASCII digits, no accents or vowel marks, single spaces (CF-03).

    Apostrophes vanish ("L'Oréal" is "loreal"); whatever else is neither letter nor digit separates ("Al-Amal" is "al amal").
    """
    flat = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    flat = unicodedata.normalize("NFKD", flat).translate(_LETTERS)
    return " ".join("".join(map(_folded, flat)).split())


def joined(text: str) -> str:
    """`fold` without its spaces."""
    return fold(text).replace(" ", "")


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are the same name: by `fold`, particles joined, parts in any order (CF-09).

    Last and first name together may be compared as well, which forgives who swaps them. A letter more or less is another name.
    """
    if joined(one) == joined(other):
        return joined(one) != "" or visible(one) == visible(other) != ""
    parts, others = _name_parts(one), _name_parts(other)
    return "".join(parts) == "".join(others) or sorted(parts) == sorted(others)


@lru_cache(4096)
def _folded(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else " "
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] in "LN":
        return character
    return (
        ""
        if category[0] == "M" or category in ("Cf", "Cs") or (category == "Cc" and not character.isspace())
        else " "
    )


def _name_parts(name: str) -> list[str]:
    parts: list[str] = []
    prefix = ""
    words = fold(name).translate(_NAME_LETTERS).split()
    for place, word in enumerate(words):
        if word in _PARTICLES and place < len(words) - 1:
            prefix += _PARTICLES[word]
            continue
        parts.append(_spelling(prefix + word))
        prefix = ""
    return parts


def _spelling(word: str) -> str:
    for old, new in _NAME_SPELLINGS:
        word = word.replace(old, new)
    return word
