"""The number printed on a participant's membership card."""

from __future__ import annotations

import re
from functools import lru_cache

from kit.errors import Refused
from kit.folding import decimal_digits, visible
from kit.text import Ltr, Text, t

_LONGEST = 64


def read_matricule(raw: str, pattern: str) -> str:
    """The matricule in ASCII digits, as the fund's `pattern` (a regular expression for the whole of it) wants it.

    Digits of any script, invisible characters and spaces are taken (BI-02, BI-07); signs, "_", "²" are not (BI-08).
    Raises Refused `matricule_empty` or `matricule_form`.
    """
    text = visible(raw[: _LONGEST * 8])
    if not text:
        raise Refused("matricule_empty", t("Type your matricule: it is printed on your membership card."))
    if len(raw) <= _LONGEST * 8 and len(text) <= _LONGEST:
        digits = decimal_digits(text)
        packed = digits.replace(" ", "")
        for candidate in (digits, packed, packed.upper()):
            if re.fullmatch(pattern, candidate):
                return candidate
    raise Refused("matricule_form", _form(pattern))


def _form(pattern: str) -> Text:
    example = _example(pattern)
    if example is None:
        return t("This is not a matricule: type it as it is printed on your membership card.")
    return t(
        "This is not a matricule: type it as it is printed on your membership card, for example {example}.",
        example=Ltr(example),
    )


@lru_cache(maxsize=16)
def _example(pattern: str) -> str | None:
    """The first of some usual numbers that the pattern takes, six figures for choice."""
    for prefix in ("", "A", "AB"):
        for length in (6, 7, 5, 8, 4, 9, 10, 3, 11, 12):
            candidate = prefix + "123456789012"[:length]
            if re.fullmatch(pattern, candidate):
                return candidate
    return None
