"""What the one-time tokens of an account are for, and the moment when all that are open become void (CF-04)."""

from __future__ import annotations

from services.work import Work
from store import email_changes, tokens

RESET = "reset"  # choose a new password; the subject is the account
EMAIL = "email"  # confirm a new address; the subject is the change
EMAIL_CANCEL = "email_cancel"  # take a change of address back; the subject is the change
NOT_ME = "not_me"  # lock the space; the subject is the account


def void(work: Work, account_id: int) -> None:
    """A change of password or address voids what was open before. What undoes a change stays good: its owner needs it now."""
    tokens.void(work.db, RESET, account_id, work.now)
    for change_id in email_changes.void_waiting(work.db, account_id):
        tokens.void(work.db, EMAIL, change_id, work.now)
