"""How updates come in when somebody else has a hand in it: a second poller, another webhook, Telegram away at the start."""

from __future__ import annotations

import asyncio

import pytest

from bot import polling
from bot.client import make_bot
from tests.people import Person
from tests.world import TOKEN, World

STRANGER = "Is it your first time? Create your space. Do you have one? Sign in."


@pytest.mark.req("FL-06", "TG-07")
async def test_a_second_poller_is_told_of_and_waited_for(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """409: somebody else polls. Said once a pause, never in a tight loop; when the other goes, all that was said is there."""
    assert polling.TWO_INSTANCES_SECONDS >= 30
    monkeypatch.setattr(polling, "TWO_INSTANCES_SECONDS", 0.1)
    monkeypatch.setattr(polling, "AGAIN_SECONDS", (0.0, 0.0))
    conflict = world.playground.faults.add("409", "getUpdates", times=3)
    began = asyncio.get_running_loop().time()
    await salma.says("/menu")  # wakes the poll that waits; the next ones are refused
    salma.phone.says("/help")
    await world.answers()
    assert conflict.struck == 3
    assert asyncio.get_running_loop().time() - began >= 0.3
    assert world.log.all().count('"event": "polling.two_instances"') == 3
    salma.reads("<b>What I do</b>")


@pytest.mark.world(mode="webhook")
@pytest.mark.req("FL-07", "TH-75")
async def test_somebody_elses_webhook_is_replaced_by_ours(world: World, salma: Person) -> None:
    bot = make_bot(world.app._session, world.playground.api_url, TOKEN)
    calls = len(world.playground.called("setwebhook"))
    await world.app.mend_webhook(bot)
    assert len(world.playground.called("setwebhook")) == calls, "ours stands: nothing is done"
    await bot.set_webhook("https://elsewhere.example/telegram")
    salma.phone.says("/menu")
    await world.app.mend_webhook(bot)
    assert '"event": "telegram.webhook_changed"' in world.log.all()
    await world.answers()
    salma.reads(STRANGER)


@pytest.mark.req("FL-43")
@pytest.mark.world(on="sqlite")
async def test_telegram_away_at_the_start_is_waited_for(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """getMe fails: pages and rounds live, and updates are taken as soon as Telegram answers."""
    await world.stop()
    world.playground.faults.add("502", "getMe", times=1)
    salma.phone.says("/menu")
    await world.start()
    await world.answers()
    salma.reads(STRANGER)
    assert '"event": "telegram.unreachable"' in world.log.all()
