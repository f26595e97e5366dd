"""The smallest bot: it calls the Bot API and takes updates by webhook, answering as a test tells it."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import aiohttp
from aiohttp import web

from playground import Playground

JSON = dict[str, Any]


class Robot:
    """`seen` are the updates it was sent, with the loop's time of each; `answers` are the next statuses (then 200)."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.session = aiohttp.ClientSession()
        self.seen: list[JSON] = []
        self.times: list[float] = []
        self.headers: list[dict[str, str]] = []
        self.answers: deque[int | tuple[int, dict[str, str]]] = deque()
        self.gate: asyncio.Event | None = None
        self.in_hand: list[JSON] = []
        self.arrived = asyncio.Condition()
        self.url = ""
        self._runner: web.ServerRunner | None = None

    async def call(self, method: str, **params: Any) -> JSON:
        """The whole answer, refusals too."""
        url = f"{self.playground.api_url}/bot{self.playground.token}/{method}"
        async with self.session.post(url, json=params) as answer:
            body: JSON = await answer.json()
            assert answer.status == (200 if body["ok"] else body["error_code"])
            return body

    async def does(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        answer = await self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """The words of a call that must be refused."""
        answer = await self.call(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def writes(self, chat: int, text: str = "Bonjour", **more: Any) -> int:
        """Send a message: its id."""
        return int((await self.does("sendMessage", chat_id=chat, text=text, **more))["message_id"])

    async def listens(self, **params: Any) -> None:
        """Take updates by webhook."""
        self._runner = web.ServerRunner(web.Server(self._take), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/telegram"
        await self.does("setWebhook", url=self.url, **params)

    async def _take(self, request: web.BaseRequest) -> web.Response:
        update = await request.json()
        self.seen.append(update)
        self.times.append(asyncio.get_running_loop().time())
        self.headers.append(dict(request.headers))
        answer = self.answers.popleft() if self.answers else 200
        self.in_hand.append(update)
        async with self.arrived:
            self.arrived.notify_all()
        if self.gate is not None:
            await self.gate.wait()
        self.in_hand.remove(update)
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        return web.Response(status=status, headers=headers)

    async def until_seen(self, count: int) -> None:
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.seen) >= count)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.seen if "message" in update]

    async def close(self) -> None:
        if self.gate is not None:
            self.gate.set()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.session.close()
