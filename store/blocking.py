"""A database for a command that may wait: the loop that it needs runs in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from kit.seal import Keyring
from store.database import open_database
from store.db import Db

T = TypeVar("T")


class Blocking:
    """`Database.run` and `Database.read` as plain calls, in commands such as `import`; a context manager.

    One thing is done at a time: a caller that computes while the writer runs would make it wait for the interpreter's lock between
    any two rows, with the database's lock in hand.
    """

    def __init__(self, url: str, keys: Keyring) -> None:
        self.keys = keys
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="database", daemon=True)
        self._thread.start()
        self._database = open_database(url, keys)
        if self._database.dialect == "sqlite":
            self.run(_journals_in_memory)

    def run(self, fn: Callable[[Db], T]) -> T:
        """`fn` in a writing transaction; its value after the commit. Raises Unavailable when it can't commit now."""
        return asyncio.run_coroutine_threadsafe(self._database.run(fn), self._loop).result()

    def read(self, fn: Callable[[Db], T]) -> T:
        """`fn` in a reading transaction."""
        return asyncio.run_coroutine_threadsafe(self._database.read(fn), self._loop).result()

    def close(self) -> None:
        """Close the database and end the thread."""
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


def _journals_in_memory(db: Db) -> None:
    """A savepoint that changes many pages keeps what they were; in a temporary file, as is SQLite's way, that took half of an import."""
    db.conn.exec_driver_sql("PRAGMA temp_store=MEMORY")
