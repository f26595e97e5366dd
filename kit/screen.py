"""What a person is shown: lines, buttons, and what to do with what they typed. Data only; an edge renders it for its channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

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
class Screen:
    """One message. Lines are sentences, each on its own line; an empty tuple between them is a blank line."""

    lines: Sequence[Text | None]
    keys: Keys = ()
    edit: bool = False  # in place of the screen whose button was pressed
    forget: bool = False  # delete what the person just typed
    protect: bool = (
        False  # holds health data: may not be forwarded or saved, and goes when the chat is locked
    )
    wipe: bool = False  # delete what was shown so far of health data
    vanish: dt.timedelta | None = None  # delete our message after this time
    toast: Text | None = None  # a word shown over the chat for a press
    alert: bool = False  # the toast asks to be closed
    more: Sequence[Screen] = field(default=())  # further messages, in order
