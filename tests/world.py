"""The world of a story: a Telegram and a mailbox (the playground), the real bot (wiring.App) over a real database, and a clock.

Nothing is stood in for but Telegram, the mail relay and the clock, and those are spoken to over their real protocols. Nothing sleeps:
`answers` waits for the bot to have answered all that was said, `settles` also for what is due. See conftest.py for the fixtures.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import exists, func, select

from delivery.sweeper import Sweeper
from kit.clock import Clock
from kit.folding import FOLDING_VERSION, fold
from playground import Mailbox, Playground
from services import access, consents, registration, secrets
from services.fund import Fund
from services.registration import Identity
from services.work import Work
from settings import Settings
from store import accounts, chats, links, news, outbox, schema, tokens
from store.db import Db
from tests.databases import FUND, KEY, NOW, PostgresTemplate, SqliteTemplate, take_in
from tests.listening import Log
from tests.people import Person, pattern_of, translations
from wiring import App, Tuning

T = TypeVar("T")
TOKEN = "1000001:AAplayground-of-the-stories-0123456789ab"
_LONG = 15.0  # seconds after which a story is stuck
_ROUNDS = 50
_TOKEN = re.compile(r"^.*[/_ ]([A-Za-z0-9_-]{43})$", re.DOTALL)  # a link with a one-time token


class Hands(Clock):
    """A clock that stands still until a story moves it."""

    def __init__(self, moved: Callable[[dt.timedelta], Awaitable[None]]) -> None:
        self.at = NOW
        self._moved = moved

    def now(self) -> dt.datetime:
        return self.at

    async def advance(self, **span: float) -> None:
        """`advance(hours=25)`: the bot's clock and Telegram's; what is due then is done."""
        step = dt.timedelta(**span)
        self.at += step
        await self._moved(step)


@dataclass(frozen=True, slots=True)
class Ground:
    """How a story's world is laid: the arguments of `@pytest.mark.world(...)`.

    on: "sqlite" or "postgresql" for a story that needs only one; both unless told.
    mode: how updates come, "polling" or "webhook". public: the bot has a public address (pages, no deep links),
    as it has by webhook. pages: False to have secrets typed into the chat although there is one.
    gate: the fund's `identity_gate`. budgets: sending and update budgets are the fund's, not lifted.
    hashing: passwords are hashed with the real parameters. fund: other values of the fund's file, by field.
    """

    on: str | None = None
    mode: str = "polling"
    public: bool = False
    pages: bool = True
    gate: str = "match"
    budgets: bool = False
    hashing: bool = False
    fund: dict[str, Any] | None = None

    def file(self) -> Fund:
        """The fund's file with these values."""
        lifted = {"updates_per_chat_per_minute": 1_000_000}
        budgets = FUND.budgets if self.budgets else FUND.budgets.model_copy(update=lifted)
        return FUND.model_copy(update={"identity_gate": self.gate, "budgets": budgets, **(self.fund or {})})


@dataclass(slots=True)
class Left:
    """What a story leaves behind, in numbers: open forms, tokens that could be spent, promises not kept, updates set aside."""

    forms: int = 0
    tokens: int = 0
    promises: int = 0
    set_aside: int = 0


