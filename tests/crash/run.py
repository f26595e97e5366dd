"""One run: the world, the bot, the nemesis; then healing, draining, and the audit."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from playground import Playground
from services.fund import DEFAULT
from tests.crash import audit, folk, ledger
from tests.crash.bots import ROOT, Balancer, Bot
from tests.crash.browser import Browser
from tests.crash.moments import Moments
from tests.crash.nemesis import Nemesis, calm, trouble
from tests.crash.people import Script
from tests.crash.places import MATRICULE, Place

TOKEN = "123456789:AAcrashtestAAcrashtestAAcrashtestA"
TIME_SCALE = 0.05  # Telegram's minute of waiting lasts three seconds
HEAL_SECONDS = 40.0  # in which everybody gets to the end, once there are no faults any more; and in which the outbox empties


@dataclass(frozen=True)
class Plan:
    """What is tried; a run is played again by its plan."""

    seed: int
    mode: Literal["webhook", "polling"] = "webhook"
    replicas: int = 1
    chats: int = 12
    kills: int = 10
    importing: bool = False  # an import runs beside, in a process of its own
    cuts: bool = False  # the database's connections are cut too
    mutant: str | None = None
    heal_seconds: float = HEAL_SECONDS


@dataclass
class Outcome:
    """What came of it. `faults` are the sentences of the audit."""

    plan: Plan
    dialect: str
    faults: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)


class Run:
    """A plan being played in a folder of its own."""

    def __init__(self, plan: Plan, place: Place, folder: Path) -> None:
        self.plan, self.place, self.folder = plan, place, folder
        self.rng = random.Random(plan.seed)
        self.members = folk.draw(plan.chats, random.Random(self.rng.random()))
        self.outcome = Outcome(plan, place.dialect)
        self._promises: list[audit.Row] = []
        self._began = time.monotonic()
        self._history = (folder / "history.jsonl").open("w", encoding="utf-8")
        self.note("plan", **asdict(plan), dialect=place.dialect)

    def note(self, event: str, **details: object) -> None:
        """A line of the history."""
        at = round(time.time(), 3)
        self._history.write(json.dumps({"at": at, "event": event, **details}) + "\n")

    async def play(self) -> Outcome:
        """The whole run. The history and the logs stay in the folder."""
        try:
            self.url = await self.place.fresh(self.members, self.folder)
            self.playground = Playground(TOKEN, time_scale=TIME_SCALE, seed=self.plan.seed)
            async with self.playground, self._bots(), self._clerk():
                await self._rage_and_heal()
            if self.plan.mutant is None:
                self.outcome.faults += self.place.sound(self.url)
        finally:
            self._tell()
            self._history.close()
        return self.outcome

    @asynccontextmanager
    async def _bots(self) -> AsyncIterator[None]:
        self.moments = Moments()
        arguments = ["--mutant", self.plan.mutant] if self.plan.mutant else []
        self.bots: list[Bot] = []
        self.balancer = Balancer(self.bots, lambda: self.moments.happen("delivery"))
        await self.balancer.start()
        names = [f"bot-{number}" for number in range(self.plan.replicas)]
        self.bots += [Bot(name, self.folder, arguments, self._environment()) for name in names]
        try:
            yield
        finally:
            for bot in self.bots:
                await bot.end()
            await self.balancer.stop()

    def _environment(self) -> dict[str, str]:
        fund = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
        fund["budgets"] |= {
            "private_chat_per_second": 30,
            "overall_per_second": 500,
            "updates_per_chat_per_minute": 3_000,
        }
        (self.folder / "fund.yaml").write_text(yaml.safe_dump(fund, allow_unicode=True), encoding="utf-8")
        settings = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.playground.api_url,
            "MODE": self.plan.mode,
            "DATABASE_URL": self.url,
            "SMTP_URL": f"smtp+plain://127.0.0.1:{self.playground.smtp_port}",
            "MAIL_FROM": "Rafiq <rafiq@example.com>",
            "SECRET_KEY": self.place.key,
            "FUND_FILE": str(self.folder / "fund.yaml"),
            "LOG_LEVEL": "debug",
        }
        if self.plan.mode == "webhook":
            settings["PUBLIC_URL"] = f"http://127.0.0.1:{self.balancer.port}"
        ours = {f"RAFIQ_{name}": value for name, value in settings.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RAFIQ_")}
        return {**kept, **ours, "PYTHONPATH": str(ROOT)}

    @asynccontextmanager
    async def _clerk(self) -> AsyncIterator[None]:
        """The back office imports for ever, beside the bot."""
        if not self.plan.importing:
            yield
            return
        clerk = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.crash.clerk", self.url, MATRICULE),
            *(str(self.folder / f"clerk-{amount}.csv") for amount in (210, 200)),
            env={**os.environ, "RAFIQ_SECRET_KEY": self.place.key, "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        work = asyncio.ensure_future(self._keep_busy(clerk))
        try:
            yield
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            assert clerk.stdin is not None
            clerk.stdin.close()
            await clerk.wait()

    async def _keep_busy(self, clerk: asyncio.subprocess.Process) -> None:
        assert clerk.stdin is not None
        assert clerk.stdout is not None
        rng = random.Random(self.plan.seed)
        while True:
            clerk.stdin.write(b"next\n")
            status = (await clerk.stdout.readline()).strip()
            self.note("import", status=status.decode())
            if status != b"0":
                self.outcome.faults.append(f"import: it ended with {status!r} beside the bot")
                return
            await asyncio.sleep(rng.uniform(0.0, 0.3))

    async def _rage_and_heal(self) -> None:
        plan, playground = self.plan, self.playground
        self.moments.watch(playground)
        for bot in self.bots:
            await bot.start()
        for bot in self.bots:
            bot.ready_after.clear()  # a start in peace is no recovery
        browser, enough = Browser(), asyncio.Event()
        self.scripts = [self._script(member, browser, enough) for member in self.members]
        talks: list[asyncio.Task[None]] = []

        def arrive(kills: int) -> None:
            """The next people come as the kills go by, so that each kill meets people at every step."""
            due = min(len(self.scripts), 4 + kills * len(self.scripts) // max(1, plan.kills))
            while len(talks) < due:
                talks.append(asyncio.ensure_future(self.scripts[len(talks)].play()))

        self.nemesis = Nemesis(
            random.Random(self.rng.random()),
            self.bots,
            playground,
            self.moments,
            plan.kills,
            (lambda: self.place.cut(self.url)) if plan.cuts else None,
            self.note,
            arrive,
        )
        try:
            trouble(playground)
            arrive(0)
            await self.nemesis.rage()
            arrive(plan.kills)
            calm(playground)
            self.note("calm")
            enough.set()
            await asyncio.wait(talks, timeout=plan.heal_seconds)
            await self._drain()
            self.note("drained")
            await self._judge()
        finally:
            for talk in talks:
                talk.cancel()
            ends = await asyncio.gather(*talks, return_exceptions=True)
            await browser.close()
        self.outcome.faults += [f"script: {end!r}" for end in ends if isinstance(end, Exception)]

    def _script(self, member: folk.Member, browser: Browser, enough: asyncio.Event) -> Script:
        person = self.playground.person(member.first_name, member.last_name, language_code=member.language)
        rng = random.Random(self.rng.random())
        by_page = self.plan.mode == "webhook"
        return Script(self.playground, member, person, browser, rng, self.note, enough, by_page)

    async def _drain(self) -> None:
        """Every update taken, every row gone that can go; what is late is told by the audit."""
        ends = time.monotonic() + self.plan.heal_seconds
        while time.monotonic() < ends:
            if self.playground.updates.idle and not await ledger.waiting(self.url, self.place.key):
                return
            await asyncio.sleep(0.1)

    async def _judge(self) -> None:
        plan, place, faults = self.plan, self.place, self.outcome.faults
        known = audit.canaries(self.members, self.scripts, TOKEN, place.key)
        faults += await asyncio.to_thread(lambda: list(audit.exposed(known, place.at_rest(self.url))))
        for bot in self.bots:
            bot.signal(signal.SIGTERM)
        for bot in self.bots:
            await bot.gone(killed=False)
            faults += bot.ended_badly
            faults += audit.exposed(known, iter([(bot.log.name, bot.log.read_bytes())]))
            faults += audit.complaints(bot.log.read_bytes())
        book = await ledger.read(self.url, place.key)
        self._promises = book.outbox
        evidence = audit.Evidence(
            self.playground,
            self.scripts,
            book,
            self.nemesis.blows,
            dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1),
        )
        faults += audit.check(evidence)
        if not plan.cuts and (busy := self.balancer.refusals[503, "5"]):
            faults.append(f"refused: {busy} updates, while the database was well")
        self._measure(evidence)

    def _measure(self, evidence: audit.Evidence) -> None:
        struck = self.playground.faults.struck
        self.outcome.figures = {
            **self.nemesis.done,
            "ready_after": sorted(round(one, 2) for bot in self.bots for one in bot.ready_after),
            "updates": len(self.playground.accepted),
            "calls": len(self.playground.api.calls),
            "mails": len(self.playground.mailbox.mails),
            "rounds": sum(script.rounds for script in self.scripts),
            "faults": dict(struck),
            "mail_faults": dict(self.playground.mailbox.struck),
            "expired": len(self.playground.updates.expired),
            "refusals": {
                f"{status} {after}".strip(): n for (status, after), n in self.balancer.refusals.items()
            },
            "extra_copies": evidence.extra_copies,
            "most_copies": evidence.most_copies,
            "extra_bound": evidence.bound,
            "extra_mails": evidence.extra_mails,
            "unsettled": sum(script.unsettled for script in self.scripts),
            "seconds": round(time.monotonic() - self._began, 1),
        }

    def _tell(self) -> None:
        """The rest of the history: what was called, what was promised (where something is amiss), what was found."""
        for call in self.playground.api.calls if hasattr(self, "playground") else ():
            shown = {key: call.params[key] for key in ("chat_id", "message_id") if key in call.params}
            self.note("call", method=call.method, time=call.time, ok=call.ok, fault=call.fault, **shown)
        for row in self._promises if self.outcome.faults else ():
            words = row.body.get("text", "").partition("\n")[0][:60]
            times = {"created": row.created.timestamp(), "state": row.state, "after": row.after}
            self.note(
                "row", id=row.id, to=row.destination, lane=row.lane, method=row.method, words=words, **times
            )
        for fault in self.outcome.faults:
            self.note("fault", words=fault)
        self.note("figures", **self.outcome.figures)
