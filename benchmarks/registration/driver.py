"""One measurement: plays Telegram to one contender, in a process of its own, and prints its figures as JSON.

    python -m benchmarks.registration.driver aiogram_bot --chats 50

It opens the Bot API on a free port, starts the contender (see contract.py) as its child, lets a small crowd warm it up,
then measures a larger one. Run `python -m benchmarks.registration` for several contenders side by side.
"""

import argparse
import asyncio
import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import time
from dataclasses import dataclass

import orjson
import uvloop

from benchmarks.registration import procfs
from benchmarks.registration.crowd import Crowd, Plan, Tally
from benchmarks.registration.figures import Figures, percentile_ms
from benchmarks.registration.sink import BotApi
from benchmarks.registration.updates import ANSWERS
from benchmarks.registration.webhook import Webhook

START_SECONDS = 30.0
STOP_SECONDS = 10.0
SETTLE_SECONDS = 0.3
"""How long to listen for screens nobody waits for, once all conversations have ended."""


class ContenderFailed(Exception):
    """The contender said no READY, or ended in mid-run; the message is what it said last, or its status."""


@dataclass(frozen=True)
class Setup:
    """What is measured beside the crowd's plan."""

    contender: str
    """A module of this package, or a dotted one."""
    connections: int = 0
    """Webhook connections; 0: one a chat."""
    api_delay: float = 0.0
    """Seconds the Bot API takes to answer."""
    warmup: int = 20
    """Conversations before the measurement."""
    database: str | None = None
    postgres_pid: int | None = None
    """The database server whose CPU is reported apart."""


@dataclass(frozen=True)
class Contender:
    """A running contender."""

    process: asyncio.subprocess.Process
    pid: int
    port: int
    start_s: float

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL if it doesn't end."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def start(setup: Setup, api: str) -> Contender:
    """Start the contender and wait until it is ready. Raises ContenderFailed."""
    module = setup.contender if "." in setup.contender else f"benchmarks.registration.{setup.contender}"
    port = free_port()
    command = [sys.executable, "-m", module, "--port", str(port), "--api", api]
    if setup.database:
        command += ["--database", setup.database]
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout
    said = b""
    try:
        async with asyncio.timeout(START_SECONDS):
            async for line in process.stdout:
                if line.startswith(b"READY "):
                    took = time.perf_counter() - began
                    return Contender(process, int(line.split()[1]), port, took)
                said = line.strip() or said
    except TimeoutError:
        said = said or b"it took too long"
    await Contender(process, process.pid, port, 0.0).stop()
    raise ContenderFailed(said.decode(errors="replace") or f"it ended with status {process.returncode}")


async def _listen(process: asyncio.subprocess.Process) -> None:
    """Pass on what the contender says, so that its pipe never fills."""
    assert process.stdout
    async for line in process.stdout:
        sys.stderr.write(line.decode(errors="replace"))


