"""What an import did, for the operator's eyes: counts, reasons, no one's data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

SHOWN = 5  # rejected lines that are named in the report
CODES = 20  # unknown acts that are named in the report


class Marks:
    """A set of row ids as bits: a million of them are 125 kB."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self.count = 0

    def add(self, ids: Iterable[int]) -> None:
        """Mark the ids."""
        for number in ids:
            place, bit = number >> 3, 1 << (number & 7)
            if place >= len(self._bits):
                self._bits.extend(bytes(place + 1024 - len(self._bits)))
            if not self._bits[place] & bit:
                self._bits[place] |= bit
                self.count += 1


@dataclass(slots=True)
class Report:
    """The counts of one import. In a dry run they say what would be done."""

    kind: str
    dry_run: bool = False
    lines: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    unknown_acts: int = 0  # lines taken although no guarantee names their act
    unknown_act_codes: list[str] = field(default_factory=list)  # the first of them
    reasons: list[tuple[int, str]] = field(
        default_factory=list
    )  # of the first rejected lines: number, reason
    cut: int | None = None  # the number of a last line that is not whole
    rejects: Path | None = None  # where the rejected lines are
    message: str | None = None  # why the file could not be imported
    people: Marks = field(default_factory=Marks)  # participants with new reimbursement lines

    @property
    def status(self) -> int:
        """The exit status: 0 all taken, 1 some lines rejected, 2 nothing could be imported, or not to the end."""
        if self.message or self.lines == self.rejected > 0:
            return 2
        return 1 if self.rejected else 0

    def reject(self, number: int, reason: str) -> None:
        """Count a rejected line."""
        self.rejected += 1
        if len(self.reasons) < SHOWN:
            self.reasons.append((number, reason))

    def unknown_act(self, code: str) -> None:
        """Count a line whose act is not known."""
        self.unknown_acts += 1
        if len(self.unknown_act_codes) < CODES and code not in self.unknown_act_codes:
            self.unknown_act_codes.append(code)

    def refused(self, message: str) -> Report:
        """This report, with the reason why the import ended."""
        self.message = message
        return self

    def sentences(self) -> list[str]:
        """The report in words, a line each."""
        would = "would be " if self.dry_run else ""
        said = [
            f"{self.kind}: {self.lines} lines read, {self.new} {would}new, {self.changed} {would}changed, "
            f"{self.unchanged} unchanged, {self.rejected} rejected."
        ]
        if self.people.count:
            said.append(f"{self.people.count} participants have new lines.")
        if self.unknown_acts:
            codes = ", ".join(self.unknown_act_codes)
            said.append(f"{self.unknown_acts} lines have an act that no guarantee names: {codes}.")
        said += [f"Line {number} {reason}." for number, reason in self.reasons]
        if self.rejected > len(self.reasons):
            said.append(f"… and {self.rejected - len(self.reasons)} more.")
        if self.cut:
            said.append(f"The file is cut: its last line, {self.cut}, is not whole. Ask for the whole file.")
        if self.rejects:
            said.append(f"The rejected lines and their reasons are in {self.rejects}.")
        if self.message:
            said.append(f"Not imported: {self.message}.")
        elif self.status == 2:
            said.append("Not imported: no line could be taken.")
        return said
