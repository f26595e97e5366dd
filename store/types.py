"""Column types: moments as milliseconds of UTC, days as ISO numbers, money as centimes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, TypeDecorator

from kit.clock import from_ms, to_ms


class Moment(TypeDecorator[dt.datetime]):
    """An aware UTC moment, stored as milliseconds since 1970: the same bytes and the same order in both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        return None if value is None else to_ms(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else from_ms(value)


class Day(TypeDecorator[dt.date]):
    """A day, stored as its proleptic Gregorian ordinal."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> Any:
        return None if value is None else value.toordinal()

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.date | None:
        return None if value is None else dt.date.fromordinal(value)
