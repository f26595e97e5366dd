"""A turn: what one update finds, and what a handler works with to answer it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from bot.incoming import Incoming
from kit.clock import from_ms
from kit.screen import Screen
from services import access, asking
from services.access import Who
from services.work import Work
from store.chats import Chat


@dataclass(slots=True)
class Turn:
    """The update, the locked row of its chat, and the work of its transaction."""

    incoming: Incoming
    chat: Chat
    work: Work
    next: str | None = None  # the place that follows the answer: after a sign-in, a consent …
    toast: Screen | None = None  # the answer, for the word that it shows over the chat
    taken_back: list[dt.datetime] = field(
        default_factory=list
    )  # when brief screens were shown that have served
    _who: Who | None = None
    _changed_who: bool = False

    @property
    def who(self) -> Who:
        """Who is on the other side, as far as this chat has proven."""
        if self._who is None:
            self._who = access.who(self.work, self.chat.id)
        return self._who

    @property
    def knows_who(self) -> bool:
        """Whether this turn asked who is there, or changed it."""
        return self._who is not None or self._changed_who

    def forget_who(self) -> None:
        """Sign-in, sign-out and activation change who is there: look again."""
        self._who, self._changed_who = None, True

    @property
    def form(self) -> dict[str, Any] | None:
        """The open form of this chat, as the engine keeps it."""
        form: dict[str, Any] | None = self.chat.state.get("form")
        return form

    @form.setter
    def form(self, form: dict[str, Any] | None) -> None:
        self.leave_page()
        if form is None:
            self.chat.state.pop("form", None)
        else:
            self.chat.state["form"] = form

    def leave_page(self) -> None:
        """The page that asks for a secret of the open form is closed, and its button is taken back."""
        page = (self.form or {}).pop("page", None)
        if page is not None:
            asking.void(self.work, self.chat.id)
            self.taken_back.append(from_ms(page[1]))

    @property
    def place(self) -> dict[str, Any]:
        """Where the person is outside a form: the open list with its filters, page and lines."""
        place: dict[str, Any] = self.chat.state.setdefault("place", {})
        return place

    @place.setter
    def place(self, place: dict[str, Any]) -> None:
        self.chat.state["place"] = place

    @property
    def pressed(self) -> bool:
        """Whether a button brought us here, so that the answer takes its screen's place."""
        return self.incoming.callback_id is not None


Answer = Screen | None
