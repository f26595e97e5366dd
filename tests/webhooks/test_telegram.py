"""Telegram posts updates: what we take, what we refuse, and what we never keep or tell."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
import pytest
import structlog
from aiohttp import web

from tests.webhooks.raw import Line, post
from webhooks import telegram
from webhooks.app import Site
from webhooks.metrics import Metrics
from webhooks.telegram import Endpoint

SECRET = "s" * 43
FORMER = "f" * 43
HELLO = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 42, "type": "private"}, "text": "مرحبا"}}
CANARY = "canary-salma-bennani"


@dataclass
class Bot:
    """Stands in for the bot: notes what it is given and answers as it is told."""

    verdict: tuple[int, int] = (200, 0)
    taken: list[dict[str, Any]] = field(default_factory=list)
    error: Exception | None = None
    open_gate: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open_gate.set()

    @property
    def status(self) -> int:
        return self.verdict[0]

    @property
    def retry_after(self) -> int:
        return self.verdict[1]

    async def handle(self, update: dict[str, Any]) -> Bot:
        self.taken.append(update)
        self.entered.set()
        await self.open_gate.wait()
        if self.error is not None:
            raise self.error
        return self


@dataclass
class House:
    """The endpoint, listening."""

    bot: Bot
    metrics: Metrics
    site: Site
    port: int

    @contextlib.asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """A connection to it."""
        line = await Line.to(self.port)
        try:
            yield line
        finally:
            line.close()

    async def post(self, body: bytes, secret: str | None = SECRET, *more: str) -> int:
        """One post on a connection of its own: the status."""
        async with self.line() as line:
            return (await line.ask(post(body, secret, *more))).status


@pytest.fixture
async def house() -> AsyncIterator[House]:
    bot, metrics = Bot(), Metrics()
    site = Site(web.Application(), Endpoint(bot.handle, (SECRET, FORMER), metrics))
    await site.start("127.0.0.1", 0)
    yield House(bot, metrics, site, site.addresses[0][1])
    await site.stop()


@pytest.fixture
def events() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as logs:
        yield logs


async def test_an_update_is_handled_and_acknowledged(house: House) -> None:
    async with house.line() as line:
        for _ in range(3):  # Telegram keeps its connections
            answer = await line.ask(post(orjson.dumps(HELLO), SECRET))
            assert (answer.status, answer.body) == (200, b"")
            assert answer.headers["cache-control"] == "no-store"
    assert house.bot.taken == [HELLO] * 3
    assert house.metrics.updates == {200: 3}


async def test_two_posts_sent_at_once_are_answered_in_order(house: House) -> None:
    async with house.line() as line:
        await line.send(post(orjson.dumps({"update_id": 1}), SECRET) + post(b"[]", "wrong"))
        assert [(await line.answer()).status, (await line.answer()).status] == [200, 401]


@pytest.mark.req("TH-19")
@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "s", SECRET.upper(), "é" * 43])
async def test_who_does_not_know_the_secret_is_refused_unread(house: House, secret: str | None) -> None:
    assert await house.post(orjson.dumps(HELLO), secret) == 401
    assert house.bot.taken == []
    assert house.metrics.updates == {401: 1}


@pytest.mark.req("TH-19")
async def test_while_the_secret_is_rotated_the_former_one_is_taken_too(house: House) -> None:
    assert await house.post(orjson.dumps(HELLO), FORMER) == 200
    assert house.bot.taken == [HELLO]


@pytest.mark.req("TH-19")
@pytest.mark.parametrize("secrets", [(), ("",), (SECRET, "")])
def test_without_a_secret_there_is_no_endpoint(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="secret"):
        Endpoint(Bot().handle, secrets, Metrics())


@pytest.mark.req("TH-19b")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b"[" * 5000,
        b'{"text": "\\ud800"}',
        b"[1]",
        b"7",
        b"null",
        b'"x"',
    ],
)
async def test_what_is_no_update_is_noted_and_let_go(house: House, events: list[Any], body: bytes) -> None:
    async with house.line() as line:
        assert (await line.ask(post(body, SECRET))).status == 200
        assert house.bot.taken == []
        noted = {"event": "update.unparsable", "size": len(body), "sha256": sha256(body).hexdigest()}
        assert events == [{**noted, "log_level": "warning"}]
        assert house.metrics.unparsable == 1
        assert (await line.ask(post(orjson.dumps(HELLO), SECRET))).status == 200, "the next one is handled"
    assert house.bot.taken == [HELLO]


@pytest.mark.req("TH-19c")
async def test_a_body_above_a_mebibyte_is_refused(house: House) -> None:
    assert await house.post(b" " * (telegram.LARGEST - 2) + b"{}") == 200
    async with house.line() as line:
        announced = post(b"", SECRET).replace(b"Content-Length: 0", b"Content-Length: 1048577")
        assert (await line.ask(announced)).status == 413, "before any of it arrives"
    async with house.line() as line:
        head = post(b"", SECRET).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        await line.send(head + (b"20000\r\n" + b" " * 0x20000 + b"\r\n") * 9)
        assert (await line.answer()).status == 413, "though its length was never announced"
    assert house.bot.taken == [{}]


@pytest.mark.req("TH-19c")
async def test_who_dribbles_is_cut_off_and_others_are_served(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram, "PATIENCE", 0.2)
    async with house.line() as slow:
        body = orjson.dumps(HELLO)
        await slow.send(post(body, SECRET)[: -len(body) + 3])
        assert await house.post(body) == 200, "another is served meanwhile"
        answer = await slow.answer()
        assert (answer.status, answer.headers["connection"]) == (408, "close")
        assert await slow.closed()
    assert house.bot.taken == [HELLO]


async def test_a_body_in_pieces_is_put_together(house: House) -> None:
    async with house.line() as line:
        whole = post(orjson.dumps(HELLO), SECRET)
        await line.send(whole[:-20])
        await asyncio.sleep(0)
        assert (await line.ask(whole[-20:])).status == 200
    assert house.bot.taken == [HELLO]


async def test_a_broken_body_is_no_update(house: House) -> None:
    async with house.line() as line:
        head = post(b"", SECRET).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        assert (await line.ask(head + b"zz\r\n")).status == 400
    assert house.bot.taken == []


@pytest.mark.req("TH-19f")
async def test_what_we_cannot_take_now_stays_with_telegram(house: House) -> None:
    house.bot.verdict = (503, 5)
    async with house.line() as line:
        answer = await line.ask(post(orjson.dumps(HELLO), SECRET))
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        house.bot.verdict = (500, 0)
        answer = await line.ask(post(orjson.dumps(HELLO), SECRET))
        assert answer.status == 500
        assert "retry-after" not in answer.headers


async def test_who_asks_to_close_is_hung_up_on(house: House) -> None:
    async with house.line() as line:
        answer = await line.ask(post(orjson.dumps(HELLO), SECRET, "Connection: close"))
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert await line.closed()


async def test_an_update_in_hand_is_finished_when_we_stop(house: House) -> None:
    house.bot.open_gate.clear()
    async with house.line() as busy, house.line() as idle:
        await busy.send(post(orjson.dumps(HELLO), SECRET))
        await house.bot.entered.wait()
        stopping = asyncio.ensure_future(house.site.stop())
        assert await idle.closed()
        assert not stopping.done()
        house.bot.open_gate.set()
        assert (await busy.answer()).status == 200
        await stopping
    with pytest.raises(ConnectionRefusedError):
        await Line.to(house.port)


async def test_who_hangs_up_meanwhile_hurts_nobody(house: House, events: list[Any]) -> None:
    house.bot.open_gate.clear()
    async with house.line() as line:
        await line.send(post(orjson.dumps(HELLO), SECRET))
        await house.bot.entered.wait()
    house.bot.open_gate.set()
    assert await house.post(b"{}") == 200
    assert house.metrics.updates == {200: 2}
    assert events == []


async def test_the_address_takes_posts_only(house: House) -> None:
    async with house.line() as line:
        get = b"GET /telegram HTTP/1.1\r\nHost: rafiq.example\r\nX-Telegram-Bot-Api-Secret-Token: %b\r\n\r\n"
        assert (await line.ask(get % SECRET.encode())).status == 404
        assert (await line.ask(post(b"{}", SECRET, path="/telegram/"))).status == 404
    assert house.bot.taken == []


@pytest.mark.req("TH-19d")
async def test_no_body_and_no_secret_gets_into_a_log(
    house: House, events: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    text = orjson.dumps({"update_id": 1, "message": {"text": CANARY}})
    await house.post(text)
    await house.post(text, CANARY)
    await house.post(text + CANARY.encode())
    house.bot.error = RuntimeError(f"no place for {CANARY}")
    assert await house.post(text) == 500
    async with house.line() as line:
        await line.ask(f"GET /{CANARY} {CANARY}\r\n\r\n".encode())
    said = repr(events) + caplog.text
    assert CANARY not in said
    assert SECRET not in said
    assert [event["event"] for event in events] == [
        "update.unparsable",
        "update.handler_failed",
        "http.fault",
    ]
