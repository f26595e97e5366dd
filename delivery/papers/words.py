"""Words on a paper: sentences of the catalogue as typst takes them, without isolates.

typst has no isolates. What a sentence isolates becomes a run with its direction, which the templates set in a box: a text is a string, or
a list of strings and of runs {"d": "ltr" or "rtl", "t": text}.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, TypeAlias

from kit.money import Money
from kit.speech import FSI, LRI, PDI, Speech, strip_bidi
from kit.text import Both, Ltr, Text, Value, t
from services.fund import Fund

_NUMBER = re.compile(r"[0-9]+(?:[/.,][0-9]+)*")
Run: TypeAlias = "dict[str, str]"
Runs: TypeAlias = "str | list[str | Run]"
_ISOLATED = re.compile(f"([{LRI}{FSI}])([^{PDI}]*){PDI}")


def said(speech: Speech, text: Text) -> Runs:
    """A sentence, its values as runs."""
    return runs(speech.plain(text), speech.direction)


def shown(speech: Speech, value: Value) -> Runs:
    """A value as it is spoken, alone in its place."""
    return said(speech, t("{value}", value=value))


def runs(spoken: str, base: str) -> Runs:
    """What a voice said in the direction `base`, cut at those of its isolates that matter: a box costs typst as much as a line."""
    spoken = _wide(spoken)
    pieces: list[str | Run] = [""]
    at = 0

    def add(piece: str | Run) -> None:
        if isinstance(piece, str) and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)

    for found in _ISOLATED.finditer(spoken):
        add(strip_bidi(spoken[at : found.start()]))
        words = strip_bidi(found[2])
        way = "ltr" if found[1] == LRI else direction(words)
        add(words if _at_home(words, way, base) else {"d": way, "t": words})
        at = found.end()
    add(strip_bidi(spoken[at:]))
    whole = [piece for piece in pieces if piece]
    return "".join(map(str, whole)) if len(pieces) == 1 else whole


def alone(speech: Speech, words: str) -> str | Run:
    """A value that stands alone in its place."""
    clean = strip_bidi(words)
    way = direction(clean)
    return clean if _at_home(clean, way, speech.direction) else {"d": way, "t": clean}


def _at_home(words: str, way: str, base: str) -> bool:
    """Whether words read the same without a box: a date or an amount, and letters that all go the paper's way."""
    if _NUMBER.fullmatch(words):
        return True
    foreign = ("R", "AL", "AN") if base == "ltr" else ("L",)
    letters = [unicodedata.bidirectional(letter) for letter in words]
    return way == base and not words.startswith("@") and not any(kind in foreign for kind in letters)


def direction(words: str) -> str:
    """The direction of the first letter that has one; figures and signs read from the left."""
    for letter in words:
        match unicodedata.bidirectional(letter):
            case "R" | "AL":
                return "rtl"
            case "L":
                return "ltr"
    return "ltr"


def figures(speech: Speech, money: Money) -> str:
    """An amount without its currency, which the head of its column names."""
    return _wide(speech.figures(money))


def _wide(words: str) -> str:
    """typst sets the narrow no-break space too narrow to part thousands."""
    return words.replace("\u202f", "\u00a0")


def both(speech: Speech, words: Both) -> str:
    """The one of two languages that is spoken."""
    return words.ar if speech.language == "ar" else words.fr


def file_name(fund: Fund, name: str, ending: str) -> str:
    """The same in both languages, in signs that no way mangles: "CMIM-D2026-00094.pdf"."""
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return f"{fund.health_fund.short_name}-{safe}.{ending}"


def head(speech: Speech, fund: Fund) -> dict[str, Any]:
    """What all papers say of the fund, and how they read."""
    health = fund.health_fund
    office = health.head_office
    return {
        "lang": speech.language,
        "dir": speech.direction,
        "fund": {
            "short": health.short_name,
            "name": alone(speech, both(speech, fund.name)),
            "lines": [
                [alone(speech, f"{office.building}, {office.street}")],
                [alone(speech, f"{office.postcode} {office.city}")],
                said(speech, t("Telephone: {phone}", phone=Ltr(health.phone))),
                [alone(speech, f"{health.email} · {health.site}")],
            ],
        },
        "page": said(speech, t("Page {page} of {pages}", page=Ltr("@page"), pages=Ltr("@pages"))),
    }
