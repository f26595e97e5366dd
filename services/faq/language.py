"""In which of the four writings a question is: by its script, then by words that only one of them has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from services.faq.listed import word_list


class Writing(StrEnum):
    """A language and its script; a question is answered in the fund's language of the same family."""

    FRENCH = "fr"
    ARABIC = "ar"
    DARIJA = "darija-ar"
    ARABIZI = "darija-lat"

    @property
    def arabic_script(self) -> bool:
        return self in (Writing.ARABIC, Writing.DARIJA)


# Words as `folding.words` leaves them. Darija in Arabic script: none of these is Modern Standard.
_DARIJA = word_list("darija")
_DARIJA_VERB = re.compile(
    r"^(?:[فو]?)(?!كت[اي]?ب|كيفي|كيلو|كنت$)(?:كا?[نتي]|تا?ي(?=.{3})|غا[نتي]|غن)(?=\w{2,})\w+$"
)
_NEGATED = re.compile(r"^(?!معاش|مراكش|مفتش)م(?:ا)?\w{2,}ش$")
_STANDARD = word_list("standard")

_ARABIZI = word_list("arabizi")
_DIGIT_LETTER = re.compile(
    r"^(?=.*[a-z])(?=.*[23579])(?!\d+(?:h|dh|j|e|er|eme|d|mo|go|x|p|a|b|kg|km)?$)[a-z235789]+$"
)
# Verbs ("kanchouf", "ghadi"), negations ("majanich"), and beginnings that no French word has ("lkhedma", "nsifet", "bghaw").
_ARABIZI_SHAPE = re.compile(
    r"^(?:(?:k|gh)a?[nty][a-z]{3,}|ma[a-z]{3,}[cs]h|(?:l[bcdfghjkmnpqrstwxz]|n[bcdfghjklmnpqrstwxz]|bgh|dkh|m[cs]h|t[bdfgjkqtwx]|kh)[a-z]{2,})$"
)
_FRENCH = word_list("french")


def writing(words: Sequence[str]) -> Writing:
    """The writing of folded words; French where nothing speaks for another."""
    arabic = sum(len(word) for word in words if "؀" <= word[0] <= "ۿ")
    latin = sum(len(word) for word in words if "a" <= word[0] <= "z" or (word[0].isdigit() and len(word) > 2))
    if arabic * 2 > latin and arabic:
        return _of_arabic(words)
    return _of_latin(words)


def plainly_french(words: Sequence[str]) -> bool:
    """Whether a word among these is French and nothing else; text in Latin letters without one may be of any language."""
    return any(len(word) > 1 and word in _FRENCH for word in words)


def _of_arabic(words: Sequence[str]) -> Writing:
    darija = standard = 0.0
    for word in words:
        if word in _DARIJA or (word[1:] in _DARIJA and word[0] in "فوبل" and len(word) > 4):
            darija += 1
        elif _DARIJA_VERB.match(word) or _NEGATED.match(word):
            darija += 0.7
        if word in _STANDARD:
            standard += 1
    return Writing.DARIJA if darija and darija >= standard * 0.8 else Writing.ARABIC


def _of_latin(words: Sequence[str]) -> Writing:
    arabizi = french = 0.0
    for word in words:
        if _DIGIT_LETTER.match(word):
            arabizi += 1.5
        elif word in _ARABIZI:
            arabizi += 1
        elif word in _FRENCH:
            french += 1
        elif _ARABIZI_SHAPE.match(word):
            arabizi += 0.7
    return Writing.ARABIZI if arabizi and arabizi >= french * 0.6 else Writing.FRENCH
