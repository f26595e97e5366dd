"""The world the bot lives in: its chats, what is said in them, and which of it becomes an update for the
bot."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from playground.changes import Changes
from playground.chats import Chat, Topic, User
from playground.clock import Clock
from playground.faults import Faults
from playground.limits import Limits
from playground.messages import Act, File, Message, Notice
from playground.queues import MEMBERSHIP_QUEUES, PRESS_LIFETIME, PRESS_QUEUES, Updates

JSON = dict[str, Any]


@dataclass(slots=True, eq=False)
class Press(Act):
    """A press on a button. `notices` is what the bot answered to it (at most one)."""

    id: str
    who: User
    message: Message
    data: str
    date: float
    update_id: int | None = None
    notices: list[Notice] = field(default_factory=list)


class World:
    def __init__(self, bot: User, rng: random.Random, history: int | None) -> None:
        self.bot = bot
        self.rng = rng
        self.history = history
        self.clock = Clock()
        self.changes = Changes()
        self.faults = Faults(random.Random(rng.random()))
        self.updates = Updates(self.clock, self.changes, random.Random(rng.random()), history)
        self.limits: Limits | None = None
        self.loopback_web_apps = False
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.paths: dict[str, File] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[tuple[str, int, int, str], list[JSON]] = {}
        self._last_user, self._last_group = 700_000_000, -1_002_000_000_000
        # One sequence for private chats and plain groups, one of its own for each supergroup, as in Telegram.
        self._last_message = 0

    # who

    def new_user(self, first_name: str, user_id: int | None = None, **names: Any) -> User:
        if user_id is None:
            self._last_user += 1
            user_id = self._last_user
        user = self.users[user_id] = User(user_id, first_name, **names)
        return user

    def new_private_chat(self, user: User) -> Chat:
        chat = self.chats[user.id] = Chat(user.id, "private", user=user, bot="stranger")
        return chat

    def new_group(self, title: str, kind: str, forum: bool, chat_id: int | None = None) -> Chat:
        if chat_id is None:
            self._last_group -= 1
            chat_id = self._last_group if kind != "group" else self._last_group + 1_000_000_000_000
        chat = self.chats[chat_id] = Chat(chat_id, kind, title=title, forum=forum)
        return chat

    # what is said

    def add_message(self, chat: Chat, sender: User, **fields: Any) -> Message:
        if chat.type in ("supergroup", "channel"):
            chat.last_id += 1
            message_id = chat.last_id
        else:
            self._last_message += 1
            message_id = self._last_message
        message = Message(message_id, chat, int(self.clock.now()), sender, **fields)
        chat.kept[message_id] = message
        if self.history is not None and len(chat.kept) > self.history:
            del chat.kept[next(iter(chat.kept))]
        self.changes.emit("message", lambda: {"message": message.view()})
        return message

    def edited(self, message: Message) -> None:
        self.changes.emit("edit", lambda: {"message": message.view()})

    def delete(self, message: Message) -> None:
        message.deleted = True
        self.changes.emit("delete", lambda: {"chat": message.chat.id, "id": message.id})

    def new_topic(self, chat: Chat, name: str) -> Topic:
        """A topic's id is that of the service message that opened it."""
        service = self.add_message(
            chat,
            self.bot,
            from_bot=True,
            kind="service",
            extra={"forum_topic_created": {"name": name, "icon_color": 7322096}},
        )
        service.thread = service.id
        topic = chat.topics[service.id] = Topic(service.id, name, chat)
        self.changes.emit("topic", lambda: {"chat": chat.id, "topic": {"id": topic.id, "name": name}})
        return topic

    def add_file(self, name: str, mime: str, content: bytes, width: int = 0, height: int = 0) -> File:
        token = self.rng.randbytes(24).hex()
        file = File(f"BQ{token}", f"AQ{token[:12]}", name, mime, content, width=width, height=height)
        suffix = name.rpartition(".")[2] if "." in name else ""
        end = f".{suffix}" if suffix.isalnum() and suffix.isascii() else ""
        file.path = f"files/file_{len(self.files)}{end}"
        self.files[file.id] = self.paths[file.path] = file
        return file

    # what the bot is told

    def tell(self, message: Message, kind: str = "message") -> int | None:
        """Queue a message (or an edit, kind "edited_message") for the bot, where the bot may see it."""
        if not self._heard(message):
            return None
        if message.chat.type == "channel":
            kind = kind.replace("message", "channel_post")
        return self.updates.put(kind, message.payload(), message.chat.id)

    def _heard(self, message: Message) -> bool:
        """In a group where it isn't an administrator the bot hears commands, mentions, replies to it and
        services."""
        chat = message.chat
        if chat.private or chat.bot == "administrator":
            return True
        if chat.bot != "member":
            return False
        return (
            message.kind == "service"
            or message.text.startswith("/")
            or f"@{self.bot.username}" in message.text
            or (message.reply_to is not None and message.reply_to.from_bot)
        )

    def press(self, who: User, message: Message, data: str) -> Press:
        press = Press(str(self.rng.getrandbits(62)), who, message, data, self.clock.now())
        self.presses[press.id] = press
        if self.history is not None and len(self.presses) > self.history:
            del self.presses[next(iter(self.presses))]
        told = message.payload()
        if message.deleted:
            told = {"chat": message.chat.payload(), "message_id": message.id, "date": 0}
        payload = {
            "id": press.id,
            "from": who.payload(),
            "message": told,
            "chat_instance": str(message.chat.id * 7919),
            "data": data,
        }
        press.update_id = self.updates.put("callback_query", payload, who.id + PRESS_QUEUES, PRESS_LIFETIME)
        self.changes.emit("press", lambda: {"chat": message.chat.id, "id": message.id, "person": who.id})
        return press

    def tell_membership(self, chat: Chat, by: User, member: User, old: str, new: str) -> None:
        """`my_chat_member` where the member is the bot, else `chat_member` (only if the bot asked for it)."""
        payload = {
            "chat": chat.payload(),
            "from": by.payload(),
            "date": int(self.clock.now()),
            "old_chat_member": member_payload(member, old),
            "new_chat_member": member_payload(member, new),
        }
        kind = "my_chat_member" if member is self.bot else "chat_member"
        if kind == "my_chat_member" or chat.bot == "administrator":
            self.updates.put(kind, payload, chat.id + MEMBERSHIP_QUEUES)


RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def member_payload(user: User, status: str) -> JSON:
    """A ChatMember of the Bot API."""
    told: JSON = {"user": user.payload(), "status": status}
    if status in ("administrator", "creator"):
        told |= {"is_anonymous": False}
    if status == "administrator":
        told |= {"can_be_edited": False} | dict.fromkeys(RIGHTS, True)
    if status == "kicked":
        told |= {"until_date": 0}
    return told
