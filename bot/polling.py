"""Updates by polling: the same entry, chats side by side, and the next offset only when the whole batch is committed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
import orjson
import structlog

log = structlog.get_logger("bot")

WAIT_SECONDS = 30  # how long Telegram holds an empty answer
TWO_INSTANCES_SECONDS = 30.0  # FL-06: never a tight loop between two pollers
AGAIN_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")


class Answered(Protocol):
    """What the entry says of an update."""

    @property
    def status(self) -> int: ...

    @property
    def retry_after(self) -> int: ...


Handle = Callable[[dict[str, Any]], Awaitable[Answered]]


class Poller:
    """Asks for updates until stopped; what is in hand then is finished, and the rest stays with Telegram."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, token: str, handle: Handle) -> None:
        self._session = session
        self._url = f"{api_url}/bot{token}/getUpdates"
        self._handle = handle
        self._stopping = asyncio.Event()
        self.reachable = False

    def stop(self) -> None:
        """Ask for no more updates."""
        self._stopping.set()

    async def run(self) -> None:
        """Poll until stopped."""
        offset: int | None = None
        failures = 0
        while not self._stopping.is_set():
            batch = await self._until_stopped(self._ask(offset))
            if batch is None:
                failures += 1
                await self._until_stopped(asyncio.sleep(AGAIN_SECONDS[min(failures, len(AGAIN_SECONDS)) - 1]))
                continue
            failures = 0
            if batch and await self._take(batch):
                offset = int(batch[-1]["update_id"]) + 1
        if offset is not None:
            await self._ask(offset, wait=0, limit=1)  # says that the last batch was taken

    async def _until_stopped(self, work: Awaitable[Any]) -> Any:
        """The work's result, or None once stopped."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if task.done():
            return task.result()
        task.cancel()
        return None

    async def _ask(
        self, offset: int | None, wait: int = WAIT_SECONDS, limit: int = 100
    ) -> list[dict[str, Any]] | None:
        body: dict[str, Any] = {"timeout": wait, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            body["offset"] = offset
        try:
            timeout = aiohttp.ClientTimeout(total=wait + 15, connect=5)
            headers = {"Content-Type": "application/json"}
            async with self._session.post(
                self._url, data=orjson.dumps(body), headers=headers, timeout=timeout
            ) as response:
                answer = _parsed(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError) as error:
            self.reachable = False
            log.warning("polling.failed", error=type(error).__name__)
            return None
        if not answer.get("ok"):
            self.reachable = False
            code = answer.get("error_code")
            if code == 409:
                log.error("polling.two_instances")
                await asyncio.sleep(TWO_INSTANCES_SECONDS)
            else:
                log.error("polling.refused", code=code)
            return None
        self.reachable = True
        updates: list[dict[str, Any]] = answer["result"]
        return updates

    async def _take(self, batch: list[dict[str, Any]]) -> bool:
        """Handle a batch: each queue in order, queues side by side; False when stopped before all was committed."""
        queues: dict[object, list[dict[str, Any]]] = {}
        for update in batch:
            queues.setdefault(_queue(update), []).append(update)
        done = await asyncio.gather(*(self._one_queue(queue) for queue in queues.values()))
        return all(done)

    async def _one_queue(self, updates: list[dict[str, Any]]) -> bool:
        for update in updates:
            tries = 0
            while (verdict := await self._handle(update)).status != 200:
                if self._stopping.is_set():
                    return False
                tries += 1
                await asyncio.sleep(verdict.retry_after or AGAIN_SECONDS[min(tries, len(AGAIN_SECONDS)) - 1])
        return True


def _parsed(body: bytes) -> Any:
    """A batch of updates; a text in it that is no Unicode, which the quick parser refuses, must not hold up the others."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return json.loads(body)


def _queue(update: dict[str, Any]) -> object:
    """Messages follow each other by chat, presses by person, as in Telegram's own queues (TG-05)."""
    press = update.get("callback_query")
    if isinstance(press, dict) and isinstance(press.get("from"), dict):
        return "press", str(press["from"].get("id"))
    for value in update.values():
        if isinstance(value, dict) and isinstance(value.get("chat"), dict):
            return "chat", str(value["chat"].get("id"))
    return "other", str(update.get("update_id"))
