"""One-time pages: the frame on which every page stands that a link with a token opens.

    GET  /<name>/{token}   puts the token into a cookie and leads to /<name>, so that it stands in no address, history or Referer
    GET  /<name>           shows the page; nothing changes, however often and by whom it is looked at
    POST /<name>           does what the page is for, once
    POST /<name>/visitor   tells a Mini App's script that whoever opened it is whose page it is (webhooks/visitor.py); nothing changes

**To add a page**: a class with the four members of `Once` in `webhooks/<noun>.py`, and one of it in `PAGES` of `webhooks/app.py` (or
handed to `make_app` as `pages`, where it needs what this room may not know). It says what is shown (`kit.sheet.Sheet`: title, lines,
facts, fields, buttons) and what a post does; the frame does the rest:

- `look` is run in a reading transaction; None is a link that isn't good. It says whose language the page speaks (`Sheet.language`)
  and whose page it is (`Sheet.owner`: a Telegram user's id).
- `act` is run in one writing transaction, which is committed with all that `work.mail` and `work.tell` promised; then it is sent.
  It is run only for who proves by the form's token that the page was seen. What it answers:
    - a sheet without buttons: done, this is the last page. The token must be spent (`tokens.spend`) in `act`, and decide.
    - a sheet with a `file`: done as well, and a browser saves the file; the page that it shows is the one before. What a file costs to
      make is `work.need`ed before the token is spent.
    - a sheet with buttons, best made by `sheet.again(typed, faults)`: shown again (422). The transaction is committed here too:
      a wrong password has to be counted. Whatever a person typed wrong is an answer of this kind, never an exception.
    - None, or a `Refused`: the link is no longer good. All is rolled back, and `past` is asked.
- `past` (reading): the page for who presses once more after it was done; None: it never was. Twenty presses at once have one effect.
- `work.need(...)` works in `act` as in a turn: it is computed off the loop and `act` is run again. While the queue is full the page
  comes back with "try again" (503, Retry-After).
- Where the page was opened as a Mini App, Telegram's word on who opened it must be good and name `Sheet.owner`; where it comes from a
  browser, the token alone decides.
- `bad`: the one page of this name for every link that isn't good (unknown, used, void, expired, of another purpose, cut): the same
  bytes after the same work; who opens more than BAD_TRIES such links a minute hears 429.
- What is typed comes as `Typed`: a value for every field of the sheet that `look` showed, cut at LONGEST, without control characters
  but line ends, and `pressed`: the button. A choice that wasn't offered comes as "".
- `act` locks the chat's row first where it tells or changes a chat: `work.chat(chat_id)`.

The link itself is made where it is sent: `<public address>/<name>/<token>`, with `services.work.Work.page(name, token)`.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import parse_qsl, quote

from aiohttp import web

from kit.errors import Refused
from kit.offload import Busy, Computed
from kit.sheet import GENERAL, PRESSED, File, Sheet, Typed
from kit.text import t
from services.work import Work
from store import outbox
from store.db import Db
from store.promises import Promise
from webhooks.given import Given
from webhooks.pages import Pages
from webhooks.throttle import Throttle
from webhooks.visitor import visitor

COOKIE_SECONDS = 600
FORM_TOKEN = "form_token"
VISITOR = "visitor"
PATIENCE = 10.0  # seconds for a form to arrive
BAD_TRIES = 20  # a minute from one address
LONGEST = 4096  # characters of a field
FIELDS = 40  # of a form

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_NO_TOKEN = "-" * 43  # of the right shape and issued to nobody: who brings none is answered by the same work
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]")
_FORM_TYPE = "application/x-www-form-urlencoded"

BUSY = t("Many people are here at this moment. Wait a few seconds, then send it again.")


class Once(Protocol):
    """A one-time page; see above. `name` is its address and the name of its cookie."""

    name: str
    bad: Sheet

    def look(self, work: Work, token: str) -> Sheet | None: ...
    def act(self, work: Work, token: str, typed: Typed) -> Sheet | None: ...
    def past(self, work: Work, token: str) -> Sheet | None: ...


def cookie_of(name: str) -> str:
    """The cookie that holds a page's token."""
    return f"__Host-rafiq-{name}"


