"""What must happen later, durably: a restart or a second replica does nothing twice."""

from __future__ import annotations

import datetime as dt

from services.work import Work
from store import due


def remind(work: Work, kind: str, subject: int, at: dt.datetime) -> None:
    """Have `kind` happen to `subject` at a moment; asked again, the moment moves."""
    due.arm(work.db, kind, subject, at)
