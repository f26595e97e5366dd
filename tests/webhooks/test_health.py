"""Watchers ask how we are."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from store import outbox
from store.promises import Lane, Promise
from store.writer import Unavailable
from tests.webhooks.browser import Browser
from tests.webhooks.conftest import NOW, Served
from webhooks import health


async def test_ready_while_all_is_well(served: Served) -> None:
    async with Browser(served) as watcher:
        seen = await watcher.ask("GET", "/readyz")
    checks = {"database": True, "rounds": True, "telegram": True}
    assert (seen.status, orjson.loads(seen.body)) == (200, {"ready": True, "red": [], "checks": checks})


async def test_what_is_red_is_named(simple: Served) -> None:
    simple.checks.update(rounds=False, telegram=False)
    async with Browser(simple) as watcher:
        seen = await watcher.ask("GET", "/readyz")
        assert (seen.status, orjson.loads(seen.body)["red"]) == (503, ["rounds", "telegram"])
        assert (await watcher.ask("GET", "/healthz")).status == 200, "we live all the same"


@pytest.mark.parametrize("error", [Unavailable("away"), RuntimeError("no such table")])
async def test_a_database_that_fails_is_red(
    simple: Served, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def fail(_fn: Any) -> None:
        raise error

    monkeypatch.setattr(simple.database, "read", fail)
    async with Browser(simple, host="127.0.0.1") as watcher:
        seen = await watcher.ask("GET", "/readyz")
        figures = await watcher.ask("GET", "/metrics")
    assert (seen.status, orjson.loads(seen.body)["red"]) == (503, ["database"])
    assert figures.status == 200
    assert b"rafiq_outbox_pending" not in figures.body


async def test_a_database_that_hangs_is_red(simple: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_fn: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(health, "PATIENCE", 0.05)
    monkeypatch.setattr(simple.database, "read", hang)
    async with Browser(simple) as watcher:
        assert orjson.loads((await watcher.ask("GET", "/readyz")).body)["red"] == ["database"]


async def test_the_figures(served: Served) -> None:
    promise = Promise("telegram", "telegram:42", Lane.REPLY, "sendMessage", b"{}", NOW)
    served.postman.offer(await served.database.run(lambda db: outbox.insert_all(db, [promise], 1, NOW)))
    served.metrics.updates.update({200: 3, 401: 1})
    served.metrics.sent("telegram", "sent")
    async with Browser(served, host="127.0.0.1") as watcher:
        seen = await watcher.ask("GET", "/metrics")
        again = await watcher.ask("GET", "/metrics")
    assert seen.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for line in (
        'rafiq_updates_total{status="200"} 3.0',
        'rafiq_updates_total{status="401"} 1.0',
        'rafiq_sends_total{channel="telegram",fate="sent"} 1.0',
        "rafiq_outbox_pending 1.0",
        "rafiq_bad_links_total 0.0",
    ):
        assert line in seen.body.decode().splitlines()
        assert line in again.body.decode().splitlines()
