"""Start-up and memory with 1 000 and with 1 000 000 stored chats: neither may grow with them (DESIGN 10).

    python -m benchmarks.stored_chats [--chats 1000 --chats 1000000]

Each database is filled with chats that have an open form, an outbox and a seen set of their size; then the benchmark's contender is
started on it three times: seconds until it takes webhooks, resident memory once it stands still.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from kit.clock import to_ms
from kit.seal import Keyring
from store.db import Db
from store.migrate import migrate
from store.writer import engine

KEY = "1:" + "A" * 43 + "="
RUNS = 3
BATCH = 50_000


def fill(path: Path, chats: int) -> None:
    """A database with so many chats, each in the middle of a form, one sent row and one seen id each."""
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    made = engine(path)
    now = to_ms(dt.datetime.now(dt.UTC))
    with made.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        db = Db(connection, "sqlite", Keyring(KEY), driver)
        state = {
            "form": {
                "form": "start",
                "step": "email",
                "answers": {"matricule": "123456"},
                "former": {},
                "at": now,
            }
        }
        sealed = db.seal(state, "chats.state")
        for first in range(1, chats + 1, BATCH):
            ids = range(first, min(first + BATCH, chats + 1))
            driver.execute("BEGIN IMMEDIATE")
            driver.executemany(
                "INSERT INTO chats (id, kind, language, language_chosen, revision, state_sealed, created_at, touched_at)"
                " VALUES (?, 'private', 'fr', 0, 3, ?, ?, ?)",
                ((number, sealed, now, now) for number in ids),
            )
            driver.executemany(
                "INSERT INTO seen (update_id, at) VALUES (?, ?)", ((number, now) for number in ids)
            )
            driver.executemany(
                "INSERT INTO outbox (channel, destination, lane, method, state, attempts, not_before, created_at, done_at, private)"
                " VALUES ('telegram', 'telegram:' || ?, 1, 'sendMessage', 1, 0, ?, ?, ?, 0)",
                ((number, now, now, now) for number in ids),
            )
            driver.execute("COMMIT")
    made.dispose()


def started(path: Path, port: int) -> tuple[float, float]:
    """Seconds until READY, and MiB resident two seconds later."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.registration.rafiq_bot",
        "--port",
        str(port),
        "--api",
        "http://127.0.0.1:1",
    ]
    command += ["--database", f"sqlite+aiosqlite:///{path}"]
    begin = time.perf_counter()
    environment = {**os.environ, "RAFIQ_BENCHMARK_KEY": KEY}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"READY")
        seconds = time.perf_counter() - begin
        time.sleep(2)
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        process.terminate()
    return seconds, pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@click.command()
@click.option("--chats", multiple=True, type=int, default=(1_000, 1_000_000), show_default=True)
@click.option("--port", default=18_471, show_default=True)
def main(chats: tuple[int, ...], port: int) -> None:
    """Print a line a size: medians of three starts."""
    with tempfile.TemporaryDirectory() as folder:
        for count in chats:
            path = Path(folder) / f"{count}.db"
            fill(path, count)
            runs = [started(path, port) for _ in range(RUNS)]
            seconds, memory = (statistics.median(column) for column in zip(*runs, strict=True))
            size = path.stat().st_size / 2**20
            click.echo(
                f"{count:>9} chats ({size:.0f} MiB on disk): ready after {seconds:.2f} s, {memory:.0f} MiB resident"
            )


if __name__ == "__main__":
    main()
