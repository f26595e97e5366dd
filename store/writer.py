"""SQLite's one writer: a thread that takes the turns waiting at that moment, runs each in a savepoint, commits once, and only then
answers them all (group commit).

Traps that this file answers, each with a test:
* without BEGIN IMMEDIATE two read-then-write turns of two processes lose an update in silence;
* a full disk rolls the whole transaction back, savepoints included, and what follows would commit by itself: the group is dropped
  and each of its turns is run again alone;
* a COMMIT that fails is a failure of every turn in the group.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kit.seal import Keyring
from store.db import Db

T = TypeVar("T")
Job = tuple[Callable[[Db], Any], "asyncio.Future[Any]"]
Outcome = tuple["asyncio.Future[Any]", Any, BaseException | None]

GROUP_SECONDS = 0.002  # how long a group may last before it commits
GROUP_TURNS = 256
BUSY_MS = 5_000
BEGIN = "BEGIN IMMEDIATE"
_PASSING = {  # primary result codes that say "not now"; all others are our bugs
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


class Unavailable(Exception):
    """The database can't commit now (busy, full, gone): nothing was stored, try again later."""


PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",  # a savepoint's journal leaves no pages on disk, and costs a third
    "PRAGMA cache_size=-16000",
    "PRAGMA wal_autocheckpoint=4000",
)
_WAL_TRIES = 100
CHECKPOINT_TRIES = 10


def prepare(execute: Callable[[str], Any]) -> None:
    """What every connection to the SQLite file is told first; `execute` runs one statement and gives its cursor."""
    for pragma in PRAGMAS:
        execute(pragma)
    for left in reversed(range(_WAL_TRIES)):
        if execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        try:
            execute("PRAGMA journal_mode=WAL")
        except (
            sqlite3.OperationalError
        ):  # another process is doing the same to a new file: SQLite doesn't wait for this one
            if not left:
                raise
            time.sleep(0.02)


def engine(path: Path) -> Engine:
    """A synchronous engine on the file, in autocommit: transactions are begun by hand."""
    made = create_engine(
        f"sqlite:///{path}", isolation_level="AUTOCOMMIT", connect_args={"check_same_thread": False}
    )

    @event.listens_for(made, "connect")
    def _(connection: Any, _record: Any) -> None:
        prepare(connection.execute)

    return made


def checkpoint(path: Path) -> bool:
    """Empty the write-ahead log into the file and cut it; False where somebody went on reading from it all the while."""
    connection = sqlite3.connect(path, timeout=1.0, isolation_level=None)
    try:
        for _ in range(CHECKPOINT_TRIES):
            with contextlib.suppress(sqlite3.OperationalError):
                if not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    return True
            time.sleep(0.1)
        return False
    finally:
        connection.close()


