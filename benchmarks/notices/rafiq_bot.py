"""The whole bot for `python -m benchmarks.notices`: sending budgets are on, `SCALE` times as high; no hour is quiet."""

from __future__ import annotations

import asyncio
import os
import sys

import uvloop

from benchmarks.registration import contract
from kit import logs
from services.fund import Fund, Notices, load_fund
from settings import Settings
from wiring import App

SCALE, KEY = "RAFIQ_BENCHMARK_SCALE", "RAFIQ_BENCHMARK_KEY"


def fund(scale: int) -> Fund:
    """The fund's file with time `scale` times as quick for what is sent."""
    known = load_fund()
    quick = {
        name: getattr(known.budgets, name) * scale
        for name in ("private_chat_per_second", "group_per_minute", "overall_per_second")
    }
    budgets = known.budgets.model_copy(update={**quick, "updates_per_chat_per_minute": 10**9})
    return known.model_copy(update={"budgets": budgets, "notices": Notices(quiet_hours=None)})


async def main(given: contract.Arguments) -> None:
    """Serve until told to stop."""
    settings = Settings.model_validate(
        {
            "telegram_token": contract.TOKEN,
            "telegram_api_url": given.api,
            "mode": "webhook",
            "public_url": f"http://127.0.0.1:{given.port}",
            "listen": f"127.0.0.1:{given.port}",
            "database_url": given.database,
            "secret_key": os.environ[KEY],
        }
    )
    app = App(settings, fund(int(os.environ[SCALE])))
    app.secret_token = contract.SECRET
    await app.start()
    await contract.ready_until_told_to_stop()
    await app.stop()


if __name__ == "__main__":
    sys.setswitchinterval(0.0005)
    listener = logs.set_up(level="warning")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(contract.arguments()))
    listener.stop()
