"""What is said, before it is said in a language: whole sentences with named values.

`t("Hello {name}.", name=...)` is a sentence of the catalogue, `nt(...)` one with a plural. Sources are in English and may hold
Telegram's HTML tags; values never do: they are escaped and isolated for right-to-left when the sentence is spoken (kit.speech).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kit.money import Money


@dataclass(frozen=True, slots=True)
class Ltr:
    """A value that is surely left-to-right: an e-mail, a matricule, a login, a link."""

    value: str


@dataclass(frozen=True, slots=True)
class Code:
    """A value shown as code, to be copied: its isolates stand outside."""

    value: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of day of a moment, in the fund's time zone: "16:30"."""

    value: dt.datetime


@dataclass(frozen=True, slots=True)
class Month:
    """The month of a day, in words: "mars 2026"."""

    value: dt.date


@dataclass(frozen=True, slots=True)
class Weekday:
    """The weekday of a day, in words: "lundi"."""

    value: dt.date


@dataclass(frozen=True, slots=True)
class Short:
    """A day, or that of a moment at the fund's seat, in figures: "14/03/2026"."""

    value: dt.date


@dataclass(frozen=True, slots=True)
class Both:
    """A fact that the fund's file or an import gives in both languages: an act's label, the fund's name."""

    fr: str
    ar: str


@dataclass(frozen=True, slots=True)
class Written:
    """A line that the fund wrote itself, in the language in which it is shown; what it names in braces are `values`. It is no
    sentence of the catalogue, holds no markup, and stands alone on its line: it is not isolated."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of the catalogue with its values; `plural` and `n` where it counts something."""

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None
    n: int = 0


Value: TypeAlias = (
    "str | int | Money | dt.date | Ltr | Code | Clock | Month | Weekday | Short | Both | Text | Written"
)


def t(id: str, /, **values: Value) -> Text:
    """A sentence; `id` is its English source, as it stands in the catalogue."""
    return Text(id, values)


def nt(one: str, many: str, n: int, /, **values: Value) -> Text:
    """A sentence that counts `n` things; the value `n` is there without being given."""
    return Text(one, {"n": n, **values}, many, n)
