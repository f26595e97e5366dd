"""Slow work off the loop: a few niced threads and a bounded queue. Beyond it callers are told to come back."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeAlias, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

ROUNDS = 6  # how many computations one transaction may ask for
LONGEST_WAIT = 10  # seconds
Computed: TypeAlias = Mapping[tuple[str, tuple[Any, ...]], Any]


class Needs(Exception):
    """A transaction can't go on without slow work: `kind(*inputs)` is computed off the loop, and it runs again with the result.

    The inputs are the key: a second run that asks for something else (a form moved on meanwhile) is not served an old answer.
    """

    def __init__(self, kind: str, inputs: tuple[Any, ...]) -> None:
        super().__init__(kind)
        self.key = (kind, inputs)


class Busy(Exception):
    """The queue is full; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("the queue for slow work is full")
        self.retry_after = retry_after


class Offload:
    """`threads` at work, `waiting` more in the queue. What a transaction may need, by name: `kinds` wait in this queue, `beside` have
    threads of their own and see to themselves."""

    def __init__(
        self,
        threads: int = 1,
        waiting: int = 8,
        kinds: Mapping[str, Callable[..., Any]] | None = None,
        beside: Mapping[str, Callable[..., Awaitable[Any]]] | None = None,
    ) -> None:
        self._kinds = kinds or {}
        self._beside = beside or {}
        self._room = threads + waiting
        self._in_hand = 0
        self._threads = threads
        self._takes = 0.05  # seconds of a computation, as the last ones took
        self._turned_away = 0  # who was told to come back and, as far as we know, hasn't yet
        self._pool = ThreadPoolExecutor(threads, "slow", initializer=step_back)

    def ask_for_room(self) -> None:
        """Raises Busy when the queue is full."""
        if self._in_hand >= self._room:
            self._turned_away += 1
            raise Busy(min(LONGEST_WAIT, 1 + int(self._turned_away * self._takes / self._threads)))

    async def compute(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`fn(*args)` in a thread; raises Busy when the queue is full. Who is turned away comes back one after the other: had they all to
        come back at once, each would cost a turn for nothing, and everybody else would wait behind them."""
        self.ask_for_room()
        self._in_hand += 1
        try:
            took, result = await asyncio.get_running_loop().run_in_executor(
                self._pool, lambda: _timed(lambda: fn(*args, **kwargs))
            )
        finally:
            self._in_hand -= 1
            self._turned_away = max(0, self._turned_away - 1) if self._in_hand else 0
        self._takes += (took - self._takes) / 10
        return result

    async def supply(self, once: Callable[[Computed], Awaitable[R]]) -> R:
        """`once(computed)`, run again with the result whenever it needs slow work. Raises Busy when the queue is full."""
        computed: dict[tuple[str, tuple[Any, ...]], Any] = {}
        for _ in range(ROUNDS):
            try:
                return await once(computed)
            except Needs as need:
                kind, inputs = need.key
                beside = self._beside.get(kind)
                computed[need.key] = await (
                    beside(*inputs) if beside is not None else self.compute(self._kinds[kind], *inputs)
                )
        raise RuntimeError("slow work was asked for without end")

    def close(self) -> None:
        """Wait for what is at work and end the threads."""
        self._pool.shutdown()


def at_once() -> int:
    """How many computations go side by side: two, where a core is left for the turns, else one."""
    return max(1, min(2, (os.cpu_count() or 1) - 1))


def _timed(work: Callable[[], R]) -> tuple[float, R]:
    """The work's result, and how many seconds it took."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def step_back() -> None:
    """Lower this thread's priority (Linux knows it by thread): turns go before hashes."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