async def measure(setup: Setup, plan: Plan) -> Figures:
    """Start the contender, warm it up, let the crowd talk, stop it. Raises ContenderFailed."""
    crowds: list[Crowd] = []
    api = BotApi(lambda screen: crowds[-1].show(screen) if crowds else None, setup.api_delay)
    server = await asyncio.get_running_loop().create_server(api.connection, "127.0.0.1", 0, backlog=1024)
    with contextlib.closing(server):
        contender = await start(setup, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        listener = asyncio.ensure_future(_listen(contender.process))
        webhook = Webhook(contender.port, setup.connections or plan.chats)
        try:
            return await _measure(setup, plan, contender, webhook, api, crowds)
        finally:
            webhook.close()
            await contender.stop()
            listener.cancel()


async def _measure(
    setup: Setup, plan: Plan, contender: Contender, webhook: Webhook, api: BotApi, crowds: list[Crowd]
) -> Figures:
    async def talk(wanted: Plan, first_number: int, usual: list[str]) -> Tally:
        crowds.append(Crowd(webhook, wanted, first_number=first_number, usual=usual))
        tally = await crowds[-1].talk()
        await asyncio.sleep(SETTLE_SECONDS)
        return tally

    idle = procfs.memory_mib(contender.pid)
    await webhook.connect()
    warm = await talk(Plan(min(plan.chats, 10), setup.warmup, 20.0, patience=plan.patience), 0, [])
    usual = warm.transcript if len(warm.transcript) == ANSWERS else []
    calls, own, before = api.calls, time.process_time(), _cpu(setup, contender)
    tally = await talk(plan, setup.warmup, usual)
    if contender.process.returncode is not None:
        raise ContenderFailed(f"it ended in mid-run with status {contender.process.returncode}")
    after = _cpu(setup, contender)
    costs = (after[0] - before[0], after[1] - before[1], time.process_time() - own)
    memory = (idle, procfs.memory_mib(contender.pid, peak=True))
    return _figures(setup, plan, tally, contender, costs, memory, api.calls - calls)


def _cpu(setup: Setup, contender: Contender) -> tuple[float, float]:
    """CPU seconds so far: of the contender, of the database server."""
    server = procfs.cpu_seconds(setup.postgres_pid) if setup.postgres_pid else 0.0
    return procfs.cpu_seconds(contender.pid), server


def _figures(
    setup: Setup,
    plan: Plan,
    tally: Tally,
    contender: Contender,
    costs: tuple[float, float, float],
    memory: tuple[float, float],
    calls: int,
) -> Figures:
    updates = len(tally.replied) + len(tally.replied_hashing)
    cpu_us, postgres_cpu_us, driver_cpu_us = (round(cost * 1e6 / max(1, updates), 1) for cost in costs)
    return Figures(
        contender=setup.contender,
        chats=plan.chats,
        updates=updates,
        conversations=tally.finished,
        seconds=round(tally.seconds, 3),
        updates_per_s=round(updates / max(tally.seconds, 1e-9), 1),
        ack_p50_ms=round(percentile_ms(tally.acknowledged, 0.5), 3),
        ack_p99_ms=round(percentile_ms(tally.acknowledged, 0.99), 3),
        reply_p50_ms=round(percentile_ms(tally.replied, 0.5), 3),
        reply_p99_ms=round(percentile_ms(tally.replied, 0.99), 3),
        reply_max_ms=round(percentile_ms(tally.replied, 1.0), 3),
        hashing_p50_ms=round(percentile_ms(tally.replied_hashing, 0.5), 3),
        cpu_us=cpu_us,
        postgres_cpu_us=postgres_cpu_us,
        driver_cpu_us=driver_cpu_us,
        start_s=round(contender.start_s, 2),
        idle_mib=round(memory[0], 1),
        peak_mib=round(memory[1], 1),
        calls_per_update=round(calls / max(1, updates), 2),
        duplicates=tally.duplicates,
        lost=tally.lost,
        late=tally.late,
        refused=tally.refused,
        delivered_twice=tally.delivered_twice,
        astray=tally.astray,
        transcript=tally.transcript,
    )


def parser() -> argparse.ArgumentParser:
    """The command line; `python -m benchmarks.registration` writes it, people may."""
    given = argparse.ArgumentParser(prog="benchmarks.registration.driver", description=__doc__)
    given.add_argument("contender")
    given.add_argument("--chats", type=int, default=50)
    given.add_argument("--conversations", type=int, default=2000)
    given.add_argument("--seconds", type=float, default=8.0)
    given.add_argument("--rate", type=float, default=0.0)
    given.add_argument("--twice", type=float, default=0.0)
    given.add_argument("--hashing", type=float, default=0.0)
    given.add_argument("--patience", type=float, default=10.0)
    given.add_argument("--same-chats", action="store_true")
    given.add_argument("--connections", type=int, default=0)
    given.add_argument("--api-delay", type=float, default=0.0, metavar="SECONDS")
    given.add_argument("--warmup", type=int, default=20)
    given.add_argument("--database")
    given.add_argument("--postgres-pid", type=int)
    return given


def main() -> int:
    given = vars(parser().parse_args())
    setup = Setup(**{name: given.pop(name) for name in Setup.__dataclass_fields__})
    # A collection in mid-run would be counted as the contender's latency; what the driver leaves behind is small.
    gc.disable()
    # Two descriptors a chat, and then some: 500 chats pass the usual 1024.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        figures = uvloop.run(measure(setup, Plan(**given)))
    except (ContenderFailed, OSError) as error:
        print(f"{setup.contender}: {error}", file=sys.stderr)
        return 1
    os.write(1, orjson.dumps(figures.as_dict()) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
