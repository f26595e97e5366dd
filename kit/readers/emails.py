"""An e-mail address: the login, and where the activation goes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from kit.errors import Refused
from kit.folding import decimal_digits
from kit.text import Ltr, Text, nt, t

_LONGEST = 320
_LONGEST_LOCAL = 64
_EXAMPLE = "salma@example.com"
# Scripts whose letters pass for Latin ones: never in one domain with Latin. Others (Arabic, Han) may stand before ".com".
_LOOK_ALIKES = {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "DESERET", "GEORGIAN"}
# Scripts that one language writes together.
_TOGETHER = ({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}, {"CJK", "HANGUL"}, {"CJK", "BOPOMOFO"})
# The mailboxes that people here use; a domain a slip away from one of them is asked about.
_USUAL = (
    *(
        "gmail.com",
        "hotmail.com",
        "hotmail.fr",
        "yahoo.fr",
        "yahoo.com",
        "outlook.com",
        "outlook.fr",
        "live.fr",
        "live.com",
    ),
    *(
        "icloud.com",
        "menara.ma",
        "orange.fr",
        "wanadoo.fr",
        "laposte.net",
        "free.fr",
        "msn.com",
        "protonmail.com",
    ),
)
# Real ones that are a slip away from those.
_REAL = {
    "mail.com",
    "email.com",
    "gmx.com",
    "ymail.com",
    "live.ca",
    "yahoo.ca",
    "hotmail.be",
    "me.com",
    "live.ma",
    "orange.ma",
}
_ENDINGS = {"gmail.fr": "gmail.com", "gmail.ma": "gmail.com", "hotmail.ma": "hotmail.com"}
# Blanks and direction marks, which a paste brings along.
_EDGES = (
    " \t\r\n\u00a0\u2003\u202f\u3000\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u061c"
)


@dataclass(frozen=True, slots=True)
class Email:
    """`address` is where mail goes (domain in ASCII), `shown` what a person reads (domain decoded)."""

    address: str
    shown: str

    @property
    def key(self) -> str:
        """What the address is looked up by: one for all capitals and for both forms of a domain (BI-40, BI-41)."""
        return self.address.casefold()


def read_email(raw: str) -> Email:
    """The address, whose domain is not asked whether it exists; digits before the "@" may be of any script.

    Raises Refused `email_empty`, `email_long`, `email_hidden` (BI-02, BI-46), `email_local` (BI-42), `email_lookalike` (BI-43), or
    `email_form` (BI-44).
    """
    text = raw[: _LONGEST * 8].strip(_EDGES)
    if not text:
        raise Refused(
            "email_empty", t("Type your e-mail address, for example {example}.", example=Ltr(_EXAMPLE))
        )
    local, at, domain = text.rpartition("@")
    if len(text) > _LONGEST or len(raw) > _LONGEST * 8 or (at and len(local) > _LONGEST_LOCAL):
        raise Refused(
            "email_long",
            nt(
                "This address is too long: type at most {n} character before the @.",
                "This address is too long: type at most {n} characters before the @.",
                _LONGEST_LOCAL,
            ),
        )
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text):
        raise Refused(
            "email_hidden",
            t(
                "This address holds invisible characters: type it by hand, for example {example}.",
                example=Ltr(_EXAMPLE),
            ),
        )
    local = decimal_digits(local)
    if not local.isascii():
        raise Refused(
            "email_local",
            t(
                "Our mail servers take only Latin letters without accents before the @: type the address like {example}.",
                example=Ltr(_EXAMPLE),
            ),
        )
    try:
        valid = validate_email(
            f"{local}{at}{domain}",
            check_deliverability=False,
            strict=True,
            allow_smtputf8=False,
            test_environment=False,
        )
    except (EmailNotValidError, UnicodeError):
        raise Refused("email_form", _form(text)) from None
    ascii_domain, shown_domain = (valid.ascii_domain or "").lower(), valid.domain
    if _mixes_scripts(shown_domain):
        raise Refused(
            "email_lookalike",
            t(
                "The part after the @ mixes two alphabets: type it by hand, in Latin letters, for example {example}.",
                example=Ltr(_EXAMPLE),
            ),
        )
    return Email(f"{valid.local_part}@{ascii_domain}", f"{valid.local_part}@{shown_domain}")


def suggest_email(address: str) -> str | None:
    """The address that was probably meant, where the domain is a slip away from a usual one (BI-45): gmial.com, hotmial, yaho."""
    local, _, typed = address[:_LONGEST].strip(_EDGES).rpartition("@")
    typed = typed.lower()
    domain = typed.replace(",", ".").rstrip(".")
    if not local or not domain or typed in _USUAL or typed in _REAL:
        return None
    usual = domain if domain in _USUAL else _ENDINGS.get(domain) or _nearest(domain)
    return f"{local}@{usual}" if usual else None


def _form(text: str) -> Text:
    probable = suggest_email(text)
    return t(
        "This is not an e-mail address: type it without spaces, for example {example}.",
        example=Ltr(probable if probable and probable.isprintable() and " " not in probable else _EXAMPLE),
    )


def _mixes_scripts(domain: str) -> bool:
    labels = [_scripts(label) for label in domain.split(".")]
    everywhere = set().union(*labels)
    if "LATIN" in everywhere and everywhere & _LOOK_ALIKES:
        return True
    return any(
        len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER) for scripts in labels
    )


def _scripts(label: str) -> set[str]:
    return {unicodedata.name(letter, "?").split(" ", 1)[0] for letter in label if letter.isalpha()}


def _nearest(domain: str) -> str | None:
    whole = "." in domain
    for usual in _USUAL:
        if _a_slip_away(domain, usual if whole else usual.partition(".")[0]):
            return usual
    return None


def _a_slip_away(typed: str, usual: str) -> bool:
    """Whether one letter was left out, added, changed or swapped with the next; or none, where the ending was forgotten."""
    if abs(len(typed) - len(usual)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(usual)) and typed[start] == usual[start]:
        start += 1
    rest, usual_rest = typed[start:], usual[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return usual_rest in (rest, rest[1:], swapped) or rest[1:] == usual_rest[1:] or rest == usual_rest[1:]
