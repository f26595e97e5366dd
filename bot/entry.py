"""The bot's entry: one update in, its transaction, and the answer to Telegram. 2xx only after our commit (DESIGN 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import orjson
import structlog

from bot import incoming as reading
from bot import words
from bot.in_hand import InHand
from bot.incoming import Incoming, Kind
from bot.render import Renderer, destination, forget
from bot.routing import Router, faceless, hides, move_chat
from bot.showing import put
from bot.turn import Turn
from kit.clock import Clock, to_ms
from kit.logs import places
from kit.offload import Busy, Computed, Offload
from kit.screen import Screen
from services.work import House, Work
from store import chats, outbox, seen, set_aside
from store.chats import Chat
from store.database import Database
from store.db import Db
from store.promises import Lane, Promise
from store.turns import Ask, Turns
from store.writer import Unavailable

log = structlog.get_logger("bot")

_ROOM = 10_000  # updates remembered that were turned away
FAILURES = 3  # of one update, before it is set aside
OWN_NAME_EVERY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to Telegram: 200 once committed, 500 for our bug, 503 with `retry_after` seconds when we can't take it now."""

    status: int
    retry_after: int = 0


TAKEN = Verdict(200)


class Outlet(Protocol):
    """Who sends what a turn promised."""

    replica: int

    def offer(self, ready: Sequence[Promise]) -> None:
        """Send these rows, committed and held by this replica."""
        ...

    def at_once(self, method: str, payload: bytes) -> None:
        """Send this once, first, from memory only."""
        ...


@dataclass(frozen=True, slots=True)
class _Done:
    ready: Sequence[Promise] = ()
    toast: bytes | None = None


