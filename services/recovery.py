"""A forgotten password: a secret question for whoever asks, one answer to all, and for the right answer a one-time link by mail.

Nothing that a person is shown, nor how long it takes, tells whether an address is known or an answer was right (TH-06, CF-03): what
only an account can bring about (mails, words to its chats) is done a moment later, by a row of `due` that every request has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kit.errors import Refused
from kit.folding import fold
from kit.language import Language
from kit.text import Clock, Ltr, Text, t
from services import access, activity, credentials, limits, not_me, one_time, reminders, secrets
from services.activity import Event
from services.one_time import RESET
from services.registration import expired_link
from services.secret_answers import QUESTIONS
from services.words import lines
from services.work import Work
from store import accounts, links, tokens
from store.accounts import Account, SecretQuestion
from store.chats import Chat

LONGEST_LIFE = dt.timedelta(minutes=60)  # of a link, from the answer on (CF-04)
AFTER_ACCEPTANCE = dt.timedelta(minutes=15)  # of a link, from the moment when the relay took its mail
OWN = "own"  # a question in the owner's words
MAIL = "password_link"  # the letter with the link
DUE = "reset"  # what a request leads to a moment later
_PENDING = "resets"  # in the chat's state: what is done about its requests a moment later


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks: the account that the address leads to, if any, and under which subject answers are counted."""

    known: SecretQuestion | None
    linked: bool
    subject: str

    @property
    def account_id(self) -> int:
        return 0 if self.known is None or self.known.locked else self.known.account_id


def _asker(work: Work, chat_id: int, email: str) -> _Asker:
    """A chat that is linked to the account is a subject of its own, so that strangers can't lock its owner out (CF-05)."""
    known, link = accounts.question_of(work.db, email), links.of_chat(work.db, chat_id)
    linked = known is not None and link is not None and link.account_id == known.account_id
    return _Asker(known, linked, f"chat {chat_id}" if linked else email.casefold())


# ── the question ─────────────────────────────────────────────────────────────────────────────────────────────────────


def question(work: Work, email: str) -> str:
    """The id of an address's question, or OWN. An unknown address has one all the same, always the same one, as likely OWN as any."""
    drawn = _drawn(work, email, [*QUESTIONS, OWN], "question")
    known = accounts.question_of(work.db, email)
    if known is None:
        return drawn
    return known.question if known.question in QUESTIONS else OWN


def wording(work: Work, email: str) -> str:
    """A question in the owner's words, for the page that alone shows it; an unknown address has one too."""
    drawn = _drawn(work, email, lines("own_questions"), "wording")
    known = accounts.question_of(work.db, email)
    return drawn if known is None or known.question in QUESTIONS else known.question


def _drawn(work: Work, email: str, among: list[str], purpose: str) -> str:
    number = int.from_bytes(work.db.blind(email.casefold(), f"reset {purpose}")[:8])
    return among[number % len(among)]


# ── a request and its answer ─────────────────────────────────────────────────────────────────────────────────────────


def request(work: Work, chat: Chat, email: str) -> bool:
    """Count a request; whether it may lead to a mail. A chat that isn't linked is told to those that are, at once.

    Only a chat that is linked to the account hears of its limits: Refused `reset_wait`, `reset_stopped`.
    """
    asker = _asker(work, chat.id, email)
    if asker.linked:
        _refuse_beyond(work, chat.id, asker.subject)
    of_chat = limits.resets_of_chat.take(work, chat.id)
    of_address = limits.resets_of_address_hourly.take(work, asker.subject)
    of_address &= limits.resets_of_address.take(work, asker.subject)
    within = of_chat and of_address
    _later(work, chat, asker.account_id if within and not asker.linked else 0, Event.RESET_ASKED)
    return within


def _refuse_beyond(work: Work, chat_id: int, subject: str) -> None:
    if not limits.wrong_answers_monthly.left(work, subject):
        fund = work.fund.health_fund
        raise Refused(
            "reset_stopped",
            t(
                "Too many answers were wrong: only the fund can help you now, at {phone} or {email}.",
                phone=Ltr(fund.phone),
                email=Ltr(fund.email),
            ),
        )
    waits = [
        limits.resets_of_chat.until(work, chat_id),
        limits.resets_of_address_hourly.until(work, subject),
        limits.resets_of_address.until(work, subject),
        limits.answers_hourly.until(work, subject),
        limits.wrong_answers.until(work, subject),
    ]
    until = max((one for one in waits if one is not None), default=None)
    if until is not None:
        raise Refused(
            "reset_wait",
            t(
                "You have asked several times. Please try again on {date} at {time}.",
                date=until,
                time=Clock(until + dt.timedelta(minutes=1)),
            ),
        )


