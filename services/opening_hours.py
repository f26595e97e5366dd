"""When the fund is open, by its file: hours of the week, holidays, time zone. Working time is counted here and nowhere else.

A range of hours is local time; between its ends it is measured in elapsed time, so a change of the clock (Ramadan's, for Morocco)
costs or gives nobody an hour. Which changes there are is known to kit.zones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from kit.text import Clock, Ltr, Text, Weekday, t
from kit.zones import zone
from services.fund import Fund

_FAR = 400  # days; a fund that does not open within these has no hours at all

Span = tuple[dt.datetime, dt.datetime]


def is_open(fund: Fund, moment: dt.datetime) -> bool:
    """Whether somebody is there at a moment. The minute of closing is closed."""
    return _closes(fund, moment) is not None


def next_working(fund: Fund, moment: dt.datetime) -> dt.datetime:
    """The first working moment at or after this one, UTC."""
    for begins, ends in _spans(fund, moment):
        if moment < ends:
            return max(moment, begins)
    raise LookupError("the fund never opens")


def add_working(fund: Fund, moment: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """The moment when `span` of working time has passed, UTC; a span of nothing ends when work begins."""
    here = next_working(fund, moment)
    if span <= dt.timedelta(0):
        return here
    for begins, ends in _spans(fund, here):
        if ends <= here:
            continue
        rest = ends - max(here, begins)
        if span <= rest:
            return max(here, begins) + span
        span -= rest
    raise LookupError("the fund never opens")


def status(fund: Fund, moment: dt.datetime) -> Text:
    """ "Open now, until 16:30." or "Closed now; opens Monday at 08:30." """
    closes = _closes(fund, moment)
    if closes is not None:
        return t("🟢 Open now, until {time}.", time=Clock(closes))
    return t("🔴 Closed now; opens {when}.", when=when(fund, moment, next_working(fund, moment)))


def when(fund: Fund, moment: dt.datetime, then: dt.datetime) -> Text:
    """A moment to come in words, seen from another: "tomorrow at 08:30", "Monday at 08:30"; a date where the weekday is not enough."""
    here = zone(fund.opening_hours.timezone)
    day = then.astimezone(here).date()
    away, time = (day - moment.astimezone(here).date()).days, Clock(then)
    if away <= 0:
        return t("today at {time}", time=time)
    if away == 1:
        return t("tomorrow at {time}", time=time)
    if away < 7:
        return t("{weekday} at {time}", weekday=Weekday(day), time=time)
    return t("{weekday} {date} at {time}", weekday=Weekday(day), date=day, time=time)


def week(fund: Fund) -> Text:
    """The hours of a week in words."""
    return t("Monday to Friday, {hours}.", hours=of_a_day(fund))


def of_a_day(fund: Fund) -> Text:
    """The hours of a working day in words: in figures, "08:30-16:30", they are read backwards in Arabic."""
    spans = [
        t("{begins} to {ends}", begins=Ltr(told[:5]), ends=Ltr(told[6:]))
        for told in sorted(fund.opening_hours.monday_to_friday)
    ]
    hours = spans[0]
    for span in spans[1:]:
        hours = t("{hours}, then {span}", hours=hours, span=span)
    return hours


def _closes(fund: Fund, moment: dt.datetime) -> dt.datetime | None:
    for begins, ends in _of_day(fund, moment.astimezone(zone(fund.opening_hours.timezone)).date()):
        if begins <= moment < ends:
            return ends
    return None


def _spans(fund: Fund, moment: dt.datetime) -> Iterator[Span]:
    """The spans of work from this moment's day on, in order."""
    day = moment.astimezone(zone(fund.opening_hours.timezone)).date()
    for ahead in range(_FAR):
        yield from _of_day(fund, day + dt.timedelta(days=ahead))


def _of_day(fund: Fund, day: dt.date) -> list[Span]:
    """A day's spans of work, UTC, in order, without overlaps."""
    holidays = fund.holidays
    if day.weekday() >= 5 or f"{day:%m-%d}" in holidays.fixed or day in holidays.moving:
        return []
    here = zone(fund.opening_hours.timezone)
    spans: list[Span] = []
    for told in sorted(fund.opening_hours.monday_to_friday):
        begins, ends = (
            dt.datetime.combine(day, dt.time.fromisoformat(end), here).astimezone(dt.UTC)
            for end in told.split("-")
        )
        if spans and begins <= spans[-1][1]:
            begins, ends = spans[-1][0], max(ends, spans.pop()[1])
        if begins < ends:
            spans.append((begins, ends))
    return spans
