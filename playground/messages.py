"""A message as it lies in a chat, with what has happened to it; its Bot API form, and the form the page
shows."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from playground.chats import Chat, User

JSON = dict[str, Any]


class Act:
    """What somebody has done. It is done at the call; `await` on it lets the bot and the others have their turn."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, Self]:
        yield
        return self


@dataclass(frozen=True, slots=True)
class Link(Act):
    """A link that leads out of Telegram: the person's browser would open it."""

    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message, or of the keyboard below the chat (then it has a text only)."""

    text: str
    data: str | None = None
    url: str | None = None
    web_app: str | None = None

    @classmethod
    def of(cls, raw: JSON) -> Button:
        return cls(
            raw["text"], raw.get("callback_data"), raw.get("url"), (raw.get("web_app") or {}).get("url")
        )


@dataclass(slots=True, eq=False)
class File:
    id: str
    unique_id: str
    name: str
    mime: str
    content: bytes
    path: str = ""
    path_expires: float = 0.0
    width: int = 0
    height: int = 0

    def payload(self) -> JSON:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message was before an edit."""

    date: int
    text: str
    html: str
    keyboard: list[list[Button]]


@dataclass(frozen=True, slots=True)
class Notice:
    """The bot's answer to a press: a small notice, or an alert that must be closed. An empty text only stops
    the clock."""

    text: str
    alert: bool
    data: str = ""
    url: str | None = None


@dataclass(slots=True, eq=False)
class Message(Act):
    """`text` is what a person reads (the caption, under a document or a picture); `html` is how the bot wrote
    it."""

    id: int
    chat: Chat
    date: int
    sender: User
    from_bot: bool = False
    kind: str = "text"
    text: str = ""
    entities: list[JSON] = field(default_factory=list)
    html: str = ""
    markup: JSON | None = None
    sender_chat: JSON | None = None
    extra: JSON = field(default_factory=dict)
    file: File | None = None
    reply_to: Message | None = None
    thread: int | None = None
    protect: bool = False
    link_preview: JSON | None = None
    edit_date: int | None = None
    deleted: bool = False
    edits: list[Edit] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        state = " deleted" if self.deleted else ""
        return f"<{self.sender.first_name} in {self.chat.id}, {self.id}{state}: {self.text!r}>"

    @property
    def keyboard(self) -> list[list[Button]]:
        """Rows of buttons under the message."""
        rows = (self.markup or {}).get("inline_keyboard") or []
        return [[Button.of(raw) for raw in row] for row in rows]

    @property
    def reply_keyboard(self) -> list[list[Button]]:
        """Rows of the keyboard that this message put below the chat."""
        rows = (self.markup or {}).get("keyboard") or []
        return [[Button.of(raw) if isinstance(raw, dict) else Button(raw) for raw in row] for row in rows]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.keyboard for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.buttons]

    @property
    def alerts(self) -> list[str]:
        return [notice.text for notice in self.notices if notice.alert]

    @property
    def document(self) -> bytes | None:
        return self.file.content if self.file and self.kind == "document" else None

    @property
    def photo(self) -> bytes | None:
        return self.file.content if self.file and self.kind == "photo" else None

    def keep_former(self, now: float) -> None:
        """Note what the message was; the caller then changes it."""
        self.edits.append(Edit(self.edit_date or self.date, self.text, self.html, self.keyboard))
        self.edit_date = int(now)

    def payload(self, nested: bool = False) -> JSON:
        """As the Bot API shows it; a message inside another (`nested`) has no reply of its own."""
        told: JSON = {"message_id": self.id}
        if self.chat.type != "channel":
            told["from"] = self.sender.payload()
        if self.sender_chat is not None:
            told["sender_chat"] = self.sender_chat
        told["chat"] = self.chat.payload()
        told["date"] = self.date
        if self.edit_date is not None:
            told["edit_date"] = self.edit_date
        if self.thread is not None:
            told["message_thread_id"] = self.thread
            told["is_topic_message"] = True
        if self.reply_to is not None and not nested:
            told["reply_to_message"] = self.reply_to.payload(nested=True)
        if self.protect:
            told["has_protected_content"] = True
        told.update(self.extra)
        if self.file is not None:
            told.update(self._medium(self.file))
        if self.text:
            caption = self.kind != "text"
            told["caption" if caption else "text"] = self.text
            if self.entities:
                told["caption_entities" if caption else "entities"] = self.entities
        if self.link_preview:
            told["link_preview_options"] = self.link_preview
        if self.markup and "inline_keyboard" in self.markup:
            told["reply_markup"] = self.markup
        return told

    def _medium(self, file: File) -> JSON:
        if self.kind == "photo":
            return {"photo": [{**file.payload(), "width": file.width, "height": file.height}]}
        return {self.kind: {**file.payload(), "file_name": file.name, "mime_type": file.mime}}

    def view(self) -> JSON:
        """As the page shows it."""
        shown: JSON = {
            "id": self.id,
            "chat": self.chat.id,
            "from": self.sender.id,
            "name": (self.sender_chat or {}).get("title") or self.sender.name,
            "bot": self.from_bot,
            "date": self.date,
            "kind": self.kind,
            "text": self.text,
            "entities": self.entities,
            "edited": self.edit_date is not None,
            "deleted": self.deleted,
            "protect": self.protect,
            "thread": self.thread,
            "reactions": self.reactions,
            "keyboard": (self.markup or {}).get("inline_keyboard") or [],
            "extra": {k: v for k, v in self.extra.items() if not k.endswith("chat_id")},
        }
        if self.reply_to is not None:
            shown["reply_to"] = {
                "id": self.reply_to.id,
                "name": self.reply_to.sender.name,
                "text": self.reply_to.text,
            }
        if self.file is not None:
            shown["file"] = {
                "url": f"/play/file/{self.file.id}",
                "name": self.file.name,
                "mime": self.file.mime,
                "size": len(self.file.content),
                "width": self.file.width,
                "height": self.file.height,
            }
        return shown
