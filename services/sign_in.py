"""Sign-in: e-mail and password, with waits that grow, a lock told to the owner, and one answer whether the account exists or not."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from typing import NoReturn

from kit.errors import Refused
from kit.text import Clock, nt, t
from services import access, activity, limits
from services.activity import Event
from services.secrets import DECOY, needs_rehash
from services.work import Work
from store import accounts, links

MAX_FAILURES = 100  # wrong passwords in a row before the password is disabled until it is reset (DESIGN 11)


def sign_in(work: Work, chat_id: int, email: str, password: str) -> None:
    """Sign this chat in, or Refused: `sign_in_wait`, `sign_in_locked` until a time, or `sign_in_wrong`.

    A chat that is linked to the account is held to its own failures only, so that strangers can't lock its owner out (CF-05).
    """
    login = email.casefold()
    account = accounts.by_email(work.db, email)
    link = links.of_chat(work.db, chat_id)
    owned = account is not None and link is not None and link.account_id == account.id
    until = limits.sign_in_of_chat.wait_until(work, chat_id)
    if until is None and not owned:
        until = limits.sign_in_of_login.wait_until(work, login)
    if until is not None:
        raise _wait(work, until)
    clear = unicodedata.normalize("NFKC", password)
    right = bool(work.need("verify", account.password if account else DECOY, clear))
    if account is None or account.closed or not right:
        _fail(work, chat_id, login, account, owned=owned)
    if needs_rehash(account.password):
        accounts.set_password(work.db, account.id, work.need("hash", clear))
    limits.sign_in_of_chat.clear(work, chat_id)
    limits.sign_in_of_login.clear(work, login)
    accounts.set_failures(work.db, account.id, 0)
    access.sign_in(work, chat_id, account.id)
    activity.note(work, account.id, Event.SIGNED_IN, chat_id)


def prove(work: Work, chat_id: int, account: accounts.Account, password: str) -> None:
    """The password once more, in a chat that is signed in. Refused as at the sign-in; held to the chat's own failures."""
    until = limits.sign_in_of_chat.wait_until(work, chat_id)
    if until is not None:
        raise _wait(work, until)
    right = bool(work.need("verify", account.password, unicodedata.normalize("NFKC", password)))
    if account.closed or not right:
        _fail(work, chat_id, account.email.casefold(), account, owned=True)
    limits.sign_in_of_chat.clear(work, chat_id)
    accounts.set_failures(work.db, account.id, 0)


def _fail(work: Work, chat_id: int, login: str, account: accounts.Account | None, *, owned: bool) -> NoReturn:
    of_chat = limits.sign_in_of_chat.fail(work, chat_id)
    failures = limits.sign_in_of_login.fail(work, login)
    if account is not None:
        _count(work, account)
        activity.note(work, account.id, Event.SIGN_IN_FAILED, chat_id)
        if failures == limits.FREE_FAILURES and limits.owner_warnings.take(work, f"locked {account.id}"):
            work.mail("locked", account.email, account.language)
    if owned and of_chat >= limits.FREE_FAILURES:
        raise _wait(work, limits.sign_in_of_chat.wait_until(work, chat_id) or work.now)
    if not owned and failures >= limits.FREE_FAILURES:
        raise _wait(work, limits.sign_in_of_login.wait_until(work, login) or work.now)
    raise Refused("sign_in_wrong", t("This e-mail and this password do not go together."), at="password")


def _count(work: Work, account: accounts.Account) -> None:
    """One more in a row; at the last the password is disabled, and its owner is told how to come by a new one."""
    total = account.failures + 1
    accounts.set_failures(work.db, account.id, total, work.now if total == MAX_FAILURES else None)
    if total == MAX_FAILURES and not account.closed:
        activity.note(work, account.id, Event.PASSWORD_DISABLED)
        work.mail("password_disabled", account.email, account.language)


def _wait(work: Work, until: dt.datetime) -> Refused:
    """A short wait keeps the form; a lock closes it."""
    seconds = math.ceil((until - work.now).total_seconds())
    if seconds < 60:
        return Refused(
            "sign_in_wait",
            nt(
                "Not so fast: please wait {n} second, then type it again.",
                "Not so fast: please wait {n} seconds, then type it again.",
                seconds,
            ),
            at="password",
        )
    return Refused(
        "sign_in_locked",
        t("Too many attempts. Please try again at {time}.", time=Clock(until + dt.timedelta(minutes=1))),
    )


def sign_out(work: Work, chat_id: int, account_id: int) -> None:
    """Unlink this chat."""
    access.unlink(work, chat_id)
    activity.note(work, account_id, Event.SIGNED_OUT, chat_id)


def lock(work: Work, chat_id: int, account_id: int) -> None:
    """End the sign-in of this chat at once; it stays linked."""
    access.lock(work, chat_id)
    activity.note(work, account_id, Event.LOCKED, chat_id)
