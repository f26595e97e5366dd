"""Whether the activity log is whole: every account's chain walked, each row's keyed hash made anew (TH-71, INV-15).

What the retention took from the old end leaves the rest good: the first row that is left names its predecessor's moment, and that is
older than the fund keeps the log. Without the key nobody makes a row, or a head, that fits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.work import Work
from store import activity
from store.activity import Head, Link

BATCH = 200  # accounts looked at in one transaction
What: TypeAlias = Literal["changed", "removed", "inserted"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that isn't as it was written, by its number in the account's chain: changed, removed, or put there by somebody else."""

    account_id: int
    seq: int
    what: What


@dataclass(frozen=True, slots=True)
class Report:
    """What a walk found: rows that fit, rows from before there was a chain, and the faults. `last` is where the next walk begins."""

    accounts: int
    rows: int
    unchained: int
    faults: Sequence[Fault]
    last: int


def verify(work: Work, after: int = 0, limit: int = BATCH) -> Report:
    """Walk the chains of the accounts with the next higher numbers. At the end none is looked at."""
    kept_since = work.now - dt.timedelta(days=work.fund.retention_days.activity_log)
    ids = activity.chained(work.db, after, limit)
    faults: list[Fault] = []
    rows = unchained = 0
    for account_id in ids:
        head = activity.head_of(work.db, account_id)  # first: rows that come meanwhile go beyond it
        links = activity.links_of(work.db, account_id)
        rows += len(links)
        unchained += sum(link.seq is None for link in links)
        faults.extend(_walk(account_id, head, links, kept_since))
    return Report(len(ids), rows, unchained, faults, ids[-1] if ids else after)


def _walk(
    account_id: int, head: Head | None, links: Sequence[Link], kept_since: dt.datetime
) -> Iterator[Fault]:
    chained = [link for link in links if link.seq is not None]
    if head is None:
        # An account's first row is written with it: without a head it has rows from before the chain, and only those.
        if chained or not links:
            yield Fault(account_id, 0, "removed")
        return
    begins = chained[0].at if chained else kept_since
    if any(link.seq is None and link.at > begins for link in links):
        yield Fault(account_id, 0, "inserted")
    if not head.whole:
        yield Fault(account_id, head.seq, "changed")
    yield from _along(account_id, chained, kept_since)
    last = (chained[-1].seq or 0) if chained else 0
    if last < head.seq and (chained or head.at is None or head.at >= kept_since):
        yield Fault(account_id, last + 1, "removed")


def _along(account_id: int, chained: Sequence[Link], kept_since: dt.datetime) -> Iterator[Fault]:
    """The faults between one row and the next."""
    former: Link | None = None
    for link in chained:
        seq = link.seq or 0
        if not link.whole:
            yield Fault(account_id, seq, "changed")
        elif former is None:
            if seq > 1 and (link.before_at is None or link.before_at >= kept_since):
                yield Fault(account_id, seq - 1, "removed")
        elif seq == former.seq:
            yield Fault(account_id, seq, "inserted")
        elif seq > (former.seq or 0) + 1:
            yield Fault(account_id, seq - 1, "removed")
        elif link.before != former.mac:
            yield Fault(account_id, seq, "changed")
        former = link
