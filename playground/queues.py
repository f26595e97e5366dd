"""Telegram's update queues: what it keeps for the bot until the bot has taken it (SECURITY TG-02 to TG-08).

One first-in-first-out queue per queue id: the chat's for messages, the person's own for presses. An update is
kept until it is accepted, or until its lifetime is over. `getUpdates` reads here; a webhook is served by
`webhook.py`.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from playground.changes import Changes
from playground.clock import Clock

JSON = dict[str, Any]

MESSAGE_LIFETIME = 86_400.0
PRESS_LIFETIME = 150.0
PRESS_QUEUES = 3 << 33
MEMBERSHIP_QUEUES = 5 << 33
BATCH_LIMIT = 100
BATCH_BYTES = 4 << 20
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True, eq=False)
class Update:
    """`skipped` is the virtual time that shortened waits stand for; `body` is its whole JSON."""

    id: int
    queue: int
    kind: str
    body: bytes
    expires: float
    delay: float = 1.0
    fails: int = 0
    wake: float = 0.0
    skipped: float = 0.0
    in_flight: bool = False
    repeated: bool = False


class Conflict(Exception):
    """Another poll, or a webhook, has taken over (409)."""


class Updates:
    """`accepted` lists each update the bot has taken for good, in order; `expired` those that grew too
    old."""

    def __init__(self, clock: Clock, changes: Changes, rng: random.Random, history: int | None) -> None:
        self.clock, self.changes, self.rng = clock, changes, rng
        self.accepted: list[int] = []
        self.expired: list[int] = []
        self.allowed: set[str] | None = None
        self.pending: dict[int, Update] = {}
        self.queues: dict[int, deque[Update]] = {}
        self.next_id = rng.randrange(100_000_000, 900_000_000)
        self.on_ready: Callable[[Update], None] | None = None
        self.paused = False
        self._past: deque[Update] = deque(maxlen=history or 100_000)
        self._poll: asyncio.Future[None] | None = None

    def put(self, kind: str, payload: JSON, queue: int, lifetime: float = MESSAGE_LIFETIME) -> int | None:
        """Keep an update for the bot: its id, or None when the bot did not ask for this kind."""
        if (kind in NOT_BY_DEFAULT) if self.allowed is None else (kind not in self.allowed):
            return None
        update_id, self.next_id = self.next_id, self.next_id + 1
        body = orjson.dumps({"update_id": update_id, kind: payload})
        self._keep(Update(update_id, queue, kind, body, self.clock.now() + lifetime))
        return update_id

    def again(self, update_id: int) -> None:
        """Deliver an accepted update once more, under its old id. Raises LookupError."""
        for update in reversed(self._past):
            if update.id == update_id:
                copy = Update(
                    update.id, update.queue, update.kind, update.body, update.expires, repeated=True
                )
                self._keep(copy)
                return
        raise LookupError(f"update {update_id} was not accepted, or long ago")

    def jump(self, to: int | None = None) -> None:
        """After a week of silence the next id is a random one (TG-08)."""
        self.next_id = self.rng.randrange(100_000_000, 900_000_000) if to is None else to

    def _keep(self, update: Update) -> None:
        self.pending[update.id] = update
        line = self.queues.setdefault(update.queue, deque())
        line.append(update)
        if len(line) == 1 and self.on_ready is not None:
            self.on_ready(update)
        self.wake_poll()

    def head(self, queue: int) -> Update | None:
        line = self.queues.get(queue)
        return line[0] if line else None

    def drop(self, update: Update, accepted: bool) -> None:
        """The update leaves its queue, taken by the bot or too old; the next of its queue becomes the
        head."""
        if self.pending.get(update.id) is update:
            del self.pending[update.id]
        line = self.queues.get(update.queue)
        if line and update in line:
            was_head = line[0] is update
            line.remove(update)
            if not line:
                del self.queues[update.queue]
            elif was_head and self.on_ready is not None:
                self.on_ready(line[0])
        if accepted:
            if not update.repeated:
                self.accepted.append(update.id)
                self._past.append(update)
        else:
            self.expired.append(update.id)
        self.changes.emit("accepted" if accepted else "expired")

    def expire(self) -> None:
        """Drop what is too old; nothing in flight is touched."""
        now = self.clock.now()
        for update in [u for u in self.pending.values() if u.expires < now + u.skipped and not u.in_flight]:
            self.drop(update, accepted=False)

    def forget_all(self) -> None:
        """`drop_pending_updates`: they count as neither accepted nor expired."""
        self.pending.clear()
        self.queues.clear()
        self.changes.emit("dropped")

    @property
    def idle(self) -> bool:
        return not self.pending

    # getUpdates

    @property
    def polled(self) -> bool:
        """A poll waits."""
        return self._poll is not None and not self._poll.done()

    def wake_poll(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def end_poll(self, reason: str) -> None:
        """A poll that waits is answered with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Conflict(reason))
        self._poll = None

    async def poll(self, offset: int, limit: int, timeout: float) -> list[orjson.Fragment]:  # noqa: ASYNC109
        """Delete below `offset`, then what there is, at most `limit` and 4 MB; else wait up to `timeout`
        seconds. An offset far in the future is ignored, as after a jump of the ids. Raises Conflict when
        another poll comes."""
        self.end_poll(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        if offset < 0:
            self._confirm(list(self.pending.values())[:offset])
        elif 0 < offset <= self.next_id + 10:
            self._confirm([u for u in self.pending.values() if u.id < offset])
        self.expire()
        if timeout > 0 and (self.paused or not self.pending):
            waiting = self._poll = asyncio.get_running_loop().create_future()
            self.changes.emit("polled")
            try:
                async with asyncio.timeout(timeout):
                    await waiting
            except TimeoutError:
                pass
            finally:
                if self._poll is waiting:
                    self._poll = None
        return [] if self.paused else self._batch(limit)

    def _confirm(self, updates: Iterable[Update]) -> None:
        for update in updates:
            self.drop(update, accepted=True)

    def _batch(self, limit: int) -> list[orjson.Fragment]:
        batch: list[orjson.Fragment] = []
        size = 0
        for update in self.pending.values():
            size += len(update.body)
            if len(batch) >= limit or (batch and size > BATCH_BYTES):
                break
            batch.append(orjson.Fragment(update.body))
        return batch