class _NotGood(Exception):
    """The link isn't good (any more): nothing of the transaction stays."""


class _NotOurs(Exception):
    """The form doesn't prove that the page was seen."""


@dataclass(frozen=True, slots=True)
class _Acted:
    sheet: Sheet
    ready: Sequence[Promise]


class OnceRoutes:
    """The three routes of one page. Pages that share a throttle share the count of bad links."""

    def __init__(self, page: Once, given: Given, pages: Pages, throttle: Throttle) -> None:
        self._page = page
        self._given = given
        self._pages = pages
        self._throttle = throttle
        self._cookie = cookie_of(page.name)

    def routes(self) -> list[web.RouteDef]:
        """The routes, to be added to an application."""
        path = f"/{self._page.name}"
        return [
            web.get(f"{path}/{{token}}", self.arrive),
            web.get(path, self.show),
            web.post(path, self.act),
            web.post(f"{path}/visitor", self.recognise),
        ]

    async def arrive(self, request: web.Request) -> web.Response:
        """Take the token out of the address. It is not looked up here: good or bad, the answer is the same."""
        answer = web.Response(status=303, headers={"Location": f"{self._pages.prefix}/{self._page.name}"})
        # Lax, not Strict: who comes from a webmail comes from another site, and a browser keeps a Strict cookie back on the
        # redirect that follows. Lax still keeps it back from every post that another site makes.
        answer.set_cookie(
            self._cookie,
            _token(request.match_info["token"]),
            max_age=COOKIE_SECONDS,
            path="/",
            secure=True,
            httponly=True,
            samesite="Lax",
        )
        return answer

    async def show(self, request: web.Request) -> web.Response:
        """The page, in the language of whose it is."""
        token = _token(request.cookies.get(self._cookie, ""))
        sheet, form_token = await self._given.database.read(
            lambda db: (self._page.look(self._work(db), token), self._form_token(db, token))
        )
        return self._bad(request) if sheet is None else self._draw(request, sheet, form_token=form_token)

    async def act(self, request: web.Request) -> web.Response:
        """Do what the page is for, once. Whoever posts without having seen the page changes nothing."""
        token = _token(request.cookies.get(self._cookie, ""))
        form = await _form(request)
        try:
            done = await self._given.offload.supply(
                lambda computed: self._given.database.run(lambda db: self._act(db, token, form, computed))
            )
        except _NotOurs:
            return self._bad(request, 403)
        except (_NotGood, Refused):
            return await self._not_now(request, token)
        except Busy as busy:
            return await self._busy(request, token, form, busy)
        self._given.sender.offer(done.ready)
        if done.sheet.file is not None:
            return _attached(done.sheet.file)
        again = bool(done.sheet.buttons)
        return self._draw(
            request, done.sheet, form_token=form[FORM_TOKEN] if again else "", status=422 if again else 200
        )

    async def recognise(self, request: web.Request) -> web.Response:
        """Exchange what Telegram has signed, good for minutes, for a proof that lasts as long as the page. Nothing is changed."""
        token = _token(request.cookies.get(self._cookie, ""))
        given = (await _form(request)).get(VISITOR, "")

        def look(db: Db) -> str | None:
            sheet = self._page.look(self._work(db), token)
            return (
                self._proof(db, token, sheet) if sheet is not None and self._welcome(given, sheet) else None
            )

        proof = await self._given.database.read(look)
        return web.Response(text=proof) if proof is not None else self._bad(request, 403)

    def _welcome(self, init_data: str, sheet: Sheet) -> bool:
        """Whether Telegram says that whoever opened the page is whose page it is."""
        key = self._given.app_key
        who = visitor(init_data, key, self._given.clock.now()) if key is not None else None
        return who is not None and sheet.owner in (0, who)

    def _proof(self, db: Db, token: str, sheet: Sheet) -> str:
        return db.blind(f"{token} {sheet.owner}", f"{self._page.name} visitor").hex()

    def _act(self, db: Db, token: str, form: dict[str, str], computed: Computed) -> _Acted:
        """One transaction, with what is promised in it."""
        self._prove(db, token, form)
        work = self._work(db, computed)
        shown = self._page.look(work, token)
        if shown is None:
            raise _NotGood
        opened_by = form.get(VISITOR, "")
        if opened_by not in ("", self._proof(db, token, shown)) and not self._welcome(opened_by, shown):
            raise _NotOurs
        sheet = self._page.act(work, token, _typed(shown, form))
        if sheet is None:
            raise _NotGood
        ready = outbox.insert_all(db, work.promises, self._given.sender.replica, work.now)
        return _Acted(replace(sheet, language=sheet.language or shown.language), ready)

    def _prove(self, db: Db, token: str, form: dict[str, str]) -> None:
        given = form.get(FORM_TOKEN, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._form_token(db, token).encode()):
            raise _NotOurs

    async def _not_now(self, request: web.Request, token: str) -> web.Response:
        """Who presses twice hears that it is done; the form's token proved that the page was seen while the link was good."""
        sheet = await self._given.database.read(lambda db: self._page.past(self._work(db), token))
        return self._bad(request) if sheet is None else self._draw(request, sheet)

    async def _busy(self, request: web.Request, token: str, form: dict[str, str], busy: Busy) -> web.Response:
        """The page again, with what was typed but for secrets: they are to be typed once more."""
        sheet = await self._given.database.read(lambda db: self._page.look(self._work(db), token))
        if sheet is None:  # somebody was quicker: the same hand, most likely
            return await self._not_now(request, token)
        again = sheet.again(_typed(sheet, form), {GENERAL: BUSY})
        answer = self._draw(request, again, form_token=form[FORM_TOKEN], status=503)
        answer.headers["Retry-After"] = str(busy.retry_after)
        return answer

    def _bad(self, request: web.Request, status: int = 404) -> web.Response:
        """The one page for all that is not good. A good link is never held up: where many share an address (a company, a proxy),
        nobody's guessing keeps the others out."""
        self._given.metrics.bad_links += 1
        if not self._throttle.take(request.remote or "", self._given.clock.now()):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        return self._draw(request, self._page.bad, status=status)

    def _draw(
        self, request: web.Request, sheet: Sheet, *, form_token: str = "", status: int = 200
    ) -> web.Response:
        return self._pages.draw(
            request, sheet, status=status, action=f"/{self._page.name}", form_token=form_token
        )

    def _work(self, db: Db, computed: Computed | None = None) -> Work:
        return Work(db, self._given.clock.now(), self._given.house, computed or {})

    def _form_token(self, db: Db, token: str) -> str:
        """Proof that a form is ours and belongs to this cookie: no other site can make it, and every replica knows it."""
        return db.blind(token, f"{self._page.name} form").hex()


