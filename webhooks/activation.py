"""The activation link of a registration: a page with one button. Looking changes nothing, since scanners of mail open links too.

GET /activate/{token} puts the token into a cookie and leads to /activate, so that it stands in no address, history or Referer;
GET /activate shows the button; POST /activate activates. Whatever is wrong with a link is answered by one page after the same work.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from kit.errors import Refused
from kit.text import t
from services import registration
from services.registration import ActivationLink
from services.work import Work
from store import chats, outbox
from store.db import Db
from store.outbox import Promise
from webhooks.given import Given
from webhooks.pages import Page, Pages
from webhooks.throttle import Throttle

COOKIE = "__Host-rafiq-activation"
COOKIE_SECONDS = 600
FIELD = "form_token"
PATIENCE = 10.0  # seconds for a form to arrive
BAD_TRIES = 20  # a minute from one address

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_NO_TOKEN = "-" * 43  # of the right shape and issued to nobody: who brings none is answered by the same work


ASKS = Page(
    t("Activate your participant space"),
    [
        t(
            "Your registration is almost complete. Press the button: your space will be active, "
            "and the Telegram conversation in which you registered will be signed in."
        ),
        t("If it was not you who registered, close this page: nothing is activated without the button."),
    ],
    button=t("Activate my space"),
    action="/activate",
    back=False,
)
DONE = Page(
    t("Your participant space is active"),
    [t("Go back to Telegram: you are signed in there and can follow your reimbursements.")],
)
DONE_BEFORE = Page(
    t("Your participant space is active already"),
    [t("There is nothing more to do: go back to Telegram.")],
)
BAD_LINK = Page(
    t("This link is no longer valid"),
    [
        t("A link serves once and for 24 hours, and its page for ten minutes."),
        t("If your space is active already, there is nothing more to do: go back to Telegram."),
        t(
            "If not, open the link in the latest mail again, or ask for another mail in the Telegram "
            "conversation in which you registered."
        ),
    ],
)


@dataclass(frozen=True, slots=True)
class _Activated:
    link: ActivationLink
    ready: Sequence[Promise]


class Activation:
    """The three routes."""

    def __init__(self, given: Given, pages: Pages) -> None:
        self._given = given
        self._pages = pages
        self._throttle = Throttle(BAD_TRIES)

    def routes(self) -> list[web.RouteDef]:
        """The routes, to be added to an application."""
        return [
            web.get("/activate/{token}", self.arrive),
            web.get("/activate", self.show),
            web.post("/activate", self.act),
        ]

    async def arrive(self, request: web.Request) -> web.Response:
        """Take the token out of the address. It is not looked up here: good or bad, the answer is the same."""
        answer = web.Response(status=303, headers={"Location": f"{self._pages.prefix}/activate"})
        # Lax, not Strict: who comes from a webmail comes from another site, and a browser keeps a Strict cookie back on the
        # redirect that follows. Lax still keeps it back from every post that another site makes.
        answer.set_cookie(
            COOKIE,
            _token(request.match_info["token"]),
            max_age=COOKIE_SECONDS,
            path="/",
            secure=True,
            httponly=True,
            samesite="Lax",
        )
        return answer

    async def show(self, request: web.Request) -> web.Response:
        """The page with the button, in the language of the registration."""
        token = _token(request.cookies.get(COOKIE, ""))

        def look(db: Db) -> tuple[ActivationLink | None, str]:
            return registration.look_at_link(self._work(db), token), _form_token(db, token)

        link, form_token = await self._given.database.read(look)
        if link is None:
            return self._bad(request)
        return self._pages.draw(request, ASKS, link.language, form_token=form_token)

    async def act(self, request: web.Request) -> web.Response:
        """Activate, once. Whoever posts without having seen the page changes nothing."""
        token = _token(request.cookies.get(COOKIE, ""))
        try:
            async with asyncio.timeout(PATIENCE):
                given = (await request.post()).get(FIELD)
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        form_token = given if isinstance(given, str) else ""
        try:
            done = await self._given.database.run(lambda db: self._activate(db, token, form_token))
        except Refused:
            return await self._not_now(request, token)
        if done is None:
            return self._bad(request, 403)
        self._given.sender.offer(done.ready)
        return self._pages.draw(request, DONE, done.link.language)

    def _activate(self, db: Db, token: str, form_token: str) -> _Activated | None:
        """One transaction: the account, the message in the chat, the confirmation's mail. None: the form was not ours."""
        if not hmac.compare_digest(form_token.encode("utf-8", "replace"), _form_token(db, token).encode()):
            return None
        work = self._work(db)
        link = registration.look_at_link(work, token)
        if link is None:
            raise registration.expired_link()
        # The chat's row first, as everywhere: its own turn may be under way.
        chats.find(db, link.chat_id)
        work.tell(registration.activate(work, token), registration.activated())
        ready = outbox.insert_all(db, work.promises, self._given.sender.replica, work.now)
        return _Activated(link, ready)

    async def _not_now(self, request: web.Request, token: str) -> web.Response:
        """Who presses twice hears that it is done; the form's token proves that the page was seen while the link was good."""
        link = await self._given.database.read(
            lambda db: registration.look_at_used_link(self._work(db), token)
        )
        return self._bad(request) if link is None else self._pages.draw(request, DONE_BEFORE, link.language)

    def _bad(self, request: web.Request, status: int = 404) -> web.Response:
        """The one page for all that is not good. A good link is never held up: where many share an address (a company, a proxy),
        nobody's guessing keeps the others out."""
        self._given.metrics.bad_links += 1
        if not self._throttle.take(request.remote or "", self._given.clock.now()):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        return self._pages.draw(request, BAD_LINK, status=status)

    def _work(self, db: Db) -> Work:
        return Work(db, self._given.clock.now(), self._given.house)


def _token(given: str) -> str:
    return given if _SHAPE.fullmatch(given) else _NO_TOKEN


def _form_token(db: Db, token: str) -> str:
    """Proof that a form is ours and belongs to this cookie: no other site can make it, and every replica knows it."""
    return db.blind(token, "activation form").hex()
