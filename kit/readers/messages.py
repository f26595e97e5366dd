"""What people write in their own words: several lines, kept as they are but for what no one can see at the ends."""

from __future__ import annotations

from kit.errors import Refused
from kit.text import nt, t


def read_message(raw: str, longest: int) -> str:
    """The text, trimmed. Raises Refused `message_empty` or `message_long`."""
    text = raw.strip()
    if not any(map(str.isalnum, text)):
        raise Refused("message_empty", t("Please write it in words."))
    if len(text) > longest:
        raise Refused(
            "message_long",
            nt(
                "This is too long, {n} character: write at most {longest}.",
                "This is too long, {n} characters: write at most {longest}.",
                len(text),
                longest=longest,
            ),
        )
    return text
