"""The lines that an import could not take, given back as CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from kit.csvlines import Line

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # the full-width ones start formulas too


def neutral(cell: str) -> str:
    """`cell` as no spreadsheet takes it for a formula: `'` before what starts one (AS-03)."""
    cell = _UNSAFE.sub("\ufffd", cell) if not cell.isprintable() else cell
    return f"'{cell}" if cell.startswith(_STARTS) else cell


class Rejects:
    """`FILE.rejects.csv`: line number, reason, then the line's own cells. For its owner's eyes only (0600).

    Written beside as `.part` from the first rejected line on; `keep` puts it in its place, or takes an earlier run's away when nothing was
    rejected. Left without `keep` it leaves no trace. Raises OSError where the folder can't be written.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path.with_name(f"{path.name}.rejects.csv")
        self.count = 0
        self._part = path.with_name(f"{path.name}.rejects.csv.part")
        self._columns = columns
        self._file: TextIO | None = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()
            self._part.unlink(missing_ok=True)

    def add(self, line: Line, reason: str) -> None:
        """One rejected line."""
        if self._file is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
            self._file = os.fdopen(os.open(self._part, flags, 0o600), "w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file, lineterminator="\n")
            self._writer.writerow(("line", "reason", *self._columns))
        self.count += 1
        self._writer.writerow((line.number, reason, *map(neutral, line.cells or (line.text,))))

    def keep(self) -> Path | None:
        """Put the file in its place: where it is, or None when there was nothing to reject."""
        if self._file is None:
            self.path.unlink(missing_ok=True)
            return None
        self._file.close()
        self._part.replace(self.path)
        return self.path
