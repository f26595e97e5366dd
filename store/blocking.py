"""A database for a command that may wait, such as `import`: `run` and `read` as plain calls.

One thing is done at a time, on purpose: a caller that computed while the writer runs would make it wait for the interpreter's lock
between any two rows, with the database's lock in hand.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from kit.seal import Keyring
from store.database import Sqlite, open_database
from store.db import Db
from store.writer import engine

T = TypeVar("T")


class Blocking:
    """The database at `url`, as `open_database` names it, its loop in a thread of its own; a context manager."""

    def __init__(self, url: str, keys: Keyring) -> None:
        self.keys = keys
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="database", daemon=True)
        self._thread.start()
        self._database = open_database(url, keys)
        self._reader: _Reader | None = None
        if isinstance(self._database, Sqlite):
            self._reader = _Reader(self._database.path, keys)

    def run(self, fn: Callable[[Db], T]) -> T:
        """`fn` in a writing transaction; its value after the commit. Raises Unavailable when it can't commit now."""
        return asyncio.run_coroutine_threadsafe(self._database.run(fn), self._loop).result()

    def read(self, fn: Callable[[Db], T]) -> T:
        """`fn` in a reading transaction."""
        if self._reader:
            return self._reader.read(fn)
        return asyncio.run_coroutine_threadsafe(self._database.read(fn), self._loop).result()

    def close(self) -> None:
        """Close the database and end the thread."""
        if self._reader:
            self._reader.close()
        asyncio.run_coroutine_threadsafe(self._database.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Blocking:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Reader:
    """Reads of SQLite in the caller's own thread: the hops through the loop cost as much as a chunk's reading."""

    def __init__(self, path: Path, keys: Keyring) -> None:
        self._engine = engine(path)
        self._conn = self._engine.connect()
        self._driver: Any = self._conn.connection.driver_connection
        self._db = Db(self._conn, "sqlite", keys, self._driver)

    def read(self, fn: Callable[[Db], T]) -> T:
        self._driver.execute("BEGIN")
        try:
            return fn(self._db)
        finally:
            self._driver.execute("ROLLBACK")

    def close(self) -> None:
        self._conn.close()
        self._engine.dispose()
