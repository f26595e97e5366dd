"""The FAQ's matcher in this process: learned off the loop from what the database holds, and anew when that changes.

Questions have a thread of their own: they take a few milliseconds, and must wait neither for hashes nor for a training. While a new
matcher learns the old one serves; before the first is ready questions wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog

from kit.logs import places
from kit.offload import step_back
from services.faq import content, effects, imports
from services.faq.asking import MATCH
from services.faq.content import Content, Learned
from services.faq.effects import EFFECT, Edit, Effect
from services.faq.matcher import Match
from services.faq.topics import Role
from store import faq
from store.database import Database
from store.db import Db

T = TypeVar("T")
log = structlog.get_logger("faq")


class Matching:
    """One process's matcher. `start` takes in what is shipped and begins to learn; `noticed` is told the version at each round."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._quick = ThreadPoolExecutor(1, "faq")
        self._slow = ThreadPoolExecutor(1, "learning", initializer=step_back)
        self._content: Content | None = None
        self._matcher: Learned | None = None
        self._ready = asyncio.Event()
        self._learning: asyncio.Task[None] | None = None
        self._tried = -1  # the version that was learned last, or could not be

    @property
    def computations(self) -> Mapping[str, Callable[..., Awaitable[Any]]]:
        """What a turn may need of it, by name."""
        return {MATCH: self.match, EFFECT: self.effect}

    async def start(self) -> None:
        """Take in what is shipped, if it is news, and begin to learn."""
        await self._db.run(imports.seed)
        self.noticed(await self._db.read(faq.version))

    def version(self, db: Db) -> int:
        """The version in the database."""
        return faq.version(db)

    def noticed(self, version: int) -> None:
        """Learn anew if this version is another than what was learned last."""
        if version != self._tried and (self._learning is None or self._learning.done()):
            self._tried = version
            self._learning = asyncio.ensure_future(self._learn())

    async def learned(self) -> None:
        """Wait until what is being learned now is in force."""
        while self._learning is not None and not self._learning.done():
            await asyncio.wait([self._learning])

    async def _learn(self) -> None:
        """A failure leaves the old matcher in its place: people are answered, and the next change tries again."""
        try:
            loaded = await self._db.read(content.load)
            self._tried = loaded.version
            self._matcher = await self._in(self._slow, lambda: content.trained(loaded))
            self._content = loaded
            log.info("faq.learned", version=loaded.version, topics=len(loaded.topics))
        except Exception as error:
            log.error("faq.not_learned", error=type(error).__name__, frames=places(error))
        finally:
            self._ready.set()

    async def match(self, text: str, role: Role | None) -> Match | None:
        """What a question is about; None where nothing could be learned."""
        await self._ready.wait()
        matcher = self._matcher
        return await self._in(self._quick, lambda: matcher.match(text, role=role)) if matcher else None

    async def effect(self, version: int, edit: Edit, question: str) -> Effect | None:
        """What an edit that a question gave rise to would change in the content of that version; None when there is another by now."""
        loaded = await self._db.read(content.load)
        if loaded.version != version:
            return None
        before = self._matcher if self._content is not None and self._content.version == version else None
        return await self._in(self._slow, lambda: effects.of(loaded, edit, question, before))

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    async def close(self) -> None:
        """Let what is being learned end, and the threads with it."""
        await self.learned()
        self._quick.shutdown()
        self._slow.shutdown()
