"""Telegram's Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from playground.api import chats, commands, files, messages
from playground.api.args import Args
from playground.api.errors import ApiError
from playground.api.updates import Described, Intake
from playground.faults import REFUSALS, Fault
from playground.world import World

JSON = dict[str, Any]

# Held calls of a test that forgot to let them go are let go after this many seconds.
HOLD_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot: what it asked, what it was told (None where the connection was reset), and
    when."""

    method: str
    params: JSON
    answer: JSON | None
    time: float
    fault: str | None = None

    @property
    def ok(self) -> bool:
        return bool(self.answer and self.answer.get("ok"))

    @property
    def chat(self) -> int | None:
        return _chat_of(self.params)

    @property
    def result(self) -> Any:
        return (self.answer or {}).get("result")


class BotApi:
    def __init__(self, world: World, token: str, time_scale: float, history: int | None) -> None:
        self.world, self.token = world, token
        self.calls: deque[Call] = deque(maxlen=history)
        self.intake = Intake(world, time_scale)
        self.time_scale = time_scale
        noted: dict[str, Callable[[World, Args], Any]] = {}
        for room in (messages, files, chats, commands):
            noted.update(room.METHODS)
        self._methods: dict[str, tuple[str, Callable[[Args], Any]]] = {
            name.lower(): (name, _bound(method, world)) for name, method in noted.items()
        }
        self._methods["getwebhookinfo"] = ("getWebhookInfo", self.intake.get_webhook_info)
        self._slow = {
            "getupdates": self.intake.get_updates,
            "setwebhook": self.intake.set_webhook,
            "deletewebhook": self.intake.delete_webhook,
        }

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request whose path begins with "/bot"."""
        token, _, method = request.path[4:].partition("/")
        if token != self.token:
            known = token.partition(":")[0].isdecimal() and ":" in token
            return _respond(ApiError(401, "Unauthorized") if known else ApiError(404, "Not Found"))
        method = method.lower()
        if method == "getupdates":
            fault = self.world.faults.strike(method, None)
            if fault is None:
                return await self._get_updates(request)
            return await self._struck(request, method, Args({}, {}), fault)
        try:
            args = await Args.read(request)
        except ApiError as refusal:
            return _respond(refusal)
        except web.HTTPRequestEntityTooLarge:
            return _respond(ApiError(413, "Request Entity Too Large"))
        fault = self.world.faults.strike(method, _chat_of(args.values)) if self.world.faults.rules else None
        if fault is not None:
            return await self._struck(request, method, args, fault)
        return self._answer(await self._call(method, args), method, args)

    async def _get_updates(self, request: web.BaseRequest) -> web.Response:
        try:
            result = await self.intake.get_updates(await Args.read(request))
        except ApiError as refusal:
            return _respond(refusal)
        return web.Response(
            body=orjson.dumps({"ok": True, "result": result}), content_type="application/json"
        )

    async def _call(self, method: str, args: Args) -> JSON | ApiError:
        try:
            if method in self._methods:
                result = self._methods[method][1](args)
            elif method in self._slow:
                result = await self._slow[method](args)
            else:
                return ApiError(404, "Not Found: method not found")
        except ApiError as refusal:
            return refusal
        if isinstance(result, Described):
            return {"ok": True, "result": result.result, "description": result.description}
        return {"ok": True, "result": result}

    def _answer(
        self, answer: JSON | ApiError, method: str, args: Args, fault: str | None = None
    ) -> web.Response:
        self._note(answer, method, args, fault)
        return _respond(answer)

    def _note(self, answer: JSON | ApiError | None, method: str, args: Args, fault: str | None) -> None:
        name = self._methods[method][0] if method in self._methods else method
        told = answer.payload() if isinstance(answer, ApiError) else answer
        self.calls.append(Call(name, args.values, told, self.world.clock.now(), fault))
        self.world.changes.emit("call")

    async def _struck(
        self, request: web.BaseRequest, method: str, args: Args, fault: Fault
    ) -> web.StreamResponse:
        kind = fault.kind
        if kind in REFUSALS:
            return self._answer(_refusal(fault), method, args, kind)
        if kind == "reset_before":
            self._note(None, method, args, kind)
            return _reset(request)
        if kind == "hold":
            fault.reached.set()
            async with asyncio.timeout(HOLD_LIMIT):
                await fault.released.wait()
        elif kind == "slow":
            await asyncio.sleep(fault.delay * self.time_scale)
        answer = await self._call(method, args)
        self._note(answer, method, args, kind)
        if kind == "lost_answer":
            return _reset(request)
        if kind == "invalid_json":
            return web.Response(text='{"ok":true,"result":{"message_id":', content_type="application/json")
        if kind == "half_body":
            return await _half(request, answer)
        return _respond(answer)

    def download(self, request: web.BaseRequest) -> web.Response:
        """Answer a request whose path begins with "/file/bot"."""
        token, _, path = request.path.removeprefix("/file/bot").partition("/")
        if token != self.token:
            return _respond(ApiError(401, "Unauthorized"))
        file = files.at_path(self.world, path)
        if file is None:
            return _respond(ApiError(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")


def _bound(method: Callable[[World, Args], Any], world: World) -> Callable[[Args], Any]:
    return lambda args: method(world, args)


def _chat_of(values: JSON) -> int | None:
    try:
        return int(values["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def _refusal(fault: Fault) -> ApiError:
    status, description = REFUSALS[fault.kind]
    parameters = {"retry_after": fault.retry_after} if fault.kind == "429" else {}
    text = fault.description or description.format(retry_after=fault.retry_after)
    return ApiError(status, text, **parameters)


def _respond(answer: JSON | ApiError) -> web.Response:
    if isinstance(answer, ApiError):
        headers = {"Retry-After": str(answer.parameters["retry_after"])} if answer.code == 429 else None
        return web.Response(
            status=answer.code,
            body=orjson.dumps(answer.payload()),
            content_type="application/json",
            headers=headers,
        )
    return web.Response(body=orjson.dumps(answer), content_type="application/json")


def _reset(request: web.BaseRequest) -> web.Response:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.BaseRequest, answer: JSON | ApiError) -> web.StreamResponse:
    """Promise a whole answer, send half of it, and hang up."""
    body = orjson.dumps(answer.payload() if isinstance(answer, ApiError) else answer)
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