class World:
    """See the fixtures `world`, `salma`, `youssef`, `nadia` in conftest.py."""

    def __init__(
        self,
        playground: Playground,
        template: SqliteTemplate | PostgresTemplate,
        ground: Ground,
        folder: Path,
        log: Log,
    ) -> None:
        self.playground, self.template, self.ground, self.folder, self.log = (
            playground,
            template,
            ground,
            folder,
            log,
        )
        self.clock = Hands(self._moved)
        self.fund = ground.file()
        self.left = Left()
        self.persons: list[Person] = []
        self.bears_failures = False
        self.spoilt = False
        self.port = _free_port()
        self.settings: Settings
        self.app: App

    # ── the bot's life ───────────────────────────────────────────────────────────────────────────────────────────────

    async def begin(self) -> None:
        """Lay the database and start the bot."""
        public = self.ground.public or self.ground.mode == "webhook"
        self.settings = Settings.model_validate(
            {
                "telegram_token": TOKEN,
                "telegram_api_url": self.playground.api_url,
                "mode": self.ground.mode,
                "public_url": self.url if public else None,
                "listen": f"127.0.0.1:{self.port}",
                "database_url": await self.template.copy(self.folder),
                "smtp_url": f"smtp+plain://127.0.0.1:{self.playground.smtp_port}",
                "mail_from": "Rafiq <rafiq@example.com>",
                "secret_key": KEY,
            }
        )
        await self.start()

    @property
    def url(self) -> str:
        """Where the bot's own pages are."""
        return f"http://127.0.0.1:{self.port}"

    def make_app(self) -> App:
        """A bot that isn't started yet, on this world's database: another replica, or the next life."""
        app = App(
            self.settings, self.fund, Tuning(clock=self.clock, strict=True, lifted=not self.ground.budgets)
        )
        if not self.ground.pages:
            object.__setattr__(app.house, "public_url", None)
        return app

    async def start(self) -> None:
        """Start the bot; it takes updates when this returns."""
        self.app = self.make_app()
        await self.app.start()
        greeting = next(
            task
            for task in self.app._tasks
            if "_greet_telegram" in getattr(task.get_coro(), "__qualname__", "")
        )
        await self._before_long(asyncio.shield(greeting))

    async def stop(self) -> None:
        """Stop the bot in order."""
        await self.app.stop()

    async def kill(self) -> None:
        """End the bot as a crash would: no update in hand is finished, nothing more is sent or marked."""
        app = self.app
        app.sender._mark = lambda *_: None  # type: ignore[method-assign]
        sending = [*app.sender._tasks, *([app.sender._writing] if app.sender._writing else [])]
        serving = app.entry._turns._serving
        for task in [*app._tasks, *sending, *([serving] if serving else [])]:
            task.cancel()
        await asyncio.gather(*app._tasks, *sending, return_exceptions=True)
        app._watchdog.stop()
        await app._server.stop()
        app._telegram.close()
        await app._session.close()
        app._offload.close()
        await app.matching.close()
        await app.db.close()
        app._in_hand.close()

    async def restart(self, *, kill: bool = False) -> None:
        """Stop (or kill) the bot and start it anew on the same database."""
        await (self.kill() if kill else self.stop())
        await self.start()
        await self.settles()

    # ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def answers(self) -> None:
        """Every update is accepted, and what was promised from memory has been sent and marked."""
        await self._before_long(self._quiet())

    async def settles(self) -> None:
        """`answers`, and what is due now has been done and sent too."""
        await self._before_long(self._settled())

    async def _quiet(self) -> None:
        await self.playground.quiet(_LONG)
        await self.app.matching.learned()
        sender = self.app.sender
        while True:
            await sender.idle.wait()
            at_work = [task for task in sender._tasks if not task.done()]
            if not at_work:
                return
            await asyncio.wait(at_work)

    async def _settled(self) -> None:
        for _ in range(_ROUNDS):
            await self._quiet()
            if not await self.app.db.read(self._waits):
                return
            await self.app.sweeper.round()
        raise AssertionError("what is due never gets done")

    def _waits(self, db: Db) -> bool:
        """Whether something is due now: of the table of what must happen, or of the outbox but for what stands behind a failed row."""
        now = self.clock.now()
        due = select(func.count()).select_from(schema.due).where(schema.due.c.at <= now)
        rows, other = schema.outbox.c, schema.outbox.alias().c
        backs_off = exists(
            select(other.id).where(
                other.destination == rows.destination,
                other.state == 0,
                other.attempts > 0,
                other.not_before > now,
            )
        )
        ready = (rows.state == 0, rows.not_before <= now, ~backs_off)
        promised = select(func.count()).select_from(schema.outbox).where(*ready)
        told = select(func.count()).select_from(schema.news).where(schema.news.c.at <= now)
        waiting = (due, promised) if news.held(db, now) else (due, promised, told)
        return any(db.execute(one).scalar_one() for one in waiting)

    async def _moved(self, step: dt.timedelta) -> None:
        self.playground.advance(step)
        await self.app.sweeper.round()
        await self.settles()

    async def _before_long(self, work: Awaitable[T]) -> T:
        """The work's result; a failure that the bot logs ends the wait at once."""
        done = asyncio.ensure_future(work)
        failed = asyncio.ensure_future(self.log.failed.wait())
        try:
            waits: set[asyncio.Future[Any]] = {done} if self.bears_failures else {done, failed}
            await asyncio.wait(waits, timeout=_LONG, return_when=asyncio.FIRST_COMPLETED)
            if not done.done():
                told = "\n".join(person.phone.chat.transcript() for person in self.persons)
                raise AssertionError(f"the story is stuck:\n{told}\n\n{self.log.tail()}")
            return done.result()
        finally:
            for task in (done, failed):
                if not task.done():
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    # ── what there is ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def mailbox(self) -> Mailbox:
        """Everybody's mails: `world.mailbox.to("salma@example.com")`, `.latest`, `.fail("550")`."""
        return self.playground.mailbox

    @property
    def sweeper(self) -> Sweeper:
        return self.app.sweeper

    def told(self, chat: int | None = None) -> str:
        """All that ever left to Telegram, or to one chat, in one text."""
        return orjson.dumps([it.params for it in self.playground.calls if chat in (None, it.chat)]).decode()

    def subjects(self, address: str) -> list[str]:
        """The subjects of the mails to an address."""
        return [mail.subject for mail in self.mailbox.to(address)]

    def activation_link(self, address: str) -> str:
        """The link in the latest mail to an address that has one: the bot's deep link, or its page."""
        for mail in reversed(self.mailbox.to(address)):
            for link in mail.links:
                if "activate" in link:
                    return link
        raise AssertionError(
            f"no activation mail for {address}, but {[m.subject for m in self.mailbox.mails]}"
        )

    def pattern(self, source: str, language: str, **values: str) -> re.Pattern[str]:
        """What fits a sentence of the catalogue in a language, markup and isolates aside. Raises LookupError for no such source."""
        forms = translations(self.app.voices[language]._catalogue._catalog, source)  # type: ignore[index, attr-defined]
        return pattern_of(forms, values)

    def person(self, first_name: str, language_code: str | None = "fr", **facts: str) -> Person:
        """Somebody new, with the facts that they would type (see people.py)."""
        person = Person(
            self,
            self.playground.person(first_name, language_code=language_code),
            first_name=first_name,
            **facts,
        )
        self.persons.append(person)
        return person

    async def directory(self, **files: tuple[str, ...]) -> None:
        """Take in more lines of the fund's files beside the running bot, by kind: participants=(…,), reimbursements=(…,)."""
        self.spoilt = True
        await asyncio.to_thread(take_in, self.settings.database_url, self.folder, files, now=self.clock.now)

    async def run(self, use_case: Callable[[Work], T]) -> T:
        """A use case in a transaction of its own; what it promises is sent."""

        def turn(db: Db) -> tuple[T, list[outbox.Promise]]:
            work = Work(db, self.clock.now(), self.app.house)
            value = use_case(work)
            return value, outbox.insert_all(db, work.promises, self.app.sender.replica, work.now)

        value, ready = await self.app.db.run(turn)
        self.app.sender.offer(ready)
        await self.answers()
        return value

    async def read(self, fn: Callable[[Db], T]) -> T:
        """What the database holds."""
        return await self.app.db.read(fn)

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        counted = select(func.count()).select_from(schema.metadata.tables[table])
        return await self.read(lambda db: int(db.execute(counted).scalar_one()))

    async def gives_space(self, person: Person, *, signed_in: bool) -> int:
        """An account for a person, linked to their chat, without any message or mail."""
        born = dt.datetime.strptime(person.born, "%d/%m/%Y").replace(tzinfo=dt.UTC).date()
        identity = Identity(person.matricule, person.last_name, person.first_name, born)
        data = {
            "email": person.email,
            "password": secrets.hash_secret(person.password),
            "question": "childhood_street",
            "own_question": False,
            "answer": secrets.hash_secret(fold(person.answer)),
            "folding": FOLDING_VERSION,
            "language": person.language,
        }

        def give(work: Work) -> int:
            language: Any = person.language
            chat = chats.lock(work.db, person.id, "private", language, work.now)
            chats.save(work.db, chat, work.now)
            found = registration._match(work, identity)
            assert found is not None, "the directory knows nobody like that"
            account = accounts.create(work.db, found.id, data, language, work.now)
            consents.give(work, account, "processing", person.id)
            access.sign_in(work, person.id, account)
            if not signed_in:
                links.lock(work.db, person.id)
            return account

        person.phone.chat.bot = "member"
        return await self.run(give)

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def leaves(self, *, forms: int = 0, tokens: int = 0, promises: int = 0, set_aside: int = 0) -> None:
        """Announce what the story leaves behind; all else must be done with at its end, and this must be there."""
        self.left = Left(forms, tokens, promises, set_aside)

    def expects_failures(self) -> None:
        """The bot will fail in this story, and say so in its log."""
        self.bears_failures = True

    async def end(self) -> None:
        """The last checks, with the bot still running: nothing unannounced is left, and nobody's words lie in the clear."""
        await self.settles()
        left = await self.read(self._left)
        assert left == self.left, f"the story announced {self.left}, but leaves {left}"
        self.log.holds_nothing_of(self._words())
        self._database_holds_nothing()

    def _left(self, db: Db) -> Left:
        state = db.execute(select(schema.chats.c.state_sealed)).scalars()
        forms = sum("form" in db.open(sealed, "chats.state") for sealed in state if sealed is not None)
        aside = select(func.count()).where(schema.set_aside.c.body_sealed.is_not(None))
        return Left(
            forms=forms,
            tokens=tokens.live(db, self.clock.now()),
            promises=outbox.pending(db),
            set_aside=db.execute(aside).scalar_one(),
        )

    def _words(self) -> set[str]:
        """What must stand in no log: all that people wrote and are, and every secret that left by mail."""
        words = {TOKEN.partition(":")[2]}
        for person in self.persons:
            words |= {person.matricule, person.last_name, person.email, person.password, person.answer}
            for message in person.phone.messages:
                if not message.from_bot:
                    words.add(_TOKEN.sub(r"\1", message.text))
        for mail in self.mailbox.mails:
            words |= {found[1] for link in mail.links if (found := _TOKEN.search(link)) is not None}
        return {word for word in words if len(word) >= 5 and not word.startswith("/")}

    def _database_holds_nothing(self) -> None:
        """No word of anybody stands in the clear in the database file or its journal (SQLite)."""
        if not isinstance(self.template, SqliteTemplate):
            return
        path = self.folder / "rafiq.db"
        content = b"".join(
            part.read_bytes() for part in (path, path.with_name("rafiq.db-wal")) if part.exists()
        )
        for word in self._words():
            encoded = word.encode()
            assert encoded not in content or encoded in self.template.content, (
                f"in the clear on disk: {word!r}"
            )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
