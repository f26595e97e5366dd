"""The keys already met in a file being imported, on disk: memory stays flat however long the file is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence


class Met:
    """Keys and the number of the line that brought each; a private temporary database that ends with it."""

    def __init__(self) -> None:
        self._file = sqlite3.connect(
            "", isolation_level=None
        )  # "" is a temporary file, unlinked as soon as it is made
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("PRAGMA cache_size=-4000")
        self._file.execute("CREATE TABLE met (key TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID")

    def meet(self, keys: Sequence[tuple[str, int]]) -> dict[int, int]:
        """Note (key, line) pairs; for each line whose key was met before, the line that it was met in."""
        before = self._file.total_changes
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO met VALUES (?, ?) ON CONFLICT DO NOTHING", keys)
        self._file.execute("COMMIT")
        if self._file.total_changes - before == len(keys):
            return {}
        find = "SELECT line FROM met WHERE key = ?"
        first = ((line, self._file.execute(find, (key,)).fetchone()[0]) for key, line in keys)
        return {line: met for line, met in first if met != line}

    def close(self) -> None:
        self._file.close()
