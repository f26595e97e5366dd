"""/unanswered in the agents' group: the questions that the FAQ could not answer, and the presses and replies on their cards."""

from __future__ import annotations

from bot.turn import Turn
from kit.screen import Screen
from services.faq import desk
from services.faq.desk_words import VERB

COMMAND = "unanswered"
VERBS = (VERB,)


def command(turn: Turn, argument: str) -> Screen:
    """The next question; "undo" lists what can be taken back. Raises Refused for who is no agent."""
    return desk.open_queue(turn.work, turn.incoming.user_id, argument)


def press(turn: Turn, _verb: str, argument: str) -> Screen:
    """A button of a card."""
    return desk.press(turn.work, turn.incoming.user_id, turn.incoming.message_id, argument)


def reply(turn: Turn) -> Screen | None:
    """A word for the lexicon, in reply to the card that asks for one."""
    message_id = turn.incoming.reply_to
    if message_id is None:
        return None
    return desk.reply(turn.work, turn.incoming.user_id, message_id, turn.incoming.text)
