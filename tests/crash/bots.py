"""The bot's processes: started as an operator starts them, ended as a machine ends them, and a balancer in front of them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import aiohttp
from aiohttp import web

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0  # after which a bot that isn't ready is a failure of the run
END_SECONDS = 25.0  # SIGTERM: 20 s for the turns in hand (FL-27), and the interpreter's own end


def free_port() -> int:
    """A port of this machine that is free now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Bot:
    """One replica: a port of its own, and one process after the other on it."""

    def __init__(self, name: str, folder: Path, arguments: list[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.port = free_port()
        self.ready = False
        self.ready_after: list[float] = []  # seconds from each start to a green /readyz
        self.ended_badly: list[str] = []
        self._folder = folder
        self._arguments = [sys.executable, "-m", "tests.crash.launcher", *arguments, "run"]
        self._environment = {**environment, "RAFIQ_LISTEN": f"127.0.0.1:{self.port}"}
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / f"{name}.log"

    async def start(self) -> None:
        """Start a process and wait until it is ready. Raises TimeoutError, RuntimeError when it ends instead."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments,
                cwd=self._folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
            while not await self._green(session):
                if self._process.returncode is not None:
                    raise RuntimeError(f"{self.name} ended at its start: {self._process.returncode}")
                if time.monotonic() - began > START_SECONDS:
                    raise TimeoutError(f"{self.name} was not ready within {START_SECONDS} s")
                await asyncio.sleep(0.02)
        self.ready_after.append(time.monotonic() - began)
        self.ready = True

    async def _green(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process; one that is gone already is told by `gone`."""
        assert self._process is not None
        if number in (signal.SIGKILL, signal.SIGTERM):
            self.ready = False
        if self._process.returncode is None:
            self._process.send_signal(number)

    async def gone(self, *, killed: bool) -> None:
        """Wait for the end that was asked for. One that came otherwise is noted: it is the bot's own doing."""
        assert self._process is not None
        try:
            async with asyncio.timeout(END_SECONDS):
                status = await self._process.wait()
        except TimeoutError:
            self.ended_badly.append(f"{self.name} did not end within {END_SECONDS} s of SIGTERM")
            self._process.kill()
            status = await self._process.wait()
        wanted = -signal.SIGKILL if killed else 0
        if status != wanted:
            self.ended_badly.append(f"{self.name} ended with status {status}, not {wanted}")

    async def end(self) -> None:
        """End whatever is left, at the end of a run that failed."""
        if self._process is not None and self._process.returncode is None:
            os.kill(self._process.pid, signal.SIGCONT)
            self._process.kill()
            await self._process.wait()


class Balancer:
    """What stands before the replicas: each request goes to the next that is there. A connection that breaks breaks for the client too."""

    def __init__(self, bots: list[Bot], delivering: Callable[[], None]) -> None:
        self.port = 0
        self.refusals: Counter[tuple[int, str]] = Counter()  # of updates: status and Retry-After
        self._bots = bots
        self._delivering = delivering
        self._turn = count()

    async def start(self) -> None:
        """Listen on a port of our own."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60)
        )
        self._runner = web.ServerRunner(web.Server(self._pass_on, access_log=None), shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close."""
        await self._runner.cleanup()
        await self._session.close()

    async def _pass_on(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        update = request.path == "/telegram"
        if update:
            self._delivering()
        first = next(self._turn)
        for turn in range(len(self._bots)):
            bot = self._bots[(first + turn) % len(self._bots)]
            try:
                async with self._session.request(
                    request.method,
                    f"http://127.0.0.1:{bot.port}{request.path_qs}",
                    data=body,
                    headers=request.headers,
                    allow_redirects=False,
                ) as answer:
                    if update and answer.status != 200:
                        self.refusals[answer.status, answer.headers.get("Retry-After", "")] += 1
                    kept = {k: v for k, v in answer.headers.items() if k.lower() not in _OF_THE_CONNECTION}
                    return web.Response(status=answer.status, body=await answer.read(), headers=kept)
            except aiohttp.ClientConnectorError:
                continue  # nobody there: the next one
            except (aiohttp.ClientError, TimeoutError):
                break  # it may have taken effect: nobody knows
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=502)


_OF_THE_CONNECTION = {"content-length", "connection", "transfer-encoding", "date", "server"}
