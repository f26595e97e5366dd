"""What goes wrong on the way to a page, as a page: every status has its words in both languages, and none shows a trace."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from kit.sheet import Sheet
from kit.text import Ltr, t
from store.writer import Unavailable
from webhooks.hosts import Hosts
from webhooks.pages import Pages

log = structlog.get_logger("webhooks")

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

NEAR = ("/healthz", "/readyz", "/metrics")  # asked for by watchers, by our address
HIDDEN = "/metrics"  # not shown under the public name

NOT_FOUND = Sheet(
    t("This page does not exist"),
    [t("If you come from a mail, open its link again, or copy it whole.")],
)
NOT_HERE = Sheet(
    t("This cannot be done here"),
    [t("Go back to the page before this one and use its button.")],
)
TOO_LARGE = Sheet(
    t("This is too much at once"), [t("Go back to the page before this one and use its button.")]
)
MISDIRECTED = Sheet(
    t("This is not the address of this service"),
    [t("If you come from a mail, open its link again, or copy it whole.")],
    back=False,
)
TOO_MANY = Sheet(
    t("Too many attempts"),
    [t("Wait a minute, then open the link in the mail again.")],
)
AWAY = Sheet(
    t("The service is interrupted for a moment"),
    [t("Nothing is lost: try again in a few minutes. Your link remains valid.")],
)
WRONG = Sheet(
    t("This request cannot be understood"),
    [t("Go back to the page before this one and use its button.")],
)
_BY_STATUS = {404: NOT_FOUND, 405: NOT_HERE, 413: TOO_LARGE, 421: MISDIRECTED, 429: TOO_MANY, 503: AWAY}


def broken(incident: str) -> Sheet:
    """Our fault."""
    return Sheet(
        t("Something went wrong on our side"),
        [
            t(
                "We apologise. Try again in a few minutes; if it happens again, give the fund this reference: {reference}.",
                reference=Ltr(incident),
            )
        ],
    )


def watch(pages: Pages, hosts: Hosts) -> Middleware:
    """The application's one middleware: who calls us by a strange name is sent away, and what fails becomes a page."""

    @web.middleware
    async def watched(request: web.Request, handler: _Handler) -> web.StreamResponse:
        try:
            _look_at_host(request, hosts)
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            answer = pages.draw(request, _BY_STATUS.get(error.status, WRONG), status=error.status)
            kept = {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}
            answer.headers.update(kept)
            return answer
        except Unavailable:
            answer = pages.draw(request, AWAY, status=503)
            answer.headers["Retry-After"] = "30"
            return answer
        except Exception as error:
            incident = secrets.token_hex(4).upper()
            # The route's pattern, never the address: that may hold a token.
            route = request.match_info.route.resource
            log.error(
                "page.failed",
                incident=incident,
                route=route.canonical if route is not None else "",
                error=type(error).__name__,
            )
            return pages.draw(request, broken(incident), status=500)

    return watched


def _look_at_host(request: web.Request, hosts: Hosts) -> None:
    host = request.headers.get("Host", "")
    if hosts.near(host) and request.path in NEAR:
        return
    if not hosts.public(host):
        raise web.HTTPMisdirectedRequest
    if request.path == HIDDEN:
        raise web.HTTPNotFound