class Writer:
    """The thread and its queue. `submit` gives a future of the running loop that is set after the commit, a whole group in one hop."""

    def __init__(self, path: Path, keys: Keyring) -> None:
        self._keys = keys
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._engine = engine(path)
        self._thread = threading.Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._closed = False
        self.busy_since: float | None = None  # monotonic: when the turn under way began
        self._thread.start()

    def submit(self, fn: Callable[[Db], T]) -> asyncio.Future[T]:
        """Queue `fn`; its value, or what it raised, comes once the group is committed."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if self._closed:
            future.set_exception(Unavailable("closed"))
        else:
            self._jobs.put((fn, future))
        return future

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
            self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                if not self._connected():
                    break
            except (
                SQLAlchemyError
            ) as error:  # the file can't be opened now: who waits is told, and we try again
                job = self._jobs.get()
                if job is None:
                    break
                _answer([(job[1], None, Unavailable(type(error).__name__))])
        self._engine.dispose()

    def _connected(self) -> bool:
        """Serve on one connection; False when the end was asked for."""
        with self._engine.connect() as conn:
            driver: sqlite3.Connection = conn.connection.driver_connection  # type: ignore[assignment]
            db = Db(conn, "sqlite", self._keys, driver)
            while (job := self._jobs.get()) is not None:
                if not self._group(job, db, driver):
                    break
        return False

    def _group(self, first: Job, db: Db, driver: sqlite3.Connection) -> bool:
        """Run `first` and what is waiting, commit, answer; False when the end was asked for meanwhile."""
        group: list[Job] = []
        outcomes: list[Outcome] = []
        goes_on = True
        job: Job | None = first
        try:
            driver.execute(BEGIN)
            ends = time.perf_counter() + GROUP_SECONDS
            while job is not None:
                group.append(job)
                self.busy_since = time.monotonic()
                fn, future = job
                outcomes.append((future, *_turn(fn, db, driver)))
                self.busy_since = None
                if not driver.in_transaction:
                    raise _Lost
                if len(group) >= GROUP_TURNS or time.perf_counter() >= ends or self._jobs.empty():
                    break
                job = self._jobs.get()
                goes_on = job is not None
            driver.execute("COMMIT")
        except _Lost:
            self._alone(group, db, driver)
            return goes_on
        except sqlite3.Error as error:
            _rollback(driver)
            outcomes = [(future, None, Unavailable(str(error))) for _, future in group or [first]]
        _answer(outcomes)
        return goes_on

    def _alone(self, group: list[Job], db: Db, driver: sqlite3.Connection) -> None:
        """Each turn of a lost group in a transaction of its own: one that loses it again is refused, and nothing of it stays."""
        for job in group:
            fn, future = job
            try:
                value, failure = _alone(fn, db, driver), None
            except BaseException as error:
                value, failure = None, error
            _answer([(future, value, failure)])


class Alone:
    """The file in the caller's own thread, for a command that does one thing at a time."""

    def __init__(self, path: Path, keys: Keyring) -> None:
        self._engine = engine(path)
        try:
            self._conn = self._engine.connect()
        except SQLAlchemyError as error:
            raise Unavailable(type(error).__name__) from error
        self._driver: Any = self._conn.connection.driver_connection
        self._db = Db(self._conn, "sqlite", keys, self._driver)

    def run(self, fn: Callable[[Db], T]) -> T:
        """`fn` in a writing transaction; its value after the commit. Raises Unavailable when it can't commit now."""
        return _alone(fn, self._db, self._driver)

    def read(self, fn: Callable[[Db], T]) -> T:
        """`fn` in a reading transaction."""
        self._driver.execute("BEGIN")
        try:
            return fn(self._db)
        finally:
            self._driver.execute("ROLLBACK")

    @contextlib.contextmanager
    def in_bulk(self) -> Iterator[None]:
        """Commits inside are on the disk for good at the end of it, in order before that: without a flush each, they let the lock go in a
        third of the time. Raises Unavailable when they can't be."""
        self._driver.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            self._driver.execute("PRAGMA synchronous=FULL")
        # A commit of anything flushes what stands before it in the WAL; this one writes the first page as it is.
        self.run(lambda _: self._driver.execute("PRAGMA user_version=0"))

    def close(self) -> None:
        """Close the file."""
        self._conn.close()
        self._engine.dispose()


def _alone(fn: Callable[[Db], T], db: Db, driver: sqlite3.Connection) -> T:
    """A turn in a transaction of its own; one that loses it is refused, and nothing of it stays."""
    try:
        driver.execute(BEGIN)
        value, failure = _turn(fn, db, driver)
        if not driver.in_transaction:
            raise Unavailable("the transaction was lost") from failure
        driver.execute("COMMIT")
    except (sqlite3.Error, Unavailable) as error:
        _rollback(driver)
        raise (error if isinstance(error, Unavailable) else Unavailable(str(error))) from error
    if failure is not None:
        raise failure
    return cast(T, value)


class _Lost(Exception):
    """An error of SQLite ended the whole transaction, not only the turn's savepoint."""


def _turn(fn: Callable[[Db], Any], db: Db, driver: sqlite3.Connection) -> tuple[Any, BaseException | None]:
    """A turn's value, or what it raised, with nothing of it left."""
    driver.execute("SAVEPOINT turn")
    try:
        value = fn(db)
    except BaseException as failure:
        if driver.in_transaction:
            driver.execute("ROLLBACK TO turn")
            driver.execute("RELEASE turn")
        cause = failure.orig if isinstance(failure, DBAPIError) else failure
        if isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & 0xFF in _PASSING:
            return None, Unavailable(cause.sqlite_errorname)
        return None, failure
    driver.execute("RELEASE turn")
    return value, None


def _answer(outcomes: list[Outcome]) -> None:
    """Hand a group's outcomes to the loop that waits for them; a loop that is gone waits for nothing."""
    with contextlib.suppress(RuntimeError):
        outcomes[0][0].get_loop().call_soon_threadsafe(_settle, outcomes)


def _settle(outcomes: list[Outcome]) -> None:
    for future, value, failure in outcomes:
        if future.done():  # whoever waited was cancelled
            continue
        if failure is None:
            future.set_result(value)
        else:
            future.set_exception(failure)


def _rollback(driver: sqlite3.Connection) -> None:
    if driver.in_transaction:
        driver.execute("ROLLBACK")
