"""The two languages, and how a person's is found."""

from __future__ import annotations

from typing import Literal, TypeAlias

Language: TypeAlias = Literal["fr", "ar"]
LANGUAGES: tuple[Language, ...] = ("fr", "ar")


def of_code(language_code: str | None) -> Language:
    """The language for Telegram's `language_code`: `ar*` gives Arabic, all else (and none) French (SPEC 1)."""
    return "ar" if (language_code or "").lower().split("-")[0] == "ar" else "fr"
