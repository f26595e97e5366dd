"""A paper on a one-time page, for who wants no health data in Telegram (CF-10): the link, what it opens, and its one download.

What the paper is made of stays here, in the chat's sealed state; the token names it by a number. It is drawn as it would be for the chat
(`DRAWN`), for who asked for it in the chat, and only while that chat is still theirs and signed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from kit.language import Language
from kit.screen import Paper
from kit.sheet import File
from kit.text import Text
from services import access, activity, export
from services.activity import Event
from services.work import Work
from store import chats, tokens
from store.chats import Chat

NAME = "paper"  # the token's purpose, and the page's address
LASTS = dt.timedelta(minutes=10)
DRAWN = "paper"  # the slow work that draws one: (kind, values as JSON, language) -> File, or what to tell who asked
_STATE = "papers"
_KEPT = 8  # links of a chat that may be open at once


@dataclass(frozen=True, slots=True)
class Asked:
    """A paper that a chat has asked for; `kind` and `values` as in `kit.screen.Paper`."""

    chat_id: int
    language: Language
    kind: str
    values: Mapping[str, Any]


def link(work: Work, chat: Chat, paper: Paper) -> str | None:
    """The address of a page on which the turn's own chat gets this paper; None where there is no public address."""
    if work.house.public_url is None:
        return None
    kept: list[list[Any]] = chat.state.get(_STATE, [])
    number = kept[-1][0] + 1 if kept else 1
    chat.state[_STATE] = [*kept[1 - _KEPT :], [number, paper.kind, dict(paper.values)]]
    return work.page(NAME, tokens.add(work.db, NAME, number, chat.id, work.now, LASTS))


def asked(work: Work, token: str) -> Asked | None:
    """What a token opens, while it is good; nothing changes."""
    found = tokens.peek(work.db, token, NAME, work.now)
    if found is None or not access.signed_in(work, found.chat_id):
        return None
    return _asked(work, found)


def drawn(work: Work, paper: Asked) -> File | Text:
    """The paper's file, drawn off the loop; a sentence where it can't be had."""
    values = orjson.dumps(dict(paper.values), option=orjson.OPT_SORT_KEYS).decode()
    file: File | Text = work.need(DRAWN, paper.kind, values, paper.language)
    return file


def take(work: Work, token: str) -> bool:
    """Spend the token for a file that is at hand, and note the download; False where somebody was quicker."""
    spent = tokens.spend(work.db, token, NAME, work.now)
    paper = _asked(work, spent) if spent is not None else None
    if paper is None or not access.who(work, paper.chat_id).signed_in:
        return False
    if paper.kind != export.PAPER:  # noted, and told by mail, when it was asked for
        activity.note(work, paper.values["account"], Event.DOWNLOADED, None, reference(paper))
    return True


def asked_before(work: Work, token: str) -> Asked | None:
    """What a token has opened or could have."""
    found = tokens.past(work.db, token, NAME)
    return None if found is None else _asked(work, found)


def reference(paper: Asked) -> str:
    """A paper as the activity log names it: its kind, and the number or year if it is of one."""
    of = paper.values.get("number") or paper.values.get("year")
    return paper.kind if of is None else f"{paper.kind} {of}"


def _asked(work: Work, token: tokens.Spent) -> Asked | None:
    """The paper of a token, if the chat is of the account that asked."""
    chat = chats.glance(work.db, token.chat_id)
    if chat is None:
        return None
    for number, kind, values in chat.state.get(_STATE, []):
        if number == token.subject and access.account_of(work, chat.id) == values["account"]:
            return Asked(chat.id, chat.language, kind, values)
    return None
