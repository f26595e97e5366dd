"""Who is on the other side of a chat, as far as it has proven: a stranger, a linked chat, or signed in.

A chat stays linked 30 days from its last use, for notices; account and health data need a sign-in younger than 12 h and idle less
than 1 h. The figures are the fund's (`sessions`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from services.work import Work
from store import links
from store.links import LinkRow

_TOUCH_EVERY = dt.timedelta(minutes=1)  # a session's last use is written at most this often


class Standing(IntEnum):
    """How much a chat has proven; each includes the ones before."""

    STRANGER = 0
    LINKED = 1
    SIGNED_IN = 2


@dataclass(frozen=True, slots=True)
class Who:
    """The account behind a chat; ids are 0 for a stranger."""

    standing: Standing
    account_id: int = 0
    participant_id: int = 0

    @property
    def signed_in(self) -> bool:
        return self.standing >= Standing.SIGNED_IN

    @property
    def proven_account(self) -> int:
        """The account of who is signed in, else 0: a chat that is only linked may be in other hands just now."""
        return self.account_id if self.signed_in else 0


STRANGER = Who(Standing.STRANGER)


def who(work: Work, chat_id: int) -> Who:
    """Who this chat is; its use is noted."""
    link = links.of_chat(work.db, chat_id)
    if link is None or not _linked(work, link):
        return STRANGER
    fresh = _fresh(work, link)
    if link.used_at + _TOUCH_EVERY <= work.now:
        links.touch(work.db, chat_id, work.now, seen=fresh)
    return Who(Standing.SIGNED_IN if fresh else Standing.LINKED, link.account_id, link.participant_id)


def signed_in(work: Work, chat_id: int) -> bool:
    """Whether this chat is signed in; nothing is noted."""
    link = links.of_chat(work.db, chat_id)
    return link is not None and _linked(work, link) and _fresh(work, link)


@dataclass(frozen=True, slots=True)
class LinkedChat:
    """A chat of an account: what it has proven today, and whether it can be written to."""

    id: int
    standing: Standing
    reached: bool


def chats_of(work: Work, account_ids: Collection[int]) -> dict[int, list[LinkedChat]]:
    """By account, the chats that were ever linked to it and haven't left, in the order in which chats are locked; nothing is noted."""
    found: dict[int, list[LinkedChat]] = {account_id: [] for account_id in account_ids}
    for chat_id, link, reached in links.of_accounts(work.db, account_ids):
        standing = STRANGER.standing
        if _linked(work, link):
            standing = Standing.SIGNED_IN if _fresh(work, link) else Standing.LINKED
        found[link.account_id].append(LinkedChat(chat_id, standing, reached))
    return found


def account_of(work: Work, chat_id: int) -> int | None:
    """The account that a chat is linked to, however long ago it was used; nothing is noted."""
    link = links.of_chat(work.db, chat_id)
    return None if link is None else link.account_id


def _linked(work: Work, link: LinkRow) -> bool:
    return not link.disabled and link.used_at + work.fund.linked > work.now


def _fresh(work: Work, link: LinkRow) -> bool:
    return (
        link.signed_in_at is not None
        and link.seen_at is not None
        and link.signed_in_at + work.fund.signed_in > work.now
        and link.seen_at + work.fund.idle > work.now
    )


def signed(who: Who) -> dict[str, int]:
    """Who was signed in when a paper was asked for, as its values say it."""
    return {"account": who.account_id, "participant": who.participant_id}


def signatory(values: Mapping[str, Any]) -> Who:
    """Who asked for a paper: there would be no such row had they not been signed in then."""
    return Who(Standing.SIGNED_IN, values["account"], values["participant"])


def sign_in(work: Work, chat_id: int, account_id: int) -> None:
    """Link the chat to the account and sign it in; a chat is linked to one account at a time."""
    links.put(work.db, chat_id, account_id, work.now)


def lock(work: Work, chat_id: int) -> None:
    """End the sign-in at once; the chat stays linked, for notices."""
    links.lock(work.db, chat_id)


def unlink(work: Work, chat_id: int) -> None:
    """End the sign-in and the link."""
    links.drop(work.db, chat_id)


def close(work: Work, chat_id: int) -> None:
    """End the link of a chat that isn't the turn's own, with what was open there. What was shown there goes by a screen that wipes."""
    links.drop(work.db, chat_id)
    chat = work.chat(chat_id)
    if chat is not None:
        chat.state.pop("form", None)
        chat.state.pop("place", None)
        work.save(chat)
