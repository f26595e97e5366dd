"""Rafiq's wiring: which part gets what, in what order they start, and how they leave."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from telegram.error import TelegramError

from bot import commands
from bot.client import make_bot
from bot.conversations import sign_in
from bot.entry import Entry
from bot.forms.engine import Forms
from bot.forms.form import Form
from bot.handlers import account, approvals, consent, faq, requests, unanswered, verify
from bot.handlers import recovery as forgotten
from bot.in_hand import InHand
from bot.incoming import Kind
from bot.matching import Matching
from bot.polling import ALLOWED_UPDATES, Poller
from bot.render import Renderer, wipe
from bot.routing import Router
from bot.secret_page import SecretPage
from bot.ways import FORMS, all_places
from bot.words import apology, delete_yourself, undelivered
from delivery.afterwards import Afterwards
from delivery.budgets import Pace
from delivery.erasures import Erasures
from delivery.letters import Addresses
from delivery.mail import Mail, NoMail
from delivery.papers import MAKERS
from delivery.sender import Channel, Sender
from delivery.sweeper import Bulk, Sweeper
from delivery.telegram import Telegram
from delivery.uploads import Uploads
from kit.clock import Clock
from kit.offload import Offload, at_once
from kit.seal import Keyring
from kit.speech import Voices
from kit.watchdog import Watchdog
from services import documents as documents_of_fund
from services import erasure, news, request_reminders
from services import recovery as recovering
from services import registration as registering
from services.access import Standing
from services.downloads import DRAWN
from services.fund import Fund, FundFileRefused
from services.secrets import COMPUTATIONS
from services.work import House, Work
from settings import Settings
from store import keycheck
from store.database import Database, embedded, open_database
from store.migrate import migrate
from store.solo import Solo
from webhooks.app import make_app
from webhooks.metrics import Metrics
from webhooks.once import Once

log = structlog.get_logger("rafiq")

WEBHOOK_LOOK_SECONDS = 300.0  # how often we look whether Telegram still sends to us


@dataclass(frozen=True, slots=True)
class Tuning:
    """What demo, tests and benchmarks change: the clock, sentences that must be translated, budgets lifted, hashing replaced."""

    clock: Clock = field(default_factory=Clock)
    strict: bool = False
    lifted: bool = False
    hashing_threads: int = field(default_factory=at_once)
    replica_name: str | None = None
    mini_apps: tuple[str, ...] = ("https://",)


class App:
    """The whole bot in one process. `start` serves; `stop` finishes the turns in hand and leaves."""

    def __init__(
        self, settings: Settings, fund: Fund, tuning: Tuning | None = None, forms: Sequence[Form] = FORMS
    ) -> None:
        tuning = tuning or Tuning()
        self.settings, self.fund, self.clock = settings, fund, tuning.clock
        if fund.identity_gate == "agent" and settings.agents_chat_id is None:
            raise FundFileRefused(
                ["identity_gate: agent needs RAFIQ_AGENTS_CHAT_ID, the group where agents approve"]
            )
        self._token = settings.telegram_token.get_secret_value()
        self._host, self._port = settings.address
        keys = Keyring(settings.secret_key.get_secret_value())
        self.db: Database = open_database(settings.database_url, keys)
        self.voices = Voices(fund.opening_hours.timezone, strict=tuning.strict)
        self.renderer = Renderer(self.voices, tuning.mini_apps)
        self.house = House(
            fund,
            self.renderer.draw,
            settings.public_url,
            settings.agents_chat_id,
            wipe,
            settings.documents,
            menu=lambda chat, standing, now: commands.follow(
                self.places, self.voices, chat, Standing(standing), now
            ),
        )
        self.addresses = Addresses(settings.public_url)
        self.faq = faq.Faq()
        self.forms = Forms(*forms, aside=self.faq.aside, cry=self.faq.cry)
        # The same in every replica and after every start: what Telegram sends with the former life's token is not refused.
        self.secret_token = keys.blind(self._token, b"telegram webhook").hex()
        self.places = all_places(self.forms, self.faq, lambda: self.addresses.bot_username)
        self.faq.knows(self.forms, self.places)
        self.matching = Matching(self.db)
        beside = {**self.matching.computations, DRAWN: lambda *of: self._uploads.drawn(*of)}
        self._offload = Offload(tuning.hashing_threads, kinds=COMPUTATIONS, beside=beside)
        self._pace = Pace(fund.budgets, lifted=tuning.lifted)
        self._name = tuning.replica_name or f"{socket.gethostname()}:{self._port}"
        self._tasks: list[asyncio.Task[Any]] = []
        self._watchdog = Watchdog([self.db.busy_since])
        self._poller: Poller | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._webhook_url = f"{settings.public_url}/telegram"
        self._in_hand = InHand(_in_hand_file(settings))
        self._erasures = Erasures(_erasures_file(settings), self.db.tidy)

    async def start(self) -> None:
        """Begin to serve: pages and health first, then what is due, then updates."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        settings = self.settings
        self._uploads = Uploads(self.db, self.house, self.voices, self.clock, self._session, MAKERS, apology)
        self._telegram = Telegram(settings.telegram_api_url, self._token, self._uploads)
        channels: dict[str, Channel] = {
            "telegram": self._telegram,
            "mail": self._mail(),
            erasure.CHANNEL: self._erasures,
        }
        afterwards = Afterwards(
            self.house,
            undeletable=lambda work, chat_id: work.tell(chat_id, delete_yourself()),
            undelivered=lambda work, chat_id: work.tell(chat_id, undelivered()),
            unreached=news.unreached,
            dead_mails={
                registering.ACTIVATION: registering.mail_refused,
                recovering.MAIL: recovering.mail_refused,
            },
            late_mails={registering.ACTIVATION: registering.mail_late},
            sent_mails={recovering.MAIL: recovering.mail_accepted},
        )
        missing = documents_of_fund.faults(self.fund, settings.documents)
        if missing:
            log.warning("documents.missing", files=missing)
        replica = secrets.randbits(53)
        metrics = Metrics()
        self.sender = Sender(self.db, channels, self._pace, afterwards, self.clock, replica, metrics.sent)
        happenings = {
            "form": self.forms.happen_expired,
            recovering.DUE: recovering.happen,
            request_reminders.DUE: request_reminders.happen,
        }
        self.sweeper = Sweeper(
            self.db,
            self.house,
            self.sender,
            self._pace,
            happenings,
            Bulk(news.tell, news.awake),
            self.clock,
            self._name,
            self.matching,
        )
        router = self._router()
        self.entry = Entry(
            self.db,
            self.house,
            router,
            self.renderer,
            self.sender,
            self._offload,
            self.clock,
            self._in_hand,
        )
        await self.db.read(keycheck.check)
        await self._erase_again()
        await self.matching.start()
        await self.sweeper.start()
        await self.entry.suspect()
        await self._listen(metrics, SecretPage(router, self.forms, self.renderer))
        self._spawn(self.sweeper.rounds())
        self._spawn(self._watchdog.beats())
        self._spawn(self._greet_telegram())

    async def _erase_again(self) -> None:
        """What a restored backup brought back of those who were erased goes again, before anybody is served."""
        stones = self._erasures.read()
        again = await self.db.run(lambda db: erasure.replay(Work(db, self.clock.now(), self.house), stones))
        if again:
            log.warning("erasures.replayed", accounts=again)
            await self.db.tidy()

    def _router(self) -> Router:
        return Router(
            self.places,
            self.forms,
            deep_links={"activate": account.activation_link, **forgotten.deep_links(self.forms)},
            tokens=forgotten.TOKENS,
            sign_in=sign_in.first,
            consent=consent.bar,
            desk=dict.fromkeys(approvals.VERBS, approvals.press)
            | dict.fromkeys(requests.VERBS, requests.press)
            | dict.fromkeys(unanswered.VERBS, unanswered.press),
            unasked={Kind.FORWARDED: verify.forwarded},
            question=self.faq.question,
            desk_commands={unanswered.COMMAND: unanswered.command, requests.COMMAND: requests.command},
            desk_replies=unanswered.reply,
        )

    def _mail(self) -> Channel:
        settings = self.settings
        if settings.smtp_url is None or settings.mail_from is None:
            log.warning("mail.not_configured")
            return NoMail()
        return Mail(
            settings.smtp_url.get_secret_value(),
            settings.mail_from,
            self.fund,
            self.voices,
            self.addresses,
            clock=self.clock,
        )

    async def _listen(self, metrics: Metrics, *pages: Once) -> None:
        """Serve the pages, health, and Telegram's webhook where it is used."""
        webhook = self.settings.mode == "webhook"
        self._server = await make_app(
            handle=self.entry.handle if webhook else None,
            secret_token=self.secret_token if webhook else None,
            database=self.db,
            house=self.house,
            voices=self.voices,
            clock=self.clock,
            sender=self.sender,
            addresses=self.addresses,
            offload=self._offload,
            pages=pages,
            bot_token=self._token,
            ready=self._red,
            metrics=metrics,
        ).start(self._host, self._port)

    def _red(self) -> dict[str, bool]:
        """What readiness depends on, beside the database."""
        return {"rounds": self.sweeper.healthy}

    async def _greet_telegram(self) -> None:
        """Learn our name, set the menus, then take updates. Telegram may be away at the start: we go on trying (FL-43)."""
        bot = make_bot(self._session, self.settings.telegram_api_url, self._token)
        wait = 1.0
        while True:
            try:
                me = await bot.get_me()
                self.addresses.bot_username = me.username
                await self._take_updates(bot)
                await commands.publish(bot, self.places, self.voices)
                await self._greet_desk(bot)
                log.info("telegram.ready", mode=self.settings.mode)
                return
            except TelegramError as error:
                log.warning("telegram.unreachable", error=type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(60.0, wait * 2)

    async def _greet_desk(self, bot: Any) -> None:
        """The agents' command menu, in their group as it is today."""
        group = await self.db.read(lambda db: Work(db, self.clock.now(), self.house).desk())
        if group is not None:
            await commands.publish_desk(bot, group, self.voices["fr"])

    async def _take_updates(self, bot: Any) -> None:
        if self.settings.mode == "webhook":
            await self._set_webhook(bot)
            if self._keeping is None:
                self._keeping = self._spawn(self._keep_webhook(bot))
        elif self._poller is None:
            await bot.delete_webhook()
            self._poller = Poller(
                self._session, self.settings.telegram_api_url, self._token, self.entry.handle
            )
            self._polling = self._spawn(self._poller.run())

    async def _set_webhook(self, bot: Any) -> None:
        await bot.set_webhook(
            self._webhook_url,
            secret_token=self.secret_token,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=40,
        )

    async def _keep_webhook(self, bot: Any) -> None:
        while True:
            await asyncio.sleep(WEBHOOK_LOOK_SECONDS)
            await self.mend_webhook(bot)

    async def mend_webhook(self, bot: Any) -> None:
        """Where somebody else's webhook stands in place of ours, say so and set ours anew (FL-07, TH-75)."""
        try:
            if (await bot.get_webhook_info()).url != self._webhook_url:
                log.error("telegram.webhook_changed")
                await self._set_webhook(bot)
        except TelegramError as error:
            log.warning("telegram.unreachable", error=type(error).__name__)

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        """Run beside the rest; what ends by an error ends the process."""
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.append(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and task.exception() is not None:
            log.critical("task.failed", error=type(task.exception()).__name__)
            signal.raise_signal(signal.SIGTERM)

    async def stop(self) -> None:
        """Take no more updates, finish those in hand, send what can go, leave the rest in the table."""
        if self._poller is not None:
            self._poller.stop()
            await asyncio.wait([self._polling], timeout=20)
        await self._server.stop()
        self._watchdog.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sender.close()
        self._telegram.close()
        await self._session.close()
        self._offload.close()
        await self.matching.close()
        await self.db.close()
        self._in_hand.close()


def _in_hand_file(settings: Settings) -> Path:
    """Beside the embedded database; with a server in the machine's temporary folder, by port."""
    file = embedded(settings.database_url)
    return (
        Path(f"{file}.hand")
        if file is not None
        else Path(tempfile.gettempdir()) / f"rafiq-{settings.address[1]}.hand"
    )


def _erasures_file(settings: Settings) -> Path | None:
    """As the operator says, else beside the embedded database."""
    file = embedded(settings.database_url)
    return settings.erasures_file or (Path(f"{file}.erased") if file is not None else None)


def lock(database_url: str) -> Solo | None:
    """Keep other processes off an embedded database. Raises SecondProcess."""
    file = embedded(database_url)
    return Solo(file) if file is not None else None


async def serve(
    settings: Settings,
    fund: Fund,
    tuning: Tuning | None = None,
    *,
    started: Callable[[App], None] | None = None,
) -> None:
    """Migrate, serve until SIGTERM or SIGINT, leave in order. A second signal ends at once."""
    await migrate(settings.database_url)
    app = App(settings, fund, tuning)
    await app.start()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: sys.exit(1) if stopping.is_set() else stopping.set())
    if started is not None:
        started(app)
    log.info("rafiq.started", mode=settings.mode, listen=settings.listen)
    await stopping.wait()
    await app.stop()
    log.info("rafiq.stopped")
