"""Contender (e): python-telegram-bot as in ptb.py, but chats side by side, each chat's own updates still in turn.

PTB's documented place for this is a BaseUpdateProcessor. With a Bot API that takes its time it is many times faster
than one by one; over loopback it is slower, as PTB's HTTP client costs more with many calls at once.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

import uvloop
from telegram import Update
from telegram.ext import BaseUpdateProcessor

from benchmarks.registration import ptb

AT_ONCE = 256
"""PTB's own figure for `concurrent_updates(True)`."""


class ByChat(BaseUpdateProcessor):
    """ConversationHandler's need, updates one by one, met within each chat."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)
        self.locks: dict[int, asyncio.Lock] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        assert isinstance(update, Update)
        assert update.effective_chat
        async with self.locks.setdefault(update.effective_chat.id, asyncio.Lock()):
            await coroutine

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


if __name__ == "__main__":
    uvloop.run(ptb.main(ByChat()))
