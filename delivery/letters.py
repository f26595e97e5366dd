"""The letters: what each mail says, as data. One function per template; its name is what `Work.mail` promises.

No letter holds a password, an answer, a matricule or anything about health (TH-42): of its values a letter reads the token of its link
and the person's first name, and nothing else. Every fact and figure comes from the fund's file or from where it is decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kit.screen import Link
from kit.text import Clock, Ltr, Text, nt, t
from services import limits
from services.fund import HealthFund
from services.registration import ACTIVATION_LIFETIME

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


class NotYet(Exception):
    """A letter needs a link and no address of ours is known yet: neither a public one nor the bot's name."""


@dataclass(slots=True)
class Addresses:
    """Where links lead: our pages where there is a public address, else the bot, whose name Telegram tells after the start."""

    public_url: str | None = None
    bot_username: str | None = None
    telegram: str = (
        "https://t.me/"  # what a bot's name follows in a link; `rafiq demo` has a Telegram of its own
    )

    def activation(self, token: str) -> str:
        """The link that an activation token travels in. Raises NotYet."""
        if self.public_url is not None:
            return f"{self.public_url.rstrip('/')}/activate/{token}"
        if self.bot_username is not None:
            return f"{self.telegram}{self.bot_username}?start=activate_{token}"
        raise NotYet

    def assistant(self) -> str | None:
        """The chat with the bot, where its name is known."""
        return None if self.bot_username is None else f"{self.telegram}{self.bot_username}"


Block: TypeAlias = "Text | tuple[Text, ...] | Link"  # a paragraph, a list, a button


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says between its greeting (with the first name, where there is one) and its closing."""

    subject: Text
    blocks: Sequence[Block]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is written from; `at` is the moment when it was promised."""

    fund: HealthFund
    addresses: Addresses
    values: Mapping[str, str]
    at: dt.datetime


def activation(occasion: Occasion) -> Letter:
    """The link that makes the space. Raises NotYet."""
    link, until = occasion.addresses.activation(occasion.values["token"]), occasion.at + ACTIVATION_LIFETIME
    page = occasion.addresses.public_url is not None
    return Letter(
        t("Activate your {fund} participant space", fund=_short(occasion)),
        [
            t(
                "Somebody, most likely you, has asked for a secure participant space in the assistant of {fund} on Telegram.",
                fund=_short(occasion),
            ),
            t("Open the page below and confirm there: your space is then created.")
            if page
            else t("The button below opens Telegram: press Start there, and your space is created."),
            Link(t("Activate my space"), link),
            nt(
                "The link works once, within {n} hour: until {date} at {time}.",
                "The link works once, within {n} hours: until {date} at {time}.",
                ACTIVATION_LIFETIME // HOUR,
                date=until,
                time=Clock(until),
            ),
            t("After that, ask for a new mail in the chat where you registered."),
            t("Once your space is active, you can, at any hour:"),
            _possibilities(),
            t("If you did not ask for anything, ignore this mail: without the link, no space is created."),
            t(
                "Does the activation not work? Write to {contact}.",
                contact=Ltr(occasion.fund.activation_contact),
            ),
        ],
    )


def confirmation(occasion: Occasion) -> Letter:
    """The space exists."""
    return Letter(
        t("Your {fund} participant space is active", fund=_short(occasion)),
        [
            t(
                "Your secure participant space is created. Whenever you like, in the assistant of {fund} on Telegram, you can:",
                fund=_short(occasion),
            ),
            _possibilities(),
            *_door(occasion),
            t(
                "Your e-mail address and your password open this space: you will be asked for them each time you sign in."
            ),
            t(
                "Keep them to yourself and lend them to nobody: the fund does not answer for carelessness with them."
            ),
            t(
                "If this space was not created by you, tell us at once at {phone}.",
                phone=_phone(occasion.fund),
            ),
        ],
        occasion.values.get("name", ""),
    )


def already_registered(occasion: Occasion) -> Letter:
    """To the owner of a space: somebody tried to register with the same membership."""
    return Letter(
        t("You already have a {fund} participant space", fund=_short(occasion)),
        [
            t(
                "Somebody, perhaps you, tried to register with your membership in the assistant of {fund} on Telegram.",
                fund=_short(occasion),
            ),
            t("You already have a participant space. Nothing was created, and nothing has changed."),
            t(
                "<b>If it was you:</b> there is no need to register again. Sign in with the address that receives this mail."
            ),
            *_door(occasion),
            t(
                "Can you no longer get in? Call {phone} or write to {email}: we will help you.",
                **_contacts(occasion),
            ),
            t(
                "<b>If it was not you:</b> your space stays closed to whoever does not know your password, but do tell us."
            ),
        ],
    )


