"""How many updates a minute a chat may send: beyond the fund's budget one warning a minute, then they are acknowledged and ignored."""

from __future__ import annotations

from enum import Enum

from services.work import Work
from store.chats import Chat, minute_of


class Verdict(Enum):
    PASS = "pass"
    WARN = "warn"
    IGNORE = "ignore"


def judge(work: Work, chat: Chat) -> Verdict:
    """Count this update of the chat and say what is done with it (CF-05)."""
    minute = minute_of(work.now)
    if chat.minute != minute:
        chat.minute, chat.minute_updates = minute, 0
    chat.minute_updates += 1
    over = chat.minute_updates - work.fund.budgets.updates_per_chat_per_minute
    if over <= 0:
        return Verdict.PASS
    return Verdict.WARN if over == 1 else Verdict.IGNORE
