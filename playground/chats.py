"""Who there is and where they talk: users, chats, topics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.messages import Button, Message

JSON = dict[str, Any]


@dataclass(slots=True, eq=False)
class User:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str | None = None
    is_bot: bool = False
    _told: JSON | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def payload(self) -> JSON:
        if self._told is None:
            told: JSON = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
            for key in ("last_name", "username", "language_code"):
                if value := getattr(self, key):
                    told[key] = value
            self._told = told
        return self._told

    def renamed(self, **changes: str | None) -> None:
        """Telegram names, user name and language are the person's to change at any time."""
        for key, value in changes.items():
            setattr(self, key, value)
        self._told = None


# Telegram's own senders (TG-18).
ANONYMOUS_ADMIN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_IDENTITY = User(136817688, "Channel", username="Channel_Bot", is_bot=True)
TELEGRAM = User(777000, "Telegram")


@dataclass(slots=True, eq=False)
class Topic:
    id: int
    name: str
    chat: Chat
    deleted: bool = False

    @property
    def messages(self) -> list[Message]:
        return [m for m in self.chat.messages if m.thread == self.id]


@dataclass(slots=True, eq=False)
class Chat:
    """`bot` is what the bot is here: "member", "administrator", "left", "kicked", or "stranger" to a person
    who never wrote to it. `members` gives the status of each user id."""

    id: int
    type: str
    title: str = ""
    user: User | None = None
    forum: bool = False
    bot: str = "member"
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    deactivated: bool = False
    migrated_to: int | None = None
    kept: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0
    reply_keyboard: list[list[Button]] = field(default_factory=list)
    _told: JSON | None = field(default=None, repr=False)

    @property
    def private(self) -> bool:
        return self.type == "private"

    @property
    def messages(self) -> list[Message]:
        """All that was said, the oldest first, deleted messages too."""
        return list(self.kept.values())

    @property
    def live(self) -> list[Message]:
        return [m for m in self.kept.values() if not m.deleted]

    def backwards(self) -> Iterator[Message]:
        return (m for m in reversed(self.kept.values()) if not m.deleted)

    @property
    def screen(self) -> Message | None:
        """The latest message of the bot that is still there."""
        return next((m for m in self.backwards() if m.from_bot), None)

    def get(self, message_id: int) -> Message | None:
        message = self.kept.get(message_id)
        return None if message is None or message.deleted else message

    def payload(self) -> JSON:
        if self._told is None:
            told: JSON = {"id": self.id}
            if self.user is not None:
                told["first_name"] = self.user.first_name
                for key in ("last_name", "username"):
                    if value := getattr(self.user, key):
                        told[key] = value
            else:
                told["title"] = self.title
            told["type"] = self.type
            if self.forum:
                told["is_forum"] = True
            self._told = told
        return self._told

    def changed(self) -> None:
        """The chat's own data changed: say them anew."""
        self._told = None

    def transcript(self, last: int = 8) -> str:
        """The end of the conversation, for a failing test to show."""
        lines = [
            f"{'bot' if m.from_bot else m.sender.first_name}: {m.text or m.kind}" for m in self.live[-last:]
        ]
        return "\n".join(lines) or "(nothing was said)"
