"""The desk's log: who pressed what in the agents' group and what came of it, for the operator (TH-50, TH-58)."""

from __future__ import annotations

from services.limits import Daily
from services.work import Work
from store import desk_log
from store.desk_log import DeskRow

DONE = "done"
_LENGTH = 24  # of an act and of an outcome
refusals_of_person = Daily("desk.refused", 50)  # beyond it, who presses in vain fills no more of the log


def note(work: Work, telegram_id: int, act: str, subject: int) -> None:
    """An agent did something about `subject`, a request's or a registration's id."""
    desk_log.add(work.db, DeskRow(work.now, telegram_id, act[:_LENGTH], subject, DONE))


def note_refusal(work: Work, telegram_id: int, act: str, code: str) -> None:
    """Somebody pressed in vain; `code` says why."""
    if refusals_of_person.take(work, telegram_id):
        desk_log.add(work.db, DeskRow(work.now, telegram_id, act[:_LENGTH], None, code[:_LENGTH]))
