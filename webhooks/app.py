"""The HTTP edge, whole: Telegram's webhook in front, behind it the pages and health.

`make_app(...)` takes what the room needs and gives a Site; `start(host, port)` and `stop()` are its life.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from aiohttp import web

from kit.clock import Clock
from kit.offload import Offload
from kit.speech import Voices
from services.work import House
from store.database import Database
from webhooks.activation import Activation
from webhooks.detail import Detail
from webhooks.email_change import ConfirmEmail, KeepEmail
from webhooks.faults import watch
from webhooks.given import Addresses, Given, Sender
from webhooks.health import Health
from webhooks.hosts import Hosts
from webhooks.metrics import Metrics
from webhooks.once import BAD_TRIES, Once, OnceRoutes
from webhooks.pages import Pages
from webhooks.paper import Paper
from webhooks.recovery import NotMe, Reset
from webhooks.telegram import PATH, Endpoint, Handle
from webhooks.throttle import Throttle
from webhooks.visitor import key_of

log = structlog.get_logger("webhooks")

KEEP_ALIVE = (
    75.0  # seconds; also for a request's head to arrive. Longer than a proxy keeps its side (nginx: 60 s)
)
LINGER = 1.0  # seconds to read on, so that who sent too much hears the answer
FORM = 16 * 1024  # bytes of a form
FINISH = 10.0  # seconds for requests in hand when we stop

PAGES: tuple[Once, ...] = (Activation(), Detail(), Paper(), Reset(), NotMe(), ConfirmEmail(), KeepEmail())


class Site:
    """One listener over Telegram's endpoint and an application."""

    def __init__(self, app: web.Application, endpoint: Endpoint | None) -> None:
        self._endpoint = endpoint
        self._runner = web.AppRunner(
            app,
            access_log=None,  # addresses hold tokens; what happened is told by events and metrics
            logger=_Faults(),
            keepalive_timeout=KEEP_ALIVE,
            lingering_time=LINGER,
            shutdown_timeout=FINISH,
        )

    async def start(self, host: str, port: int) -> Site:
        """Listen. Raises OSError when the address is taken."""
        await self._runner.setup()
        server, endpoint = self._runner.server, self._endpoint
        assert server is not None
        if endpoint is not None:
            server.request_handler = _front_door(endpoint, server.request_handler)
        await web.TCPSite(self._runner, host, port).start()
        return self

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where it listens: host and port."""
        return [(address[0], address[1]) for address in self._runner.addresses]

    async def stop(self) -> None:
        """Take no more connections, answer what is in hand, close."""
        await self._runner.cleanup()


_Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def _front_door(endpoint: Endpoint, others: _Handler) -> _Handler:
    """Telegram's posts go straight to their endpoint, all else to the application."""

    def door(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        if request.path == PATH and request.method == "POST":
            return endpoint(request)
        return others(request)

    return door


class _Faults:
    """aiohttp's logger: it hears of requests that are no HTTP, and its own words would quote them, tokens and all."""

    def exception(self, _message: str, *_args: object, exc_info: object = None, **_: object) -> None:
        log.warning("http.fault", error=type(exc_info).__name__)

    def debug(self, *_args: object, **_: object) -> None:
        """Nothing."""


def make_app(
    *,
    database: Database,
    house: House,
    voices: Voices,
    clock: Clock,
    sender: Sender,
    addresses: Addresses,
    offload: Offload,
    ready: Callable[[], Mapping[str, bool]],
    handle: Handle | None = None,
    secret_token: str | None = None,
    former_secrets: Sequence[str] = (),
    pages: Sequence[Once] = (),
    bot_token: str | None = None,
    metrics: Metrics | None = None,
) -> Site:
    """The HTTP edge.

    handle: takes an update and says what to answer; None where updates are polled, and then there is no /telegram.
    secret_token, former_secrets: what Telegram sends with an update; former ones are taken while the token is rotated.
    sender: who sends what a page promised, once it is committed.
    addresses: knows the chat with the bot, for the way back to it.
    offload: does the slow work of pages, and turns them away while it is full.
    pages: one-time pages beside our own, of who is a stranger to this room; served where there is a public address.
    bot_token: what Telegram's word on who opened a Mini App is verified with; without it none is believed.
    ready: what readiness depends on beside the database, by name.
    metrics: the figures of /metrics; handed in so that others count there too.
    """
    given = Given(
        database=database,
        house=house,
        voices=voices,
        clock=clock,
        sender=sender,
        addresses=addresses,
        offload=offload,
        ready=ready,
        app_key=None if bot_token is None else key_of(bot_token),
        metrics=metrics or Metrics(),
    )
    endpoint = None
    if handle is not None:
        endpoint = Endpoint(handle, (secret_token or "", *former_secrets), given.metrics)
    drawn, throttle = Pages(given), Throttle(BAD_TRIES)
    app = web.Application(client_max_size=FORM, middlewares=[watch(drawn, Hosts(house.public_url))])
    drawn.install(app)
    app.add_routes(Health(given).routes())
    for page in (*PAGES, *pages) if house.public_url is not None else ():
        app.add_routes(OnceRoutes(page, given, drawn, throttle).routes())
    return Site(app, endpoint)
