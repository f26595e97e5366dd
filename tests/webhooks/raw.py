"""HTTP as it goes over the wire, for what no client library would send."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """Status, headers by small letters, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """A connection that stays open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> Line:
        """Call 127.0.0.1."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> Answer:
        """The next answer."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(head[0].split()[1]), headers, body)

    async def closed(self) -> bool:
        """Whether the other side ends the connection without another word."""
        return await self.reader.read(1) == b""

    async def ask(self, data: bytes) -> Answer:
        """Send, and the answer."""
        await self.send(data)
        return await self.answer()

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


def post(body: bytes, secret: str | None, *more: str, path: str = "/telegram") -> bytes:
    """A post as Telegram makes it."""
    lines = [f"POST {path} HTTP/1.1", "Host: rafiq.example", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}"]
    lines += [] if secret is None else [f"X-Telegram-Bot-Api-Secret-Token: {secret}"]
    return "\r\n".join([*lines, *more, "", ""]).encode() + body
