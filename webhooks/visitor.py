"""Who opened a page as a Mini App: Telegram signs it (`initData`), and nothing of it is believed before the signature is.

A Mini App's script (static/page.js) sends it along. A page opened in a browser has none: there the token alone decides.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from urllib.parse import parse_qsl

import orjson

FRESH = dt.timedelta(minutes=5)  # how old it may be (TH-38)
AHEAD = dt.timedelta(minutes=1)  # how far our clock may be behind Telegram's
_FIELDS = 32


def key_of(bot_token: str) -> bytes:
    """The key that Telegram signs with for this bot."""
    return hmac.digest(b"WebAppData", bot_token.encode(), hashlib.sha256)


def visitor(init_data: str, key: bytes, now: dt.datetime) -> int | None:
    """The Telegram user's id, or None: forged, too old, from the future, with a name given twice, or no `initData` at all."""
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=_FIELDS)
    except ValueError:
        return None
    given = dict(pairs)
    signature = given.pop("hash", "")
    lines = "\n".join(f"{name}={value}" for name, value in sorted(given.items()))
    signed = hmac.digest(key, lines.encode("utf-8", "replace"), hashlib.sha256).hex()
    if len(pairs) != len(given) + 1 or not hmac.compare_digest(signature.encode(), signed.encode()):
        return None
    try:
        age = now - dt.datetime.fromtimestamp(int(given["auth_date"]), dt.UTC)
        who = orjson.loads(given["user"])["id"]
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return None
    return who if type(who) is int and -AHEAD <= age <= FRESH else None
