"""What a store function gets: a SQLAlchemy Connection inside a transaction that the edge opened, and the keys.

Two ways to run a statement: `execute` takes any SQLAlchemy Core construct; `hot` takes a `Hot`, for the handful of statements that
every update pays for: compiled once per dialect and run on the driver's own connection (40 µs a turn where Core costs 160-250).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Literal, TypeAlias

import orjson
from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.util import await_only

from kit.seal import Keyring

DialectName: TypeAlias = Literal["sqlite", "postgresql"]
Row: TypeAlias = "Sequence[Any]"

_DIALECTS: dict[DialectName, Dialect] = {
    "sqlite": SQLiteDialect_pysqlite(paramstyle="qmark"),
    "postgresql": PGDialect_asyncpg(),  # type: ignore[no-untyped-call]
}


class Hot:
    """A statement of the turn's path. Its rows come back as the driver gives them: moments as milliseconds, days as ordinals."""

    def __init__(self, build: Callable[[DialectName], Executable]) -> None:
        self._build = build
        self._compiled: dict[
            DialectName, tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]
        ] = {}

    def on(self, dialect: DialectName) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
        """The SQL text, and for each position its parameter's name and bind processor."""
        found = self._compiled.get(dialect)
        if found is None:
            element = self._build(dialect)
            assert isinstance(element, ClauseElement)
            compiled: Any = element.compile(dialect=_DIALECTS[dialect])
            processors = tuple(
                (
                    name,
                    compiled.binds[name]
                    .type.dialect_impl(_DIALECTS[dialect])
                    .bind_processor(_DIALECTS[dialect]),
                )
                for name in compiled.positiontup or ()
            )
            found = self._compiled[dialect] = (str(compiled), processors)
        return found


class Db:
    """A connection inside its transaction, with the keys that open what is sealed in it."""

    __slots__ = ("_driver", "_in_turn", "_saved", "conn", "dialect", "held", "keys")

    def __init__(self, conn: Connection, dialect: DialectName, keys: Keyring, driver: Any = None) -> None:
        self.conn = conn
        self.dialect: DialectName = dialect
        self.keys = keys
        self._driver = driver
        self.held: AbstractSet[int] = frozenset()  # chats that other turns of the group have in hand
        self._in_turn = False
        self._saved = False

    def execute(
        self, statement: Executable, params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a Core construct."""
        self._save()
        return self.conn.execute(statement, params)

    def hot(self, statement: Hot, params: Mapping[str, Any]) -> Sequence[Row]:
        """Run a hot statement on the driver connection: its rows, none for a statement that returns none."""
        self._save()
        sql, names = statement.on(self.dialect)
        values = [process(params[name]) if process else params[name] for name, process in names]
        if self.dialect == "postgresql":
            rows: Sequence[Row] = await_only(self._driver.fetch(sql, *values))
            return rows
        if self._driver is None:  # a reader on aiosqlite
            result = self.conn.exec_driver_sql(sql, tuple(values))
            return [tuple(row) for row in result] if result.returns_rows else []
        fetched: Sequence[Row] = self._driver.execute(sql, values).fetchall()
        return fetched

    def hot_many(self, statement: Hot, many: Sequence[Mapping[str, Any]]) -> Sequence[Row]:
        """Run a hot statement for each set of parameters, in order, in one round trip; their rows, one after the other."""
        if len(many) == 1 or self.dialect == "sqlite":
            return [row for params in many for row in self.hot(statement, params)]
        if not many:
            return []
        self._save()
        sql, names = statement.on(self.dialect)
        values = [
            [process(params[name]) if process else params[name] for name, process in names] for params in many
        ]
        rows: Sequence[Row] = await_only(self._driver.fetchmany(sql, values))
        return rows

    # ── a turn inside a group (store.turns): a savepoint with its first statement ────────────────────────────────────

    def begin_turn(self, held: AbstractSet[int]) -> None:
        """What follows is one turn's; `held` are the chats that it must not touch in this transaction."""
        self.held, self._in_turn, self._saved = held, True, False

    def end_turn(self) -> None:
        """The turn is good."""
        self.held, self._in_turn = frozenset(), False
        if self._saved:
            self._plainly("RELEASE group_turn")

    def undo_turn(self) -> None:
        """Nothing of the turn stays."""
        self.held, self._in_turn = frozenset(), False
        if self._saved:
            self._plainly("ROLLBACK TO group_turn")
            self._plainly("RELEASE group_turn")

    def _save(self) -> None:
        if self._in_turn and not self._saved:
            self._saved = True
            self._plainly("SAVEPOINT group_turn")

    def _plainly(self, sql: str) -> None:
        if self.dialect == "postgresql":
            await_only(self._driver.execute(sql))
        else:
            self._driver.execute(sql)

    def seal(self, value: object, place: str) -> bytes:
        """Any JSON value, sealed for the column `place` ("table.column")."""
        return self.keys.seal(orjson.dumps(value), place.encode())

    def open(self, sealed: bytes, place: str) -> Any:
        """What `seal` sealed for that column."""
        return orjson.loads(self.keys.open(sealed, place.encode()))

    def blind(self, value: str, purpose: str) -> bytes:
        """The blind index of `value` for a purpose ("matricule", "email" …)."""
        return self.keys.blind(value, purpose.encode())
