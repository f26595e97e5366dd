"""Turns in groups: those that wait at one moment share a transaction, and the statements that every turn needs are run for all of
them at once, a round trip each: lock the chats, note the updates as seen, write the promises, save the chats.

What a turn asks of the database itself goes inside a savepoint that is made with its first statement, so that a turn that fails, or
needs slow work first, takes nothing with it. A turn that would touch the chat of another turn in its group is run again alone.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kit.language import Language
from store import chats, outbox, seen
from store.chats import Chat, Held
from store.database import Database, passes
from store.db import Db
from store.promises import Promise
from store.writer import Unavailable

GROUP = 48  # turns in one transaction at most
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ask:
    """What the group does for a turn before it runs: the update's id, and the chat that it locks."""

    update_id: int
    chat_id: int
    kind: str
    language: Language


Turn = Callable[[Db, Chat, dt.datetime], Sequence[Promise]]


@dataclass(slots=True)
class _Waiting:
    ask: Ask
    turn: Turn
    future: asyncio.Future[Sequence[Promise] | None]


class Turns:
    """Runs turns. `owner` is the replica that may send what they promise from memory."""

    def __init__(self, db: Database, owner: int, clock: Callable[[], dt.datetime]) -> None:
        self._db = db
        self._owner = owner
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._serving: asyncio.Task[None] | None = None

    async def run(self, ask: Ask, turn: Turn) -> Sequence[Promise] | None:
        """Run a turn in the next group: after the commit, what may be sent at once; None when the update was handled before.

        What the turn raises is raised here, and nothing of it stays. Raises Unavailable when nothing could be committed.
        """
        future: asyncio.Future[Sequence[Promise] | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(ask, turn, future))
        if self._serving is None:
            self._serving = asyncio.ensure_future(self._serve())
        return await future

    async def _serve(self) -> None:
        try:
            while self._waiting:
                group = self._next_group()
                try:
                    outcomes = await self._db.run(lambda db, group=group: self._group(db, group))  # type: ignore[misc]
                except Exception as error:
                    if len(group) == 1 or isinstance(error, Unavailable):
                        _settle(group, [error] * len(group))
                        continue
                    outcomes = [_Alone()] * len(
                        group
                    )  # one of them spoilt the transaction: which, each tells by itself
                for waiting, outcome in zip(group, outcomes, strict=True):
                    if isinstance(outcome, _Alone):
                        await self._alone(waiting)
                    else:
                        _settle([waiting], [outcome])
        finally:
            self._serving = None

    def _next_group(self) -> list[_Waiting]:
        """The turns that wait, at most one a chat, in the order in which they came."""
        group: list[_Waiting] = []
        left: list[_Waiting] = []
        chats_of_group: set[int] = set()
        for waiting in self._waiting:
            if len(group) < GROUP and waiting.ask.chat_id not in chats_of_group:
                chats_of_group.add(waiting.ask.chat_id)
                group.append(waiting)
            else:
                left.append(waiting)
        self._waiting = left
        return group

    async def _alone(self, waiting: _Waiting) -> None:
        try:
            outcomes = await self._db.run(lambda db: self._group(db, [waiting]))
        except Exception as error:
            outcomes = [error]
        _settle([waiting], outcomes)

    def _group(self, db: Db, group: list[_Waiting]) -> list[_Outcome]:
        """One transaction: open for all, run each, close for all."""
        now = self._clock()
        locked = chats.lock_all(db, [(w.ask.chat_id, w.ask.kind, w.ask.language) for w in group], now)
        fresh = seen.note_all(db, [w.ask.update_id for w in group], now)
        outcomes: list[_Outcome] = []
        promised: list[Promise] = []
        changed: list[Chat] = []
        failed: list[int] = []
        spans: list[tuple[int, int]] = []
        for waiting in group:
            if waiting.ask.update_id not in fresh:
                outcomes.append(None)
                spans.append((0, 0))
                continue
            chat = locked[waiting.ask.chat_id]
            start = len(promised)
            db.begin_turn(held=locked.keys() - {chat.id})
            try:
                promised.extend(waiting.turn(db, chat, now))
            except Held:
                db.undo_turn()
                failed.append(waiting.ask.update_id)
                outcomes.append(_Alone())
            except Exception as error:
                lost = db.dialect == "postgresql" and passes(error)
                if lost and len(group) == 1:
                    raise  # the whole transaction is run again, as often as the database allows
                db.undo_turn()
                failed.append(waiting.ask.update_id)
                outcomes.append(_Alone() if lost else error)
            else:
                db.end_turn()
                changed.append(chat)
                outcomes.append(())
            spans.append((start, len(promised)))
        ready = {id(promise) for promise in outbox.insert_all(db, promised, self._owner, now)}
        chats.save_all(db, changed, now)
        if failed:
            seen.unnote(db, failed)
        return [
            [promise for promise in promised[start:end] if id(promise) in ready] if outcome == () else outcome
            for outcome, (start, end) in zip(outcomes, spans, strict=True)
        ]


class _Alone(Exception):
    """Run this turn again by itself."""


_Outcome = Sequence[Promise] | None | Exception


def _settle(group: Sequence[_Waiting], outcomes: Sequence[_Outcome]) -> None:
    for waiting, outcome in zip(group, outcomes, strict=True):
        if waiting.future.done():
            continue
        if isinstance(outcome, Exception):
            waiting.future.set_exception(outcome)
        else:
            waiting.future.set_result(outcome)
