"""The fixtures of the stories.

    async def test_salma_reads(world, salma):
        await salma.registers()                      # the whole way; or `await salma.has_space()`, without a word
        await salma.says("/reimbursements")
        salma.reads("I agree")  # English source of a sentence, found in her language
        await world.clock.advance(hours=25)          # the bot's clock, Telegram's, and a round of what is due
        await world.restart(kill=True)
        assert "active" in world.mailbox.to(salma.email)[-1].subject
        world.leaves(forms=1, tokens=1)              # else nothing may be left at the end

* `world`: tests/world.py, on SQLite and on PostgreSQL; `@pytest.mark.world(...)` changes it (tests/world.py, `Ground`).
* `salma` and `youssef`: participants who are in the directory (tests/databases.py), she in French, he in Arabic; no space yet.
* `nadia`: an agent of the fund. `karim` and `hind` are kept for the delegates of two companies.
* At the end of each story: no open form, no unsent promise, no live token, no update set aside but those announced by `world.leaves`;
  and nobody's words in the log, nor in the database file.
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

import wiring
from delivery.mail import Mail
from kit import speech
from playground import Playground
from services import secrets, sign_in
from services.faq import content
from services.faq.content import Content, Learned
from tests.databases import PostgresTemplate, SqliteTemplate, postgres_server
from tests.listening import listening
from tests.people import Person
from tests.world import TOKEN, Ground, World

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
# As cheap as the algorithm allows: what is tested is who gets in, not how long a guess takes.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CHEAP_DECOY = CHEAP.hash("nobody's")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "world(**ground): how the world of a story is laid, see tests/world.py"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        ground = _ground(metafunc.definition)
        kinds = BOTH if ground.on is None else [one for one in BOTH if ground.on in str(one)]
        metafunc.parametrize("database_kind", kinds, scope="function")


def _ground(item: Any) -> Ground:
    """The nearest marks win, one argument at a time."""
    told: dict[str, Any] = {}
    for mark in item.iter_markers("world"):
        told = {**mark.kwargs, **told}
    return Ground(**told)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of this worker's own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = postgres_server(Path(folder))
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """Migrated and filled once."""
    folder = tmp_path_factory.mktemp("template")
    template = SqliteTemplate(folder / "template.db")
    template.make(folder)
    return template


@pytest.fixture(scope="session")
def postgres_template(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> PostgresTemplate:
    """Migrated and filled once."""
    template = PostgresTemplate(postgres)
    template.make(tmp_path_factory.mktemp("template"))
    return template


@pytest.fixture
def template(database_kind: str, request: pytest.FixtureRequest) -> SqliteTemplate | PostgresTemplate:
    """What this story's database is copied from."""
    made: SqliteTemplate | PostgresTemplate = request.getfixturevalue(
        "sqlite_template" if database_kind == "sqlite" else "postgres_template"
    )
    return made


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing for tests: the one hook is the hasher of services/secrets.py, and the hash that stands for nobody's."""
    monkeypatch.setattr(secrets, "_HASHER", CHEAP)
    monkeypatch.setattr(secrets, "DECOY", CHEAP_DECOY)
    monkeypatch.setattr(sign_in, "DECOY", CHEAP_DECOY)


@pytest.fixture
def quick_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catalogues and certificates are read, and the same questions and answers are learned, once per worker, not at each start."""
    monkeypatch.setattr(speech, "_load", _catalogue)
    monkeypatch.setattr(wiring, "Mail", partial(Mail, tls=_trust()))
    monkeypatch.setattr(content, "trained", _trained)


_catalogue = cache(speech._load)
_learned: dict[str, Learned] = {}
_train = content.trained


def _trained(told: Content) -> Learned:
    key = repr((told.topics, told.phrasings, told.words, told.negatives))
    if key not in _learned:
        _learned[key] = _train(told)
    return _learned[key]


_trust = cache(ssl.create_default_context)


@pytest.fixture
async def world(
    request: pytest.FixtureRequest,
    template: SqliteTemplate | PostgresTemplate,
    tmp_path: Path,
    quick_starts: None,
) -> AsyncIterator[World]:
    """Telegram, the mailbox and the running bot, in which nobody has said anything yet."""
    ground = _ground(request.node)
    if not ground.hashing:
        request.getfixturevalue("cheap_hashes")
    with listening() as log:
        async with Playground(TOKEN, time_scale=0.01) as playground:
            made = World(playground, template, ground, tmp_path, log)
            await made.begin()
            try:
                yield made
                if not _failed(request.node):
                    await made.end()
            finally:
                playground.faults.clear()
                await made.stop()
                await template.drop(made.settings.database_url, spoilt=made.spoilt)


_PHASES: pytest.StashKey[bool] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember that a story failed: its last checks would only hide why."""
    report = yield
    if report.failed:
        item.stash[_PHASES] = True
    return report


def _failed(item: pytest.Item) -> bool:
    return item.stash.get(_PHASES, False)


@pytest.fixture
def salma(world: World) -> Person:
    """A participant, in French; the fund has her address on file, and it is the one she registers with."""
    return world.person(
        "Salma",
        matricule="104827",
        last_name="El Ouaïssi",
        born="14/03/1984",
        email="salma@example.com",
        password="Tournesol47",
        answer="rue des acacias",
    )


@pytest.fixture
def youssef(world: World) -> Person:
    """Another participant, in Arabic, who must see nothing of Salma's; the fund has no address of his."""
    return world.person(
        "يوسف",
        "ar",
        matricule="118305",
        last_name="بنجلون",
        born="02/11/1976",
        email="youssef@example.org",
        password="مفتاح4719x",
        answer="زنقة الياسمين",
    )


@pytest.fixture
def nadia(world: World) -> Person:
    """An agent of the fund, in French."""
    return world.person("Nadia")


@pytest.fixture
def karim(world: World) -> Person:
    """The delegate of company A, in French."""
    return world.person("Karim")


@pytest.fixture
def hind(world: World) -> Person:
    """The delegate of company B, in Arabic."""
    return world.person("هند", "ar")
