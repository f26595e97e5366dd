"""The fund's directory as an import fills it: what is known of a chunk of lines, and the rows to write.

An entry is found by its key (a blind index or the fund's own number) and compared by its stamp: a keyed fingerprint of the line where
the row is sealed, the row's own values where it is not. Everything here is for chunks; a row at a time would be five times slower.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeAlias

import orjson
from sqlalchemy import BindParameter, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from kit.seal import Keyring
from store.db import Db, DialectName, Hot
from store.schema import beneficiaries, guarantees, participants, reimbursements

Key: TypeAlias = "bytes | str"
Stamp: TypeAlias = "bytes | tuple[Any, ...]"
Row: TypeAlias = "tuple[Any, ...]"

_AT_ONCE = 1024  # keys in one query


class Book:
    """A table that an import fills, its rows in the driver's own form: days as ordinals, money as centimes."""

    table: ClassVar[Table]
    key_column: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]  # of a row, in order
    stamped: ClassVar[tuple[str, ...]]  # what a stamp is made of, in the table

    def __init__(self, keys: Keyring) -> None:
        self.keys = keys
        self._upsert = Hot(self._statement)
        self._known = _Find(self.table, self.key_column, self.stamped)

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
        rows = self._known(db, keys)
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
    return {indexes[row[0]]: row[1] for row in _PARTICIPANT_IDS(db, list(indexes))}


def beneficiary_ids(db: Db, keys: Keyring, numbers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The fund's number of a beneficiary to (id, participant's id), of those that are known."""
    indexes = {keys.blind(number, b"beneficiary"): number for number in numbers}
    return {indexes[row[0]]: (row[1], row[2]) for row in _BENEFICIARY_IDS(db, list(indexes))}


def act_codes(db: Db) -> frozenset[str]:
    """The acts that the guarantees name."""
    return frozenset(db.execute(select(guarantees.c.act_code)).scalars())


class _Find:
    """Rows of (key, *columns) for many keys at once, days as ordinals. A list of keys is filled up to the next power of two by repeating
    its last one, so that few statements are ever compiled and prepared."""

    def __init__(self, table: Table, key: str, columns: Sequence[str]) -> None:
        self._key, self._columns = table.c[key], [table.c[name] for name in columns]
        self._sized: dict[int, Hot] = {}

    def __call__(self, db: Db, keys: Sequence[Key]) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = []
        for start in range(0, len(keys), _AT_ONCE):
            some = list(keys[start : start + _AT_ONCE])
            size = 1 << (len(some) - 1).bit_length()
            some += some[-1:] * (size - len(some))
            sql, _ = self._of(size).on(db.dialect)
            rows += db.conn.exec_driver_sql(sql, tuple(some)).fetchall()
        return rows

    def _of(self, size: int) -> Hot:
        if size not in self._sized:
            names: list[BindParameter[Any]] = [bindparam(f"k{number}") for number in range(size)]
            self._sized[size] = Hot(lambda _: select(self._key, *self._columns).where(self._key.in_(names)))
        return self._sized[size]


_PARTICIPANT_IDS = _Find(participants, "matricule_index", ("id",))
_BENEFICIARY_IDS = _Find(beneficiaries, "beneficiary_index", ("id", "participant_id"))
