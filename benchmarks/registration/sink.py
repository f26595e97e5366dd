"""The Bot API as the driver plays it: whatever a contender calls succeeds, and what a person would see is handed on.

Raw asyncio protocols instead of a web framework: driver and contender share the machine's cores, so each microsecond
saved here is one the contender may have.
"""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, cast
from urllib.parse import unquote_plus

import orjson

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_FORM_PIECES = (b"chat_id", b"text", b"caption", b"message_id", b"reply_markup")
BOT = {"id": 1234567890, "is_bot": True, "first_name": "Benchmark", "username": "benchmark_bot"}
_ME = orjson.dumps(
    {
        "ok": True,
        "result": BOT
        | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False},
    }
)
_TRUE = b'{"ok":true,"result":true}'
_WEBHOOK_INFO = b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
_UNREADABLE = b'{"ok":false,"error_code":400,"description":"Bad Request: JSON and urlencoded forms only"}'
_FIXED = {b"getMe": _ME, b"getWebhookInfo": _WEBHOOK_INFO, b"sendChatAction": _TRUE}


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees of one `send…` or `edit…`: its message id, its text, and its keyboard as raw JSON ("" if none)."""

    chat_id: int
    message_id: int
    text: str
    markup: bytes


def press_of(markup: bytes) -> str | None:
    """The callback data a person would press to confirm: of the button that says so, else of the first one."""
    if not markup:
        return None
    buttons = [
        b for row in orjson.loads(markup).get("inline_keyboard", ()) for b in row if "callback_data" in b
    ]
    told = [b for b in buttons if "confirm" in b["text"].lower()]
    return str((told or buttons)[0]["callback_data"]) if buttons else None


def body_fields(body: bytes, head: bytes) -> dict[bytes, Any] | None:
    """The fields of `_FORM_PIECES` in a JSON or urlencoded body; None if it is neither."""
    if body[:1] == b"{":
        given = orjson.loads(body)
        fields = {name: given[name.decode()] for name in _FORM_PIECES if name.decode() in given}
        if isinstance(fields.get(b"reply_markup"), dict):
            fields[b"reply_markup"] = orjson.dumps(fields[b"reply_markup"])
        return fields
    if b"multipart/" in head:
        return None
    pairs = (pair.partition(b"=") for pair in body.split(b"&"))
    return {name: unquote_plus(value.decode()) for name, _, value in pairs if name in _FORM_PIECES}


class BotApi:
    """Answers calls, after `delay` seconds if asked to, and reports each screen to `on_screen` as it arrives."""

    def __init__(self, on_screen: Callable[[Screen], None], delay: float = 0.0) -> None:
        self.on_screen = on_screen
        self.delay = delay
        self.calls = 0
        self.message_ids = count(1)
        self.date = int(time.time())

    def connection(self) -> asyncio.Protocol:
        """A protocol for `loop.create_server`."""
        return _ApiConnection(self)

    def answer(self, head: bytes, body: bytes) -> bytes:
        """The JSON Telegram would answer to this request."""
        self.calls += 1
        path = head.split(b" ", 2)[1]
        method = path.rpartition(b"/")[2].partition(b"?")[0]
        if fixed := _FIXED.get(method):
            return fixed
        shows = method[:4] == b"send" or method in (b"editMessageText", b"editMessageCaption")
        if not shows:
            return _TRUE
        fields = body_fields(body, head)
        if fields is None or b"chat_id" not in fields:
            return _UNREADABLE
        return self._show(method, fields)

    def _show(self, method: bytes, fields: dict[bytes, Any]) -> bytes:
        chat_id = int(fields[b"chat_id"])
        edited = method[:4] == b"edit" and b"message_id" in fields
        message_id = int(fields[b"message_id"]) if edited else next(self.message_ids)
        text = str(fields.get(b"text") or fields.get(b"caption") or "")
        markup = fields.get(b"reply_markup") or b""
        markup = markup.encode() if isinstance(markup, str) else bytes(markup)
        self.on_screen(Screen(chat_id, message_id, text, markup))
        inline = b',"reply_markup":' + markup if b'"inline_keyboard"' in markup else b""
        return (
            b'{"ok":true,"result":{"message_id":%d,"from":{"id":1234567890,"is_bot":true,"first_name":"Benchmark",'
            b'"username":"benchmark_bot"},"chat":{"id":%d,"first_name":"Salma","type":"private"},"date":%d,'
            b'"text":%b%b}}' % (message_id, chat_id, self.date, orjson.dumps(text), inline)
        )


class _ApiConnection(asyncio.Protocol):
    """One keep-alive HTTP/1.1 connection of the contender to the Bot API."""

    transport: asyncio.Transport

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        data = self.rest + data if self.rest else data
        while (head_end := data.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(data, 0, head_end + 2)
            end = head_end + 4 + (int(length[1]) if length else 0)
            if len(data) < end:
                break
            self._reply(self.api.answer(data[:head_end], data[head_end + 4 : end]))
            data = data[end:]
        self.rest = data

    def _reply(self, body: bytes) -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
            len(body),
            body,
        )
        if self.api.delay:
            asyncio.get_running_loop().call_later(self.api.delay, self._write, answer)
        else:
            self.transport.write(answer)

    def _write(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
