"""The agents' presses on the cards of requests."""

from __future__ import annotations

from bot.turn import Turn
from kit.screen import Screen
from services import requests

VERBS = requests.VERBS


def press(turn: Turn, verb: str, token: str) -> Screen:
    """One press: the card as it is now. Raises Refused where it does nothing."""
    return requests.press(turn.work, turn.incoming.user_id, verb, token)
