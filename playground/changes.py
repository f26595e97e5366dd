"""Whoever watches the playground is told of each change here: tests that wait, and pages that listen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

JSON = dict[str, Any]

# A page that stopped reading is dropped after this many unread events; it reconnects and reads the whole
# state.
UNREAD_EVENTS = 2_000


class Changes:
    def __init__(self) -> None:
        self._next: asyncio.Future[None] | None = None
        self.listeners: set[asyncio.Queue[JSON | None]] = set()

    def emit(self, kind: str, describe: Callable[[], JSON] | None = None) -> None:
        """Wake those who wait, and tell the pages what can be described; only then is it."""
        waiting, self._next = self._next, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        if self.listeners and describe is not None:
            event = {"type": kind, **describe()}
            for listener in list(self.listeners):
                if listener.qsize() >= UNREAD_EVENTS:
                    self.forget(listener)
                else:
                    listener.put_nowait(event)

    async def wait(self) -> None:
        """Return at the next change."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._next)

    async def until(self, predicate: Callable[[], Any], timeout: float) -> Any:  # noqa: ASYNC109
        """What `predicate` gives once it is true; it is asked again at each change. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                await self.wait()
            return found

    def listen(self) -> asyncio.Queue[JSON | None]:
        """Events from now on; None is the end."""
        listener: asyncio.Queue[JSON | None] = asyncio.Queue()
        self.listeners.add(listener)
        self.emit("listening")
        return listener

    def forget(self, listener: asyncio.Queue[JSON | None]) -> None:
        self.listeners.discard(listener)
        listener.put_nowait(None)

    def close(self) -> None:
        for listener in list(self.listeners):
            self.forget(listener)
