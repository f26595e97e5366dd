"""Mini Apps as Telegram opens them: behind the address, after `#`, stand who opened it, signed with the bot's token, and the colours."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

THEMES = {
    "light": {"bg_color": "#ffffff", "text_color": "#000000", "button_color": "#2481cc"},
    "dark": {"bg_color": "#17212b", "text_color": "#f5f5f5", "button_color": "#5288c1"},
}


def init_data(token: str, user: dict[str, Any], now: float, **more: str) -> str:
    """What Telegram says of who opened a Mini App, signed."""
    said = {"user": orjson.dumps(user).decode(), "auth_date": str(int(now)), **more}
    lines = "\n".join(f"{name}={value}" for name, value in sorted(said.items()))
    key = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    return urlencode(said | {"hash": hmac.digest(key, lines.encode(), hashlib.sha256).hex()})


def launch(url: str, token: str, user: dict[str, Any], now: float, theme: str = "light") -> str:
    """The address that an application opens for a Web App button."""
    behind = {
        "tgWebAppData": init_data(token, user, now, query_id=f"AA{user['id']}"),
        "tgWebAppVersion": "8.0",
        "tgWebAppPlatform": "weba",
        "tgWebAppThemeParams": orjson.dumps(THEMES.get(theme, THEMES["light"])).decode(),
    }
    if urlsplit(url).fragment:
        raise ValueError("a Web App's address has a fragment of its own")
    return f"{url}#{urlencode(behind)}"
