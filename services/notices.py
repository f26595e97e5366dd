"""Which notices a person asked for, and the hours in which none is sent. Nothing is assumed: who was never asked gets none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from kit.zones import zone
from services import activity
from services.activity import Event
from services.work import Work
from store import notices as store

_DAY = 24 * 60  # minutes


class Kind(StrEnum):
    """What a person can be told unasked; the values stand in the database."""

    REIMBURSEMENTS = "reimbursements"
    SECURITY = "security"


ALWAYS = frozenset({Kind.SECURITY})  # nobody can switch these off


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each day in which no notice is sent, in minutes after midnight at the fund's seat; the end may be the next day's."""

    begins: int
    ends: int

    def over(self, moment: dt.datetime) -> dt.datetime:
        """The moment itself where it isn't in these hours, else their end; `moment` is at the fund's seat."""
        minute = moment.hour * 60 + moment.minute
        if (minute - self.begins) % _DAY >= (self.ends - self.begins) % _DAY:
            return moment
        left = dt.timedelta(minutes=(self.ends - minute) % _DAY)
        return moment.replace(second=0, microsecond=0) + left


def wants(work: Work, account_id: int, kind: Kind) -> bool:
    """Whether a person is to be told."""
    return kind in ALWAYS or bool(store.choice(work.db, account_id, kind))


def set(work: Work, account_id: int, kind: Kind, wanted: bool, chat_id: int) -> None:
    """Turn a kind of notice on or off for a person. One of ALWAYS stays on."""
    if kind in ALWAYS or store.choice(work.db, account_id, kind) == wanted:
        return
    store.choose(work.db, account_id, kind, wanted, work.now)
    activity.note(work, account_id, Event.NOTICES_CHANGED, chat_id, f"{kind} {'on' if wanted else 'off'}")


def offer(work: Work, account_id: int, kind: Kind) -> bool:
    """Whether to ask the person about a kind of notice, which is done once: until they say yes, it is off."""
    if kind in ALWAYS or store.choice(work.db, account_id, kind) is not None:
        return False
    store.choose(work.db, account_id, kind, False, work.now)
    return True


def fund_hours(work: Work) -> Quiet | None:
    """The fund's quiet hours, for who chose none of their own."""
    span = work.fund.notices.quiet_hours
    if span is None:
        return None
    begins, ends = (int(time[:2]) * 60 + int(time[3:]) for time in span.split("-"))
    return Quiet(begins, ends)


def own_hours(work: Work, account_id: int) -> Quiet | None:
    """The quiet hours that a person chose: begin and end are equal for none at all. None: left to the fund."""
    hours = store.quiet(work.db, account_id)
    return None if hours is None else Quiet(*hours)


def set_hours(work: Work, account_id: int, hours: Quiet | None, chat_id: int) -> None:
    """Choose quiet hours; None leaves them to the fund."""
    store.set_quiet(work.db, account_id, None if hours is None else (hours.begins, hours.ends))
    said = "as the fund" if hours is None else f"{hours.begins}-{hours.ends}"
    activity.note(work, account_id, Event.NOTICES_CHANGED, chat_id, f"quiet hours {said}")


def awake(work: Work, account_id: int) -> dt.datetime:
    """The first moment from now on at which a notice may be sent to a person."""
    return awake_with(work, own_hours(work, account_id))


def awake_with(work: Work, own: Quiet | None) -> dt.datetime:
    """The same for who has these hours of their own, if any."""
    hours = own or fund_hours(work)
    if hours is None:
        return work.now
    here = work.now.astimezone(zone(work.fund.opening_hours.timezone))
    return hours.over(here).astimezone(dt.UTC)
