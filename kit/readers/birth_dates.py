"""A birth date: day first, the year in four figures, in figures of any script or with the month in words."""

from __future__ import annotations

import datetime as dt
import re

from kit.errors import Refused
from kit.folding import decimal_digits, fold, visible
from kit.text import Ltr, Short, nt, t

_LONGEST = 64
_FIGURES = re.compile(r"([0-9]{1,2}) ?([/.\- ]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,4})")
_YEAR_FIRST = re.compile(r"([0-9]{4}) ?([/.\- ]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
_IN_WORDS = re.compile(r"([0-9]{1,2})(?:er|ᵉʳ)?[ ./\-]*([^\W\d_][^0-9]*)([0-9]{1,4})", re.IGNORECASE)
_SEPARATORS = str.maketrans(
    {"／": "/", "؍": "/", "．": ".", "。": ".", "－": "-", "−": "-", **dict.fromkeys("‐‑‒–—―", "-")}
)
# French with its abbreviations; Arabic as in Morocco, then in Algeria and Tunisia, in Egypt and the Gulf, in the Levant.
_NAMES = (
    "janvier janv jan|يناير جانفي|كانون الثاني",
    "fevrier fevr fev|فبراير فيفري شباط",
    "mars mar|مارس آذار",
    "avril avr|أبريل إبريل أفريل نيسان",
    "mai|ماي مايو أيار",
    "juin|يونيو يونيه جوان حزيران",
    "juillet juil|يوليوز يوليو يوليه جويلية تموز",
    "aout|غشت أغسطس أوت آب",
    "septembre sept sep|شتنبر سبتمبر أيلول",
    "octobre oct|أكتوبر|تشرين الأول",
    "novembre nov|نونبر نوفمبر|تشرين الثاني",
    "decembre dec|دجنبر ديسمبر|كانون الأول",
)
MONTHS: dict[str, int] = {
    fold(name): month
    for month, names in enumerate(_NAMES, start=1)
    for group in names.split("|")
    for name in ([group] if group.startswith(("كانون", "تشرين")) else group.split())
}
_EXAMPLE = Ltr("31/12/1980")


def read_birth_date(raw: str, today: dt.date, *, youngest: int = 16, oldest: int = 120) -> dt.date:
    """The date of a birth; `youngest` and `oldest` are ages in years on `today`, both included (BI-07, BI-09…BI-12).

    Raises Refused `birth_date_empty`, `_form`, `_year` (not in four figures), `_impossible`, `_future`, `_young`, `_old`.
    """
    text = visible(raw[: _LONGEST * 8])
    if not text:
        raise Refused("birth_date_empty", t("Type your birth date, for example {example}.", example=_EXAMPLE))
    written = _parts(text) if len(text) <= _LONGEST and len(raw) <= _LONGEST * 8 else None
    if written is None:
        raise Refused(
            "birth_date_form",
            t(
                "This is not a date: type the day, the month and the year, for example {example}.",
                example=_EXAMPLE,
            ),
        )
    day, month, year = written
    if len(year) != 4:
        raise Refused(
            "birth_date_year",
            t("Type the year with its four figures, for example {example}.", example=_EXAMPLE),
        )
    try:
        date = dt.date(int(year), month, day)
    except ValueError:
        raise Refused(
            "birth_date_impossible",
            t(
                "This date does not exist: type the day first, then the month and the year, for example {example}.",
                example=_EXAMPLE,
            ),
        ) from None
    _check(date, today, youngest, oldest)
    return date


def _parts(text: str) -> tuple[int, int, str] | None:
    """Day, month and the year as written; None where the text has none of the forms."""
    text = decimal_digits(text).translate(_SEPARATORS)
    if figures := _FIGURES.fullmatch(text):
        return int(figures[1]), int(figures[3]), figures[4]
    if year_first := _YEAR_FIRST.fullmatch(text):
        return int(year_first[4]), int(year_first[3]), year_first[1]
    words = _IN_WORDS.fullmatch(text)
    if words and (month := MONTHS.get(fold(words[2]))):
        return int(words[1]), month, words[3]
    return None


def _check(date: dt.date, today: dt.date, youngest: int, oldest: int) -> None:
    if date >= today:
        raise Refused(
            "birth_date_future",
            t(
                "{date} is not in the past: type your own birth date, for example {example}.",
                date=Short(date),
                example=_EXAMPLE,
            ),
        )
    age = today.year - date.year - ((today.month, today.day) < (date.month, date.day))
    if age > oldest:
        raise Refused(
            "birth_date_old",
            nt(
                "{date} is more than {n} year ago: check the year and type the date again.",
                "{date} is more than {n} years ago: check the year and type the date again.",
                oldest,
                date=Short(date),
            ),
        )
    if age < youngest:
        raise Refused(
            "birth_date_young",
            nt(
                "{date} is less than {n} year ago: type the birth date of the participant, not that of a child.",
                "{date} is less than {n} years ago: type the birth date of the participant, not that of a child.",
                youngest,
                date=Short(date),
            ),
        )
