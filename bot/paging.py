"""A list that is shown a page at a time: its numbered buttons, the way to its other pages, and what a pressed number stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from kit.screen import Button
from kit.text import Text, t

T = TypeVar("T")


def heading(number: int, pages: int) -> list[Text]:
    """Which page it is, where there are several; pages count from 1."""
    return [t("Page {page} of {pages}", page=number, pages=pages)] if pages > 1 else []


def numbers(count: int, action: str, row: int) -> list[list[Button]]:
    """Buttons that say 1 to `count`, `row` side by side; the action of each is `<action>:<index>`, from 0."""
    return rows([Button(t("{n}", n=index + 1), f"{action}:{index}") for index in range(count)], row)


def rows(buttons: Sequence[Button], row: int) -> list[list[Button]]:
    """Buttons, `row` side by side."""
    return [list(buttons[start : start + row]) for start in range(0, len(buttons), row)]


def turns(number: int, pages: int, previous: str, next: str) -> list[Button]:
    """The way to the page before and to the one after, as far as there are any, by their actions."""
    before = [Button(t("‹ Previous"), previous)] if number > 1 else []
    return [*before, Button(t("Next ›"), next)] if number < pages else before


def at(values: Sequence[T], index: str) -> T | None:
    """What the button with this index stands for; None for what no button of the page says."""
    return values[int(index)] if index.isdecimal() and len(index) < 6 and int(index) < len(values) else None


def turn_to(place: dict[str, Any], number: str) -> None:
    """Keep the page that a button names with the list (`page`); what is no number changes nothing. The list knows how many there are."""
    if number.isdecimal() and len(number) < 4:
        place["page"] = int(number)
