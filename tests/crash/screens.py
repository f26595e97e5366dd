"""What a person understands of the bot's latest screen, in either language: by its progress, its buttons and its marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playground.api import Call

_PROGRESS = re.compile(r"<i>\W*(\d+)\W*/\W*(\d+)")
_BOUND = re.compile(r"(\d+)\.(.+)")


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen as it was sent or edited. `actions` are its bound buttons' data by action, `places` where its lasting ones lead."""

    call: Call
    message_id: int
    text: str
    revision: int | None
    step: tuple[int, int] | None
    actions: dict[str, str]
    places: frozenset[str]
    protected: bool
    page: str | None = None  # the link to the page that asks for what this screen doesn't

    @property
    def locked(self) -> bool:
        """It says that the personal data are locked."""
        return "🔒" in self.text

    @property
    def lines(self) -> list[str]:
        """The buttons that open a line of the list."""
        return [action for action in self.actions if action.startswith("reimbursements:line:")]

    @property
    def detail(self) -> bool:
        """It is an opened line: protected, and without buttons."""
        return self.protected and not self.actions and not self.places


def read(call: Call) -> Screen:
    """The screen that a call of sendMessage or editMessageText has put into a chat."""
    keys = [key for row in (call.params.get("reply_markup") or {}).get("inline_keyboard", []) for key in row]
    data = [str(key["callback_data"]) for key in keys if "callback_data" in key]
    bound = [found for found in map(_BOUND.fullmatch, data) if found]
    step = _PROGRESS.search(call.params["text"])
    return Screen(
        call,
        int(call.params.get("message_id") or call.result["message_id"]),
        call.params["text"],
        int(bound[0][1]) if bound else None,
        (int(step[1]), int(step[2])) if step else None,
        {found[2]: found[0] for found in bound},
        frozenset(one.partition(":")[2] for one in data if one.startswith("~go:")),
        bool(call.params.get("protect_content")),
        next((str(key["url"]) for key in keys if "/answer/" in key.get("url", "")), None),
    )


def shows(call: Call, chat: int) -> bool:
    """Whether a call has put a screen into this chat."""
    return call.chat == chat and call.method in ("sendMessage", "editMessageText") and call.ok


def revision_of(params: dict[str, Any]) -> int | None:
    """The revision that a message's bound buttons carry."""
    keys = [key for row in (params.get("reply_markup") or {}).get("inline_keyboard", []) for key in row]
    found = [match for key in keys if (match := _BOUND.fullmatch(str(key.get("callback_data", ""))))]
    return int(found[0][1]) if found else None
