"""The rounds: every second what is due is done and what memory doesn't hold is taken from the outbox; every hour what is old is dropped."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from delivery.budgets import Pace
from delivery.sender import Sender
from kit.clock import Clock
from services.work import House, Work
from store import (
    activity,
    chats,
    consents,
    counters,
    desk_log,
    due,
    email_changes,
    faq_edits,
    faq_questions,
    links,
    outbox,
    papers,
    registrations,
    replicas,
    requests,
    seen,
    set_aside,
    tokens,
    tombstones,
)
from store.chunks import CHUNK
from store.database import Database
from store.db import Db
from store.promises import Lane, Promise
from store.writer import Unavailable

log = structlog.get_logger("delivery")

BEAT = dt.timedelta(seconds=2)
STALE = dt.timedelta(seconds=10)  # a replica that has not beaten for this long has lost what it held
CLAIM = 500  # rows taken at once
DUE = 100  # things done in one round
FAILURES = 5  # of the rounds in a row, before the process gives up and leaves it to the service manager

BULK_SECONDS = 3.0  # how far ahead of the sender notices are promised
FEW = 10  # people told in one transaction, so that nobody's turn waits for it
MOST = 100  # such transactions in one round

Happening = Callable[[Work, int], None]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What many people are told: `tell` promises it to some (a number at most) and says how many it looked at, `awake` is the first
    moment at which a chat may get it."""

    tell: Callable[[Work, int], int]
    awake: Callable[[Work, int], dt.datetime]


class Watch(Protocol):
    """Something that other processes change: its version is read at each beat, so that it is noticed within a second."""

    def version(self, db: Db) -> int:
        """The version in the database."""
        ...

    def noticed(self, version: int) -> None:
        """The version was read; called on the loop, at each round."""
        ...


