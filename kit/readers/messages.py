"""What people write in their own words: several lines, kept as they are but for what no one can see at the ends."""

from __future__ import annotations

from kit.errors import Refused
from kit.text import t


def read_message(raw: str, longest: int) -> str:
    """The text, trimmed. Raises Refused `message_empty` or `message_long`."""
    text = raw.strip()
    if not any(map(str.isalnum, text)):
        raise Refused("message_empty", t("Please write it in words."))
    if len(text) > longest:
        raise Refused(
            "message_long",
            t(
                "This is too long, {written} characters: write at most {longest}.",
                written=len(text),
                longest=longest,
            ),
        )
    return text
