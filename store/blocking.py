"""A database for a command that may wait, such as `import`: `run` and `read` as plain calls.

One thing is done at a time, on purpose: a caller that computed while the writer runs would make it wait for the interpreter's lock
between any two rows, with the database's lock in hand. SQLite is used in the caller's own thread: the hops to a writer's thread and back
cost as much as the rows they bring.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TypeVar

from sqlalchemy import text

from kit.seal import Keyring
from store.database import Database, embedded, open_database
from store.db import Db
from store.writer import Alone

T = TypeVar("T")
_LOOSELY = text("SET LOCAL synchronous_commit = off")
_FLUSHED = text("SELECT pg_current_xact_id()")  # a transaction with a number flushes the log up to its commit


class Blocking:
    """The database at `url`, as `open_database` names it; a context manager."""

    def __init__(self, url: str, keys: Keyring) -> None:
        self.keys = keys
        file = embedded(url)
        self._database = _Server(open_database(url, keys)) if file is None else Alone(file, keys)

    def run(self, fn: Callable[[Db], T]) -> T:
        """`fn` in a writing transaction; its value after the commit. Raises Unavailable when it can't commit now."""
        return self._database.run(fn)

    def read(self, fn: Callable[[Db], T]) -> T:
        """`fn` in a reading transaction."""
        return self._database.read(fn)

    def in_bulk(self) -> contextlib.AbstractContextManager[None]:
        """A context in which commits need not reach the disk one by one: all of them have at its end. A crash of the machine inside may
        lose the last of them, none between two that stay. Raises Unavailable at the end when the disk refuses."""
        return self._database.in_bulk()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Blocking:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server:
    """A database server's, its loop in a thread of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="database", daemon=True)
        self._thread.start()
        self._bulk = False

    def run(self, fn: Callable[[Db], T]) -> T:
        def loosely(db: Db) -> T:
            db.execute(_LOOSELY)
            return fn(db)

        work = loosely if self._bulk else fn
        return asyncio.run_coroutine_threadsafe(self._database.run(work), self._loop).result()

    @contextlib.contextmanager
    def in_bulk(self) -> Iterator[None]:
        self._bulk = True
        try:
            yield
        finally:
            self._bulk = False
        self.run(lambda db: db.execute(_FLUSHED).all())

    def read(self, fn: Callable[[Db], T]) -> T:
        return asyncio.run_coroutine_threadsafe(self._database.read(fn), self._loop).result()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._database.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
