"""The thinnest way to post JSON to one server: kept connections, one request at a time on each, parsed by httptools.

A turn's cost was half aiohttp's client (130-200 µs a call, of 300 in all); this takes 30. Nothing but what the Bot API needs is here:
POST, a body of known length, an answer of bounded size. TLS is the standard library's, certificates are verified.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from typing import cast
from urllib.parse import urlsplit

import httptools

CONNECTIONS = 256
PATIENCE = 20.0  # seconds for an answer
CONNECT_PATIENCE = 5.0
IDLE = 30.0  # seconds after which a kept connection is not trusted to be there still
LARGEST = 1 << 20  # bytes of an answer; ours are small


class Broken(OSError):
    """The connection ended before the answer did: whether the request took effect is not known."""


class _Connection(asyncio.Protocol):
    """One connection; `answer` is the future of the request under way."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.WriteTransport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._size = 0
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.usable = False
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is one by duck, not by class
        self.usable = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        self._fail(Broken("connection lost"))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(Broken("not HTTP"))
            self.close()

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > LARGEST:
            self._fail(Broken("too large an answer"))
            self.close()
        else:
            self._pieces.append(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:  # an interim answer: the real one follows
            return
        if not self._parser.should_keep_alive():
            self.close()
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_result((status, b"".join(self._pieces)))

    def post(self, request: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """Send one request; the answer comes in the future."""
        assert self._transport is not None
        self._pieces, self._size = [], 0
        self._parser = httptools.HttpResponseParser(self)
        answer: asyncio.Future[tuple[int, bytes]] = self._loop.create_future()
        self._answer = answer
        self._transport.write(request)
        return answer

    def close(self) -> None:
        """End the connection."""
        self.usable = False
        if self._transport is not None:
            self._transport.close()

    def _fail(self, error: Exception) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)


class Wire:
    """Posts to the server of `base` (an address with its path, such as "https://api.telegram.org/bot<token>/")."""

    def __init__(self, base: str, *, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(base)
        self._host = parts.hostname or ""
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        named = self._host if parts.port is None else f"{self._host}:{parts.port}"
        self._path = parts.path.encode()
        self._head = (
            f" HTTP/1.1\r\nHost: {named}\r\nContent-Type: application/json\r\nContent-Length: ".encode()
        )
        self._free: list[_Connection] = []
        self._open = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def post(self, method: str, body: bytes) -> tuple[int, bytes]:
        """The status and body of the answer. Raises TimeoutError, or OSError when there is none."""
        while (connection := self._kept()) is None and self._open >= CONNECTIONS:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        if connection is None:
            connection = await self._connect()
        request = b"POST %b%b%b%d\r\n\r\n%b" % (self._path, method.encode(), self._head, len(body), body)
        answer = connection.post(request)
        timer = asyncio.get_running_loop().call_later(PATIENCE, _give_up, connection, answer)
        try:
            return await answer
        finally:
            timer.cancel()
            if not answer.done() or answer.cancelled() or answer.exception() is not None:
                connection.close()
            self._give_back(connection)

    def _kept(self) -> _Connection | None:
        oldest = time.monotonic() - IDLE
        while self._free:
            connection = self._free.pop()
            if connection.usable and connection.idle_since > oldest:
                return connection
            connection.close()
            self._open -= 1
        return None

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        self._open += 1
        try:
            async with asyncio.timeout(CONNECT_PATIENCE):
                _, connection = await loop.create_connection(
                    lambda: _Connection(loop),
                    self._host,
                    self._port,
                    ssl=self._tls,
                )
        except BaseException:
            self._open -= 1
            self._wake()
            raise
        return connection

    def _give_back(self, connection: _Connection) -> None:
        if connection.usable:
            connection.idle_since = time.monotonic()
            self._free.append(connection)
        else:
            self._open -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def close(self) -> None:
        """End the connections that wait."""
        for connection in self._free:
            connection.close()
        self._free.clear()


def _give_up(connection: _Connection, answer: asyncio.Future[tuple[int, bytes]]) -> None:
    if not answer.done():
        answer.set_exception(TimeoutError())
        connection.close()
