"""For machines that watch over us: /healthz (the process lives), /readyz (it can work), /metrics (Prometheus)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import orjson
import structlog
from aiohttp import web

from store import outbox
from store.db import Db
from store.writer import Unavailable
from webhooks.given import Given

log = structlog.get_logger("webhooks")
T = TypeVar("T")

PATIENCE = 2.0  # seconds for the database to answer


class Health:
    """The three routes. They say names of parts and figures, and nothing of anybody."""

    def __init__(self, given: Given) -> None:
        self._given = given

    def routes(self) -> list[web.RouteDef]:
        """The routes, to be added to an application."""
        return [
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def alive(self, _request: web.Request) -> web.Response:
        """200 while the loop turns."""
        return web.Response(text="alive\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """200, or 503 with what is red: `{"ready": false, "red": ["database"]}`."""
        checks = {**self._given.ready(), "database": await self._database_answers()}
        red = sorted(name for name, well in checks.items() if not well)
        body = orjson.dumps({"ready": not red, "red": red, "checks": checks}, option=orjson.OPT_SORT_KEYS)
        return web.Response(body=body, content_type="application/json", status=503 if red else 200)

    async def metrics(self, _request: web.Request) -> web.Response:
        """The figures; the outbox's is left out when the database doesn't answer."""
        text = self._given.metrics.text(await self._ask(outbox.pending))
        return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    async def _database_answers(self) -> bool:
        # One look into an index for a row that isn't there.
        return await self._ask(lambda db: outbox.result_of(db, 0) is None) is not None

    async def _ask(self, fn: Callable[[Db], T]) -> T | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._given.database.read(fn)
        except (Unavailable, TimeoutError):
            return None
        except Exception as error:
            log.error("health.database", error=type(error).__name__)
            return None
