"""An update as our handlers see it: who, where, and what; Telegram's own shapes stop here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from kit.language import Language, of_code


class Kind(Enum):
    """What came."""

    TEXT = "text"
    COMMAND = "command"
    PRESS = "press"
    EDITED = "edited"
    FORWARDED = "forwarded"
    CONTACT = "contact"
    VOICE = "voice"
    LOCATION = "location"
    STICKER = "sticker"
    FILE = "file"
    OTHER = "other"  # a dice, a poll, a game, a story, whatever comes next
    MEMBERSHIP = "membership"  # the bot was added, removed, blocked, unblocked
    MIGRATED = "migrated"  # the group became a supergroup
    SERVICE = "service"  # somebody joined, a photo changed: nobody awaits an answer
    IGNORED = "ignored"


# Ids that speak for nobody in particular (TG-18): an anonymous admin, a channel, Telegram itself.
TELEGRAM = 777000
FACELESS = frozenset({1087968824, 136817688, TELEGRAM})
# Text of a message beyond this is cut before any rule looks at it (TH-15); Telegram's own limit is 4096.
MAX_TEXT = 4096
_BEYOND_IDS = 1 << 53

_CONTENTS = {
    "contact": Kind.CONTACT,
    "voice": Kind.VOICE,
    "video_note": Kind.VOICE,
    "audio": Kind.VOICE,
    "location": Kind.LOCATION,
    "venue": Kind.LOCATION,
    "sticker": Kind.STICKER,
    "animation": Kind.STICKER,
    "photo": Kind.FILE,
    "document": Kind.FILE,
    "video": Kind.FILE,
}
_SERVICES = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "new_chat_photo",
        "pinned_message",
        "group_chat_created",
        "supergroup_chat_created",
        "message_auto_delete_timer_changed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "write_access_allowed",
        "chat_background_set",
    }
)
_MARKS_OF_PLAIN_TEXT = frozenset(
    {"bot_command", "email", "url", "phone_number", "hashtag", "cashtag", "mention"}
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update. `text` is a message's text, a command's argument or a press's data, cut and cleaned of what no database takes."""

    update_id: int
    kind: Kind
    chat_id: int = 0
    chat_kind: str = "private"
    user_id: int = 0
    language: Language = "fr"
    text: str = ""
    command: str = ""
    message_id: int | None = None
    callback_id: str | None = None
    formatted: bool = False  # the client turned parts of the text into bold, code, links …
    reply_to: int | None = None  # the message that this one answers
    moved_to: int | None = None  # the group became a supergroup with this id …
    moved_from: int | None = None  # … or is the one that it became
    member: bool = True  # after a change of membership: whether the bot is in (or not blocked)

    @property
    def private(self) -> bool:
        return self.chat_kind == "private"


def read(update: dict[str, Any]) -> Incoming:
    """Read an update. Raises KeyError, TypeError, ValueError, AttributeError on a shape that Telegram doesn't send."""
    update_id = _id(update["update_id"])
    if press := update.get("callback_query"):
        return _press(update_id, press)
    if message := update.get("message"):
        return _message(update_id, message)
    if edited := update.get("edited_message"):
        return _message(update_id, edited, edited=True)
    if member := update.get("my_chat_member"):
        status = member["new_chat_member"]["status"]
        return Incoming(update_id, Kind.MEMBERSHIP, **_where(member), member=status not in ("left", "kicked"))
    if post := update.get("channel_post") or update.get("edited_channel_post"):
        return Incoming(update_id, Kind.OTHER, _id(post["chat"]["id"]), "channel")
    return Incoming(update_id, Kind.IGNORED)


def _id(value: object) -> int:
    """An id as Telegram gives it: a number of at most 52 bits. Raises ValueError for anything else."""
    if type(value) is not int or not -_BEYOND_IDS < value < _BEYOND_IDS:
        raise ValueError("no id")
    return value


def _where(message: dict[str, Any]) -> dict[str, Any]:
    sender = message.get("from") or {}
    chat = message["chat"]
    return {
        "chat_id": _id(chat["id"]),
        "chat_kind": str(chat["type"]),
        "user_id": _id(sender.get("id", 0)),
        "language": of_code(sender.get("language_code")),
    }


def _press(update_id: int, press: dict[str, Any]) -> Incoming:
    message = press.get("message")
    sender = press["from"]
    if not message:  # an inline or game press: nothing of ours
        return Incoming(update_id, Kind.IGNORED, callback_id=str(press["id"]))
    return Incoming(
        update_id,
        Kind.PRESS,
        _id(message["chat"]["id"]),
        str(message["chat"]["type"]),
        _id(sender["id"]),
        of_code(sender.get("language_code")),
        text=_clean(str(press.get("data", "")))[:64],
        message_id=_id(message["message_id"])
        if message.get("date")
        else None,  # date 0: no longer accessible
        callback_id=str(press["id"]),
    )


def _message(update_id: int, message: dict[str, Any], *, edited: bool = False) -> Incoming:
    where = _where(message)
    where["message_id"] = _id(message["message_id"])
    if moved := message.get("migrate_to_chat_id"):
        return Incoming(update_id, Kind.MIGRATED, **where, moved_to=_id(moved))
    if moved := message.get("migrate_from_chat_id"):
        return Incoming(update_id, Kind.MIGRATED, **where, moved_from=_id(moved))
    if not _SERVICES.isdisjoint(message):
        return Incoming(update_id, Kind.SERVICE, **where)
    text = _clean(str(message.get("text") or message.get("caption") or ""))
    if edited:
        return Incoming(update_id, Kind.EDITED, **where, text=text)
    if "forward_origin" in message or message.get("is_automatic_forward"):
        return Incoming(update_id, Kind.FORWARDED, **where, text=text)
    if "text" not in message:
        kind = next((kind for name, kind in _CONTENTS.items() if name in message), Kind.OTHER)
        return Incoming(update_id, kind, **where, text=text)
    marks = {entity.get("type") for entity in message.get("entities") or ()}
    formatted = not marks <= _MARKS_OF_PLAIN_TEXT
    if text.startswith("/") and len(text) > 1:
        name, _, argument = text[1:].partition(" ")
        return Incoming(
            update_id, Kind.COMMAND, **where, command=name.partition("@")[0].lower(), text=argument.strip()
        )
    answered = message.get("reply_to_message")
    reply_to = _id(answered["message_id"]) if answered else None
    return Incoming(update_id, Kind.TEXT, **where, text=text, formatted=formatted, reply_to=reply_to)


def _clean(text: str) -> str:
    """`text` cut to Telegram's limit, without NUL and with lone surrogates replaced: neither database takes them (BI-15)."""
    if text.isascii() and "\0" not in text:
        return text[:MAX_TEXT]
    return text[:MAX_TEXT].encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
