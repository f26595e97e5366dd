"""What the page is made of: its files, its panes, and the whole state that it starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from aiohttp import web

from playground.api.commands import commands_for
from playground.chats import Chat
from playground.groups import Group
from playground.people import Person

if TYPE_CHECKING:
    from playground.server import Playground

JSON = dict[str, Any]

ASSETS = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    **{
        f"/{name}.js": (f"{name}.js", "text/javascript")
        for name in ("page", "base", "pane", "bubble", "mails")
    },
}
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# How many messages of a chat the page starts with.
SHOWN_MESSAGES = 200


@dataclass
class Layout:
    """Who is in which pane. An empty pane says its note, `{"fr": ..., "ar": ...}`, or the page's own
    words."""

    participants: list[Person] = field(default_factory=list)
    group: Group | None = None
    delegates: list[Person] = field(default_factory=list)
    group_note: dict[str, str] = field(default_factory=dict)
    delegate_note: dict[str, str] = field(default_factory=dict)


def asset(path: str) -> web.Response:
    if path not in ASSETS:
        return web.Response(status=404, text="Not found")
    name, mime = ASSETS[path]
    headers = {
        "Content-Security-Policy": PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
    body = files("playground").joinpath("page", name).read_bytes()
    return web.Response(body=body, content_type=mime, charset="utf-8", headers=headers)


def state(playground: Playground, layout: Layout) -> JSON:
    world = playground.world
    delegates = {person.id for person in layout.delegates}
    participants = layout.participants or [p for p in playground.people.values() if p.id not in delegates]
    if layout.group is not None and not layout.participants:
        members = {person.id for person in layout.group.people}
        participants = [p for p in participants if p.id not in members]
    shown = [p.chat for p in [*participants, *layout.delegates]]
    if layout.group is not None:
        there = {chat.id for chat in shown}
        shown += [layout.group.chat, *(p.chat for p in layout.group.people if p.id not in there)]
    return {
        "bot": {"name": world.bot.name, "username": world.bot.username},
        "people": [_person(person) for person in playground.people.values()],
        "panes": {
            "participants": [p.id for p in participants],
            "group": layout.group.id if layout.group else None,
            "agents": [p.id for p in layout.group.people] if layout.group else [],
            "delegates": [p.id for p in layout.delegates],
            "group_note": layout.group_note,
            "delegate_note": layout.delegate_note,
        },
        "chats": [_chat(chat) for chat in shown],
        "commands": {str(p.id): commands_for(world, p.chat, p.user) for p in playground.people.values()},
        "group_commands": _group_commands(playground, layout.group),
        "mails": [mail.view() for mail in playground.mailbox.mails],
    }


def _person(person: Person) -> JSON:
    return {
        "id": person.id,
        "name": person.user.name,
        "initials": person.initials,
        "language": person.user.language_code,
        "hint": person.hint,
        "blocked": person.chat.bot == "kicked",
    }


def _chat(chat: Chat) -> JSON:
    return {
        "id": chat.id,
        "title": chat.title,
        "forum": chat.forum,
        "topics": [{"id": t.id, "name": t.name} for t in chat.topics.values() if not t.deleted],
        "messages": [message.view() for message in chat.live[-SHOWN_MESSAGES:]],
        "keyboard": [[{"text": key.text} for key in row] for row in chat.reply_keyboard],
    }


def _group_commands(playground: Playground, group: Group | None) -> dict[str, list[JSON]]:
    if group is None:
        return {}
    return {str(p.id): commands_for(playground.world, group.chat, p.user) for p in group.people}
