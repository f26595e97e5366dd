"""The one place that asks what time it is; everything else is told."""

from __future__ import annotations

import datetime as dt


class Clock:
    """The system's clock. Tests hand in one that they move."""

    def now(self) -> dt.datetime:
        """The present moment, aware, UTC."""
        return dt.datetime.now(dt.UTC)
