"""The places of the bot: every way in, by command or by button, with what a chat must have proven to enter. Nothing else opens
anything: a place that isn't here doesn't exist, and one without a requirement can't be declared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.turn import Turn
from kit.screen import Screen
from kit.text import Text
from services.access import Standing


@dataclass(frozen=True, slots=True)
class Place:
    """A way in.

    name: its command ("/name") and its button ("go:name").
    label: what buttons and the leave-or-go-on question call it.
    needs: what the chat must have proven; who hasn't is led to the sign-in, and comes back here after it.
    consent: whether the consent to health data in Telegram is asked for first.
    on_page: without that consent it shows nothing of the kind, and leads to one-time pages, where there is a public address.
    open: the screen.
    press: what its bound buttons ("name:argument") do; checked against `needs` and `consent` at each press.
    passing: answered without leaving an open form (help, language).
    described: the line in Telegram's command menu; none keeps it out of the menu.
    """

    name: str
    label: Text
    needs: Standing
    open: Callable[[Turn], Screen]
    press: Callable[[Turn, str], Screen] | None = None
    consent: bool = False
    on_page: bool = False
    passing: bool = False
    described: Text | None = None
