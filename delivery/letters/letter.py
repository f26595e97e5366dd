"""What a letter is: what it is written from, what it says, where its links lead, and what every letter says at its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kit.screen import Link
from kit.text import Clock, Ltr, Text, nt, t
from services.fund import HealthFund

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
NOTHING_TO_DO = t("<b>If it was you:</b> there is nothing to do.")


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

    def link(self, purpose: str, token: str) -> str:
        """The link that a token travels in: our page of that name, else the bot's deep link. Raises NotYet."""
        if self.public_url is not None:
            return f"{self.public_url.rstrip('/')}/{purpose}/{token}"
        if self.bot_username is not None:
            return f"{self.telegram}{self.bot_username}?start={purpose}_{token}"
        raise NotYet

    def assistant(self) -> str | None:
        """The chat with the bot, where its name is known."""
        return None if self.bot_username is None else f"{self.telegram}{self.bot_username}"


Block: TypeAlias = "Text | tuple[Text, ...] | Link"  # a paragraph, a list, a button


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says between its greeting (with the first name, where there is one) and its closing.

    `until`: when it is of no use any more, since its link isn't.
    """

    subject: Text
    blocks: Sequence[Block]
    name: str = ""
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is written from; `at` is the moment when it was promised."""

    fund: HealthFund
    addresses: Addresses
    values: Mapping[str, str]
    at: dt.datetime


def greeting(letter: Letter) -> Text:
    """How a letter begins."""
    return t("Hello {name},", name=letter.name) if letter.name else t("Hello,")


def closing(fund: HealthFund) -> list[Text]:
    """How every letter ends: who writes, and how to reach them."""
    return [
        t("{fund}: {name}", fund=fund.short_name, name=fund.name.both),
        t("Telephone: {phone}", phone=phone(fund)),
        t("E-mail: {email}", email=Ltr(fund.email)),
        t(
            "This mail was sent automatically. The fund never asks for your password, neither by mail nor by telephone."
        ),
    ]


def warning(
    subject: Text, *happened: Text, yours: Text = NOTHING_TO_DO, not_yours: Sequence[Block]
) -> Letter:
    """A letter to an owner in whose name something was done: what, what to do if it was them, and what if it was not."""
    return Letter(subject, [*happened, yours, *not_yours])


def works_once(occasion: Occasion, lifetime: dt.timedelta) -> Text:
    """How long a letter's link can be used: whole hours."""
    until = occasion.at + lifetime
    return nt(
        "The link works once, within {n} hour: until {date} at {time}.",
        "The link works once, within {n} hours: until {date} at {time}.",
        lifetime // HOUR,
        date=until,
        time=Clock(until),
    )


def door(occasion: Occasion) -> tuple[Link, ...]:
    """A button that opens the assistant, where its name is known."""
    assistant = occasion.addresses.assistant()
    return () if assistant is None else (Link(t("Open the assistant"), assistant),)


def short(occasion: Occasion) -> str:
    """The fund as people call it."""
    return occasion.fund.short_name


def on_page(occasion: Occasion) -> bool:
    """Whether links open our pages, or else the chat."""
    return occasion.addresses.public_url is not None


def contacts(occasion: Occasion) -> dict[str, Ltr]:
    """The values of a sentence that tells how to reach the fund."""
    return {"phone": phone(occasion.fund), "email": Ltr(occasion.fund.email)}


def phone(fund: HealthFund) -> Ltr:
    """The fund's number, never broken over two lines."""
    return Ltr(fund.phone.replace(" ", "\u00a0"))
