"""The other half of Telegram: updates posted to the contender over a fixed number of keep-alive connections."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable
from typing import cast

from benchmarks.registration.contract import PATH, SECRET, SECRET_HEADER

Done = Callable[[int], None]
"""Told the HTTP status of a post, or 0 when the connection broke before there was one."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class Webhook:
    """A contender's webhook at `127.0.0.1:port`; posts wait in turn when all connections are busy."""

    def __init__(self, port: int, connections: int) -> None:
        self.port = port
        self.size = connections
        self.idle: list[_Connection] = []
        self.open: set[_Connection] = set()
        self.waiting: deque[tuple[bytes, Done]] = deque()
        self.reconnects = 0
        self.closed = False
        self._opening: set[asyncio.Task[None]] = set()
        self._head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"{SECRET_HEADER}: {SECRET}\r\nContent-Length: "
        ).encode()

    async def connect(self) -> None:
        """Open all connections. Raises OSError when the contender doesn't listen."""
        await asyncio.gather(*(self._connect() for _ in range(self.size)))

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self.port)

    def post(self, body: bytes, done: Done) -> None:
        """Post one update (JSON); `done` hears the status."""
        request = b"%b%d\r\n\r\n%b" % (self._head, len(body), body)
        if self.idle:
            self.idle.pop().send(request, done)
        else:
            self.waiting.append((request, done))

    def freed(self, connection: "_Connection") -> None:
        """A connection can take the next post."""
        if self.waiting:
            connection.send(*self.waiting.popleft())
        else:
            self.idle.append(connection)

    def lost(self, connection: "_Connection") -> None:
        """A connection ended; another takes its place."""
        self.open.discard(connection)
        if connection in self.idle:
            self.idle.remove(connection)
        if not self.closed:
            self.reconnects += 1
            task = asyncio.ensure_future(self._reconnect())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _reconnect(self) -> None:
        for _ in range(20):
            try:
                await self._connect()
            except OSError:
                await asyncio.sleep(0.25)
            else:
                break

    def hang_up(self, before: float) -> None:
        """Break connections whose post left before that time (`time.perf_counter`) and is still unanswered."""
        for connection in [c for c in self.open if c.done and c.sent_at < before]:
            connection.transport.abort()

    def close(self) -> None:
        """End all connections."""
        self.closed = True
        for task in self._opening:
            task.cancel()
        for connection in list(self.open):
            connection.transport.abort()


class _Connection(asyncio.Protocol):
    """One keep-alive HTTP/1.1 connection to the contender, with at most one post on its way."""

    transport: asyncio.Transport

    def __init__(self, webhook: Webhook) -> None:
        self.webhook = webhook
        self.done: Done | None = None
        self.sent_at = 0.0
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.webhook.open.add(self)
        self.webhook.freed(self)

    def send(self, request: bytes, done: Done) -> None:
        self.done = done
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        data = self.rest + data if self.rest else data
        head_end = data.find(b"\r\n\r\n")
        if head_end < 0 or not _whole(data, head_end):
            self.rest = data
            return
        self.rest = b""
        done, self.done = self.done, None
        if b"connection: close" in data[:head_end].lower():
            self.transport.close()
        else:
            self.webhook.freed(self)
        if done:
            done(int(data[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        done, self.done = self.done, None
        self.webhook.lost(self)
        if done:
            done(0)


def _whole(data: bytes, head_end: int) -> bool:
    """Whether an answer has arrived to its end; one without length or chunks has no body (204)."""
    length = _LENGTH.search(data, 0, head_end + 2)
    if length:
        return len(data) >= head_end + 4 + int(length[1])
    return not _CHUNKED.search(data, 0, head_end + 2) or data.endswith(b"0\r\n\r\n")
