"""New reimbursements, told to those who asked for it: noted by an import, told in small groups as fast as the bot may send.

An import writes down whom its lines are news to (one row a person, however many lines). When it has ended, the sweeper has people
told, a few at a time, for as long as what was promised before is on its way: so whoever stops the notices, comes into quiet hours or
signs out is heard until the last moment, and nothing piles up.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TypeAlias

from kit.money import Money
from kit.screen import Button, Screen
from kit.text import nt, t
from services import access, activity, consents, notices
from services.access import LinkedChat, Standing
from services.activity import Event
from services.fund import Fund
from services.notices import Quiet
from services.work import Work
from store import accounts, news, reimbursements
from store.blocking import Blocking
from store.db import Db
from store.news import News
from store.promises import Lane
from store.writer import Unavailable

MAIL = "new_reimbursements"
SILENCE = dt.timedelta(seconds=30)  # an import that has said nothing for so long has died
BEAT = dt.timedelta(seconds=5)
Now: TypeAlias = "Callable[[], dt.datetime]"


class Import:
    """One import's news, a context manager around it: nobody is told before its end, so that each is told once."""

    def __init__(self, database: Blocking, fund: Fund, now: Now) -> None:
        self._database, self._now = database, now
        self._id = secrets.randbits(53)
        self._held: dt.datetime | None = None
        self.fresh_since = now().date() - dt.timedelta(days=fund.notices.news_days)

    def touched(self, db: Db, people: frozenset[int]) -> None:
        """Lines of these participants are about to be written, in this transaction."""
        now = self._now()
        if news.note(db, people, now):
            news.hold(db, self._id, now + SILENCE)
            self._held = now

    def goes_on(self) -> None:
        """The import lives; said between its transactions."""
        now = self._now()
        if self._held is not None and now - self._held > BEAT:
            self._database.run(lambda db: news.hold(db, self._id, now + SILENCE))
            self._held = now

    def __enter__(self) -> Import:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._held is not None:
            try:
                self._database.run(lambda db: news.let_go(db, self._id))
            except Unavailable:
                return  # it is thought dead soon enough


def tell(work: Work, limit: int) -> int:
    """Promise a notice to some who wait for one, at most `limit` people; how many were looked at."""
    if news.held(work.db, work.now):
        return 0
    taken = news.take(work.db, work.now, limit)
    told: list[News] = []
    for one in taken:
        at = notices.awake_with(work, Quiet(*one.quiet) if one.quiet else None)
        if at > work.now:
            news.put_back(work.db, one.account_id, one.since, at)
        elif one.wanted:
            told.append(one)
    chats_of = access.chats_of(work, [one.account_id for one in told])
    screens: dict[int, Screen] = {}
    for one in told:
        screens |= _screens(work, one, chats_of[one.account_id])
    work.tell_all(screens, Lane.BULK)
    return len(taken)


def _screens(work: Work, one: News, chats: Sequence[LinkedChat]) -> dict[int, Screen]:
    """What each chat of a person is told. Where there is none that can be reached, a mail goes out."""
    reached = _reached(chats)
    if chats and not reached:
        _mail(work, one.account_id)
    screens = {chat.id: arrived() for chat in reached}
    signed_in = [chat.id for chat in reached if chat.standing is Standing.SIGNED_IN]
    in_chat = work.fund.health_data_in_chat == "with_consent"
    if signed_in and in_chat and consents.has(work, one.account_id, "telegram"):
        oldest = work.now.date() - dt.timedelta(days=work.fund.notices.news_days)
        new = reimbursements.of(work.db, one.participant_id).after(one.since, oldest)
        for chat_id in signed_in if new.lines else ():
            screens[chat_id] = arrived(new.lines, Money(new.reimbursed))
            activity.note(work, one.account_id, Event.TOLD_OF_REIMBURSEMENTS, chat_id)
    return screens


def _reached(chats: Sequence[LinkedChat]) -> list[LinkedChat]:
    return [chat for chat in chats if chat.reached and chat.standing > Standing.STRANGER]


def arrived(lines: int = 0, amount: Money | None = None) -> Screen:
    """The notice: how many and how much for who is signed in and agreed to it; never what for."""
    if amount is not None:
        said = nt(
            "🔔 {n} new reimbursement: <b>{amount}</b>",
            "🔔 {n} new reimbursements: <b>{amount}</b> in all",
            lines,
            amount=amount,
        )
    else:
        said = t("🔔 New reimbursements have arrived: sign in to see them.")
    keys = [
        [Button(t("See my reimbursements"), "go:reimbursements", lasting=True)],
        [Button(t("🔕 Turn these notices off"), "go:notices_off", lasting=True)],
    ]
    return Screen([said], keys=keys, protect=amount is not None)


def unreached(work: Work, chat_id: int) -> None:
    """A notice can't be delivered to a chat, which is marked so: a mail goes out, unless another chat of the person can be reached."""
    account_id = access.account_of(work, chat_id)
    if account_id is None:
        return
    accounts.lock(work.db, account_id)  # two chats may be given up at once: the second sees the first
    if not _reached(access.chats_of(work, [account_id])[account_id]):
        _mail(work, account_id)


def _mail(work: Work, account_id: int) -> None:
    account = accounts.get(work.db, account_id)
    if account is not None and not account.disabled:
        work.mail(MAIL, account.email, account.language)


def awake(work: Work, chat_id: int) -> dt.datetime:
    """The first moment from now on at which a notice may be sent to a chat."""
    account_id = access.account_of(work, chat_id)
    return work.now if account_id is None else notices.awake(work, account_id)
