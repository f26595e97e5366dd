"""One way through an import file, chunk by chunk: read, look up, compare, and write what is new or changed.

All but the writing happens outside of any transaction. Rows are written in slices that keep the database's lock some milliseconds,
however slow the disk: the slice grows and shrinks by the time that the last one took.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

from kit.csvlines import Line, Sheet
from kit.rejects import Rejects
from services.import_lines import KINDS, BadLine, Entry, Rules, whole
from services.import_report import Report
from store import imports
from store.blocking import Blocking
from store.db import Db
from store.duplicates import Met
from store.imports import Key, Reimbursements, Row, Stamp
from store.writer import Unavailable

CHUNK = 300  # lines read and looked up together; little more than a slice, so that a bot beside gets its turn in between
SLICE = 200  # rows of the first slice
SMALLEST, LARGEST = 20, CHUNK
LOCK_SECONDS = 0.008  # aimed at for a slice, from its BEGIN to its answer
TRIES = 5  # of a slice while somebody else keeps the database busy
REMEMBERED = 50_000  # ids kept in memory, of participants and of beneficiaries each

_PAID_ON = Reimbursements.columns.index("payment_date")

Touched: TypeAlias = "Callable[[Db, frozenset[int]], None]"
Progress: TypeAlias = "Callable[[int, int], None]"
Bad: TypeAlias = "list[tuple[Line, str]]"
Read: TypeAlias = "tuple[Line, Entry, Key]"
Fresh: TypeAlias = "tuple[Row, int | None]"  # a row to write, and the participant that it is news to


class Taken(NamedTuple):
    """A line that can be taken: its values as they are stored, and the stamp of what stands under its key."""

    entry: Entry
    key: Key
    values: Row
    before: Stamp | None


class Passes:
    """The file, open, and what is remembered from one pass to the next."""

    def __init__(
        self,
        kind: str,
        copy: BinaryIO,
        database: Blocking,
        rules: Rules,
        progress: Progress | None,
        fresh_since: dt.date = dt.date.min,
    ) -> None:
        self.kind = KINDS[kind]
        self.book = self.kind.book(database.keys)
        self.copy, self.database, self.rules, self.progress = copy, database, rules, progress
        self.total = self.size = os.fstat(copy.fileno()).st_size
        self.before = 0
        self.fresh_since = fresh_since.toordinal()
        self.known = database.read(self.book.size)  # with none before, there is nothing to compare with
        self.acts = database.read(imports.act_codes)
        self.slice = SLICE
        self.participants: dict[str, int] = {}
        self.beneficiaries: dict[str, tuple[int, int]] = {}

    def go(
        self, report: Report, rejected: Path | None, touched: Touched | None = None, *, write: bool
    ) -> None:
        """One pass, counted in `report`; the lines that can't be taken go beside the file `rejected`. Raises BadFile and OSError."""
        self.copy.seek(0)
        sheet = Sheet(self.copy, self.kind.columns, whole)
        lines, met = iter(sheet), Met()
        try:
            with Rejects(rejected, sheet.columns) if rejected else nullcontext() as rejects:
                while chunk := list(islice(lines, CHUNK)):
                    bad: Bad = []
                    rows = self._rows(self._taken(chunk, sheet, met, bad), report, write=write)
                    if write:
                        self._write(rows, report, touched)
                    report.lines += len(chunk)
                    for line, reason in sorted(bad, key=lambda one: one[0].number):
                        report.reject(line.number, reason)
                        if rejects:
                            rejects.add(line, reason)
                    if self.progress:
                        self.progress(self.before + sheet.done, self.total)
                report.cut = sheet.cut
                report.rejects = rejects.keep() if rejects else None
        finally:
            met.close()
            self.before += self.size

    def _taken(self, chunk: list[Line], sheet: Sheet, met: Met, bad: Bad) -> list[Taken]:
        """The lines of a chunk that can be taken; the others are added to `bad` with their reasons."""
        entries: list[Read] = []
        for line in chunk:
            try:
                if line.fault:
                    raise BadLine(line.fault)
                entry = self.kind.read(sheet.ordered(line), self.rules)
                entries.append((line, entry, self.book.key(entry.key)))
            except BadLine as error:
                bad.append((line, str(error)))
        known = self._look_up(entries)
        found: list[tuple[Line, Taken]] = []
        for line, entry, key in entries:
            try:
                found.append((line, Taken(entry, key, self._values(entry), known.get(key))))
            except BadLine as error:
                bad.append((line, str(error)))
        twice = met.meet([(one.entry.key, line.number) for line, one in found])
        if twice:
            key_column = self.kind.columns[0]
            bad += [
                (line, f"{key_column} was in line {twice[line.number]} already")
                for line, _ in found
                if line.number in twice
            ]
        return [one for line, one in found if line.number not in twice]

    def _rows(self, taken: list[Taken], report: Report, *, write: bool) -> list[Fresh]:
        """What is new or changed, counted; sealed if it is to be written."""
        rows: list[Fresh] = []
        for one in taken:
            act, stamp = one.entry.act, self.book.stamp(one.values)
            if act and act not in self.acts:
                report.unknown_act(act)
            if one.before == stamp:
                report.unchanged += 1
                continue
            if one.before is None:
                report.new += 1
            else:
                report.changed += 1
            if write:
                news_to = self.participants[one.entry.matricule or ""] if act and one.before is None else None
                rows.append((self.book.row(one.key, stamp, one.values), news_to))
        return rows

    def _look_up(self, entries: Sequence[Read]) -> dict[Key, Stamp]:
        """What is known of the entries, in one reading transaction; the ids that they need are remembered."""
        for cache in (self.participants, self.beneficiaries):
            if len(cache) > REMEMBERED:
                cache.clear()
        people = {e.matricule for _, e, _ in entries if e.matricule and e.matricule not in self.participants}
        cared_for = {
            e.beneficiary for _, e, _ in entries if e.beneficiary and e.beneficiary not in self.beneficiaries
        }
        keys = self.database.keys

        def look(db: Db) -> tuple[dict[Key, Stamp], dict[str, int], dict[str, tuple[int, int]]]:
            return (
                self.book.known(db, [key for _, _, key in entries]) if self.known else {},
                imports.participant_ids(db, keys, people),
                imports.beneficiary_ids(db, keys, cared_for),
            )

        known, participants, beneficiaries = self.database.read(look)
        self.participants |= participants
        self.beneficiaries |= beneficiaries
        return known

    def _values(self, entry: Entry) -> Row:
        """The entry's values with the ids of whom it speaks of; raises BadLine when they aren't known."""
        values = entry.values
        if entry.matricule is None:
            return values
        participant = self.participants.get(entry.matricule)
        if participant is None:
            raise BadLine("matricule is not known: import participants first")
        if entry.beneficiary is None:
            return (*values, participant)
        found = self.beneficiaries.get(entry.beneficiary)
        if found is None:
            raise BadLine("beneficiary_id is not known: import beneficiaries first")
        if found[1] != participant:
            raise BadLine("beneficiary_id belongs to another matricule")
        return (*values[:2], participant, found[0], *values[4:])

    def _write(self, rows: list[Fresh], report: Report, touched: Touched | None) -> None:
        at = 0
        while at < len(rows):
            some = rows[at : at + self.slice]
            people = frozenset(person for _, person in some if person is not None)
            told = frozenset(
                person for row, person in some if person is not None and row[_PAID_ON] >= self.fresh_since
            )

            def put(db: Db, some: Any = some, told: frozenset[int] = told) -> None:
                if touched and told:
                    touched(db, told)
                self.book.write(db, [row for row, _ in some])

            started = time.perf_counter()
            self._put(put)
            took = time.perf_counter() - started
            report.people.add(people)
            at += len(some)
            factor = max(
                0.7, min(1.3, LOCK_SECONDS / took)
            )  # one slow write, as of a checkpoint, does not make all the next small
            if len(some) == self.slice or factor < 1:
                self.slice = max(SMALLEST, min(LARGEST, int(len(some) * factor)))

    def _put(self, put: Callable[[Db], None]) -> None:
        for _ in range(TRIES - 1):
            try:
                return self.database.run(put)
            except Unavailable:
                continue  # each try has waited for the lock already
        return self.database.run(put)
