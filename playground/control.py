"""The page, and everything it does, as HTTP under `/play/`: a program in another process can do the same.

GET  /play/state                                people, chats, keyboards, menus, mails
GET  /play/events                               server-sent events: message, edit, delete, notice, mail, ...
GET  /play/file/<id>                            a document or a picture
GET  /play/mails?to=  /play/mails/<id>/html     the mails, and the HTML of one
GET  /play/calls?since=  /play/accepted         the bot's calls, the updates it has taken
POST /play/people    {first_name, ...}          -> {id}; as Playground.person
POST /play/groups    {title, forum, members}    -> {id}; as Playground.group
POST /play/say       {person, text, chat?, topic?, reply_to?}
POST /play/press     {person, chat?, message?, data | label}
POST /play/send      {person, kind, chat?, name?, caption?, content? (base64)}
POST /play/edit      {person, chat?, message, text}
POST /play/open      {person, url}
POST /play/mini_app  {person, url, theme?}      -> {url}: as an application opens it, with who opens it, signed
POST /play/block     {person, blocked}          POST /play/language {person, language_code}
POST /play/faults    {kind, method?, ...}       DELETE /play/faults; {kind: "lost_200", share}
POST /play/mailfaults {kind, to?, times?, share?}
POST /play/quiet     {timeout}                  POST /play/advance {seconds}
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from playground.api.markup import LOOPBACK
from playground.chats import Chat, Topic
from playground.messages import Link, Message
from playground.mini_apps import launch
from playground.people import Person
from playground.site import Layout, asset, state
from playground.world import Press

if TYPE_CHECKING:
    from playground.server import Playground

JSON = dict[str, Any]

HEARTBEAT_SECONDS = 15.0
# A mail is shown in a frame that runs no script and loads nothing; the page may reach in, to follow its
# links.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-same-origin"


class Wrong(Exception):
    """The request can't be understood: 400 with this text."""


