"""Lists in services/data, one entry a line. Those that secrets are checked against hold what `kit.folding.joined` gives (tested)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"


@cache
def lines(name: str) -> list[str]:
    """The lines of services/data/<name>.txt, in order; those that start with "#" are remarks."""
    written = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in written if line and not line.startswith("#")]


@cache
def words(name: str) -> frozenset[str]:
    """The entries of services/data/<name>.txt, to look one up."""
    return frozenset(lines(name))
