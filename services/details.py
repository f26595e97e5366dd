"""A reimbursement in full on a one-time page, for who wants no health data in Telegram (CF-10): the link, and what it opens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kit.language import Language
from services import access, reimbursements
from services.reimbursements import Line
from services.work import Work
from store import chats, tokens

NAME = "detail"  # the token's purpose, and the page's address
LASTS = dt.timedelta(minutes=10)


def link(work: Work, chat_id: int, line_id: int) -> str | None:
    """The address of the page of a line that this chat's list shows; None where there is no public address."""
    if work.house.public_url is None:
        return None
    return work.page(NAME, tokens.issue(work.db, NAME, line_id, chat_id, work.now, LASTS))


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose page it is."""

    chat_id: int
    language: Language


def reader(work: Work, token: str) -> Reader | None:
    """Whose page a token opens, while it is good and the chat that asked for it is signed in; nothing changes."""
    found = tokens.peek(work.db, token, NAME, work.now)
    if found is None or not access.signed_in(work, found.chat_id):
        return None
    return _reader(work, found.chat_id)


def read(work: Work, token: str) -> Line | None:
    """Spend the token: the line in full, its reading noted; None where the link isn't good or the line isn't theirs."""
    spent = tokens.spend(work.db, token, NAME, work.now)
    who = access.who(work, spent.chat_id) if spent is not None else None
    if spent is None or who is None or not who.signed_in:
        return None
    return reimbursements.line(work, who, spent.chat_id, spent.subject)


def reader_before(work: Work, token: str) -> Reader | None:
    """Whose page it was that a token has opened or could have."""
    found = tokens.past(work.db, token, NAME)
    return None if found is None else _reader(work, found.chat_id)


def _reader(work: Work, chat_id: int) -> Reader | None:
    chat = chats.glance(work.db, chat_id)
    return None if chat is None else Reader(chat_id, chat.language)
