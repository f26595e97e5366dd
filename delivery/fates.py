"""What became of a try to send, and the one table of Telegram's errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from kit.screen import Screen

TOO_LATE = "too late"  # the reason of a mail that was given up because its link is over


class Fate(Enum):
    """What is done about a row that was tried."""

    SENT = "sent"
    DONE = "done"  # refused because it is so already: success
    RETRY = "retry"  # later, after `seconds` where the other side said so
    DEAD = "dead"
    PLAIN = "plain"  # once more, without markup
    ANEW = "anew"  # what was to be edited is gone: send it as a new message
    GONE = "gone"  # the person blocked us or is no more: nothing reaches this chat
    MOVED = "moved"  # the group has a new id
    REVOKED = "revoked"  # the token is no longer good: stop sending, keep everything


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of one try. `result` is the message id of what was sent, `seconds` how long the other side asks us to wait, `told` what
    the person is told where a row is dead."""

    fate: Fate
    result: int | None = None
    seconds: float | None = None
    moved_to: int | None = None
    reason: str = ""
    told: Screen | None = None


# (status, words of the description) → fate; the first that fits. Telegram's descriptions are English and stable for years.
_TABLE: tuple[tuple[int, str, Fate], ...] = (
    (400, "message is not modified", Fate.DONE),
    (400, "message to delete not found", Fate.DONE),
    (400, "message_id_invalid", Fate.DONE),
    (400, "can't parse entities", Fate.PLAIN),
    (400, "unsupported start tag", Fate.PLAIN),
    (400, "message to edit not found", Fate.ANEW),
    (400, "message can't be edited", Fate.ANEW),
    (400, "chat not found", Fate.GONE),
    (400, "user is deactivated", Fate.GONE),
    (400, "upgraded to a supergroup", Fate.MOVED),
    (401, "", Fate.REVOKED),
    (403, "", Fate.GONE),
    (404, "", Fate.REVOKED),
    (409, "", Fate.RETRY),
    (429, "", Fate.RETRY),
)
_TAGS = re.compile(r"<[^>]*>")


def of_answer(status: int, answer: Any) -> Outcome:
    """The fate that an answer of the Bot API decides; `answer` is its parsed body, or None where it isn't JSON."""
    if not isinstance(answer, dict):
        return Outcome(Fate.RETRY, reason=f"{status}: not JSON")
    if answer.get("ok") is True:
        result = answer.get("result")
        message_id = result.get("message_id") if isinstance(result, dict) else None
        return Outcome(Fate.SENT, result=message_id if isinstance(message_id, int) else None)
    parameters = answer.get("parameters") or {}
    words = str(answer.get("description", ""))
    reason = f"{status}: {words}"[:120]
    if moved := parameters.get("migrate_to_chat_id"):
        return Outcome(Fate.MOVED, moved_to=int(moved), reason=reason)
    if status >= 500:
        return Outcome(Fate.RETRY, reason=reason)
    for code, part, fate in _TABLE:
        if status == code and part in words.lower():
            wait = parameters.get("retry_after")
            return Outcome(fate, seconds=float(wait) if wait is not None else None, reason=reason)
    return Outcome(Fate.DEAD, reason=reason)


def without_markup(body: dict[str, Any]) -> dict[str, Any]:
    """A message as plain text: tags dropped, entities opened."""
    plain = {key: value for key, value in body.items() if key != "parse_mode"}
    words = "caption" if "caption" in body else "text"
    text = _TAGS.sub("", str(body.get(words, "")))
    plain[words] = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    return plain
