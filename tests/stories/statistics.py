"""Whether two samples may be of one kind."""

from __future__ import annotations

import math
from collections.abc import Sequence


def mann_whitney(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sided p of the Mann-Whitney U test, by its normal approximation (good from 20 values a side, ties aside)."""
    n, m = len(one), len(other)
    beats = sum((a > b) + 0.5 * (a == b) for a in one for b in other)
    z = (beats - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))
