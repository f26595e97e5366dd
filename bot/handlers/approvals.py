"""The agents' presses on the cards of registrations to approve."""

from __future__ import annotations

from bot.turn import Turn
from kit.screen import Screen
from services import approvals, registration

VERBS = ("approve", "reject", "reveal")


def press(turn: Turn, verb: str, token: str) -> Screen:
    """One press: the card as it is now. Raises Refused where it does nothing."""
    return approvals.press(turn.work, turn.incoming.user_id, verb, token, registration.approved)
