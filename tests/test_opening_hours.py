"""When the fund is open, and how working time runs: holidays, week-ends, split days, Ramadan's clock."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.speech import Voices
from kit.zones import zone
from services import opening_hours as hours
from services.fund import Fund, Holidays, OpeningHours, load_fund

FUND = load_fund()
CASABLANCA = zone("Africa/Casablanca")
VOICES = Voices(strict=True)
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def at(day: str, time: str) -> dt.datetime:
    """A moment as a clock in Casablanca shows it."""
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=CASABLANCA).astimezone(dt.UTC)


def fund(*spans: str, moving: tuple[dt.date, ...] = ()) -> Fund:
    """The fund with other hours, or with moving holidays."""
    told = list(spans) or FUND.opening_hours.monday_to_friday
    changed: dict[str, Any] = {
        "opening_hours": OpeningHours(timezone="Africa/Casablanca", monday_to_friday=told),
        "holidays": Holidays(fixed=FUND.holidays.fixed, moving=list(moving)),
    }
    return FUND.model_copy(update=changed)


def say(text: Any, language: Any = "fr") -> str:
    return VOICES[language].plain(text).translate(_ISOLATES)


@pytest.mark.parametrize(
    ("day", "time", "open"),
    [
        ("2026-09-14", "08:29:59", False),
        ("2026-09-14", "08:30", True),
        ("2026-09-14", "16:29:59", True),
        ("2026-09-14", "16:30", False),
        ("2026-09-12", "10:00", False),  # Saturday
        ("2026-09-13", "10:00", False),  # Sunday
        ("2026-11-06", "10:00", False),  # the Green March, a Friday
        ("2026-11-18", "10:00", False),
    ],
)
def test_open_or_closed(day: str, time: str, open: bool) -> None:
    assert hours.is_open(FUND, at(day, time)) is open


def test_holidays_that_move_are_the_funds() -> None:
    feast = dt.date(2026, 5, 27)
    assert hours.is_open(fund(), at("2026-05-27", "10:00"))
    assert not hours.is_open(fund(moving=(feast,)), at("2026-05-27", "10:00"))
    assert hours.next_working(fund(moving=(feast,)), at("2026-05-27", "10:00")) == at("2026-05-28", "08:30")


@pytest.mark.parametrize(
    ("day", "time", "french", "arabic"),
    [
        ("2026-09-14", "10:00", "🟢 Ouvert en ce moment, jusqu’à 16:30.", "إلى غاية الساعة 16:30"),
        (
            "2026-09-14",
            "07:00",
            "🔴 Fermé en ce moment, ouvre aujourd’hui à 08:30.",
            "اليوم على الساعة 08:30",
        ),
        ("2026-09-14", "18:00", "🔴 Fermé en ce moment, ouvre demain à 08:30.", "غدا على الساعة 08:30"),
        (
            "2026-09-11",
            "18:00",
            "🔴 Fermé en ce moment, ouvre lundi à 08:30.",
            "يوم الاثنين على الساعة 08:30",
        ),
    ],
)
def test_in_words(day: str, time: str, french: str, arabic: str) -> None:
    assert say(hours.status(FUND, at(day, time))) == french
    assert arabic in say(hours.status(FUND, at(day, time)), "ar")


def test_a_week_of_holidays_is_said_with_its_date() -> None:
    away = fund(moving=tuple(dt.date(2026, 9, day) for day in range(14, 19)))
    assert say(hours.status(away, at("2026-09-11", "18:00"))).endswith(
        "ouvre lundi 21 septembre 2026 à 08:30."
    )


def test_ramadan_changes_the_clock_and_not_the_hours() -> None:
    """Morocco leaves UTC+1 for UTC in Ramadan (the 15th of February to the 22nd of March 2026, by tzdata)."""
    assert at("2026-02-13", "08:30").hour == 7
    assert at("2026-03-20", "08:30").hour == 8
    assert hours.next_working(FUND, at("2026-02-13", "18:00")) == at("2026-02-16", "08:30")
    friday = at("2026-02-13", "15:30")
    assert hours.add_working(FUND, friday, dt.timedelta(hours=2)) == at("2026-02-16", "09:30")


def test_working_time_runs_over_night_week_end_and_holiday() -> None:
    thursday = at("2026-11-05", "15:30")  # Friday the 6th is a holiday
    assert hours.add_working(FUND, thursday, dt.timedelta(hours=1)) == at("2026-11-05", "16:30")
    assert hours.add_working(FUND, thursday, dt.timedelta(hours=1, seconds=1)) == at("2026-11-09", "08:30:01")
    assert hours.add_working(FUND, thursday, dt.timedelta(hours=16)) == at("2026-11-10", "15:30")
    assert hours.add_working(FUND, at("2026-11-07", "12:00"), dt.timedelta(0)) == at("2026-11-09", "08:30")


def test_a_pause_at_noon() -> None:
    split = fund("14:00-18:00", "08:30-12:30")
    assert hours.next_working(split, at("2026-09-14", "13:00")) == at("2026-09-14", "14:00")
    assert hours.add_working(split, at("2026-09-14", "11:30"), dt.timedelta(hours=2)) == at(
        "2026-09-14", "15:00"
    )
    assert say(hours.week(split)) == "Du lundi au vendredi, de 08:30 à 12:30, puis de 14:00 à 18:00."


def test_in_arabic_a_range_is_said_in_words() -> None:
    """Read from the right, "08:30 – 16:30" would begin with its end."""
    assert "من 08:30 إلى 16:30" in say(hours.week(fund()), "ar")


def test_spans_that_overlap_count_once() -> None:
    double = fund("08:30-13:00", "12:00-16:30", "09:00-10:00")
    assert hours.add_working(double, at("2026-09-14", "08:30"), dt.timedelta(hours=8)) == at(
        "2026-09-14", "16:30"
    )


MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001
SPANS = st.timedeltas(dt.timedelta(0), dt.timedelta(hours=200))


@given(MOMENTS)
def test_work_begins_when_it_is_open(moment: dt.datetime) -> None:
    begins = hours.next_working(FUND, moment)
    assert begins >= moment
    assert hours.is_open(FUND, begins)
    assert (begins == moment) is hours.is_open(FUND, moment)
    assert hours.next_working(FUND, begins) == begins


@given(MOMENTS, SPANS, SPANS)
def test_working_time_adds_up(moment: dt.datetime, one: dt.timedelta, two: dt.timedelta) -> None:
    """In two parts as in one; never before, and never outside of the hours."""
    whole = hours.add_working(FUND, moment, one + two)
    parts = hours.add_working(FUND, hours.add_working(FUND, moment, one), two)
    # The end of one day and the beginning of the next are the same working moment.
    assert whole == parts or hours.next_working(FUND, whole) == hours.next_working(FUND, parts)
    assert whole >= moment
    assert hours.is_open(FUND, whole - dt.timedelta(seconds=1)) or hours.is_open(FUND, whole)


@given(MOMENTS, SPANS, SPANS)
def test_more_work_ends_later(moment: dt.datetime, one: dt.timedelta, two: dt.timedelta) -> None:
    less, more = sorted((one, two))
    assert hours.add_working(FUND, moment, less) <= hours.add_working(FUND, moment, more)


@given(MOMENTS)
def test_what_is_said_is_so(moment: dt.datetime) -> None:
    said = say(hours.status(FUND, moment))
    assert said.startswith("🟢") is hours.is_open(FUND, moment)
    assert said.startswith("🔴") is not hours.is_open(FUND, moment)


def test_the_clock_is_that_of_the_locks_tables_whatever_the_machine_knows() -> None:
    """Morocco set its clock back for good in September 2026: a system of the year before would open the fund an hour early."""
    november = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    assert november.astimezone(CASABLANCA).hour == 12
    assert november.astimezone(CASABLANCA).tzname() == "+00"


def test_a_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(ZoneInfoNotFoundError, match="Africa/Atlantis"):
        zone("Africa/Atlantis")
