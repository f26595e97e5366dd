"""What a turn promises to send, and what becomes of it, as data. The table of them is the outbox (store/outbox.py)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum


class Lane(IntEnum):
    """What goes first to one destination."""

    DELETION = 0
    REPLY = 1
    NOTICE = 2
    BULK = 3


class State(IntEnum):
    """What became of a row."""

    PENDING = 0
    SENT = 1
    DEAD = 2
    OVERTAKEN = 3


@dataclass(slots=True)
class Promise:
    """Something to send. `payload` is the body as the channel takes it (for Telegram the method's JSON), in clear in memory only.

    `after` is an earlier promise (or its row's id) whose result this one needs: the message to edit or to delete.
    `private`: it shows health data (or takes it away), and is deleted from the chat when that is locked.
    """

    channel: str
    destination: str
    lane: Lane
    method: str
    payload: bytes
    not_before: dt.datetime
    after: Promise | int | None = None
    private: bool = False
    id: int = 0
    attempts: int = 0
    created_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a row that was tried: sent with its result, dead with a reason, or overtaken."""

    id: int
    state: State
    at: dt.datetime
    result: int | None = None
    reason: str | None = None
