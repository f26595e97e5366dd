"""The sender: what was committed goes out from memory at once; what memory doesn't hold is taken from the table by the sweeper.

Each destination has one queue and at most one send under way, so order holds and a failing head stops its own destination only.
After any failure that may pass, the destination's rows are released to the table with the time of the next try: memory holds only
what can go now, and it is bounded.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import orjson
import structlog

from delivery.afterwards import Afterwards
from delivery.budgets import Pace
from delivery.fates import Fate, Outcome
from kit.clock import Clock, from_ms, to_ms
from store import outbox, replicas
from store.database import Database
from store.promises import Lane, Mark, Promise, State
from store.writer import Unavailable

log = structlog.get_logger("delivery")

ROOM = 20_000  # promises held in memory; what exceeds it is read back from the table
MARK_SECONDS = 0.01  # marks are gathered this long before they are written, with the next group
STALE_SECONDS = 60.0  # what waited longer in bulk goes back to the table: it may have become quiet meanwhile
_RESULTS = 50_000  # results of sent rows kept at hand for what refers to them
_BACKOFF_MAX = 60.0


class Channel(Protocol):
    """A way out: Telegram, mail."""

    lifetime: float  # seconds after which a row that still fails is given up

    async def send(self, promise: Promise, after: int | None) -> Outcome:
        """Try once; `after` is the result of the row that this one refers to."""
        ...


class Sender:
    """One replica's sender. `replica` is its number in the outbox; `counted` hears the channel and the fate of each try."""

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        pace: Pace,
        afterwards: Afterwards,
        clock: Clock,
        replica: int,
        counted: Callable[[str, str], None] = lambda _channel, _fate: None,
    ) -> None:
        self._counted = counted
        self._db = db
        self._channels = channels
        self._pace = pace
        self._afterwards = afterwards
        self._clock = clock
        self.replica = replica
        self._queues: dict[str, list[deque[Promise]]] = {}
        # By row, in order, with the time when each came: they go out one by one when the pace leaves room beside the replies.
        self._bulk: OrderedDict[int, tuple[Promise, float]] = OrderedDict()
        self._flowing: asyncio.Task[None] | None = None
        self._held = 0
        self._results: OrderedDict[int, int | None] = OrderedDict()
        self._marks: list[Mark] = []
        self._writing: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._paused_until = 0.0
        self._resting: dict[
            str, int
        ] = {}  # destinations just put off, until when (milliseconds, by our clock)
        self._refused: dict[str, float] = {}  # destinations refused for their pace in the last second
        self._closing = False
        self.to_release: set[int] = set()  # rows we hold but lost hold of in memory: the sweeper frees them
        self.idle = asyncio.Event()
        self.idle.set()

    # ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def room(self) -> int:
        """How many more promises memory takes."""
        return max(0, ROOM - self._held)

    def offer(self, ready: Sequence[Promise]) -> None:
        """Send rows that are committed and held by this replica, in order."""
        for promise in ready:
            if promise.lane is Lane.BULK:
                self._bulk[promise.id] = promise, time.monotonic()
                self._held += 1
                if self._flowing is None:
                    self._flowing = asyncio.ensure_future(self._flow())
                    self._track(self._flowing)
                continue
            row_id = promise.after.id if isinstance(promise.after, Promise) else promise.after
            waiting = self._bulk.pop(row_id, None) if row_id is not None else None
            if waiting is not None:  # what refers to it goes out now, and so does it
                self._held -= 1
                self._enqueue(waiting[0])
            self._enqueue(promise)
        if self._held:
            self.idle.clear()

    def _enqueue(self, promise: Promise) -> None:
        if self._rests(promise.destination):
            self.to_release.add(promise.id)
            return
        lanes = self._queues.get(promise.destination)
        if lanes is None:
            lanes = self._queues[promise.destination] = [deque() for _ in Lane]
            self._spawn(promise.destination, lanes)
        lanes[promise.lane].append(promise)
        self._held += 1

    async def _flow(self) -> None:
        """Let what goes out in bulk into the queues, one by one, as the pace allows."""
        try:
            while self._bulk and not self._closing:
                paused = self._paused_until - time.monotonic()
                wait = paused if paused > 0 else self._pace.bulk()
                if wait > 0:
                    await asyncio.sleep(min(wait, 1.0))
                    continue
                _, (promise, since) = self._bulk.popitem(last=False)
                self._held -= 1
                if time.monotonic() - since > STALE_SECONDS:
                    self.to_release.add(promise.id)
                else:
                    self._enqueue(promise)
        finally:
            self._flowing = None
            self._look_idle()

    def _rests(self, destination: str) -> bool:
        """Whether a destination was just put off: a turn under way then did not see it, and must not overtake what failed."""
        until = self._resting.get(destination)
        if until is None or until > to_ms(self._clock.now()):
            return until is not None
        del self._resting[destination]
        return False

    def at_once(self, method: str, payload: bytes) -> None:
        """Send once, first, from memory only: the answer to a press, worthless later."""
        promise = Promise("telegram", "telegram:0", Lane.DELETION, method, payload, self._clock.now())
        self._track(asyncio.ensure_future(self._attempt(promise, None)))

    def _spawn(self, destination: str, lanes: list[deque[Promise]]) -> None:
        self._track(asyncio.ensure_future(self._serve(destination, lanes)))

    def _track(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _serve(self, destination: str, lanes: list[deque[Promise]]) -> None:
        """Send a destination's queue until it is empty or its head fails."""
        promise: Promise | None = None
        try:
            while not self._closing and (promise := _next(lanes)) is not None:
                self._held -= 1
                outcome = await self._send(promise, lanes)
                if outcome.fate in (Fate.RETRY, Fate.REVOKED):
                    await self._put_off(promise, outcome, lanes)
                    return
                if outcome.fate is Fate.GONE:
                    return
                promise = None
        except Exception as error:
            log.error("sender.failed", error=type(error).__name__, channel=destination.partition(":")[0])
            self.to_release.update(_ids(promise, lanes))
        finally:
            # What came while a failure was written down is ours in the table, and must not be forgotten here.
            self.to_release.update(_ids(None, lanes))
            self._held -= sum(map(len, lanes))
            del self._queues[destination]
            self._look_idle()

    async def _send(self, promise: Promise, lanes: list[deque[Promise]]) -> Outcome:
        """One row: wait for its pace, try, mark."""
        wait = self._pace.chat(promise.destination, promise.method)
        if promise.lane is not Lane.BULK:  # what goes out in bulk has waited for that already
            wait = max(wait, self._pace.overall(promise.method))
        wait = max(wait, self._paused_until - time.monotonic())
        if wait > 0:
            await asyncio.sleep(wait)
        if _overtaken(promise, lanes):
            self._mark(promise, State.OVERTAKEN)
            return Outcome(Fate.DONE)
        found, after = await self._after(promise)
        outcome = found if found is not None else await self._attempt(promise, after)
        match outcome.fate:
            case Fate.SENT | Fate.DONE if self._afterwards.follows_sending(promise):
                await self._sent(promise, outcome)
            case Fate.SENT | Fate.DONE:
                self._mark(promise, State.SENT, outcome.result)
            case Fate.RETRY if self._too_old(promise):
                outcome = Outcome(Fate.DEAD, reason=f"given up: {outcome.reason}")
                await self._end(promise, outcome)
            case Fate.RETRY | Fate.REVOKED:
                pass
            case _:
                await self._end(promise, outcome)
        return outcome

    async def _attempt(self, promise: Promise, after: int | None) -> Outcome:
        try:
            outcome = await self._channels[promise.channel].send(promise, after)
        except Exception as error:
            log.warning("send.failed", outbox=promise.id, method=promise.method, error=type(error).__name__)
            outcome = Outcome(Fate.RETRY, reason=type(error).__name__)
        self._counted(promise.channel, outcome.fate.value)
        return outcome

    async def _sent(self, promise: Promise, outcome: Outcome) -> None:
        """A row whose sending has consequences: marked in their transaction, or alone where the database can't take them now."""
        now = self._clock.now()
        mark = Mark(promise.id, State.SENT, now, outcome.result)
        try:
            ready = await self._db.run(lambda db: self._afterwards.sent(db, promise, mark, self.replica, now))
        except Unavailable:
            self._mark(promise, State.SENT, outcome.result)
            return
        self.offer(ready)

    async def _end(self, promise: Promise, outcome: Outcome) -> None:
        """A row that will never be sent: marked in the transaction of what follows from it."""
        log.warning("outbox.dead", outbox=promise.id, method=promise.method, fate=outcome.fate.value)
        now = self._clock.now()
        mark = Mark(promise.id, State.DEAD, now, reason=outcome.reason)
        ready = await self._db.run(
            lambda db: self._afterwards.dead(db, promise, outcome, mark, self.replica, now)
        )
        self.offer(ready)

    async def _after(self, promise: Promise) -> tuple[Outcome | None, int | None]:
        """The result of the row that this one refers to, or what to do when there is none (yet)."""
        row_id = promise.after.id if isinstance(promise.after, Promise) else promise.after
        if row_id is None:
            return None, None
        if (known := self._results.get(row_id)) is not None:
            return None, known
        found = await self._db.read(lambda db: outbox.result_of(db, row_id))
        if found is not None and found[0] is State.SENT and found[1] is not None:
            return None, found[1]
        if found is not None and found[0] is State.PENDING:
            return Outcome(Fate.RETRY, seconds=5.0, reason="what it refers to is not sent yet"), None
        return Outcome(Fate.DEAD, reason="what it refers to was never sent"), None

    def _too_old(self, promise: Promise) -> bool:
        lifetime = self._channels[promise.channel].lifetime
        return (
            promise.created_at is not None
            and (self._clock.now() - promise.created_at).total_seconds() > lifetime
        )

    async def _put_off(self, head: Promise, outcome: Outcome, lanes: list[deque[Promise]]) -> None:
        """Release a destination to the table until its head may be tried again."""
        wait = outcome.seconds
        if wait is None:
            wait = min(_BACKOFF_MAX, 2.0 ** min(head.attempts, 6))
            wait += random.uniform(0, wait / 4)  # noqa: S311
        if outcome.fate is Fate.REVOKED:
            log.critical("telegram.token_refused", reason=outcome.reason[:60])
        if outcome.fate is Fate.REVOKED or self._is_overall(head, outcome):
            self._paused_until = time.monotonic() + wait
        since = to_ms(self._clock.now())
        if len(self._resting) > ROOM:
            self._resting = {name: end for name, end in self._resting.items() if end > since}
        self._resting[head.destination] = since + int(wait * 500)
        rows = _ids(head, lanes)
        self._held -= sum(map(len, lanes))
        for lane in lanes:
            lane.clear()
        until = from_ms(to_ms(self._clock.now()) + int(wait * 1000))
        log.info(
            "outbox.put_off",
            outbox=head.id,
            method=head.method,
            seconds=round(wait, 1),
            reason=outcome.reason[:60],
        )
        now = self._clock.now()
        try:
            ready = await self._db.run(
                lambda db: self._afterwards.put_off(db, rows, head, until, self.replica, now)
            )
            self.offer(ready)
        except Unavailable:
            self.to_release.update(rows)

    def _is_overall(self, head: Promise, outcome: Outcome) -> bool:
        """Whether Telegram means all of us: three chats refused for their pace within a second (FL-01)."""
        if outcome.seconds is None or head.channel != "telegram":
            return False
        now = time.monotonic()
        self._refused[head.destination] = now
        self._refused = {name: at for name, at in self._refused.items() if now - at < 1.0}
        return len(self._refused) >= 3

    # ── marks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _mark(self, promise: Promise, state: State, result: int | None = None) -> None:
        self._marks.append(Mark(promise.id, state, self._clock.now(), result))
        self._results[promise.id] = result
        if len(self._results) > _RESULTS:
            self._results.popitem(last=False)
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write_marks())

    async def _write_marks(self) -> None:
        try:
            while self._marks:
                await asyncio.sleep(MARK_SECONDS)
                marks, self._marks = self._marks, []
                try:
                    await self._db.run(lambda db, marks=marks: outbox.mark_all(db, marks))  # type: ignore[misc]
                except Exception as error:
                    self._marks[:0] = marks
                    log.warning("outbox.marks_failed", error=type(error).__name__)
                    await asyncio.sleep(1)
        finally:
            self._writing = None
            self._look_idle()

    def _look_idle(self) -> None:
        if not self._queues and not self._bulk and not self._marks and self._writing is None:
            self.idle.set()

    async def close(self) -> None:
        """Stop taking new rows, let the sends under way finish, write the marks, free the rest."""
        self._closing = True
        pending = [task for task in self._tasks if not task.done()]
        if pending:
            await asyncio.wait(pending, timeout=10)
        if self._writing is not None:
            await asyncio.wait([self._writing], timeout=5)
        await self._db.run(lambda db: replicas.leave(db, self.replica))


def _next(lanes: list[deque[Promise]]) -> Promise | None:
    """The head of the first lane that has one; what refers to a row that waits in a later lane lets that lane go first."""
    for index, lane in enumerate(lanes):
        if lane and not (lane[0].after is not None and _waits(lane[0].after, lanes[index + 1 :])):
            return lane.popleft()
    return None


def _waits(row: Promise | int, lanes: list[deque[Promise]]) -> bool:
    row_id = row.id if isinstance(row, Promise) else row
    return any(waiting.id == row_id for lane in lanes for waiting in lane)


def _ids(promise: Promise | None, lanes: list[deque[Promise]]) -> list[int]:
    waiting = [waiting.id for lane in lanes for waiting in lane]
    return [promise.id, *waiting] if promise is not None else waiting


def _overtaken(promise: Promise, lanes: list[deque[Promise]]) -> bool:
    """Whether a later edit of the same message waits right behind: a screen edited twice is sent once."""
    if promise.method != "editMessageText" or not lanes[promise.lane]:
        return False
    behind = lanes[promise.lane][0]
    return behind.method == "editMessageText" and _edited(behind) == _edited(promise)


def _edited(promise: Promise) -> object:
    return orjson.loads(promise.payload).get("message_id")
