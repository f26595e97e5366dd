"""Taking in the fund's files. A bad line stops nothing, a second run changes nothing, a crash leaves whole slices that it completes.

The file is copied to a private temporary file first: what was looked at is what is written, whatever becomes of the original.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from kit.csvlines import BadFile
from services import news
from services.fund import Fund
from services.import_lines import KINDS, Rules
from services.import_pass import Passes, Progress, Touched
from services.import_report import Report
from store.blocking import Blocking
from store.writer import Unavailable

MASS_CHANGE = 5  # one in so many of the known lines: a change of more of them asks first (TH-62)


def run_import(
    kind: str,
    path: Path,
    database: Blocking,
    *,
    matricule: str,
    today: dt.date,
    dry_run: bool = False,
    yes: bool = False,
    confirm: Callable[[Report], bool] | None = None,
    progress: Progress | None = None,
    touched: Touched | None = None,
    fresh_since: dt.date = dt.date.min,
) -> Report:
    """Import a file of a kind of KINDS: its report, whose `status` is the exit status. A file that can't be used is told there too.

    `matricule` is the fund's pattern. `confirm` is asked before a mass change, unless `yes`; with no one to ask it is refused.
    `progress` hears (bytes done, bytes in all). `touched` gets the participants with new reimbursement lines paid on the day
    `fresh_since` or later, in the transaction that writes these and before it does, perhaps more than once a person.
    """
    report = Report(kind, dry_run)
    try:
        with tempfile.TemporaryFile() as copy:
            ends = _copy(path, copy)
            passes = Passes(kind, copy, database, Rules(re.compile(matricule), today), progress, fresh_since)
            known = passes.known
            look_first = not yes and 0 < known < (ends + 1) * MASS_CHANGE
            if dry_run or look_first:
                passes.total += 0 if dry_run else passes.size
                passes.go(report, None if dry_run else path, write=False)
                if dry_run or report.new == report.changed == 0:
                    return report
                if report.changed * MASS_CHANGE > known and not (confirm and confirm(report)):
                    answer = (
                        "that was not confirmed" if confirm else "look at the file, then repeat with --yes"
                    )
                    return report.refused(f"{report.changed} of {known} known lines would change; {answer}")
                report = Report(kind)
            with database.in_bulk():
                passes.go(report, path, touched, write=True)
    except BadFile as error:
        return report.refused(str(error))
    except OSError as error:
        return report.refused(f"{error.filename or path}: {error.strerror or error}")
    except Unavailable:
        return report.refused(
            "the database can't be written now; run the same file again to complete what was begun"
        )
    return report


def take_in(
    kind: str,
    path: Path,
    database: Blocking,
    fund: Fund,
    now: Callable[[], dt.datetime],
    *,
    progress: Progress | None = None,
    **options: Any,
) -> Report:
    """`run_import` by the fund's rules; who asked for it is told of new reimbursements once it has ended."""
    with news.Import(database, fund, now) as told:

        def goes_on(done: int, total: int) -> None:
            told.goes_on()
            if progress:
                progress(done, total)

        return run_import(
            kind,
            path,
            database,
            matricule=fund.identifiers.matricule,
            today=now().date(),
            progress=goes_on,
            touched=told.touched,
            fresh_since=told.fresh_since,
            **options,
        )


def _copy(path: Path, to: BinaryIO) -> int:
    """Copy the file: how many line ends it has. Raises BadFile when it changes or goes while it is read (FL-35)."""
    with path.open("rb") as source:
        before = os.fstat(source.fileno())
        shutil.copyfileobj(source, to, 1 << 20)
    try:
        after = path.stat()
    except FileNotFoundError:
        raise BadFile("the file went away while it was read") from None
    seen = {(one.st_dev, one.st_ino, one.st_size, one.st_mtime_ns) for one in (before, after)}
    if len(seen) > 1 or to.tell() != after.st_size:
        raise BadFile("the file changed while it was read")
    to.seek(0)
    return sum(piece.count(b"\n") for piece in iter(lambda: to.read(1 << 20), b""))


__all__ = ["KINDS", "MASS_CHANGE", "Report", "run_import", "take_in"]
