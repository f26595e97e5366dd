"""Keyboards as Telegram accepts them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playground.api.args import Args
from playground.api.errors import bad
from playground.world import World

JSON = dict[str, Any]

MAX_DATA_BYTES = 64
MAX_BUTTONS = 100
_ACTIONS = {
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
    "pay",
}
_HOST = re.compile(r"[\w.-]+\.[\w-]+(:\d+)?$|localhost(:\d+)?$")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def read_markup(world: World, args: Args, inline_only: bool = False) -> JSON | None:
    """`reply_markup` in a form of its own, so that equal keyboards compare equal. Raises ApiError."""
    raw = args.structure("reply_markup")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in raw:
        rows = _rows(raw["inline_keyboard"], "inline_keyboard")
        built = [[_button(world, button) for button in row] for row in rows]
        if sum(len(row) for row in built) > MAX_BUTTONS:
            raise bad("reply markup is too long")
        built = [row for row in built if row]
        return {"inline_keyboard": built} if built else None
    if inline_only and raw:
        raise bad("inline keyboard expected")
    if "keyboard" in raw:
        rows = [[_key(button) for button in row] for row in _rows(raw["keyboard"], "keyboard")]
        return {**raw, "keyboard": rows}
    if raw.get("remove_keyboard") or raw.get("force_reply"):
        return raw
    return None


def _rows(raw: Any, field: str) -> list[list[Any]]:
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        raise bad(f'field "{field}" must be an Array of Arrays')
    return raw


def _key(raw: Any) -> JSON:
    if isinstance(raw, str):
        raw = {"text": raw}
    if not isinstance(raw, dict) or not str(raw.get("text") or "").strip():
        raise bad("keyboard button text must be non-empty")
    return raw


def _button(world: World, raw: Any) -> JSON:
    if not isinstance(raw, dict):
        raise bad("can't parse inline keyboard button: inline keyboard button must be an Object")
    text = raw.get("text")
    if not isinstance(text, str):
        raise bad("can't parse inline keyboard button: can't find field \"text\"")
    if not text.strip():
        raise bad("inline keyboard button text must be non-empty")
    actions = [name for name in _ACTIONS if raw.get(name) is not None]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = raw.get("callback_data")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode()) <= MAX_DATA_BYTES):
        raise bad("BUTTON_DATA_INVALID")
    if raw.get("url") is not None:
        _check_url(raw["url"])
    if raw.get("web_app") is not None:
        _check_web_app(world, raw["web_app"])
    return {"text": text} | {name: raw[name] for name in sorted(actions)}


def _check_url(url: Any) -> None:
    parts = urlsplit(str(url) if "://" in str(url) else f"http://{url}")
    if parts.scheme in ("tg", "ton"):
        return
    if (
        parts.scheme not in ("http", "https")
        or not _HOST.match(parts.netloc)
        or parts.hostname == "localhost"
    ):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _check_web_app(world: World, web_app: Any) -> None:
    """Telegram opens https only. Plain http on this very machine passes where the demo allowed it."""
    url = web_app.get("url") if isinstance(web_app, dict) else None
    parts = urlsplit(str(url or ""))
    if parts.scheme == "http" and parts.hostname in LOOPBACK and world.loopback_web_apps:
        return
    if parts.scheme != "https" or not _HOST.match(parts.netloc):
        raise bad(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
