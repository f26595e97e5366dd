"""The one place that asks what time it is; everything else is told."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


@lru_cache(maxsize=64)
def to_ms(moment: dt.datetime) -> int:
    """An aware moment as milliseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> dt.datetime:
    """The aware UTC moment of `to_ms`."""
    return _EPOCH + milliseconds * _MILLISECOND


class Clock:
    """The system's clock. Tests hand in one that they move."""

    def now(self) -> dt.datetime:
        """The present moment, aware, UTC."""
        return dt.datetime.now(dt.UTC)
