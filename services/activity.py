"""The activity log: every sign-in, change and reading of a person's data, which that person can read ("who saw my file")."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

from services.work import Work
from store import activity
from store.activity import ActivityRow

__all__ = ["ActivityRow", "Actor", "Event", "count", "note", "recent"]

Actor: TypeAlias = Literal["owner", "agent", "operator"]
_DETAIL = 80  # characters that a detail may have


class Event(StrEnum):
    """Everything that is noted; the values stand in the database and in exports."""

    ACTIVATED = "activated"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED = "locked"
    SIGNED_OUT = "signed_out"
    EMAIL_CHANGED = "email_changed"
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGE_CANCELLED = "email_change_cancelled"
    PASSWORD_CHANGED = "password_changed"
    QUESTION_CHANGED = "question_changed"
    RESET_ASKED = "reset_asked"
    RESET_SENT = "reset_sent"
    PASSWORD_RESET = "password_reset"
    PASSWORD_DISABLED = "password_disabled"
    SPACE_LOCKED = "space_locked"
    SPACE_UNLOCKED = "space_unlocked"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REVOKED = "consent_revoked"
    READ_REIMBURSEMENTS = "read_reimbursements"
    READ_REIMBURSEMENT_LINE = "read_reimbursement_line"
    READ_STATEMENTS = "read_statements"
    READ_STATEMENT = "read_statement"
    EXPORTED_REIMBURSEMENTS = "exported_reimbursements"
    NOTICES_CHANGED = "notices_changed"
    TOLD_OF_REIMBURSEMENTS = "told_of_reimbursements"
    REQUEST_FILED = "request_filed"
    REQUEST_READ = "request_read"
    REQUEST_DONE = "request_done"
    READ_PROFILE = "read_profile"
    READ_BENEFICIARIES = "read_beneficiaries"
    CHAT_UNLINKED = "chat_unlinked"
    EXPORTED = "exported"
    DOWNLOADED = "downloaded"
    ERASED = "erased"


def note(
    work: Work,
    account_id: int,
    event: Event,
    chat_id: int | None = None,
    detail: str | None = None,
    *,
    actor: Actor = "owner",
) -> None:
    """Note what was done with an account's data. `detail` is a reference, never a name or a text of a person."""
    short = None if detail is None else detail[:_DETAIL]
    activity.add(work.db, account_id, ActivityRow(work.now, event.value, actor, chat_id, short))


def count(work: Work, account_id: int) -> int:
    """How many rows an account's log has."""
    return activity.count(work.db, account_id)


def recent(work: Work, account_id: int, limit: int = 20, offset: int = 0) -> list[ActivityRow]:
    """What was done with an account's data, the latest first."""
    return activity.of_account(work.db, account_id, limit, offset)
