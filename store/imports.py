"""The fund's directory as an import fills it: what is known of a chunk of lines, and the rows to write.

An entry is found by its key (a blind index or the fund's own number) and compared by its stamp: a keyed fingerprint of the line where
the row is sealed, the row's own values where it is not. Everything here is for chunks; a row at a time would be five times slower.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeAlias

import orjson
from sqlalchemy import Integer, Table, bindparam, func, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from kit.seal import Keyring
from store.db import Db, DialectName, Hot
from store.schema import beneficiaries, guarantees, participants, reimbursements
from store.types import Day

Key: TypeAlias = "bytes | str"
Stamp: TypeAlias = "bytes | tuple[Any, ...]"
Row: TypeAlias = "tuple[Any, ...]"

_AT_ONCE = 1024  # keys in one query; shorter lists are filled up to a power of two, so that few statements are ever prepared


class Book:
    """A table that an import fills, its rows in the driver's own form: days as ordinals, money as centimes."""

    table: ClassVar[Table]
    key_column: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]  # of a row, in order
    stamped: ClassVar[tuple[str, ...]]  # what a stamp is made of, in the table

    def __init__(self, keys: Keyring) -> None:
        self.keys = keys
        self._upsert = Hot(self._statement)

    def key(self, text: str) -> Key:
        """The key in the table for the key in the file."""
        return text

    def stamp(self, values: Row) -> Stamp:
        """What tells a changed line from an unchanged one."""
        return values

    def row(self, key: Key, stamp: Stamp, values: Row) -> Row:
        """The row to write, sealed where the table is."""
        return values

    def size(self, db: Db) -> int:
        """How many rows are known."""
        return int(db.execute(select(func.count()).select_from(self.table)).scalar_one())

    def known(self, db: Db, keys: Sequence[Key]) -> dict[Key, Stamp]:
        """The stamps of those keys that are known."""
        key = self.table.c[self.key_column]
        rows = _find(db, self.table, key, self.stamped, keys)
        if len(self.stamped) == 1:
            return {row[0]: row[1] for row in rows}
        return {row[0]: tuple(row[1:]) for row in rows}

    def write(self, db: Db, rows: Sequence[Row]) -> None:
        """Insert the rows, or replace what stands under their keys."""
        sql, names = self._upsert.on(db.dialect)
        assert tuple(name for name, _ in names) == self.columns
        db.conn.exec_driver_sql(sql, list(rows))

    def _statement(self, dialect: DialectName) -> sqlite.Insert | postgresql.Insert:
        made = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(self.table)
        made = made.values({name: bindparam(name) for name in self.columns})
        changed = {name: made.excluded[name] for name in self.columns if name != self.key_column}
        return made.on_conflict_do_update(index_elements=[self.key_column], set_=changed)


class Participants(Book):
    """Values: matricule, last name, first name, birth date, both names in Arabic, e-mail, phone, left on; all as text."""

    table = participants
    key_column = "matricule_index"
    columns = ("matricule_index", "person_sealed", "fingerprint", "left_on")
    stamped = ("fingerprint",)

    def key(self, text: str) -> Key:
        return self.keys.blind(text, b"matricule")

    def stamp(self, values: Row) -> Stamp:
        return self.keys.blind("\x1f".join(values), b"participants.line")

    def row(self, key: Key, stamp: Stamp, values: Row) -> Row:
        matricule, last, first, birth, last_ar, first_ar, email, phone, left_on = values
        person = {
            "matricule": matricule,
            "last_name": last,
            "first_name": first,
            "birth_date": birth,
            "last_name_ar": last_ar,
            "first_name_ar": first_ar,
            "email": email,
            "phone": phone,
        }
        left = dt.date.fromisoformat(left_on).toordinal() if left_on else None
        return key, self.keys.seal(orjson.dumps(person), b"participants.person"), stamp, left


class Beneficiaries(Book):
    """Values: beneficiary, matricule, last name, first name, relation, birth date, as text; then the participant's id."""

    table = beneficiaries
    key_column = "beneficiary_index"
    columns = ("beneficiary_index", "participant_id", "relation", "person_sealed", "fingerprint")
    stamped = ("fingerprint",)

    def key(self, text: str) -> Key:
        return self.keys.blind(text, b"beneficiary")

    def stamp(self, values: Row) -> Stamp:
        return self.keys.blind("\x1f".join(values[:-1]), b"beneficiaries.line")

    def row(self, key: Key, stamp: Stamp, values: Row) -> Row:
        _, _, last, first, relation, birth, participant_id = values
        person = {"last_name": last, "first_name": first, "birth_date": birth}
        return (
            key,
            participant_id,
            relation,
            self.keys.seal(orjson.dumps(person), b"beneficiaries.person"),
            stamp,
        )


class Reimbursements(Book):
    """Values: the columns as they stand."""

    table = reimbursements
    key_column = "line"
    columns = tuple(column.name for column in reimbursements.c if column.name != "id")
    stamped = columns


class Guarantees(Book):
    """Values: the columns as they stand."""

    table = guarantees
    key_column = "act_code"
    columns = tuple(column.name for column in guarantees.c)
    stamped = columns


def participant_ids(db: Db, keys: Keyring, matricules: Iterable[str]) -> dict[str, int]:
    """Matricule to id, of those that are known."""
    indexes = {keys.blind(matricule, b"matricule"): matricule for matricule in matricules}
    rows = _find(db, participants, participants.c.matricule_index, ("id",), list(indexes))
    return {indexes[row[0]]: row[1] for row in rows}


def beneficiary_ids(db: Db, keys: Keyring, numbers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The fund's number of a beneficiary to (id, participant's id), of those that are known."""
    indexes = {keys.blind(number, b"beneficiary"): number for number in numbers}
    columns = ("id", "participant_id")
    rows = _find(db, beneficiaries, beneficiaries.c.beneficiary_index, columns, list(indexes))
    return {indexes[row[0]]: (row[1], row[2]) for row in rows}


def act_codes(db: Db) -> frozenset[str]:
    """The acts that the guarantees name."""
    return frozenset(db.execute(select(guarantees.c.act_code)).scalars())


def _find(db: Db, table: Table, key: Any, columns: Sequence[str], keys: Sequence[Key]) -> list[Any]:
    """Rows of (key, *columns) for those of `keys` that are there."""
    wanted = [
        type_coerce(c, Integer) if isinstance(c.type, Day) else c for c in (table.c[name] for name in columns)
    ]
    statement = select(key, *wanted)
    rows: list[Any] = []
    for start in range(0, len(keys), _AT_ONCE):
        some = list(keys[start : start + _AT_ONCE])
        some += some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))
        rows += db.execute(statement.where(key.in_(some)))
    return rows