def _attached(file: File) -> web.Response:
    """A file to be saved, under its name (RFC 6266)."""
    plain, whole = _NOT_PLAIN.sub("-", file.name), quote(file.name, safe="")
    return web.Response(
        body=file.content,
        content_type=file.mime,
        charset="utf-8" if file.mime.startswith("text/") else None,
        headers={"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"},
    )


def _token(given: str) -> str:
    return given if _SHAPE.fullmatch(given) else _NO_TOKEN


async def _form(request: web.Request) -> dict[str, str]:
    """What was sent, by name; nothing, where it isn't a form as a browser sends ours."""
    try:
        async with asyncio.timeout(PATIENCE):
            body = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    if request.content_type != _FORM_TYPE:
        return {}
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError:
        return {}


def _typed(sheet: Sheet, form: dict[str, str]) -> Typed:
    """A value for each field that was shown, and the button that was pressed."""
    typed = {}
    for field in sheet.fields:
        value = _CONTROL.sub("", form.get(field.name, "").replace("\r\n", "\n")[:LONGEST])
        offered = field.kind != "choice" or value in {choice for choice, _ in field.choices}
        typed[field.name] = value if offered else ""
    buttons = [value for value, _ in sheet.buttons]
    pressed = form.get(PRESSED, "")
    typed[PRESSED] = pressed if pressed in buttons else buttons[0] if buttons else ""
    return typed
