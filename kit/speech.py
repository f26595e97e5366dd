"""Sentences in a language: catalogue, plurals, numbers, amounts and dates by territory, isolates for right-to-left."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import re
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from kit.language import LANGUAGES, Language
from kit.money import Money
from kit.text import Both, Clock, Code, Ltr, Month, Short, Text, Value, Weekday, Written
from kit.zones import zone

LOCALES = Path(__file__).resolve().parent.parent / "bot" / "locales"
LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"
_BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_COMMAND = re.compile(r"(?<![\w<:/])/[a-z]+\b")
_FACT = re.compile(r"\{([a-z_]+)\}")
_TAG = re.compile(r"</?[a-z][^>]*>")
_FORMATS = {
    "fr": {"number": "fr_MA", "words": "fr"},
    "ar": {"number": "ar_MA", "words": "ar_MA"},
}


class Untranslated(LookupError):
    """A sentence that was reached without its translation; raised in tests only."""


class _Strict(gettext.NullTranslations):
    """The last resort of the catalogues in tests: a missing sentence is an error."""

    def gettext(self, message: str) -> str:
        raise Untranslated(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise Untranslated(msgid1)


def strip_bidi(text: str) -> str:
    """`text` without marks, embeddings, overrides, isolates and lone surrogates: nobody's input turns our sentences round."""
    return _BIDI.sub("", text)


class Speech:
    """One language's voice. `say` gives Telegram's HTML, `plain` the same without tags and entities (buttons, subjects)."""

    def __init__(self, language: Language, catalogue: gettext.NullTranslations, zone: ZoneInfo) -> None:
        self.language: Language = language
        self.zone = zone
        self.direction = "rtl" if language == "ar" else "ltr"
        self._catalogue = catalogue
        self._number = _FORMATS[language]["number"]
        self._words = _FORMATS[language]["words"]
        self._said: dict[
            str, str
        ] = {}  # sentences and, without values, their plain form: each looked up once
        self._plain: dict[str, str] = {}

    def say(self, text: Text) -> str:
        """The sentence as HTML, its values escaped and isolated."""
        pattern = self._said.get(text.id) if text.plural is None else None
        if pattern is None:
            pattern = self._pattern(text)
        if not text.values:
            return pattern
        return pattern.format_map({name: self._value(value) for name, value in text.values.items()})

    def plain(self, text: Text) -> str:
        """The sentence without markup."""
        if not text.values and text.plural is None:
            found = self._plain.get(text.id)
            if found is None:
                found = self._plain[text.id] = _without_markup(self.say(text))
            return found
        return _without_markup(self.say(text))

    def _pattern(self, text: Text) -> str:
        if text.plural is None:
            said = self._said[text.id] = self._kept_left(self._catalogue.gettext(text.id))
            return said
        return self._kept_left(self._catalogue.ngettext(text.id, text.plural, text.n))

    def _kept_left(self, said: str) -> str:
        """A command inside an Arabic sentence reads from its stroke: /privacy, not privacy/."""
        return _COMMAND.sub(f"{LRI}\\g<0>{PDI}", said) if self.language == "ar" else said

    def _value(self, value: Value) -> str:
        match value:
            case Text():
                return self.say(value)
            case str():
                return f"{FSI}{escape(strip_bidi(value), quote=False)}{PDI}"
            case Ltr():
                return f"{LRI}{escape(strip_bidi(value.value), quote=False)}{PDI}"
            case Code():
                return f"{LRI}<code>{escape(value.value, quote=False)}</code>{PDI}"  # outside the code: what is copied is clean
            case Both():
                return f"{FSI}{escape(strip_bidi(value.ar if self.language == 'ar' else value.fr), quote=False)}{PDI}"
            case Written():
                return self._written(value)
            case int():
                return _decimal(value, self._number)
            case Money():
                return f"{FSI}{self.amount(value)}{PDI}"  # its first strong letter is the currency's
            case Clock():
                return (
                    f"{LRI}{format_time(value.value.astimezone(self.zone), 'HH:mm', locale=self._words)}{PDI}"
                )
            case Month():
                return _date(value.value, "MMMM y", self._words)
            case Weekday():
                return _date(value.value, "EEEE", self._words)
            case Short():
                day = (
                    value.value.astimezone(self.zone) if isinstance(value.value, dt.datetime) else value.value
                )
                return f"{LRI}{day:%d/%m/%Y}{PDI}"
            case dt.datetime():
                return _date(value.astimezone(self.zone).date(), "d MMMM y", self._words)
            case dt.date():
                return _date(value, "d MMMM y", self._words)

    def _written(self, written: Written) -> str:
        """The fund's own line, its facts put in. A brace that names none of them stays as it is."""
        pieces = _FACT.split(strip_bidi(written.text))
        said = [escape(piece, quote=False) for piece in pieces]
        for place in range(1, len(pieces), 2):
            name = pieces[place]
            known = name in written.values
            said[place] = self._value(written.values[name]) if known else f"{{{said[place]}}}"
        return self._kept_left("".join(said))

    def amount(self, money: Money) -> str:
        """ "1 234,50 MAD" in French, "1.234,50 درهم" in Arabic, without isolates; a line never parts it from its currency."""
        figures = self.figures(money)
        return f"{figures}\u00a0درهم" if self.language == "ar" else f"{figures}\u00a0MAD"

    def short_month(self, day: dt.date) -> str:
        """The month of a day, as short as it is written: "janv."; in Arabic whole."""
        return _date(day, "LLL", self._words)

    def figures(self, money: Money) -> str:
        """An amount without its currency, for columns whose head names it."""
        return _amount(money.centimes, self._number)


def _without_markup(said: str) -> str:
    return unescape(_TAG.sub("", said)) if "<" in said or "&" in said else said


@lru_cache(maxsize=4096)
def _decimal(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=4096)
def _amount(centimes: int, locale: str) -> str:
    return format_currency(Money(centimes).dirhams, "MAD", format="#,##0.00", locale=locale)


@lru_cache(maxsize=4096)
def _date(day: dt.date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


class Voices:
    """Both languages, read once at start from `<folder>/<language>/LC_MESSAGES/messages.po`."""

    def __init__(
        self, timezone: str = "Africa/Casablanca", *, strict: bool = False, folder: Path = LOCALES
    ) -> None:
        self._by_language = {
            language: Speech(language, _load(folder, language, strict), zone(timezone))
            for language in LANGUAGES
        }

    def __getitem__(self, language: Language) -> Speech:
        return self._by_language[language]


def _load(folder: Path, language: Language, strict: bool) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    with (folder / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    catalogue = gettext.GNUTranslations(compiled)
    if strict:
        catalogue.add_fallback(_Strict())
    return catalogue
