"""CSV read one physical line at a time, so that whatever is wrong with a line stays within that line.

A record is one line: a line end inside quotes is a fault of that line. UTF-8, a BOM is let pass; `,` separates; lines end in LF or CRLF.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import BinaryIO

LONGEST = 16_384  # bytes of a line; what is longer is dropped piece by piece and never held
SHOWN = 200  # characters of a line that is too long to be given back whole

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_QUOTED_LINE = re.compile(r'(?:(?:"(?:[^"]|"")*+"|[^",]*+)(?:,|\Z))++')
_NOT_TEXT = (
    ((b"\xff\xfe", b"\xfe\xff"), "is in UTF-16, save it as UTF-8"),
    ((b"PK\x03\x04",), "is a spreadsheet or a zip, save it as CSV in UTF-8"),
    ((b"\x1f\x8b",), "is compressed, unpack it first"),
    ((b"%PDF",), "is a PDF"),
)


class BadFile(Exception):
    """Nothing of the file can be used; the message is one line for the operator."""


@dataclass(slots=True)
class Line:
    """A line: its number from 1 (the header's), its text, and its cells as they stand in the file; `fault` is what is wrong with it."""

    number: int
    text: str
    cells: Sequence[str]
    fault: str | None = None


class Sheet:
    """The lines of a CSV file under a header that names exactly `columns`, in any order.

    `whole(column, cell)` tells whether the last cell of a file that ends without a line end can be trusted to be all there.
    `done` counts the bytes read, `cut` is the number of a last line that was refused as unfinished.
    Raises BadFile for a header that isn't right.
    """

    def __init__(self, source: BinaryIO, columns: Sequence[str], whole: Callable[[str, str], bool]) -> None:
        self._source = source
        self._whole = whole
        self._pick: Callable[[Sequence[str]], Sequence[str]] | None = None
        self.columns = self._header(columns)
        self.done = source.tell()
        self.cut: int | None = None
        if self.columns != tuple(columns):
            self._pick = itemgetter(*(self.columns.index(column) for column in columns))

    def __iter__(self) -> Iterator[Line]:
        """Every line below the header but blank ones."""
        read, number, width = self._source.readline, 1, len(self.columns)
        while raw := read(LONGEST + 1):
            number += 1
            self.done += len(raw)
            if raw[-1] != 10 and len(raw) > LONGEST:
                self._skip()
                yield Line(
                    number, raw[:SHOWN].decode(errors="replace"), (), f"is longer than {LONGEST} bytes"
                )
                continue
            body = raw.rstrip(b"\r\n")
            if body:
                line = _line(number, body, width)
                if raw[-1] != 10:
                    self._last(line)
                yield line

    def ordered(self, line: Line) -> Sequence[str]:
        """The line's cells in the order of the columns asked for."""
        return self._pick(line.cells) if self._pick else line.cells

    def _last(self, line: Line) -> None:
        """The last line, when no line end follows it: taken only if it is whole."""
        if line.fault or not self._whole(self.columns[-1], line.cells[-1]):
            line.fault = "is not whole: the file ends in the middle of it"
            self.cut = line.number

    def _skip(self) -> None:
        while (piece := self._source.readline(LONGEST)) and piece[-1] != 10:
            self.done += len(piece)
        self.done += len(piece)

    def _header(self, columns: Sequence[str]) -> tuple[str, ...]:
        raw = self._source.readline(LONGEST + 1)
        for starts, fault in _NOT_TEXT:
            if raw.startswith(starts):
                raise BadFile(f"the file {fault}")
        if not raw.strip():
            raise BadFile(
                "the file is empty" if not raw else "the first line is blank, it must name the columns"
            )
        if len(raw) > LONGEST:
            raise BadFile(f"the first line is longer than {LONGEST} bytes, it must name the columns")
        if b"\0" in raw:
            raise BadFile("the file is not text in UTF-8 (UTF-16, perhaps)")
        try:
            text = raw.decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            raise BadFile("the first line is not UTF-8") from None
        line = _line(1, text.encode(), None)
        if line.fault:
            raise BadFile(f"the first line {line.fault}")
        found = tuple(line.cells)
        if len(found) == 1 and len(columns) > 1 and any(mark in text for mark in ";\t|"):
            raise BadFile("the columns must be separated by ','")
        faults = [
            (sorted(set(columns) - set(found), key=columns.index), "missing"),
            (sorted({_plain(name) for name in found if name not in columns}), "unknown"),
            (sorted({_plain(name) for name in found if found.count(name) > 1}), "named twice"),
        ]
        if said := [f"{kind}: {', '.join(names[:20])}" for names, kind in faults if names]:
            raise BadFile(f"the first line does not name the columns ({'; '.join(said)})")
        return found


def _line(number: int, raw: bytes, width: int | None) -> Line:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return Line(number, raw.decode(errors="replace"), (), "is not UTF-8")
    plain = text.isprintable()  # so the only blank in it is U+0020
    if not plain and (control := _CONTROL.search(text)):
        return Line(number, text, (), f"holds a control character (U+{ord(control[0]):04X})")
    if '"' in text:
        try:
            cells = next(csv.reader((text,), strict=True))
        except csv.Error:
            cells = None
        if cells is None or not _QUOTED_LINE.fullmatch(text):
            return Line(number, text, (), "has a stray quote")
    else:
        cells = text.split(",")
    if width is not None and len(cells) != width:
        return Line(number, text, cells, f"has {len(cells)} cells where the first line has {width}")
    if plain and " ," not in text and ", " not in text and text[0] != " " != text[-1] and '"' not in text:
        return Line(number, text, cells)
    return Line(number, text, [cell.strip() for cell in cells])


def _plain(name: str) -> str:
    """A column's name as it can be shown on a terminal."""
    return _CONTROL.sub("?", name)[:40] or "(no name)"
