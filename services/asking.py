"""Secrets of forms asked on a one-time page: the token that opens it, bound to the chat, and to the step by what the form keeps of it."""

from __future__ import annotations

import datetime as dt

from kit.seal import token_hash
from services.work import Work
from store import chats, tokens
from store.chats import Chat

NAME = "answer"  # the token's purpose, and the page's address
LASTS = dt.timedelta(minutes=10)


def issue(work: Work, chat_id: int) -> str:
    """A new token for the question that is open in this chat; earlier ones are void."""
    return tokens.issue(work.db, NAME, chat_id, chat_id, work.now, LASTS)


def mark(token: str) -> str:
    """What is kept of a token, to know it again."""
    return token_hash(token).hex()[:32]


def void(work: Work, chat_id: int) -> None:
    """The question is answered, or asked no more: its page is closed."""
    tokens.void(work.db, NAME, chat_id, work.now)


def whose(work: Work, token: str) -> Chat | None:
    """The chat whose question the token opens, while it is good; it is not locked, so it is for looking only."""
    found = tokens.peek(work.db, token, NAME, work.now)
    return None if found is None else chats.glance(work.db, found.chat_id)


def whose_once(work: Work, token: str) -> Chat | None:
    """The chat whose question the token has ever opened."""
    found = tokens.past(work.db, token, NAME)
    return None if found is None else chats.glance(work.db, found.chat_id)
