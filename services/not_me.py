"""What an owner is told of a change to the space, on every channel, and what "It was not me" does about it.

The button and the mail's link carry a one-time token: they hold for chats that the change itself has unlinked (TH-10, CF-03).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kit.screen import Button, Keys, Screen
from kit.text import Text, t
from services import access, activity, one_time, requests
from services.activity import Event
from services.one_time import NOT_ME
from services.registration import expired_link
from services.requests_words import Kind
from services.work import Work
from store import accounts, links, tokens
from store.accounts import Account

LIFETIME = dt.timedelta(days=30)
_MENU = Button(t("Menu"), "go:menu", lasting=True)
_LOGIN = Button(t("Sign in"), "go:login", lasting=True)


def warn(
    work: Work,
    account: Account,
    template: str,
    lines: Sequence[Text | None],
    *,
    here: int | None = None,
    unlink: bool = False,
) -> None:
    """Tell the owner of a change: a mail, and each linked chat but `here`; `unlink` ends the links of those chats."""
    work.mail(template, account.email, account.language, token=_token(work, account.id, 0))
    tell_chats(work, account, lines, here=here, unlink=unlink)


def tell_chats(
    work: Work,
    account: Account,
    lines: Sequence[Text | None],
    *,
    here: int | None = None,
    unlink: bool = False,
    doubt: bool = True,
) -> None:
    """Tell each linked chat but `here`, with "It was not me" where there may be a `doubt`."""
    for chat_id in links.chats_of(work.db, account.id):
        if chat_id == here:
            continue
        below = [_LOGIN, _MENU] if unlink and doubt else [_MENU]
        keys = [*doubts(work, account.id, chat_id), below] if doubt else [below]
        if unlink:
            access.close(work, chat_id)
        work.tell(chat_id, Screen(lines, keys=keys, wipe=unlink))


def doubts(work: Work, account_id: int, chat_id: int) -> Keys:
    """The button "It was not me" for a chat."""
    return [[Button(t("It was not me"), f"{NOT_ME}:{_token(work, account_id, chat_id)}", lasting=True)]]


def _token(work: Work, account_id: int, chat_id: int) -> str:
    return tokens.add(work.db, NOT_ME, account_id, chat_id, work.now, LIFETIME)


def look(work: Work, token: str, chat_id: int = 0) -> Account | None:
    """Whose space a token would lock, while it is good; one that was given to a chat is good there only. Nothing changes."""
    found = tokens.peek(work.db, token, NOT_ME, work.now)
    if found is None or found.chat_id not in (0, chat_id):
        return None
    account = accounts.get(work.db, found.subject)
    return None if account is None or account.locked else account


def lock(work: Work, token: str, here: int = 0) -> list[Text]:
    """Spend a token: the space is locked until the fund opens it, every session ends, support is asked. What is said here.

    Raises Refused with one text for every token that isn't good.
    """
    account = look(work, token, here)
    if account is None or tokens.spend(work.db, token, NOT_ME, work.now) is None:
        raise expired_link()
    tokens.void(work.db, NOT_ME, account.id, work.now)
    one_time.void(work, account.id)
    accounts.set_locked(work.db, account.id, work.now)
    activity.note(work, account.id, Event.SPACE_LOCKED, here or None)
    said = _said(work, account, here)
    tell_chats(work, account, said, here=here, unlink=True, doubt=False)
    if here:
        access.unlink(work, here)
    work.mail("space_locked", account.email, account.language)
    return said


def _said(work: Work, account: Account, here: int) -> list[Text]:
    """What is said of it, with the number of the request that puts it before the fund's agents, where there are any."""
    locked = t(
        "🔒 <b>Your space is locked.</b> Nobody can sign in to it any more, and no new password can be chosen."
    )
    if not requests.possible(work):
        return [
            locked,
            t("The fund opens it again once it has checked who you are."),
            requests.by_phone(work),
        ]
    asks = here or next(iter(links.chats_of(work.db, account.id)), 0)
    request = requests.file(work, Kind.NOT_ME, asks, account_id=account.id, language=account.language)
    return [
        locked,
        t("The fund opens it again once it has checked who you are."),
        *requests.filed(work, request),
    ]
