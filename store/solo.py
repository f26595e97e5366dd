"""One process on one SQLite file: a second `run` or `demo` is refused. The lock dies with its process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class SecondProcess(RuntimeError):
    """Another process runs on this database."""


class NoPlace(RuntimeError):
    """The database file can't be made or opened where it is said to be."""


class Solo:
    """Holds `<database>.lock` until closed."""

    def __init__(self, database: Path) -> None:
        try:
            self._file = os.open(database.with_name(database.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise NoPlace(f"{database}: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise SecondProcess(str(database)) from error

    def close(self) -> None:
        """Let others in."""
        os.close(self._file)
