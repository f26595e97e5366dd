"""A screen becomes what Telegram takes: the JSON of its methods, as it will be posted."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import replace
from typing import Any

import orjson

from kit.screen import Button, Keys, Link, Screen, Venue
from kit.speech import Speech, Voices
from kit.text import Text
from store import chat_messages
from store.chats import Chat
from store.db import Db
from store.promises import Lane, Promise

LIMIT = 4000  # UTF-16 units of visible text; Telegram's own is 4096 (TG-15)
CAPTION = 1000  # the same of a caption; Telegram's own is 1024
LONGEST_IN_A_PAIR = 22  # signs of a label that a phone of 390 px shows on half a row
LASTING = "~"
DELETABLE = dt.timedelta(hours=48)  # how old a message a bot may delete (TG-11)


def destination(chat_id: int) -> str:
    """The outbox's name for a chat."""
    return f"telegram:{chat_id}"


class Renderer:
    """Draws screens in a chat's language. `mini_apps`: how the addresses begin that can be offered as Mini Apps; Telegram takes https."""

    def __init__(self, voices: Voices, mini_apps: tuple[str, ...] = ("https://",)) -> None:
        self._voices = voices
        self._mini_apps = mini_apps

    def draw(
        self, screen: Screen, chat: Chat, lane: Lane, now: dt.datetime, message_id: int | None = None
    ) -> list[Promise]:
        """The promises that put a screen into a chat: in place of `message_id` where the screen is an edit, else as new messages.

        A screen with bound buttons takes the chat's next revision, which makes all earlier ones stale.
        """
        speech = self._voices[screen.language or chat.language]
        if any(not button.lasting for row in screen.keys for button in row if isinstance(button, Button)):
            chat.revision += 1
        promises: list[Promise] = []
        edits = screen.edit and screen.paper is None and screen.venue is None
        messages = _messages(screen, speech, chat.id, chat.language)
        if messages and screen.keys:
            messages[-1][1]["reply_markup"] = {
                "inline_keyboard": self._keyboard(screen.keys, speech, chat.revision)
            }
        for index, (method, body) in enumerate(messages):
            if edits and message_id is not None and index == 0:
                method, body["message_id"] = "editMessageText", message_id
            elif screen.protect:
                body["protect_content"] = True
            promises.append(_promise(method, body, lane, now, private=screen.protect or screen.brief))
            if screen.vanish is not None:
                promises.append(
                    _deletion(chat.id, message_id if edits else None, promises[-1], now + screen.vanish)
                )
        for more in screen.more:
            promises.extend(self.draw(more, chat, lane, now))
        return promises

    def _keyboard(self, keys: Keys, speech: Speech, revision: int) -> list[list[dict[str, Any]]]:
        rows = [[self._key(button, speech, revision) for button in row] for row in keys if row]
        return [part for row in rows for part in _fitting(row)]

    def _key(self, button: Button | Link, speech: Speech, revision: int) -> dict[str, Any]:
        label = speech.plain(button.label)
        if isinstance(button, Link):
            if button.page and button.url.startswith(self._mini_apps):
                return {"text": label, "web_app": {"url": button.url}}
            return {"text": label, "url": button.url}
        stamp = LASTING if button.lasting else f"{revision}."
        return {"text": label, "callback_data": f"{stamp}{button.action}"}

    def plain(self, screen_text: Any, language: Any) -> str:
        """A sentence without markup, for what Telegram shows as plain text (toasts)."""
        return self._voices[language].plain(screen_text)


def _fitting(row: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """A row of buttons, or each of them in a row of its own where a label would be cut off on a phone: Telegram gives all the
    same width and ends with "…" what doesn't fit."""
    seen = max(sum(unicodedata.category(sign) != "Cf" for sign in key["text"]) for key in row)
    return [row] if len(row) == 1 or seen <= LONGEST_IN_A_PAIR else [[key] for key in row]


def forget(chat_id: int, message_id: int | None, now: dt.datetime) -> Promise:
    """The promise to delete what a person typed: a secret goes before everything else. None: what a row yet to be named brings."""
    body = {"chat_id": chat_id} if message_id is None else {"chat_id": chat_id, "message_id": message_id}
    return Promise("telegram", destination(chat_id), Lane.DELETION, "deleteMessage", orjson.dumps(body), now)


def wipe(db: Db, chat_id: int, now: dt.datetime, everything: bool = False) -> list[Promise]:
    """The promises to delete what a chat was shown of health data, and what is still on its way there; `everything`: all that it was
    sent in the last two days, whatever it says."""
    find = chat_messages.everything if everything else chat_messages.private
    shown, coming = find(db, destination(chat_id), now - DELETABLE)
    return [
        *(replace(forget(chat_id, message_id, now), private=True) for message_id in shown),
        *(replace(forget(chat_id, None, now), after=row, private=True) for row in coming),
    ]


def take_back(
    db: Db, chat_id: int, shown_at: dt.datetime, now: dt.datetime, keep: int | None
) -> list[Promise]:
    """The promises to delete the brief screen that was shown at a moment; not the message `keep`, which is edited instead."""
    shown, coming = chat_messages.private(db, destination(chat_id), now - DELETABLE, shown_at)
    return [
        *(forget(chat_id, message_id, now) for message_id in shown if message_id != keep),
        *(replace(forget(chat_id, None, now), after=row) for row in coming),
    ]


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


def _messages(
    screen: Screen, speech: Speech, chat_id: int, language: str
) -> list[tuple[str, dict[str, Any]]]:
    """The messages of a screen, each by its method and what it says: the venue, the paper with its caption, the text."""
    messages: list[tuple[str, dict[str, Any]]] = []
    if screen.venue is not None:
        messages.append(("sendVenue", {"chat_id": chat_id, **_venue(screen.venue, speech)}))
        if not screen.lines and screen.paper is None:
            return messages
    pieces = _pieces(screen, speech, CAPTION if screen.paper is not None else LIMIT)
    if screen.paper is not None:
        paper, caption = screen.paper, pieces.pop(0)
        named = {"kind": paper.kind, "values": dict(paper.values), "language": language}
        said = {"caption": caption, "parse_mode": "HTML"} if caption else {}
        method = "sendPhoto" if paper.photo else "sendDocument"
        messages.append((method, {"chat_id": chat_id, **said, "paper": named}))
    for text in pieces:
        body = {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
        messages.append(("sendMessage", {"chat_id": chat_id, **body}))
    return messages


def _venue(venue: Venue, speech: Speech) -> dict[str, Any]:
    def said(words: Text | str) -> str:
        return words if isinstance(words, str) else speech.plain(words)

    return {
        "latitude": venue.latitude,
        "longitude": venue.longitude,
        "title": said(venue.title),
        "address": said(venue.address),
    }


def _pieces(screen: Screen, speech: Speech, limit: int) -> list[str]:
    """The text in parts that Telegram takes, cut between lines: each line keeps its tags balanced. `limit` is the first part's."""
    pieces: list[str] = []
    current, size = "", 0
    for line in screen.lines:
        said = "" if line is None else speech.say(line)
        units = len(said.encode("utf-16-le")) // 2 + 1
        if current and size + units > limit:
            pieces.append(current.rstrip("\n"))
            current, size, limit = "", 0, LIMIT
        current += said + "\n"
        size += units
    pieces.append(current.rstrip("\n"))
    return pieces
