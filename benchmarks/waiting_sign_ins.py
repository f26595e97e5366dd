"""200 people sign in at once while others chat: how long the others wait for their answer (CF-05, TH-05).

    python -m benchmarks.waiting_sign_ins [--threads 1 --threads 2]

The whole bot in a process of its own, by webhook, on SQLite, with real hashes. Others press /help at a steady pace, each in a chat of
their own; their time is from the post to the 200, which comes after the commit. In the quiet phase they are alone; in the busy one 200
passwords come in within two seconds, and are posted again as Telegram does until each was judged. The posts and the Bot API are the
registration benchmark's raw sockets: with a client that takes a millisecond for a post, the others waited for the client.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import click
import uvloop

from benchmarks.registration import contract, updates
from benchmarks.registration.sink import BotApi
from benchmarks.registration.webhook import Webhook
from kit import logs
from kit.seal import new_key
from services.fund import load_fund
from settings import Settings
from store.migrate import migrate
from wiring import App, Tuning

SIGN_INS = 200
PACE = 100.0  # updates of the others, a second
QUIET = 8.0  # seconds of a quiet phase
ROUNDS = 3
CONNECTIONS = 40  # that Telegram opens to us
SPARE = 5  # of them, that sign-ins leave to the others
AGAIN = 1.0, 3.0  # seconds until an update that was turned away is posted again, each at a time of its own


# ── the bot ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def serve(port: int, api: str, database: str, threads: int) -> None:
    """Serve until told to stop."""
    fund = load_fund()
    fund = fund.model_copy(
        update={"budgets": fund.budgets.model_copy(update={"updates_per_chat_per_minute": 10**9})}
    )
    settings = Settings.model_validate(
        {
            "telegram_token": contract.TOKEN,
            "telegram_api_url": api,
            "mode": "webhook",
            "public_url": f"http://127.0.0.1:{port}",
            "listen": f"127.0.0.1:{port}",
            "database_url": database,
            "secret_key": new_key(),
        }
    )
    await migrate(database)
    app = App(settings, fund, Tuning(lifted=True, hashing_threads=threads))
    # Secrets are typed in the chat here: what is measured is the turn that waits for a hash.
    object.__setattr__(app.house, "public_url", None)
    app.secret_token = contract.SECRET
    await app.start()
    await contract.ready_until_told_to_stop()
    await app.stop()


# ── Telegram and its people ──────────────────────────────────────────────────────────────────────────────────────────


class Crowd:
    """Whoever posts updates, over the connections that Telegram opens; `refused` counts who was told to come back."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._chats = count(1_000)
        self._chance = random.Random(1)
        self.refused = 0

    def guests(self, number: int) -> list[int]:
        """Chats that never wrote before."""
        return [next(self._chats) for _ in range(number)]

    async def post(self, chat: int, text: str, gate: asyncio.Semaphore | None = None) -> float:
        """One message, until it is taken: seconds of the post that was. `gate` is held while it is on its way."""
        body = updates.message(chat, text)
        while True:
            async with gate or contextlib.nullcontext():
                told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
                began = time.perf_counter()
                self._webhook.post(body, told.set_result)
                status = await told
                took = time.perf_counter() - began
            if status == 200:
                return took
            self.refused += 1
            await asyncio.sleep(self._chance.uniform(*AGAIN))

    async def sign_in(self, chat: int, gate: asyncio.Semaphore, within: float) -> None:
        """A password, at any moment of the next seconds, until it is judged."""
        await asyncio.sleep(self._chance.uniform(0.0, within))
        await self.post(chat, "Mauvais4719", gate)

    async def others(self, until: asyncio.Event) -> list[float]:
        """People who ask for help, one after the other at the pace, until told."""
        tasks: list[asyncio.Task[float]] = []
        began = time.perf_counter()
        while not until.is_set():
            tasks.append(asyncio.ensure_future(self.post(next(self._chats), "/help")))
            await asyncio.sleep(max(0.0, began + len(tasks) / PACE - time.perf_counter()))
        return list(await asyncio.gather(*tasks))


async def measure(port: int, api_port: int, within: float) -> None:
    """Quiet and busy phases in turn; a line each, and the ratio."""
    api = BotApi(lambda _screen: None)
    server = await asyncio.get_running_loop().create_server(api.connection, "127.0.0.1", api_port)
    webhook = Webhook(port, CONNECTIONS)
    await webhook.connect()
    crowd = Crowd(webhook)
    quiet: list[float] = []
    busy: list[float] = []
    for number in range(ROUNDS):
        guests = crowd.guests(SIGN_INS)
        for chat in guests:
            await crowd.post(chat, "/login")
            await crowd.post(chat, f"personne{chat}@example.com")
        calm = asyncio.Event()
        asyncio.get_running_loop().call_later(QUIET, calm.set)
        alone = await crowd.others(calm)
        done, crowd.refused = asyncio.Event(), 0
        beside = asyncio.ensure_future(crowd.others(done))
        began = time.perf_counter()
        gate = asyncio.Semaphore(CONNECTIONS - SPARE)
        await asyncio.gather(*(crowd.sign_in(chat, gate, within) for chat in guests))
        seconds = time.perf_counter() - began
        done.set()
        late = await beside
        quiet += alone
        busy += late
        click.echo(
            f"round {number + 1}: quiet p50 {at(0.5, alone):.1f} p99 {at(0.99, alone):.1f} ms; beside {SIGN_INS} sign-ins "
            f"p50 {at(0.5, late):.1f} p99 {at(0.99, late):.1f} ms; all judged after {seconds:.1f} s, {crowd.refused} told to come back"
        )
    click.echo(
        f"in all: p99 {at(0.99, quiet):.1f} ms quiet, {at(0.99, busy):.1f} ms beside them: × {at(0.99, busy) / at(0.99, quiet):.2f}"
    )
    webhook.close()
    server.close()
    await server.wait_closed()


def at(share: float, took: Sequence[float]) -> float:
    """A quantile, in milliseconds."""
    return sorted(took)[min(len(took) - 1, int(share * len(took)))] * 1000


@click.command()
@click.option("--threads", multiple=True, type=int, default=(1, 2), show_default=True)
@click.option("--within", default=2.0, show_default=True, help="Seconds in which the passwords come in.")
@click.option("--port", default=18_481, show_default=True)
@click.option("--bot", is_flag=True, hidden=True)
@click.option("--database", hidden=True)
def main(threads: tuple[int, ...], within: float, port: int, bot: bool, database: str) -> None:
    """Print the figures for each number of threads that hash."""
    if bot:
        sys.setswitchinterval(0.0005)
        listener = logs.set_up(level="warning")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(port, f"http://127.0.0.1:{port + 1}", database, threads[0]))
        listener.stop()
        return
    for number in threads:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite+aiosqlite:///{Path(folder) / 'rafiq.db'}"
            command = [sys.executable, "-m", "benchmarks.waiting_sign_ins", "--bot", "--port", str(port)]
            command += ["--database", url, "--threads", str(number)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
                assert process.stdout is not None
                assert process.stdout.readline().startswith(b"READY")
                click.echo(f"{number} at work, 8 waiting")
                asyncio.run(measure(port, port + 1, within))
                process.terminate()


if __name__ == "__main__":
    main()
