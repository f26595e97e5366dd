"""A space is erased by its owner: the account, its chats and what was written to them. The fund's own file stays the fund's.

What stays beside it: the activity log and the consents, under a number that leads to nobody, and a tombstone, so that a backup which
is put back doesn't bring the space back (law 09-08, SECURITY 2.11). Whoever was erased may register anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import orjson

from kit.clock import to_ms
from kit.screen import Screen
from kit.text import t
from services import activity, credentials
from services.activity import Event
from services.work import Work
from store import accounts, links, outbox, registrations, tombstones
from store import erasure as store
from store.accounts import Account
from store.chats import Chat
from store.promises import Lane, Promise
from store.tombstones import Tombstone

CHANNEL = "erasures"  # of the outbox: what is kept outside the database


def erase(work: Work, chat: Chat, account_id: int) -> None:
    """Erase the space of who is signed in here and has just typed the password. Raises Refused where that is too long ago."""
    credentials.spend_proof(work, chat)
    account = credentials.get(work, account_id)
    linked = links.chats_of(work.db, account.id)
    others = [one for one in linked if one != chat.id]
    for one in others:
        work.chat(one)
    for one in (*others, chat.id):
        work.promises.extend(work.house.wipe(work.db, one, work.now, True))
    stone = _erase(work, account, {*linked, chat.id}, chat.id)
    work.promises.append(
        Promise(
            CHANNEL, CHANNEL, Lane.NOTICE, "keep",
            orjson.dumps([stone.matricule_index.hex(), to_ms(stone.erased_at)]), work.now,
        )
    )  # fmt: skip
    work.mail("erased", account.email, account.language)
    for one in others:
        work.tell(one, Screen([t("The space that this chat was linked to has been erased by its owner.")]))
    chat.state.clear()


def _erase(work: Work, account: Account, chat_ids: set[int], here: int | None) -> Tombstone:
    stone = Tombstone(tombstones.index_of(work.db, account.participant_id), work.now)
    activity.note(work, account.id, Event.ERASED, here)
    tombstones.add(work.db, stone, account.id)
    mails = [work.mail_destination(account.email)]
    typed = registrations.addresses_of(work.db, account.participant_id)
    mails += [work.mail_destination(address) for address in typed]
    store.erase(work.db, account.id, account.participant_id, chat_ids, mails, work.now)
    return stone


def replay(work: Work, stones: Sequence[Tombstone] = ()) -> list[int]:
    """Erase again what a backup brought back; the numbers of those accounts. Nobody is told: they were, at the time.

    `stones`: erasures that were kept outside the database, which a backup knows nothing of.
    """
    kept_since = work.now - dt.timedelta(days=work.fund.retention_days.activity_log)
    for stone in stones:
        if stone.erased_at >= kept_since:
            tombstones.add(work.db, stone, 0)
    risen = tombstones.risen(work.db)
    for account_id in risen:
        account = accounts.get(work.db, account_id)
        if account is not None:
            chat_ids = set(links.chats_of(work.db, account_id))
            for chat_id in chat_ids:
                outbox.drop(work.db, f"telegram:{chat_id}", "erased", work.now)
            outbox.drop(work.db, work.mail_destination(account.email), "erased", work.now)
            _erase(work, account, chat_ids, None)
    return risen


def all_of(work: Work) -> list[Tombstone]:
    """Every erasure that is known, the oldest first."""
    return tombstones.all_of(work.db)
