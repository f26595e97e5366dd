"""People at their phones: what they type, press, send, edit and forward, and what they see.

An act is done at the call, and gives what it made; `await` on that lets the bot and the others have their
turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playground import text as texts
from playground.chats import Chat, Topic, User
from playground.html import parse
from playground.messages import Act, Button, File, Link, Message, Notice
from playground.pictures import image_size
from playground.world import Press, World

JSON = dict[str, Any]

STICKER = {
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "type": "regular",
    "emoji": "🙂",
}
RABAT = {"latitude": 33.9716, "longitude": -6.8498}


class Person:
    """`hint` (what to try, by language of the page) and `initials` are for the page. `notices` are the bot's
    answers to this person's presses."""

    def __init__(self, world: World, user: User, hint: str | dict[str, str] = "", initials: str = "") -> None:
        self.world, self.user = world, user
        self.hint = hint if isinstance(hint, dict) else {"fr": hint}
        self.initials = initials or "".join(part[0] for part in user.name.split()[:2]).upper()
        self.chat = world.new_private_chat(user)
        self.presses_made: list[Press] = []

    def __repr__(self) -> str:
        return f"<{self.user.name}, {self.user.id}>"

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def messages(self) -> list[Message]:
        return self.chat.messages

    @property
    def screen(self) -> Message | None:
        return self.chat.screen

    @property
    def notices(self) -> list[Notice]:
        return [notice for press in self.presses_made for notice in press.notices]

    async def sees(self, words: str, chat: Any = None, timeout: float = 10.0) -> Message:  # noqa: ASYNC109
        """The latest message of the bot that holds these words, as soon as there is one.
        Raises TimeoutError, with the end of the conversation."""
        room = self._room(chat)[0]
        try:
            found: Message = await self.world.changes.until(
                lambda: next((m for m in room.backwards() if m.from_bot and words in m.text), None), timeout
            )
        except TimeoutError:
            raise TimeoutError(f"{self.user.name} never saw {words!r} but:\n{room.transcript()}") from None
        return found

    # acts

    def says(
        self,
        text: str,
        chat: Any = None,
        *,
        html: bool = False,
        reply_to: Message | None = None,
        forward: bool = False,
        **extra: Any,
    ) -> Message:
        """Type a text (with `html`, formatted as the application formats it). What is longer than 4096 is
        sent in several messages: the last one is given."""
        entities: list[JSON] = []
        if html:
            text, entities = parse(text)
        text, entities = texts.trimmed(texts.clean(text), entities)
        if not text:
            raise ValueError("an application doesn't send an empty message")
        if forward:
            extra["forward_origin"] = {
                "type": "hidden_user",
                "sender_user_name": "Someone",
                "date": int(self.world.clock.now()) - 60,
            }
        for part in texts.split(text):
            found = texts.with_found(part, entities)
            sent = self._send(chat, reply_to, text=part, entities=found, extra=dict(extra))
        return sent

    def replies(self, message: Message, text: str) -> Message:
        return self.says(text, message.chat, reply_to=message)

    def forwards(self, text: str, chat: Any = None) -> Message:
        return self.says(text, chat, forward=True)

    def edits(self, message: Message, text: str) -> Message:
        message.keep_former(self.world.clock.now())
        message.text, found = texts.trimmed(texts.clean(text), [])
        message.entities = texts.with_found(message.text, found)
        self.world.edited(message)
        self.world.tell(message, "edited_message")
        return message

    def deletes(self, message: Message) -> Message:
        """Telegram doesn't tell the bot."""
        self.world.delete(message)
        return message

    def presses(self, label: str, message: Message | None = None, chat: Any = None) -> Press | Message | Link:
        """Press the button with this label: of `message`, else of the latest messages, else of the keyboard
        below. A callback gives the Press, a key of the keyboard and a deep link the Message sent, another
        link its address. Raises LookupError naming the buttons there are."""
        room = self._room(chat)[0]
        found = _find(label, [message] if message else list(room.backwards()))
        if found is None:
            keys = [key for row in room.reply_keyboard for key in row]
            key = next((key for key in keys if _same(key.text, label)), None)
            if key is None:
                shown = [b.text for m in list(room.backwards())[:3] for b in m.buttons] + [
                    k.text for k in keys
                ]
                raise LookupError(f"no button {label!r}; there are {shown}\n{room.transcript()}")
            return self.says(key.text, chat)
        under, button = found
        if button.data is not None:
            return self.press_data(button.data, under)
        url = button.url or button.web_app or ""
        return self.opens(url)

    def press_data(self, data: str, message: Message | None = None) -> Press:
        """Press whatever data, as an altered application could. Raises LookupError in an empty chat."""
        under = message or self.screen
        if under is None:
            raise LookupError("there is no message to press under")
        self._unblocked(under.chat)
        press = self.world.press(self.user, under, data)
        self.presses_made.append(press)
        return press

    def opens(self, url: str) -> Message | Link:
        """Follow a link: one to the bot itself sends "/start <payload>"; another is nothing that a chat can
        follow."""
        parts = urlsplit(url)
        if parts.netloc not in ("t.me", "telegram.me") or parts.path.strip("/") != self.world.bot.username:
            return Link(url)
        payload = parse_qs(parts.query).get("start", [""])[0]
        # Applications drop a payload that breaks Telegram's rule (TG-12).
        known = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
        return self.says(f"/start {payload}" if known else "/start")

    def sends(
        self,
        kind: str,
        content: bytes = b"",
        name: str = "",
        caption: str = "",
        chat: Any = None,
        reply_to: Message | None = None,
        **extra: Any,
    ) -> Message:
        """Send a "sticker", "voice", "video_note", "location", "contact", "dice", "poll", "photo" or
        "document"."""
        if kind in ("photo", "document"):
            file = self._file(kind, content, name)
            text, entities = texts.trimmed(texts.clean(caption), [])
            return self._send(chat, reply_to, kind=kind, file=file, text=text, entities=entities, extra=extra)
        made = self._file(kind, content or b"\0" * 64, name).payload()
        contents: dict[str, JSON] = {
            "sticker": {**made, **STICKER},
            "voice": {**made, "duration": 3, "mime_type": "audio/ogg"},
            "video_note": {**made, "duration": 3, "length": 240},
            "location": RABAT,
            "contact": {
                "phone_number": "212600000000",
                "first_name": self.user.first_name,
                "user_id": self.id,
            },
            "dice": {"emoji": "🎲", "value": 4},
            "poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False},
        }
        if kind not in contents:
            raise ValueError(f"nobody can send a {kind}; there are {', '.join(contents)}, photo, document")
        return self._send(chat, reply_to, kind=kind, extra={kind: contents[kind], **extra})

    def reacts(self, message: Message, emoji: str) -> Message:
        message.reactions = [emoji]
        self.world.edited(message)
        return message

    def blocks_the_bot(self) -> Act:
        old, self.chat.bot = self.chat.bot, "kicked"
        self.world.tell_membership(self.chat, self.user, self.world.bot, old, "kicked")
        self.world.changes.emit("blocked", lambda: {"chat": self.id, "blocked": True})
        return Act()

    def unblocks(self) -> Act:
        old, self.chat.bot = self.chat.bot, "member"
        self.world.tell_membership(self.chat, self.user, self.world.bot, old, "member")
        self.world.changes.emit("blocked", lambda: {"chat": self.id, "blocked": False})
        return Act()

    def deactivates(self) -> Act:
        """Delete the account."""
        self.chat.deactivated = True
        return Act()

    def speaks(self, language_code: str | None) -> Act:
        """Change the application's language."""
        self.user.renamed(language_code=language_code)
        self.world.changes.emit("people", dict)
        return Act()

    # how

    def _room(self, place: Any) -> tuple[Chat, int | None]:
        """The chat of a chat, a group, a topic or nothing (one's own), and the topic's id."""
        if place is None:
            return self.chat, None
        if isinstance(place, Topic):
            return place.chat, place.id
        return (place, None) if isinstance(place, Chat) else (place.chat, None)

    def _unblocked(self, chat: Chat) -> None:
        if chat is self.chat and chat.bot == "kicked":
            self.unblocks()
        elif chat is self.chat and chat.bot == "stranger":
            chat.bot = "member"

    def _file(self, kind: str, content: bytes, name: str) -> File:
        mime = "image/jpeg" if kind == "photo" else "application/octet-stream"
        size = image_size(content) or (0, 0)
        return self.world.add_file(name or kind, mime, content, *size)

    def _send(self, place: Any, reply_to: Message | None, **fields: Any) -> Message:
        chat, thread = self._room(place if place is not None or reply_to is None else reply_to.chat)
        if thread is None and reply_to is not None:
            thread = reply_to.thread
        self._unblocked(chat)
        message = self.world.add_message(chat, self.user, reply_to=reply_to, thread=thread, **fields)
        self.world.tell(message)
        return message


def _same(shown: str, label: str) -> bool:
    return texts.plain(shown) == texts.plain(label)


def _find(label: str, messages: Sequence[Message]) -> tuple[Message, Button] | None:
    """The newest button with exactly this label, else the only one that holds it in the newest message with
    one."""
    for message in messages:
        for button in message.buttons:
            if _same(button.text, label):
                return message, button
    for message in messages:
        holding = [b for b in message.buttons if texts.plain(label) in texts.plain(b.text)]
        if len(holding) == 1:
            return message, holding[0]
        if holding:
            return None
    return None
