"""How fast files are taken in, with how much memory, and what a bot beside it feels. `python -m benchmarks.imports --lines 100000`

For each kind: a first run into an empty table and a second one of the same file, on SQLite (`synchronous=FULL`, everything sealed), each
in a process of its own whose peak memory is told. With `--beside` another process writes small turns to the same file meanwhile and
tells how long they took.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kit.seal import Keyring, new_key
from services.imports import run_import
from store.blocking import Blocking
from store.database import open_database
from store.schema import metadata
from store.seen import note
from store.writer import engine

ORDER = ("participants", "beneficiaries", "guarantees", "reimbursements")
TODAY = dt.date(2026, 11, 21)
PATTERN = "[0-9]{4,10}"
FAMILY = 3  # people cared for by a participant's card


def lines(kind: str, count: int) -> Iterator[str]:
    """A file of that many lines below its header, the same at each run. Statements come by their day, people in no order."""
    draw = random.Random(7)
    if kind == "participants":
        yield "matricule,last_name,first_name,birth_date,last_name_ar,first_name_ar,email,phone,left_on"
        for number in range(count):
            day = dt.date(1950, 1, 1) + dt.timedelta(draw.randrange(18_000))
            yield f"{100000 + number},El Ouaïssi {number % 977},Salma,{day},الوعيسي,سلمى,p{number}@example.com,0612345678,"
    elif kind == "beneficiaries":
        yield "beneficiary_id,matricule,last_name,first_name,relation,birth_date"
        for number in range(count):
            who, place = divmod(number, FAMILY)
            yield f"B{who}-{place},{100000 + who},El Ouaïssi,Salma,{('self', 'spouse', 'child')[place]},1980-05-{1 + number % 28:02}"
    elif kind == "guarantees":
        yield "act_code,label_fr,label_ar,rate_percent,ceiling,period"
        for number in range(min(count, 10_000)):
            yield f"A{number},Consultation n° {number},استشارة طبية,80,1500.00,year"
    else:
        yield (
            "line_id,statement_number,matricule,beneficiary_id,payment_date,care_start,care_end,act_code,"
            "amount_claimed,amount_paid_by_scheme,amount_reimbursed"
        )
        left = who = 0
        for number in range(count):
            if left == 0:  # a statement of one to five lines of one person
                left, who = draw.randrange(1, 6), draw.randrange(count // FAMILY)
            left -= 1
            paid = dt.date(2024, 1, 1) + dt.timedelta(number * 1000 // count)
            care = paid - dt.timedelta(draw.randrange(1, 40))
            claimed = draw.randrange(5_000, 300_000)
            amounts = f"{claimed / 100:.2f},{claimed * 6 // 1000}.00,{claimed * 3 // 1000}.00"
            key = f"L{number:09},S{number // 50},{100000 + who},B{who}-{left % FAMILY}"
            yield f"{key},{paid},{care},{care},A{draw.randrange(400)},{amounts}"


def once(kind: str, path: Path, database: Path, key: str) -> None:
    """One run in this process; prints its figures as JSON."""
    with Blocking(f"sqlite+aiosqlite:///{database}", Keyring(key)) as blocking:
        begun, cpu = time.perf_counter(), time.process_time()
        report = run_import(kind, path, blocking, matricule=PATTERN, today=TODAY)
        took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    said = {"rate": round(report.lines / took), "cpu": round(cpu / report.lines * 1e6), "mb": peak}
    print(json.dumps({**said, "new": report.new, "changed": report.changed, "rejected": report.rejected}))


async def beside(database: Path, key: str) -> None:
    """Small turns, 50 a second, until our input closes; prints their times in ms as JSON."""
    house = open_database(f"sqlite+aiosqlite:///{database}", Keyring(key))
    loop = asyncio.get_running_loop()
    ended = loop.run_in_executor(None, sys.stdin.read)
    times: list[float] = []
    while not ended.done():
        begun = time.perf_counter()
        number = len(times) + time.time_ns()
        await house.run(lambda db, number=number: note(db, number, dt.datetime.now(dt.UTC)))  # type: ignore[misc]
        times.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.02)
    await house.close()
    times.sort()
    at = {name: round(times[int(len(times) * share)], 1) for name, share in (("p50", 0.5), ("p99", 0.99))}
    print(json.dumps({"turns": len(times), **at, "max": round(times[-1], 1)}))


def child(*arguments: str) -> subprocess.Popen[str]:
    """This program once more, as a process."""
    command = [sys.executable, "-m", "benchmarks.imports", *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--lines", type=int, default=100_000)
    asked.add_argument("--beside", action="store_true")
    asked.add_argument("--once", nargs=4, help=argparse.SUPPRESS)
    asked.add_argument("--turns", nargs=2, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.once:
        once(given.once[0], Path(given.once[1]), Path(given.once[2]), given.once[3])
    elif given.turns:
        asyncio.run(beside(Path(given.turns[0]), given.turns[1]))
    else:
        compare(given.lines, given.beside)


def compare(count: int, beside: bool) -> None:
    """Each kind, twice; a line of figures each."""
    with tempfile.TemporaryDirectory() as folder:
        key, database = new_key(), Path(folder) / "rafiq.db"
        made = engine(database)
        metadata.create_all(made)
        made.dispose()
        for kind in ORDER:
            path = Path(folder) / f"{kind}.csv"
            with path.open("w", encoding="utf-8") as out:
                out.writelines(f"{line}\n" for line in lines(kind, count))
            for run in ("first", "second"):
                neighbour = child("--turns", str(database), key) if beside else None
                said, _ = child("--once", kind, str(path), str(database), key).communicate()
                felt = f"  turns beside: {neighbour.communicate('')[0].strip()}" if neighbour else ""
                print(f"{kind:15} {run:6} {said.strip()}{felt}", flush=True)
            path.unlink()


if __name__ == "__main__":
    main()
