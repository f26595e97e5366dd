"""What Telegram does to every text, a person's or a bot's: it drops some characters, trims, and finds links
and commands."""

from __future__ import annotations

import re
from typing import Any

from playground import html
from playground.html import units

JSON = dict[str, Any]

# clean_input_string of tdlib/td: control characters become blanks, "\r", line separators and the old bidi
# controls U+202A-U+202E vanish (the isolates U+2066-U+2069 stay), and so do three marks that break lines.
_CLEANED: dict[int, str | None] = {code: " " for code in range(32) if code not in (10, 13)}
_CLEANED |= dict.fromkeys([13, *range(0x2028, 0x202F), 0x0333, 0x033F, 0x030A], None)
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<url>(?:https?://|www\.)[^\s<>\"«»\u2066-\u2069]+[^\s<>\"«»\u2066-\u2069.,;:!?)\]'])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})"
)


def clean(text: str) -> str:
    return text if text.isprintable() else text.translate(_CLEANED)


def trimmed(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """The text without the blanks around it, and the entities moved and cut to fit."""
    bare = text.strip(" \n")
    if bare == text:
        return text, entities
    lead = len(text) - len(text.lstrip(" \n"))
    length = units(bare)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] - lead + entity["length"], length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return bare, kept


def with_found(text: str, entities: list[JSON]) -> list[JSON]:
    """The entities, and those that Telegram finds by itself outside of them: commands, links, addresses,
    mentions."""
    if not ("/" in text or "@" in text or "www." in text):
        return entities
    found = []
    for match in _FOUND.finditer(text):
        kind = match.lastgroup
        offset, length = units(text[: match.start()]), units(match.group())
        if not any(e["offset"] < offset + length and offset < e["offset"] + e["length"] for e in entities):
            found.append({"type": kind, "offset": offset, "length": length})
    return sorted([*entities, *found], key=lambda e: (e["offset"], -e["length"])) if found else entities


def formatted(source: str, parse_mode: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Visible text and its entities. Raises html.BadMarkup; other parse modes than HTML are the caller's to
    refuse."""
    source = clean(source)
    if parse_mode:
        source, entities = html.parse(source)
    source, entities = trimmed(source, entities)
    return source, with_found(source, entities)


def split(text: str, limit: int = 4096) -> list[str]:
    """As an application cuts what is too long for one message."""
    parts: list[str] = []
    current: list[str] = []
    length = 0
    for character in text:
        size = 2 if ord(character) > 0xFFFF else 1
        if length + size > limit:
            parts.append("".join(current))
            current, length = [], 0
        current.append(character)
        length += size
    return [*parts, "".join(current)]


_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str) -> str:
    """Without isolates and other marks that nobody sees, and with single blanks: to compare what people
    read."""
    return " ".join(_INVISIBLE.sub("", text).split())