def answer(work: Work, chat: Chat, email: str, typed: str, *, within: bool) -> None:
    """Take an answer; whatever it is, what is said next is the same. `within`: what `request` said."""
    asker = _asker(work, chat.id, email)
    against = secrets.DECOY if asker.known is None else asker.known.answer
    right = bool(work.need("verify", against, fold(typed))) and asker.known is not None
    may = within and limits.answers_hourly.take(work, asker.subject)
    may &= limits.wrong_answers.left(work, asker.subject)
    may &= limits.wrong_answers_monthly.left(work, asker.subject)
    if not right:
        limits.wrong_answers.take(work, asker.subject)
        limits.wrong_answers_monthly.take(work, asker.subject)
    _later(work, chat, asker.account_id if right and may else 0, Event.RESET_SENT)


def _later(work: Work, chat: Chat, account_id: int, event: Event) -> None:
    """Have it done in the sweeper's next round; nobody's requests (0) go the same way."""
    chat.state.setdefault(_PENDING, []).append([account_id, event.value])
    reminders.remind(work, DUE, chat.id, work.now)


def happen(work: Work, chat_id: int) -> None:
    """The moment after a request: the linked chats are told of it, or the link leaves by mail."""
    chat = work.chat(chat_id)
    if chat is None:
        return
    pending = chat.state.pop(_PENDING, [])
    work.save(chat)
    for account_id, event in pending:
        account = accounts.get(work.db, account_id) if account_id else None
        if account is None or account.locked:
            continue
        activity.note(work, account.id, Event(event), chat_id)
        if event == Event.RESET_SENT:
            token = tokens.issue(work.db, RESET, account.id, chat_id, work.now, LONGEST_LIFE)
            work.mail("password_link", account.email, account.language, token=token, account=str(account.id))
        else:
            not_me.tell_chats(work, account, _asked_elsewhere(work), here=chat_id, doubt=False)


def _asked_elsewhere(work: Work) -> list[Text | None]:
    return [
        t("⚠️ From another Telegram account, somebody says to have forgotten the password of your space."),
        t(
            "Without your secret answer and your mailbox they get nowhere. If it was not you, you need do nothing; tell nobody your answer."
        ),
    ]


# ── the link ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ResetLink:
    """Whose link it is, and the chat that it was asked for in."""

    account: Account
    chat_id: int

    @property
    def language(self) -> Language:
        return self.account.language


def look(work: Work, token: str) -> ResetLink | None:
    """Whose link this is, while it is good; nothing changes."""
    found = tokens.peek(work.db, token, RESET, work.now)
    account = accounts.get(work.db, found.subject) if found is not None else None
    if found is None or account is None or account.locked:
        return None
    return ResetLink(account, found.chat_id)


def reset(work: Work, token: str, phc: str, here: int | None = None) -> Account:
    """Spend a link: the password is replaced, every session and link of a chat ends, the owner is told on every channel.

    Nobody is signed in by it. `here` is the turn's own chat. Raises Refused with one text for every link that isn't good.
    """
    link = look(work, token)
    if link is None or tokens.spend(work.db, token, RESET, work.now) is None:
        raise expired_link()
    account = link.account
    accounts.renew_password(work.db, account.id, phc)
    _forgive(work, account, [link.chat_id, *links.chats_of(work.db, account.id)])
    one_time.void(work, account.id)
    activity.note(work, account.id, Event.PASSWORD_RESET, here)
    not_me.warn(work, account, "password_changed", credentials.password_news(), here=here, unlink=True)
    if here is not None:
        access.unlink(work, here)
    return account


def _forgive(work: Work, account: Account, chats: list[int]) -> None:
    """Who has proven mailbox and answer starts anew."""
    login = account.email.casefold()
    limits.sign_in_of_login.clear(work, login)
    for subject in (login, *(f"chat {chat_id}" for chat_id in chats)):
        for budget in (limits.answers_hourly, limits.wrong_answers, limits.wrong_answers_monthly):
            budget.clear(work, subject)
    for chat_id in chats:
        limits.sign_in_of_chat.clear(work, chat_id)


# ── the mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def mail_accepted(work: Work, values: Mapping[str, str]) -> None:
    """The relay took the mail: from now on the link has its quarter of an hour (SPEC 2.2, FL-12)."""
    tokens.shorten(work.db, values["token"], RESET, work.now + AFTER_ACCEPTANCE)


def mail_refused(work: Work, values: Mapping[str, str]) -> None:
    """The relay refused the owner's address: the linked chats are told, and nobody else (FL-15)."""
    account = accounts.get(work.db, int(values["account"]))
    if account is None:
        return
    tokens.void(work.db, RESET, account.id, work.now)
    said = t(
        "The mail to choose a new password could not be delivered: your address {email} was refused. The fund can help you: {phone}.",
        email=Ltr(account.email),
        phone=Ltr(work.fund.health_fund.phone),
    )
    not_me.tell_chats(work, account, [said], doubt=False)


def done_lines() -> list[Text | None]:
    """What is said once the new password is chosen."""
    return [
        t("✅ <b>Your new password is set.</b>"),
        t("Every chat is signed out: sign in again with it."),
    ]
