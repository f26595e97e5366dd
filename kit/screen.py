"""What a person is shown: lines, buttons, and what to do with what they typed. Data only; an edge renders it for its channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.language import Language
from kit.text import Text


@dataclass(frozen=True, slots=True)
class Button:
    """A button that comes back to us. `action` is "verb" or "verb:argument", at most 40 bytes, and never holds a row's id.

    A `lasting` button opens a place and may be pressed at any age; all others are bound to the revision of their screen.
    """

    label: Text
    action: str
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address; as a Mini App where `page` is set and the address is https."""

    label: Text
    url: str
    page: bool = False


Keys = Sequence[Sequence[Button | Link]]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document, or a picture, that is drawn when it is sent. `kind` names its maker (delivery.papers.MAKERS); `values` are what the
    maker needs to find what belongs on it, as JSON: they rest in the sealed row, and the same values make the same paper."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Venue:
    """A place on the map, with what stands under it."""

    latitude: float
    longitude: float
    title: Text | str
    address: Text | str


@dataclass(frozen=True, slots=True)
class Screen:
    """One message. Lines are sentences, each on its own line; None between them is a blank line.

    With a paper the lines are its caption (what exceeds one follows as text); with a venue they follow it. Neither ever edits.
    """

    lines: Sequence[Text | None]
    keys: Keys = ()
    edit: bool = False  # in place of the screen whose button was pressed
    forget: bool = False  # delete what the person just typed
    protect: bool = (
        False  # holds health data: may not be forwarded or saved, and goes when the chat is locked
    )
    brief: bool = False  # holds a one-time link: taken back when that has served
    wipe: bool = False  # delete what was shown so far of health data
    vanish: dt.timedelta | None = None  # delete our message after this time
    toast: Text | None = None  # a word shown over the chat for a press
    alert: bool = False  # the toast asks to be closed
    language: Language | None = None  # the chat's unless told: a question is answered in its own language
    more: Sequence[Screen] = field(default=())  # further messages, in order
    paper: Paper | None = None
    venue: Venue | None = None
