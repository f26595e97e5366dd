"""A webhook as Telegram serves it: heads of queues side by side, one in flight per queue, retries until they
expire.

The rules are those of WebhookActor.cpp (tdlib/telegram-bot-api): any 2xx accepts; a first failure is tried
again at once (or after `Retry-After`, at most an hour), then after 2, 4, 8 ... up to a random 60 to 120 s;
410 for more than 23 hours removes the webhook.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable

import aiohttp

from playground.faults import Faults
from playground.queues import Update, Updates

MAX_RETRY_AFTER = 3_600
RESEND_LIMIT = 60.0
GONE_FOR = 23 * 3_600.0
ANSWER_TIMEOUT = 60.0


class Webhook:
    def __init__(
        self,
        updates: Updates,
        faults: Faults,
        time_scale: float,
        url: str,
        secret: str,
        max_connections: int,
        gone: Callable[[], None],
    ) -> None:
        self.updates, self.faults, self.time_scale = updates, faults, time_scale
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.last_error: tuple[int, str] | None = None
        self._gone, self._gone_since = gone, 0.0
        self._heap: list[tuple[float, int, Update]] = []
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=50),
            timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT),
        )
        for line in list(updates.queues.values()):
            line[0].wake, line[0].delay, line[0].fails = 0.0, 1.0, 0
            self._push(line[0])
        updates.on_ready = self.ready
        self.pump()

    def ready(self, update: Update) -> None:
        """An update has become the head of its queue."""
        update.wake = self._loop.time()
        self._push(update)
        self.pump()

    @property
    def in_flight(self) -> int:
        """How many updates the bot has in hand."""
        return len(self._tasks)

    def _push(self, update: Update) -> None:
        self._turn += 1
        heapq.heappush(self._heap, (update.wake, self._turn, update))

    def pump(self) -> None:
        """Send every head whose time has come, as connections allow."""
        if self.updates.paused:
            return
        now = self._loop.time()
        while self._heap and len(self._tasks) < self.max_connections and self._heap[0][0] <= now:
            update = heapq.heappop(self._heap)[2]
            if self.updates.head(update.queue) is not update:
                continue
            if update.expires < self.updates.clock.now() + update.skipped:
                self.updates.drop(update, accepted=False)
                continue
            update.in_flight = True
            task = self._loop.create_task(self._deliver(update))
            self._tasks.add(task)
            task.add_done_callback(self._delivered)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._heap and len(self._tasks) < self.max_connections:
            self._timer = self._loop.call_at(self._heap[0][0], self.pump)

    def hasten(self, seconds: float) -> None:
        """The clock was moved: what waits to be sent again waits less."""
        now, heap = self._loop.time(), []
        for wake, turn, update in self._heap:
            passed = min(seconds, max(wake - now, 0.0) / self.time_scale)
            update.skipped -= passed * (1 - self.time_scale)
            heap.append((wake - passed * self.time_scale, turn, update))
        heapq.heapify(heap)
        self._heap = heap
        self.pump()

    def _delivered(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()
            self.pump()

    async def _deliver(self, update: Update) -> None:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        status, retry_after = 0, ""
        try:
            async with self._session.post(
                self.url, data=update.body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
                status, retry_after = answer.status, answer.headers.get("Retry-After", "")
            error = f"Wrong response from the webhook: {status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            error = f"Connection to the webhook failed: {type(failure).__name__}"
        update.in_flight = False
        if 200 <= status < 300 and not self.faults.loses_200():
            self._gone_since = 0.0
            self.updates.drop(update, accepted=True)
            return
        if 200 <= status < 300:
            error = "Webhook connection closed"
        self._failed(update, error, int(retry_after) if retry_after.isdecimal() else 0)
        self._count_gone(status)

    def _failed(self, update: Update, error: str, retry_after: int) -> None:
        now = self.updates.clock.now()
        self.last_error = (int(now), error)
        wait = float(min(retry_after, MAX_RETRY_AFTER))
        if retry_after == 0 and update.fails > 0:
            ceiling = self.updates.rng.uniform(RESEND_LIMIT, 2 * RESEND_LIMIT)
            wait = update.delay = min(ceiling, update.delay * 2)
        if now + update.skipped + wait > update.expires:
            self.updates.drop(update, accepted=False)
            return
        update.skipped += wait * (1 - self.time_scale)
        update.fails += 1
        update.wake = self._loop.time() + wait * self.time_scale
        self._push(update)
        self.updates.changes.emit("refused")

    def _count_gone(self, status: int) -> None:
        if status != 410:
            self._gone_since = 0.0
        elif self._gone_since == 0.0:
            self._gone_since = self.updates.clock.now()
        elif self.updates.clock.now() > self._gone_since + GONE_FOR:
            self._gone()

    async def close(self) -> None:
        """Stop sending; what was in flight stays in its queue."""
        if self.updates.on_ready == self.ready:
            self.updates.on_ready = None
        if self._timer is not None:
            self._timer.cancel()
        self._heap.clear()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for update in self.updates.pending.values():
            update.in_flight = False
        await self._session.close()