class Sweeper:
    """One replica's rounds. `happenings` says by kind what is done about what is due."""

    def __init__(
        self,
        db: Database,
        house: House,
        sender: Sender,
        pace: Pace,
        happenings: Mapping[str, Happening],
        bulk: Bulk,
        clock: Clock,
        name: str,
        watch: Watch | None = None,
    ) -> None:
        self._db = db
        self._house = house
        self._sender = sender
        self._pace = pace
        self._happenings = happenings
        self._bulk = bulk
        self._clock = clock
        self._name = name
        self._watch = watch
        self._last_drop: dt.datetime | None = None
        self.healthy = True

    async def start(self) -> None:
        """Join the replicas; the rows of a former life are free from here on."""
        now = self._clock.now()
        await self._db.run(lambda db: replicas.join(db, self._sender.replica, self._name, now))

    async def rounds(self) -> None:
        """Go round until cancelled. Five failures in a row that aren't the database's end the process."""
        failures = 0
        while True:
            try:
                await self.round()
                failures, self.healthy = 0, True
            except Unavailable:
                self.healthy = False
                log.warning("rounds.database_unavailable")
            except Exception as error:
                failures += 1
                log.exception("rounds.failed", error=type(error).__name__)
                if failures >= FAILURES:
                    raise
            await asyncio.sleep(1.0)

    async def round(self) -> None:
        """One round."""
        now = self._clock.now()
        version = await self._db.run(self._beat)
        if self._watch is not None:
            self._watch.noticed(version)
        for _ in range(DUE):
            if not await self._one_due():
                break
        room = min(CLAIM, self._sender.room)
        if room:
            self._sender.offer(await self._db.run(lambda db: self._claim(db, now, room)))
        for _ in range(MOST):
            if await self._tell() < FEW:
                break
        if self._last_drop is None or now - self._last_drop > dt.timedelta(hours=1):
            await self._drop_old()
            self._last_drop = now

    def _beat(self, db: Db) -> int:
        now = self._clock.now()
        replicas.beat(db, self._sender.replica, self._name, now)
        self._pace.share(replicas.living(db, now - STALE))
        if self._sender.to_release:
            released, self._sender.to_release = self._sender.to_release, set()
            outbox.release(db, released, self._sender.replica)
        return self._watch.version(db) if self._watch is not None else 0

    async def _one_due(self) -> bool:
        ready: list[list[Promise]] = [[]]

        def happen(db: Db) -> bool:
            now = self._clock.now()
            taken = due.take(db, now)
            if taken is None:
                return False
            kind, subject = taken
            work = Work(db, now, self._house)
            if kind in self._happenings:
                self._happenings[kind](work, subject)
            ready[0] = outbox.insert_all(db, work.promises, self._sender.replica, now)
            return True

        found = await self._db.run(happen)
        self._sender.offer(ready[0])
        return found

    def _claim(self, db: Db, now: dt.datetime, room: int) -> list[Promise]:
        """What memory doesn't hold. Of what goes out in bulk, that which came too late for today waits until it may be sent again."""
        work, ready = Work(db, now, self._house), []
        for promise in outbox.claim(db, self._sender.replica, now, now - STALE, room):
            chat_id = int(promise.destination.partition(":")[2]) if promise.lane is Lane.BULK else 0
            at = self._bulk.awake(work, chat_id) if chat_id else now
            if at > now:
                outbox.postpone(db, promise.id, at)
            else:
                ready.append(promise)
        return ready

    async def _tell(self) -> int:
        """Tell a few more, if what was promised before is nearly out; how many were looked at."""
        ready: list[list[Promise]] = [[]]

        def tell(db: Db) -> int:
            now = self._clock.now()
            ahead = self._pace.bulk_within(BULK_SECONDS)
            soon = now + dt.timedelta(seconds=BULK_SECONDS)
            few = FEW if ahead is None else min(FEW, ahead - outbox.bulk_pending(db, soon))
            if few <= 0:
                return 0
            work = Work(db, now, self._house)
            told = self._bulk.tell(work, few)
            ready[0] = outbox.insert_all(db, work.promises, self._sender.replica, now)
            return told

        told = await self._db.run(tell)
        self._sender.offer(ready[0])
        return told

    async def _drop_old(self) -> None:
        """Retention, by the fund's file; a thousand rows at a time, so that nobody waits for it."""
        now, keep = self._clock.now(), self._house.fund.retention_days

        def before(days: int) -> dt.datetime:
            return now - dt.timedelta(days=days)

        for drop in (
            lambda db: seen.forget(db, before(keep.seen_updates)),
            lambda db: set_aside.forget(db, before(keep.set_aside_updates)),
            lambda db: tokens.forget(db, before(keep.used_tokens)),
            lambda db: registrations.forget(db, before(keep.used_tokens)),
            lambda db: email_changes.forget(db, before(keep.used_tokens)),
            lambda db: activity.forget(db, before(keep.activity_log)),
            lambda db: consents.forget(db, before(keep.activity_log)),
            lambda db: tombstones.forget(db, before(keep.activity_log)),
            lambda db: links.forget(db, before(keep.ended_links) - self._house.fund.linked),
            lambda db: chats.forget(db, before(keep.idle_chats)),
            lambda db: desk_log.forget(db, before(keep.activity_log)),
            lambda db: requests.forget(db, before(keep.complaints_after_closing)),
            lambda db: faq_questions.forget(db, before(keep.faq_questions)),
            lambda db: faq_edits.forget(db, before(keep.activity_log)),
            lambda db: counters.forget(db, now),
            lambda db: outbox.forget_payloads(db, before(keep.outbox_payloads)),
            lambda db: outbox.forget(db, before(keep.outbox_rows)),
            lambda db: papers.forget(db, before(keep.outbox_rows)),
            lambda db: replicas.forget(db, now - STALE),
        ):
            dropped = CHUNK
            while dropped == CHUNK:
                dropped = await self._db.run(drop)
        await self._db.tidy()
