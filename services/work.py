"""What a use case works with: the database, the moment, the fund's file, and the promises it makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from kit.language import Language
from kit.offload import Computed, Needs
from kit.screen import Screen
from services.fund import Fund
from store import chats
from store.chats import Chat
from store.db import Db
from store.promises import Lane, Promise

Draw: TypeAlias = "Callable[[Screen, Chat, Lane, dt.datetime], list[Promise]]"
Menu: TypeAlias = "Callable[[Chat, int, dt.datetime], Sequence[Promise]]"
Wipe: TypeAlias = "Callable[[Db, int, dt.datetime, bool], list[Promise]]"


@dataclass(frozen=True, slots=True)
class House:
    """What does not change from turn to turn: the fund's file, the public address if there is one, the agents' group, and how a screen
    becomes what Telegram takes, how what a chat was shown is taken back, and how a chat's command menu follows what it has proven (all
    three given by the edge that knows Telegram)."""

    fund: Fund
    draw: Draw
    public_url: str | None = None
    agents_chat_id: int | None = None
    wipe: Wipe = lambda *_: []
    documents: Path | None = None  # the operator's folder; none: the specimens that come with Rafiq
    menu: Menu = lambda *_: []


@dataclass(slots=True)
class Work:
    """One transaction's work. Nothing here commits or sends; promises are written by the edge in the same transaction."""

    db: Db
    now: dt.datetime
    house: House
    computed: Computed = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)

    @property
    def fund(self) -> Fund:
        return self.house.fund

    def need(self, kind: str, *inputs: Any) -> Any:
        """The result of slow work, or Needs when it isn't computed yet."""
        try:
            return self.computed[kind, inputs]
        except KeyError:
            raise Needs(kind, inputs) from None

    def mail(self, template: str, to: str, language: Language, **values: str) -> None:
        """Promise a mail. `values` may hold a token: payloads rest sealed."""
        payload = orjson.dumps({"template": template, "to": to, "language": language, "values": values})
        destination = self.mail_destination(to)
        self.promises.append(Promise("mail", destination, Lane.REPLY, template, payload, self.now))

    def mail_destination(self, to: str) -> str:
        """The outbox's name for an address."""
        return f"mail:{self.db.blind(to.casefold(), 'mail').hex()[:32]}"

    def page(self, name: str, token: str) -> str | None:
        """The address of a one-time page (webhooks/once.py); None where there is no public address."""
        public = self.house.public_url
        return None if public is None else f"{public.rstrip('/')}/{name}/{token}"

    def desk(self) -> int | None:
        """The agents' group under the id that it has today: one that became a supergroup has another than the settings say (BI-75)."""
        pinned = self.house.agents_chat_id
        return None if pinned is None else chats.present_id(self.db, pinned)

    def tell_group(self, chat_id: int, screen: Screen) -> None:
        """Promise a message to the agents' group, which speaks French until it chooses otherwise."""
        chat = chats.lock(self.db, chat_id, "supergroup", "fr", self.now)
        self.promises.extend(self.house.draw(screen, chat, Lane.NOTICE, self.now))
        self.save(chat)

    def chat(self, chat_id: int) -> Chat | None:
        """Another chat's row, locked."""
        return chats.find(self.db, chat_id)

    def save(self, chat: Chat) -> None:
        """Write back another chat's row."""
        chats.save(self.db, chat, self.now)

    def tell(
        self, chat_id: int, screen: Screen, lane: Lane = Lane.NOTICE, standing: int | None = None
    ) -> None:
        """Promise a message to a chat other than the turn's own; its row is locked first, so that order holds there too.

        A screen that wipes takes back what the chat was shown of health data, as it does in the turn's own. `standing` is what the chat
        has proven from now on, where that changed: its command menu follows.
        """
        chat = self.chat(chat_id)
        if chat is not None and chat.unreachable_at is None:
            if screen.wipe:
                self.promises.extend(self.house.wipe(self.db, chat_id, self.now, False))
            if standing is not None:
                self.promises.extend(self.house.menu(chat, standing, self.now))
            self.promises.extend(self.house.draw(screen, chat, lane, self.now))
            self.save(chat)

    def tell_all(self, screens: Mapping[int, Screen], lane: Lane) -> None:
        """Promise a message each to many chats, other than the turn's own; those that can't be reached are left out."""
        found = [chat for chat in chats.find_all(self.db, screens) if chat.unreachable_at is None]
        for chat in found:
            self.promises.extend(self.house.draw(screens[chat.id], chat, lane, self.now))
        chats.save_all(self.db, found, self.now)
