"""Slow work off the loop: a few niced threads and a bounded queue. Beyond it callers are told to come back."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Busy(Exception):
    """The queue is full; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("the queue for slow work is full")
        self.retry_after = retry_after


class Offload:
    """`threads` at work, `waiting` more in the queue."""

    def __init__(self, threads: int = 1, waiting: int = 8) -> None:
        self._room = threads + waiting
        self._in_hand = 0
        self._pool = ThreadPoolExecutor(threads, "slow", initializer=step_back)

    async def compute(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`fn(*args)` in a thread; raises Busy when the queue is full."""
        if self._in_hand >= self._room:
            raise Busy(retry_after=1)
        self._in_hand += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: fn(*args, **kwargs))
        finally:
            self._in_hand -= 1

    def close(self) -> None:
        """Wait for what is at work and end the threads."""
        self._pool.shutdown()


def step_back() -> None:
    """Lower this thread's priority (Linux knows it by thread): turns go before hashes."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