def address_in_use(occasion: Occasion) -> Letter:
    """To the owner of an address: somebody tried to register with it."""
    return Letter(
        t("Somebody tried to register with your address at {fund}", fund=_short(occasion)),
        [
            t(
                "Somebody tried to create a participant space with your e-mail address in the assistant of {fund} on Telegram.",
                fund=_short(occasion),
            ),
            t("This address already opens your own space. Nothing was created, and nothing has changed."),
            t(
                "<b>If it was you,</b> for somebody in your family perhaps: use another address, since each space has one of its own."
            ),
            t(
                "<b>If it was not you:</b> nobody gets into your space without your password. If it happens again, tell us."
            ),
        ],
    )


def registration_notice(occasion: Occasion) -> Letter:
    """To the address on file: a space is being created with another one."""
    return Letter(
        t("A {fund} participant space is being created in your name", fund=_short(occasion)),
        [
            t(
                "A participant space is being created with your membership in the assistant of {fund} on Telegram.",
                fund=_short(occasion),
            ),
            t(
                "It is being created with another e-mail address than this one, which is the one that we have on file for you."
            ),
            t("<b>If it is you:</b> there is nothing to do."),
            t(
                "<b>If it is not you:</b> call us without delay at {phone}, or write to {email}, so that your data stay yours.",
                **_contacts(occasion),
            ),
        ],
        occasion.values.get("name", ""),
    )


def no_address_on_file(occasion: Occasion) -> Letter:
    """To the address that was typed: the fund activates by the address on file only, and has none."""
    return Letter(
        t("Your {fund} registration is not complete", fund=_short(occasion)),
        [
            t(
                "Somebody, most likely you, has asked for a secure participant space in the assistant of {fund} on Telegram.",
                fund=_short(occasion),
            ),
            t(
                "For your safety, activation links go only to the e-mail address that we have on file. For this membership we have none."
            ),
            t(
                "To have your address added, call {phone} or write to {email}, with your membership card at hand.",
                **_contacts(occasion),
            ),
            t(
                "Then register once more in the assistant: the activation mail will reach you. Until then, no space is created."
            ),
            t("If you did not ask for anything, ignore this mail."),
        ],
    )


def locked(occasion: Occasion) -> Letter:
    """To the owner of an account whose password was typed wrong too often."""
    return Letter(
        t("Sign-in to your {fund} participant space is on hold", fund=_short(occasion)),
        [
            nt(
                "The password of your participant space was typed wrong {n} time in a row.",
                "The password of your participant space was typed wrong {n} times in a row.",
                limits.FREE_FAILURES,
            ),
            nt(
                "To protect your data, sign-in is held for {n} minute; then it opens again by itself.",
                "To protect your data, sign-in is held for {n} minutes; then it opens again by itself.",
                limits.LOCK // MINUTE,
            ),
            t("<b>If it was you:</b> wait a little, then try again."),
            t(
                "<b>If it was not you:</b> nobody got in. Keep your password to yourself, and tell us at {phone} or {email}.",
                **_contacts(occasion),
            ),
        ],
    )


LETTERS: Mapping[str, Callable[[Occasion], Letter]] = {
    letter.__name__: letter
    for letter in (
        activation,
        confirmation,
        already_registered,
        address_in_use,
        registration_notice,
        no_address_on_file,
        locked,
    )
}


def greeting(letter: Letter) -> Text:
    """How a letter begins."""
    return t("Hello {name},", name=letter.name) if letter.name else t("Hello,")


def closing(fund: HealthFund) -> list[Text]:
    """How every letter ends: who writes, and how to reach them."""
    return [
        t("{fund}: {name}", fund=fund.short_name, name=fund.name.both),
        t("Telephone: {phone}", phone=_phone(fund)),
        t("E-mail: {email}", email=Ltr(fund.email)),
        t(
            "This mail was sent automatically. The fund never asks for your password, neither by mail nor by telephone."
        ),
    ]


def _possibilities() -> tuple[Text, ...]:
    """What an active space is for."""
    return (
        t("see which personal data we hold about you"),
        t("follow each of your reimbursements as soon as it is made"),
        t("know what your guarantees cover"),
    )


def _door(occasion: Occasion) -> tuple[Link, ...]:
    """A button that opens the assistant, where its name is known."""
    assistant = occasion.addresses.assistant()
    return () if assistant is None else (Link(t("Open the assistant"), assistant),)


def _short(occasion: Occasion) -> str:
    return occasion.fund.short_name


def _contacts(occasion: Occasion) -> dict[str, Ltr]:
    return {"phone": _phone(occasion.fund), "email": Ltr(occasion.fund.email)}


def _phone(fund: HealthFund) -> Ltr:
    """The fund's number, never broken over two lines."""
    return Ltr(fund.phone.replace(" ", "\u00a0"))