class Entry:
    """Handles updates. Many may be under way at once; those of one chat follow each other by the lock on its row."""

    def __init__(
        self,
        db: Database,
        house: House,
        router: Router,
        renderer: Renderer,
        outlet: Outlet,
        offload: Offload,
        clock: Clock,
        in_hand: InHand | None = None,
    ) -> None:
        self._db = db
        self._house = house
        self._router = router
        self._renderer = renderer
        self._outlet = outlet
        self._offload = offload
        self._clock = clock
        self._in_hand = in_hand
        self._turns = Turns(db, outlet.replica, clock.now)
        self._turned_away: set[int] = (
            set()
        )  # updates that found no room for their slow work, and will come back
        self._suspects: set[int] = set()  # updates that were in hand at three crashes

    async def suspect(self) -> None:
        """Count a failure for each update that was in hand when the process died; at the third it is no longer tried."""
        left_over = self._in_hand.left_over if self._in_hand is not None else set()

        def count(db: Db) -> set[int]:
            now = self._clock.now()
            return {
                update_id
                for update_id in left_over
                if set_aside.count_failure(
                    db, update_id, set_aside.new_incident(), "crash", "the process died", now
                )
                >= FAILURES
            }

        self._suspects = await self._db.run(count) if left_over else set()

    async def handle(self, update: dict[str, Any]) -> Verdict:
        """Handle one update, whole, or leave it with Telegram."""
        try:
            incoming = reading.read(update)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            return await self._unreadable(update)
        slot = self._in_hand.take(incoming.update_id) if self._in_hand is not None else None
        try:
            if incoming.update_id in self._suspects:
                return await self._failed(incoming, update, RuntimeError("the process died of it"))
            if incoming.update_id in self._turned_away:
                self._offload.ask_for_room()  # a turn that would only be turned away again isn't begun
            done = await self._run(incoming)
            self._turned_away.discard(incoming.update_id)
        except Busy as busy:
            if len(self._turned_away) >= _ROOM:
                self._turned_away.clear()  # some never come back: they only spare a turn
            self._turned_away.add(incoming.update_id)
            return Verdict(503, busy.retry_after)
        except Unavailable:
            return Verdict(503, 5)
        except Exception as error:
            return await self._failed(incoming, update, error)
        finally:
            if self._in_hand is not None:
                self._in_hand.drop(slot)
        if done is not None:
            log.debug(
                "turn.done",
                turn=incoming.update_id,
                kind=incoming.kind.value,
                outbox=[row.id for row in done.ready],
            )
            if done.toast is not None:
                self._outlet.at_once("answerCallbackQuery", done.toast)
            self._outlet.offer(done.ready)
        return TAKEN

    async def _run(self, incoming: Incoming) -> _Done | None:
        """The turn, run again with the result whenever it needs slow work. None: it was handled before."""
        return await self._offload.supply(lambda computed: self._once(incoming, computed))

    async def _once(self, incoming: Incoming, computed: Computed) -> _Done | None:
        """One run of the turn: answer, promises, state; the seen set and the chat's row are the group's."""
        toast: list[bytes | None] = [None]

        def run(db: Db, chat: Chat, now: dt.datetime) -> Sequence[Promise]:
            work = Work(db, now, self._house, computed)
            turn = Turn(incoming, chat, work)
            promises = self._answer(turn) if incoming.chat_id else []
            toast[0] = self._toast(turn)
            return [*promises, *work.promises]

        ask = Ask(incoming.update_id, incoming.chat_id, incoming.chat_kind, incoming.language)
        ready = await self._turns.run(ask, run)
        return None if ready is None else _Done(ready, toast[0])

    def _answer(self, turn: Turn) -> list[Promise]:
        incoming = turn.incoming
        if incoming.kind is Kind.MIGRATED:
            move_chat(turn)
            return []
        if not incoming.private:
            return self._in_group(turn)
        screen = self._router.answer(turn)
        if screen is None:
            return []
        turn.toast = screen
        return put(turn, screen, self._renderer)

    def _in_group(self, turn: Turn) -> list[Promise]:
        """The agents' group is no place for private matters, and any other group is none for us: say so once and leave."""
        incoming, chat, now = turn.incoming, turn.chat, turn.work.now
        at_desk = chat.id == turn.work.desk()
        if at_desk and (
            incoming.kind is Kind.PRESS
            or (incoming.kind in (Kind.COMMAND, Kind.TEXT) and not hides(incoming))
        ):
            screen = self._router.at_desk(turn)
            if incoming.kind is Kind.PRESS:
                turn.toast = screen
            if screen is None or not screen.lines:
                return []
            return self._renderer.draw(
                screen, chat, Lane.REPLY, now, incoming.message_id if turn.pressed else None
            )
        if at_desk and hides(incoming) and incoming.kind not in (Kind.SERVICE, Kind.IGNORED):
            return self._own_name(turn)
        if at_desk or faceless(incoming) or incoming.kind in (Kind.SERVICE, Kind.IGNORED):
            return []
        if incoming.kind is Kind.MEMBERSHIP and not incoming.member:
            chat.unreachable_at = now
            return []
        chat.unreachable_at = None
        leave = Promise(
            "telegram", destination(chat.id), Lane.REPLY, "leaveChat", orjson.dumps({"chat_id": chat.id}), now
        )
        return [*self._renderer.draw(words.private_only(), chat, Lane.REPLY, now), leave]

    def _own_name(self, turn: Turn) -> list[Promise]:
        """Who hides behind the group or a channel is told once a day that it counts for nothing."""
        now, told = turn.work.now, turn.chat.state.get("own_name", 0)
        if to_ms(now) - told < OWN_NAME_EVERY // dt.timedelta(milliseconds=1):
            return []
        turn.chat.state["own_name"] = to_ms(now)
        return self._renderer.draw(words.own_name(), turn.chat, Lane.REPLY, now)

    def _toast(self, turn: Turn) -> bytes | None:
        """The answer that a press awaits, with a word over the chat where the screen has one."""
        if turn.incoming.callback_id is None:
            return None
        body: dict[str, Any] = {"callback_query_id": turn.incoming.callback_id}
        screen: Screen | None = turn.toast
        if screen is not None and screen.toast is not None:
            language = screen.language or turn.chat.language
            body["text"] = self._renderer.plain(screen.toast, language)[:200]
            body["show_alert"] = screen.alert
        return orjson.dumps(body)

    # ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _unreadable(self, update: dict[str, Any]) -> Verdict:
        """A shape that Telegram doesn't send: set aside at once, so that it blocks nobody."""
        update_id = update.get("update_id")
        log.warning("update.unreadable")
        if type(update_id) is not int or not 0 <= update_id < 2**53:
            return TAKEN
        return await self._note(
            lambda db: self._put_aside(db, update_id, "unreadable", "an unknown shape", "", update)
        )

    async def _failed(self, incoming: Incoming, update: dict[str, Any], error: Exception) -> Verdict:
        """Our bug. Counted in a transaction of its own; at the third failure set aside, and apologised for once."""
        incident = set_aside.new_incident()
        where = f"{type(error).__name__} {''.join(places(error)[-1:])}"
        log.error(
            "update.failed", incident=incident, turn=incoming.update_id, where=where, frames=places(error)
        )
        aside: list[Sequence[Promise]] = []

        def note(db: Db, apologise: bool) -> bool:
            now, kind = self._clock.now(), incoming.kind.value
            if set_aside.count_failure(db, incoming.update_id, incident, kind, where, now) < FAILURES:
                return False
            to = incoming if apologise else None
            aside[:] = [self._put_aside(db, incoming.update_id, kind, where, incident, update, to)]
            return True

        try:
            gone = await self._db.run(lambda db: note(db, apologise=True))
        except Unavailable:
            return Verdict(503, 5)
        except Exception as second:  # the chat itself can't be read: the update goes all the same, in silence
            log.error("update.no_apology", incident=incident, frames=places(second))
            if (await self._note(lambda db: note(db, apologise=False))).status != 200:
                return Verdict(503, 5)
            return TAKEN if aside else Verdict(500)
        if not gone:
            return Verdict(500)
        self._outlet.offer(aside[0])
        return TAKEN

    async def _note(self, fn: Callable[[Db], Any]) -> Verdict:
        try:
            await self._db.run(fn)
        except Unavailable:
            return Verdict(503, 5)
        return TAKEN

    def _put_aside(
        self,
        db: Db,
        update_id: int,
        kind: str,
        reason: str,
        incident: str,
        update: dict[str, Any],
        incoming: Incoming | None = None,
    ) -> Sequence[Promise]:
        """Keep the update, sealed, for the operator; close the chat's form, which may be what failed, and apologise."""
        now = self._clock.now()
        if not seen.note(db, update_id, now):
            return ()
        set_aside.keep(db, update_id, kind, reason, incident or set_aside.new_incident(), update, now)
        if incoming is None or incoming.chat_id == 0 or not incoming.private:
            return ()
        chat = chats.lock(db, incoming.chat_id, incoming.chat_kind, incoming.language, now)
        promises = self._renderer.draw(words.apology(incident), chat, Lane.REPLY, now)
        if (
            incoming.kind in (Kind.TEXT, Kind.EDITED)
            and incoming.message_id is not None
            and chat.state.get("form")
        ):
            promises.insert(0, forget(chat.id, incoming.message_id, now))
        ready = outbox.insert_all(db, promises, self._outlet.replica, now)
        chats.save(db, replace(chat), now)
        return ready
