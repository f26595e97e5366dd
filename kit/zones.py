"""Time zones, by the tables of the lock rather than the machine's: Morocco set its clock back for good in September 2026, and a system's
tables are as old as its last update."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of a name as "Africa/Casablanca". Raises ZoneInfoNotFoundError."""
    table = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not table.is_file():
        raise ZoneInfoNotFoundError(f"no time zone {name}")
    with table.open("rb") as source:
        return ZoneInfo.from_file(source, key=name)
