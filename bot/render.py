"""A screen becomes what Telegram takes: the JSON of its methods, as it will be posted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from kit.screen import Button, Keys, Link, Screen
from kit.speech import Speech, Voices
from store.chats import Chat
from store.outbox import Lane, Promise

LIMIT = 4000  # UTF-16 units of visible text; Telegram's own is 4096 (TG-15)
LASTING = "~"


def destination(chat_id: int) -> str:
    """The outbox's name for a chat."""
    return f"telegram:{chat_id}"


class Renderer:
    """Draws screens in a chat's language. `https` says whether Mini App buttons can be offered."""

    def __init__(self, voices: Voices) -> None:
        self._voices = voices

    def draw(
        self, screen: Screen, chat: Chat, lane: Lane, now: dt.datetime, message_id: int | None = None
    ) -> list[Promise]:
        """The promises that put a screen into a chat: in place of `message_id` where the screen is an edit, else as new messages.

        A screen with bound buttons takes the chat's next revision, which makes all earlier ones stale.
        """
        speech = self._voices[chat.language]
        if any(not button.lasting for row in screen.keys for button in row if isinstance(button, Button)):
            chat.revision += 1
        promises: list[Promise] = []
        pieces = _pieces(screen, speech)
        for index, text in enumerate(pieces):
            body: dict[str, Any] = {
                "chat_id": chat.id,
                "text": text,
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            }
            if index == len(pieces) - 1 and screen.keys:
                body["reply_markup"] = {"inline_keyboard": _keyboard(screen.keys, speech, chat.revision)}
            if screen.edit and message_id is not None and index == 0:
                body["message_id"] = message_id
                promises.append(_promise("editMessageText", body, lane, now, private=screen.protect))
            else:
                if screen.protect:
                    body["protect_content"] = True
                promises.append(_promise("sendMessage", body, lane, now, private=screen.protect))
            if screen.vanish is not None:
                promises.append(
                    _deletion(chat.id, message_id if screen.edit else None, promises[-1], now + screen.vanish)
                )
        for more in screen.more:
            promises.extend(self.draw(more, chat, lane, now))
        return promises

    def plain(self, screen_text: Any, language: Any) -> str:
        """A sentence without markup, for what Telegram shows as plain text (toasts)."""
        return self._voices[language].plain(screen_text)


def forget(chat_id: int, message_id: int | None, now: dt.datetime) -> Promise:
    """The promise to delete what a person typed: a secret goes before everything else. None: what a row yet to be named brings."""
    body = {"chat_id": chat_id} if message_id is None else {"chat_id": chat_id, "message_id": message_id}
    return Promise("telegram", destination(chat_id), Lane.DELETION, "deleteMessage", orjson.dumps(body), now)


def _deletion(chat_id: int, message_id: int | None, after: Promise, at: dt.datetime) -> Promise:
    body: dict[str, Any] = {"chat_id": chat_id}
    if message_id is not None:
        body["message_id"] = message_id
    return Promise(
        "telegram", destination(chat_id), Lane.DELETION, "deleteMessage", orjson.dumps(body), at, after
    )


def _promise(
    method: str, body: dict[str, Any], lane: Lane, now: dt.datetime, *, private: bool = False
) -> Promise:
    return Promise(
        "telegram", destination(body["chat_id"]), lane, method, orjson.dumps(body), now, private=private
    )


def _keyboard(keys: Keys, speech: Speech, revision: int) -> list[list[dict[str, Any]]]:
    return [[_key(button, speech, revision) for button in row] for row in keys if row]


def _key(button: Button | Link, speech: Speech, revision: int) -> dict[str, Any]:
    label = speech.plain(button.label)
    if isinstance(button, Link):
        if button.page and button.url.startswith("https://"):
            return {"text": label, "web_app": {"url": button.url}}
        return {"text": label, "url": button.url}
    stamp = LASTING if button.lasting else f"{revision}."
    return {"text": label, "callback_data": f"{stamp}{button.action}"}


def _pieces(screen: Screen, speech: Speech) -> list[str]:
    """The text in parts that Telegram takes, cut between lines: each line keeps its tags balanced."""
    pieces: list[str] = []
    current, size = "", 0
    for line in screen.lines:
        said = "" if line is None else speech.say(line)
        units = len(said.encode("utf-16-le")) // 2 + 1
        if current and size + units > LIMIT:
            pieces.append(current.rstrip("\n"))
            current, size = "", 0
        current += said + "\n"
        size += units
    pieces.append(current.rstrip("\n"))
    return pieces
