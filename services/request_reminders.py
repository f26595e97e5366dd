"""The reminder of requests that nobody has taken.

When a request has waited for the fund's `requests.reminder_hours` of its opening hours, the agents' group is reminded, of all that are
due at that moment in one message; of one and the same request at most once in a working day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kit.zones import zone
from services import opening_hours, reminders
from services import requests_words as words
from services.work import Work
from store import due, requests
from store.requests import OPEN, Request

DUE = "request"  # the kind of what is due; its subject is the request's id
NAMED = 5  # requests that one message names, with a button each


def watch(work: Work, request: Request) -> None:
    """Have the group reminded of a new request, should nobody take it in time."""
    reminders.remind(work, DUE, request.id, _after(work, work.now))


def watch_again(work: Work, request: Request) -> None:
    """The same for one that was given back: not today any more, when it may have been reminded of already."""
    reminders.remind(work, DUE, request.id, _another_day(work))


def happen(work: Work, request_id: int) -> None:
    """A request has waited too long, and perhaps others with it: say so in the group, while the fund is open."""
    group = work.desk()
    ids = [request_id, *due.take_all(work.db, DUE, work.now)]
    if group is None:
        return
    late = requests.untaken(work.db, ids)
    now_open = opening_hours.is_open(work.fund, work.now)
    again = _another_day(work) if now_open else opening_hours.next_working(work.fund, work.now)
    for id in late:
        reminders.remind(work, DUE, id, again)
    if late and now_open:
        work.tell_group(group, words.reminder(work, _first(work, late), len(late)))


def _first(work: Work, ids: Sequence[int]) -> list[Request]:
    found = [requests.glance(work.db, id) for id in sorted(ids)[:NAMED]]
    return [one for one in found if one is not None and one.state == OPEN]


def _after(work: Work, moment: dt.datetime) -> dt.datetime:
    """When the fund's time to take a request is over: a moment at which somebody is there."""
    hours = dt.timedelta(hours=work.fund.requests.reminder_hours)
    return opening_hours.next_working(work.fund, opening_hours.add_working(work.fund, moment, hours))


def _another_day(work: Work) -> dt.datetime:
    """The same, on another working day than this one."""
    here = zone(work.fund.opening_hours.timezone)
    tomorrow = work.now.astimezone(here).date() + dt.timedelta(days=1)
    begins = dt.datetime.combine(tomorrow, dt.time(), here).astimezone(dt.UTC)
    return max(_after(work, work.now), opening_hours.next_working(work.fund, begins))