class Control:
    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.layout = Layout()
        self._posts: dict[str, Callable[[JSON], Any]] = {
            "people": self._people,
            "groups": self._groups,
            "say": self._say,
            "press": self._press,
            "send": self._send,
            "edit": self._edit,
            "open": self._open,
            "mini_app": self._mini_app,
            "block": self._block,
            "language": self._language,
            "faults": self._faults,
            "mailfaults": self._mail_faults,
            "quiet": self._quiet,
            "advance": self._advance,
        }

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        refused = self._stranger(request)
        if refused:
            return _json({"error": refused}, 403)
        path = request.path.removeprefix("/play/")
        if path == request.path:
            return asset(path)
        try:
            if request.method == "POST":
                return await self._post(path, request)
            if request.method == "DELETE" and path == "faults":
                self.playground.faults.clear()
                self.playground.mailbox.clear_faults()
                return _json({})
            return await self._get(path, request)
        except (Wrong, LookupError, ValueError, TypeError) as wrong:
            return _json({"error": str(wrong)}, 400)

    def _stranger(self, request: web.BaseRequest) -> str:
        """Other sites, open in the same browser, must not drive the playground."""
        if (request.url.host or "") not in LOOPBACK | {self.playground.host}:
            return "the playground answers to this machine's own name only"
        origin = request.headers.get("Origin")
        if request.method != "GET" and origin not in (None, str(request.url.origin())):
            return "another site may not drive the playground"
        return ""

    async def _get(self, path: str, request: web.BaseRequest) -> web.StreamResponse:
        playground = self.playground
        if path == "state":
            return _json(state(playground, self.layout))
        if path == "events":
            return await self._events(request)
        if path == "accepted":
            return _json(playground.accepted)
        if path == "calls":
            since = int(request.query.get("since", 0))
            calls = playground.calls[since:]
            return _json(
                [{"method": c.method, "params": c.params, "answer": c.answer, "time": c.time} for c in calls]
            )
        if path.startswith("file/"):
            return self._file(path.removeprefix("file/"))
        if path.startswith("mails"):
            return self._mails(path, request)
        return _json({"error": "not found"}, 404)

    async def _post(self, path: str, request: web.BaseRequest) -> web.Response:
        handler = self._posts.get(path)
        if handler is None:
            return _json({"error": "not found"}, 404)
        if request.content_type != "application/json":
            raise Wrong("the body must be JSON")
        body = orjson.loads(await request.read() or b"{}")
        if not isinstance(body, dict):
            raise Wrong("the body must be an object")
        answer = handler(body)
        return _json(await answer if asyncio.iscoroutine(answer) else answer)

    async def _events(self, request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        changes = self.playground.world.changes
        listener = changes.listen()
        try:
            await response.write(b"retry: 1000\n\n")
            while True:
                try:
                    event = await asyncio.wait_for(listener.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if event is None:
                    return response
                await response.write(b"data: " + orjson.dumps(event) + b"\n\n")
        except ConnectionError:
            return response
        finally:
            changes.forget(listener)

    def _file(self, file_id: str) -> web.Response:
        file = self.playground.world.files.get(file_id)
        if file is None:
            return _json({"error": "not found"}, 404)
        picture, pdf = file.width > 0, file.content.startswith(b"%PDF-")
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        if pdf:  # a browser's own viewer shows nothing in a sandbox
            headers["Content-Security-Policy"] = (
                "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
            )
        elif not picture:
            headers["Content-Disposition"] = "attachment"
        mime = "application/pdf" if pdf else file.mime if picture else "application/octet-stream"
        return web.Response(body=file.content, content_type=mime, headers=headers)

    def _mails(self, path: str, request: web.BaseRequest) -> web.Response:
        mailbox = self.playground.mailbox
        if path == "mails":
            to = request.query.get("to")
            return _json([mail.view() for mail in (mailbox.to(to) if to else mailbox.mails)])
        number = path.split("/")[1]
        if not number.isdecimal() or not 1 <= int(number) <= len(mailbox.mails):
            return _json({"error": "not found"}, 404)
        mail = mailbox.mails[int(number) - 1]
        headers = {"Content-Security-Policy": MAIL_POLICY}
        return web.Response(text=mail.html, content_type="text/html", charset="utf-8", headers=headers)

    # who, where, which

    def _person(self, body: JSON) -> Person:
        person = self.playground.people.get(int(body.get("person", 0)))
        if person is None:
            raise Wrong("no such person")
        return person

    def _place(self, body: JSON) -> Chat | Topic | None:
        if not body.get("chat"):
            return None
        chat = self.playground.world.chats.get(int(body["chat"]))
        if chat is None:
            raise Wrong("no such chat")
        if body.get("topic"):
            return chat.topics[int(body["topic"])]
        return chat

    def _message(self, body: JSON, key: str = "message") -> Message | None:
        if not body.get(key):
            return None
        place = self._place(body)
        chat = place.chat if isinstance(place, Topic) else place or self._person(body).chat
        message = chat.kept.get(int(body[key]))
        if message is None:
            raise Wrong("no such message")
        return message

    # acts

    def _people(self, body: JSON) -> JSON:
        person = self.playground.person(**body)
        return {"id": person.id}

    def _groups(self, body: JSON) -> JSON:
        members = [self._person({"person": number}) for number in body.pop("members", [])]
        return {"id": self.playground.group(**body, members=members).id}

    def _say(self, body: JSON) -> JSON:
        reply_to = self._message(body, "reply_to")
        message = self._person(body).says(str(body["text"]), self._place(body), reply_to=reply_to)
        return {"id": message.id}

    def _press(self, body: JSON) -> JSON:
        person, message = self._person(body), self._message(body)
        if "data" in body:
            return {"query": person.press_data(str(body["data"]), message).id}
        done = person.presses(str(body["label"]), message, self._place(body))
        if isinstance(done, Press):
            return {"query": done.id}
        return {"url": done.url} if isinstance(done, Link) else {"id": done.id}

    def _send(self, body: JSON) -> JSON:
        content = base64.b64decode(body.get("content") or "")
        message = self._person(body).sends(
            str(body["kind"]),
            content,
            str(body.get("name") or ""),
            str(body.get("caption") or ""),
            self._place(body),
        )
        return {"id": message.id}

    def _edit(self, body: JSON) -> JSON:
        message = self._message(body)
        if message is None or message.sender is not self._person(body).user:
            raise Wrong("one edits one's own messages only")
        return {"id": self._person(body).edits(message, str(body["text"])).id}

    def _open(self, body: JSON) -> JSON:
        done = self._person(body).opens(str(body["url"]))
        return {"url": done.url} if isinstance(done, Link) else {"id": done.id}

    def _mini_app(self, body: JSON) -> JSON:
        playground, user = self.playground, self._person(body).user.payload()
        now, theme = playground.now().timestamp(), str(body.get("theme", "light"))
        return {"url": launch(str(body["url"]), playground.token, user, now, theme)}

    def _block(self, body: JSON) -> JSON:
        person = self._person(body)
        person.blocks_the_bot() if body.get("blocked", True) else person.unblocks()
        return {}

    def _language(self, body: JSON) -> JSON:
        self._person(body).speaks(body.get("language_code") or None)
        return {}

    def _faults(self, body: JSON) -> JSON:
        if body.get("kind") == "lost_200":
            self.playground.faults.lost_200 = float(body.get("share", 0))
            self.playground.faults.lost_200_times = int(body.get("times", 0))
        else:
            self.playground.faults.add(**body)
        return {}

    def _mail_faults(self, body: JSON) -> JSON:
        self.playground.mailbox.fail(**body)
        return {}

    async def _quiet(self, body: JSON) -> JSON:
        try:
            await self.playground.quiet(float(body.get("timeout", 10)))
        except TimeoutError as late:
            return {"quiet": False, "reason": str(late)}
        return {"quiet": True}

    def _advance(self, body: JSON) -> JSON:
        self.playground.advance(float(body["seconds"]))
        return {"now": self.playground.now().isoformat()}


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(value),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
