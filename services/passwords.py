"""Whether a password may be chosen: the fund's policy, and what anybody would try first (CF-01)."""

from __future__ import annotations

import unicodedata
from typing import Protocol

from kit.errors import Refused
from kit.folding import joined
from kit.text import Text, nt, t
from services.holder import SHORTEST, Holder, date_forms, email_words, name_words
from services.words import words

_CUT = 4096


class PasswordPolicy(Protocol):
    """The fund's values: length in characters, and how many of them must be digits."""

    @property
    def minimum(self) -> int: ...
    @property
    def maximum(self) -> int: ...
    @property
    def digits(self) -> int: ...


def policy_words(policy: PasswordPolicy) -> Text:
    """The policy, before a password is chosen."""
    length = length_words(policy)
    if not policy.digits:
        return t("{length}; not your name, matricule or birth date.", length=length)
    return t(
        "{length} with {digits}; not your name, matricule or birth date.",
        length=length,
        digits=at_least_digits(policy.digits),
    )


def length_words(policy: PasswordPolicy) -> Text:
    """How long a password is, inside a sentence."""
    return nt(
        "{minimum} to {n} character", "{minimum} to {n} characters", policy.maximum, minimum=policy.minimum
    )


def at_least_digits(digits: int) -> Text:
    """How many digits a password needs, inside a sentence; none is asked where `digits` is 0: say nothing of them then."""
    return nt("at least {n} digit", "at least {n} digits", digits)


def check_password(raw: str, policy: PasswordPolicy, context: Holder) -> str:
    """The password as it is to be hashed, in NFKC and else as typed; or Refused with the first rule that is broken.

    Length is in code points after NFKC; a digit is a decimal digit of any script. Codes: `password_` and one of `empty`, `characters`,
    `blank`, `command` (BI-20, BI-23), `short`, `long`, `digits`, `repeated`, `matricule`, `email`, `name`, `birth_date`, `fund`, `common`.
    """
    password = unicodedata.normalize("NFKC", raw[:_CUT])
    _check_form(password, policy, max(len(password), len(raw) if len(raw) > _CUT else 0))
    if len(set(password)) == 1 or len(set(joined(password))) == 1:
        raise Refused(
            "password_repeated", t("This password is one character repeated: mix letters and digits.")
        )
    _check_guesses(joined(password), context)
    return password


def _check_form(password: str, policy: PasswordPolicy, length: int) -> None:
    minimum, maximum = policy.minimum, policy.maximum
    if not password.strip():
        raise Refused(
            "password_empty",
            nt(
                "Type a password of {minimum} to {n} character.",
                "Type a password of {minimum} to {n} characters.",
                maximum,
                minimum=minimum,
            ),
        )
    if length > maximum:
        raise Refused("password_long", _length(length, minimum, maximum, too_long=True))
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in password):
        raise Refused(
            "password_characters",
            t(
                "This password holds an invisible character: type it with letters, digits and signs that you can see."
            ),
        )
    if password != password.strip():
        raise Refused("password_blank", t("A password can't start or end with a space: type it without."))
    if password.startswith("/"):
        raise Refused(
            "password_command",
            t(
                "A password can't start with “/”, which is how commands start: choose another first character."
            ),
        )
    if length < minimum:
        raise Refused("password_short", _length(length, minimum, maximum, too_long=False))
    digits = sum(map(str.isdecimal, password))
    if digits < policy.digits:
        raise Refused(
            "password_digits",
            nt(
                "A password needs at least {n} digit, and this one has {count}: add some.",
                "A password needs at least {n} digits, and this one has {count}: add some.",
                policy.digits,
                count=digits,
            ),
        )


def _length(length: int, minimum: int, maximum: int, *, too_long: bool) -> Text:
    if too_long:
        return nt(
            "This password is too long, with {n} character: type {minimum} to {maximum}.",
            "This password is too long, with {n} characters: type {minimum} to {maximum}.",
            length,
            minimum=minimum,
            maximum=maximum,
        )
    return nt(
        "This password is too short, with {n} character: type {minimum} to {maximum}.",
        "This password is too short, with {n} characters: type {minimum} to {maximum}.",
        length,
        minimum=minimum,
        maximum=maximum,
    )


def _check_guesses(folded: str, context: Holder) -> None:
    """What others know of the holder and of the fund is nowhere in the password, whatever the case, accents or signs between."""
    matricule = joined(context.matricule)
    if len(matricule) >= SHORTEST and matricule in folded:
        raise Refused(
            "password_matricule", t("This password contains your matricule: choose something only you know.")
        )
    if _holds(folded, date_forms(context.birth_date)):
        raise Refused(
            "password_birth_date",
            t("This password contains your birth date: choose something only you know."),
        )
    if _holds(folded, name_words(context.last_name) | name_words(context.first_name)):
        raise Refused("password_name", t("This password contains your name: choose something only you know."))
    if _holds(folded, email_words(context.email)):
        raise Refused(
            "password_email", t("This password contains your e-mail address: choose something only you know.")
        )
    if _holds(folded, words("fund_words")):
        raise Refused(
            "password_fund", t("This password contains a word of the fund's: choose something only you know.")
        )
    if folded in words("common_passwords"):
        raise Refused(
            "password_common", t("Too many people use this password: choose one that is harder to guess.")
        )


def _holds(folded: str, guesses: set[str] | frozenset[str]) -> bool:
    return any(guess in folded for guess in guesses)
