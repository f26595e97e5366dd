"""Everything wired: one port for the Bot API, the page and its controls, another for mail."""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from playground.api import BotApi, Call
from playground.chats import User
from playground.control import Control
from playground.faults import Faults
from playground.groups import Group
from playground.limits import Limits
from playground.mail import Mailbox
from playground.people import Person
from playground.queues import Updates
from playground.site import Layout
from playground.world import World

UPLOAD_LIMIT = 52 << 20


class Playground:
    """A Telegram and a mailbox of one's own. See the package's docstring for what can be done with it."""

    def __init__(
        self,
        token: str = "1:playground",  # noqa: S107 - nobody else knows this Telegram
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        smtp_port: int = 0,
        time_scale: float = 1.0,
        seed: int = 1,
        history: int | None = None,
        limits: Limits | None = None,
        bot_name: str = "Rafiq",
        bot_username: str = "rafiq_demo_bot",
        smtp_tls: ssl.SSLContext | None = None,
        loopback_web_apps: bool = False,
    ) -> None:
        """`time_scale` shortens Telegram's waits (0.01: a minute lasts 0.6 s); `history` bounds messages per
        chat, presses and calls kept in a long run; `limits` turns Telegram's sending limits on; `smtp_tls`
        lets the mail server offer STARTTLS; `loopback_web_apps` takes http Web App links to this machine.
        Raises ValueError."""
        bot_id = token.partition(":")[0]
        if not bot_id.isdecimal() or ":" not in token or not 0 < time_scale <= 1:
            raise ValueError("a token is <digits>:<letters>, and a time scale lies between 0 and 1")
        rng = random.Random(seed)
        self.token, self.host, self.port, self.smtp_port = token, host, port, smtp_port
        self.time_scale = time_scale
        self.bot = User(int(bot_id), bot_name, username=bot_username, is_bot=True)
        self.world = World(self.bot, rng, history)
        self.world.limits, self.world.loopback_web_apps = limits, loopback_web_apps
        self.mailbox = Mailbox(self.world.clock, self.world.changes, random.Random(rng.random()))
        self.api = BotApi(self.world, token, time_scale, history)
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.control = Control(self)
        self._smtp_tls = smtp_tls
        self._runner: web.ServerRunner | None = None

    async def start(self) -> None:
        """Open both ports. Raises OSError that names the port which is taken."""
        server = web.Server(self._handle, access_log=None, request_factory=_request)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, reuse_address=True)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise OSError(error.errno, f"port {self.port} of {self.host} is taken") from error
        self.port = self._runner.addresses[0][1]
        try:
            await self.mailbox.open(self.host, self.smtp_port, self._smtp_tls)
        except OSError as error:
            await self._runner.cleanup()
            raise OSError(error.errno, f"port {self.smtp_port} of {self.host} is taken") from error
        self.smtp_port = self.mailbox.port

    async def stop(self) -> None:
        """Close both ports. What was queued stays queued, for a later `start`."""
        self.world.faults.clear()
        self.world.changes.close()
        await self.api.intake.close()
        await self.mailbox.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Playground:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/bot"):
            return await self.api.handle(request)
        if path.startswith("/file/bot"):
            return self.api.download(request)
        return await self.control.handle(request)

    @property
    def api_url(self) -> str:
        """Where a Bot API client turns to: methods at `<api_url>/bot<token>/<method>`."""
        return f"http://{self.host}:{self.port}"

    @property
    def smtp_url(self) -> str:
        """Where mail is handed over; the scheme says that this relay speaks no TLS."""
        return f"smtp+plain://{self.host}:{self.smtp_port}"

    @property
    def bot_username(self) -> str:
        return self.bot.username

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def updates(self) -> Updates:
        return self.world.updates

    @property
    def accepted(self) -> list[int]:
        """Ids of the updates that the bot has taken for good, in order."""
        return self.world.updates.accepted

    @property
    def calls(self) -> list[Call]:
        """The bot's calls but getUpdates, the oldest first."""
        return list(self.api.calls)

    def called(self, method: str, chat: int | None = None) -> list[Call]:
        """The calls of one method, perhaps to one chat."""
        return [c for c in self.api.calls if c.method == method and chat in (None, c.chat)]

    # who

    def person(
        self,
        first_name: str,
        last_name: str = "",
        *,
        language_code: str | None = "fr",
        username: str = "",
        user_id: int | None = None,
        hint: str | dict[str, str] = "",
        initials: str = "",
    ) -> Person:
        """Somebody with a phone, and a private chat with the bot that opens with the first message."""
        user = self.world.new_user(
            first_name, user_id, last_name=last_name, username=username, language_code=language_code
        )
        person = self.people[user.id] = Person(self.world, user, hint, initials)
        self.world.changes.emit("people", dict)
        return person

    def group(
        self,
        title: str,
        *,
        forum: bool = False,
        kind: str = "supergroup",
        bot: str = "administrator",
        members: Iterable[Person] = (),
        chat_id: int | None = None,
    ) -> Group:
        """A group where the bot already is a "member" or an "administrator" (or "left": see
        `adds_the_bot`)."""
        chat = self.world.new_group(title, kind, forum, chat_id)
        chat.bot = bot
        group = self.groups[chat.id] = Group(self.world, chat, members)
        self.world.changes.emit("people", dict)
        return group

    def show(self, layout: Layout) -> None:
        """Say who is in which pane of the page."""
        self.control.layout = layout
        self.world.changes.emit("people", dict)

    # when

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.world.clock.now(), UTC)

    def advance(self, seconds: float | timedelta) -> None:
        """Move the clock: what is too old expires, what waits to be sent again waits less."""
        seconds = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        self.world.clock.advance(seconds)
        self.world.updates.expire()
        if self.api.intake.webhook is not None:
            self.api.intake.webhook.hasten(seconds)

    async def quiet(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Every update has been accepted (or has expired) and none is in flight. Raises TimeoutError."""
        try:
            await self.world.changes.until(lambda: self.world.updates.idle, timeout)
        except TimeoutError:
            waiting = [(u.id, u.kind, u.fails) for u in self.world.updates.pending.values()][:5]
            raise TimeoutError(f"updates still wait (id, kind, failures): {waiting}") from None

    async def until(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:  # noqa: ASYNC109
        """What `predicate` gives once it is true; it is asked again at each message, edit, deletion, mail,
        call and accepted update. Raises TimeoutError, with the ends of the conversations."""
        try:
            return await self.world.changes.until(predicate, timeout)
        except TimeoutError:
            chats = [c for c in self.world.chats.values() if c.kept][:4]
            told = "\n\n".join(f"[{c.title or c.id}]\n{c.transcript()}" for c in chats)
            raise TimeoutError(f"it did not come about within {timeout} s\n{told}") from None


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = protocol._loop
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=UPLOAD_LIMIT)
