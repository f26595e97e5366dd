"""The database as the edges see it: `run` for turns and other writes, `read` for lists. One transaction each, in one hop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from kit.seal import Keyring
from store.db import Db
from store.writer import Unavailable, Writer, checkpoint, prepare

T = TypeVar("T")

STATEMENT_TIMEOUT_MS = 10_000  # a turn's inputs are bounded: none needs this long
TRIES = 3  # of a turn that lost to a deadlock or a serialization failure
_LOST_RACE = ("40P01", "40001")
_READ_ONLY = "25006"
_WRITE = "BEGIN"
_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # cut between two messages of the protocol
    asyncpg.CannotConnectNowError,
    OSError,
    TimeoutError,
)


class Database(Protocol):
    """Either database."""

    dialect: str

    def busy_since(self) -> float | None:
        """Since when (monotonic seconds) a turn has been under way in a thread of its own."""
        ...

    async def run(self, fn: Callable[[Db], T]) -> T:
        """Run `fn` in a writing transaction and return its value after the commit.

        `fn` may be run more than once (a lost race, a group that was rolled back), so it must have no effect but on the database.
        What it raises rolls it back. Raises Unavailable when the database can't commit now.
        """
        ...

    async def read(self, fn: Callable[[Db], T]) -> T:
        """Run `fn` in a reading transaction, beside the writer."""
        ...

    async def tidy(self) -> None:
        """Let nothing of what was deleted lie about in journals."""
        ...

    async def close(self) -> None: ...


def embedded(url: str) -> Path | None:
    """The file of an embedded database; None for a server's."""
    parsed = make_url(url)
    return Path(parsed.database or "rafiq.db") if parsed.get_backend_name() == "sqlite" else None


def open_database(url: str, keys: Keyring) -> Database:
    """The database at `url` (`sqlite+aiosqlite:///path`, `postgresql+asyncpg://…`); nothing is created or migrated here."""
    file = embedded(url)
    return Sqlite(file, keys) if file is not None else Postgres(url, keys)


class Sqlite:
    """The embedded database: one writer thread with group commit, readers on aiosqlite beside it (WAL)."""

    dialect = "sqlite"

    def __init__(self, path: Path, keys: Keyring) -> None:
        self.path = path
        self._keys = keys
        self._writer = Writer(path, keys)
        self._readers: AsyncEngine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=4)

        @event.listens_for(self._readers.sync_engine, "connect")
        def _(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()

            def execute(sql: str) -> Any:
                cursor.execute(sql)
                return cursor

            prepare(execute)
            execute("PRAGMA query_only=ON")
            cursor.close()

    def busy_since(self) -> float | None:
        return self._writer.busy_since

    async def run(self, fn: Callable[[Db], T]) -> T:
        return await self._writer.submit(fn)

    async def read(self, fn: Callable[[Db], T]) -> T:
        try:
            async with self._readers.connect() as connection:
                return await connection.run_sync(lambda conn: fn(Db(conn, "sqlite", self._keys)))
        except OperationalError as error:
            raise Unavailable(str(error.orig)) from error

    async def tidy(self) -> None:
        """Bring the write-ahead log into the file and cut it: deleted pages are overwritten there (secure_delete), and lie in the log
        until then. Readers and the writer may be in the way: what can't be cut now is cut the next time."""
        await asyncio.to_thread(checkpoint, self.path)

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.close)
        await self._readers.dispose()


class Postgres:
    """PostgreSQL on asyncpg. SQLAlchemy is left in autocommit and the transaction is ours, so that the hot statements can go to the
    driver's connection inside it; rows are locked by the store functions, the chat's first."""

    dialect = "postgresql"

    def __init__(self, url: str, keys: Keyring, pool_size: int = 10) -> None:
        self._keys = keys
        settings = {"application_name": "rafiq", "statement_timeout": str(STATEMENT_TIMEOUT_MS)}
        self._engine = create_async_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_reset_on_return=None,
            pool_use_lifo=True,
            connect_args={"server_settings": settings, "timeout": 5},
        )

    def busy_since(self) -> float | None:
        return None  # its turns run on the loop, which has a beat of its own

    async def run(self, fn: Callable[[Db], T]) -> T:
        return await self._transaction(fn, _WRITE)

    async def read(self, fn: Callable[[Db], T]) -> T:
        return await self._transaction(fn, "BEGIN READ ONLY")

    async def _transaction(self, fn: Callable[[Db], T], begin: str) -> T:
        for attempt in range(TRIES):
            try:
                async with self._engine.connect() as connection:
                    return await connection.run_sync(self._once, fn, begin)
            except Exception as error:
                state = _sqlstate(error)
                last = attempt == TRIES - 1
                if state in _LOST_RACE and not last:
                    continue
                if _is_gone(error) and not last:
                    continue  # nothing was committed, or the update's id in the seen set tells that it was
                if state in _LOST_RACE or _is_gone(error):
                    raise Unavailable(type(error).__name__) from error
                raise
        raise AssertionError("unreachable")

    def _once(self, conn: Connection, fn: Callable[[Db], T], begin: str) -> T:
        driver: Any = conn.connection.driver_connection
        try:
            await_only(driver.execute(begin))
            value = fn(Db(conn, "postgresql", self._keys, driver))
            await_only(driver.execute("COMMIT"))
            return value
        except BaseException as error:
            try:
                await_only(driver.execute("ROLLBACK"))
            except Exception:
                conn.invalidate()
                raise error from None
            if begin == _WRITE and _sqlstate(error) == _READ_ONLY:
                conn.invalidate()  # it leads to a server that is a standby now
                raise Unavailable("read only") from error
            raise

    async def tidy(self) -> None:
        """A server looks after its log itself."""

    async def close(self) -> None:
        await self._engine.dispose()


def _sqlstate(error: BaseException) -> str:
    source = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(source, "sqlstate", "") or "")


def passes(error: BaseException) -> bool:
    """Whether PostgreSQL let a turn down, by a lost race or a lost connection, so that the same turn may well get through."""
    told = (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    return isinstance(error, told) and (_sqlstate(error) in _LOST_RACE or _is_gone(error))


def _is_gone(error: BaseException) -> bool:
    """Whether the server can't be reached, shut the connection or has no room: worth another try, and 503 after that."""
    if isinstance(error, (InterfaceError, NoConnectionFree, *_GONE)):
        return True
    return (isinstance(error, DBAPIError) and error.connection_invalidated) or _sqlstate(error).startswith(
        ("57P", "08", "53")
    )
