"""The figures of one measurement, and medians over several."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figures:
    """One contender, one run. Times in ms unless named otherwise; CPU and latency are per update."""

    contender: str
    chats: int
    updates: int
    conversations: int
    seconds: float
    updates_per_s: float
    ack_p50_ms: float
    ack_p99_ms: float
    reply_p50_ms: float
    reply_p99_ms: float
    reply_max_ms: float
    hashing_p50_ms: float
    cpu_us: float
    postgres_cpu_us: float
    driver_cpu_us: float
    start_s: float
    idle_mib: float
    peak_mib: float
    calls_per_update: float
    duplicates: int
    lost: int
    late: int
    refused: int
    delivered_twice: int
    astray: int
    transcript: list[str]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def percentile_ms(seconds: list[float], share: float) -> float:
    """The nearest-rank percentile, `share` from 0 to 1, in ms; 0 for no values."""
    if not seconds:
        return 0.0
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def medians(runs: Sequence[Figures]) -> Figures:
    """Each figure's median over runs of one contender; what went wrong (duplicates, lost …) is summed."""
    summed = {
        "updates",
        "conversations",
        "duplicates",
        "lost",
        "late",
        "refused",
        "delivered_twice",
        "astray",
    }
    values: dict[str, Any] = {}
    for name in (field.name for field in fields(Figures)):
        column = [getattr(run, name) for run in runs]
        if name in ("contender", "chats", "transcript"):
            values[name] = column[0]
        else:
            values[name] = sum(column) if name in summed else median(column)
    return Figures(**values)
