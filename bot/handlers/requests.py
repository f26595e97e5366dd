"""Requests in the agents' group: /requests lists those that wait; the presses on their list and on their cards."""

from __future__ import annotations

from bot.turn import Turn
from kit.screen import Screen
from services import request_queue, requests

COMMAND = "requests"
VERBS = (*requests.VERBS, *request_queue.VERBS)


def command(turn: Turn, _argument: str) -> Screen:
    """The requests that wait. Raises Refused for who is no agent."""
    return request_queue.listed(turn.work, turn.incoming.user_id)


def press(turn: Turn, verb: str, argument: str) -> Screen:
    """One press: the card, or the list, as it is now. Raises Refused where it does nothing."""
    if verb in request_queue.VERBS:
        return request_queue.press(turn.work, turn.incoming.user_id, verb, argument)
    return requests.press(turn.work, turn.incoming.user_id, verb, argument)
