"""What a page shows and what was typed into it. Data only, as `kit.screen` is for chats; the edge that speaks HTTP draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from kit.language import Language
from kit.text import Text, Value

GENERAL = ""  # the fault of no field in particular
PRESSED = "pressed"  # under which name what was typed tells the button that was pressed

Typed: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to type or to choose.

    name: under which `Typed` has it; letters, digits, `_`, and not one of the frame's own (`form_token`, `pressed`, `visitor`).
    kind: "password" is masked and never sent back; "choice" offers `choices`, (what is sent, what is read).
    hint: what stands under the label. value: what stands in it at first.
    autocomplete: the browser's word for it ("new-password", "current-password", "email", "username"; "off").
    """

    name: str
    label: Text
    kind: Literal["text", "email", "password", "choice"] = "text"
    hint: Sequence[Text] = ()
    choices: Sequence[tuple[str, Value]] = ()
    value: str = ""
    autocomplete: str = "off"


@dataclass(frozen=True, slots=True)
class File:
    """A file that is handed over: its name in ASCII, what it is ("application/pdf"), and its bytes."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page.

    facts: what is known, by its name. buttons: (what is sent as `pressed`, what is read); none: there is nothing to do but read.
    back: whether the way to the chat is offered. faults: what was wrong with what was typed, by field; GENERAL: with all of it.
    language: whose page it is speaks it; the browser's where nobody is known. owner: the Telegram user whose page it is, 0: nobody's
    in particular. username: whose password is typed, for the browser's keeper of passwords; not shown.
    close: a Mini App is closed when it shows this. at_once: a Mini App presses the button by itself.
    file: handed over in place of the page, which stays as it is in the browser.
    """

    title: Text
    lines: Sequence[Text] = ()
    facts: Sequence[tuple[Text, Value]] = ()
    fields: Sequence[Field] = ()
    buttons: Sequence[tuple[str, Text]] = ()
    back: bool = True
    faults: Mapping[str, Text] = field(default_factory=dict)
    language: Language | None = None
    owner: int = 0
    username: str = ""
    close: bool = False
    at_once: bool = False
    file: File | None = None

    def again(self, typed: Typed, faults: Mapping[str, Text]) -> Sheet:
        """The same page after it was sent in vain: with what was wrong, and what was typed but for secrets."""
        fields = [
            one if one.kind == "password" else replace(one, value=typed[one.name]) for one in self.fields
        ]
        return replace(self, fields=fields, faults=faults)
