"""People registering: each waits for the reply before the next answer, as people do.

A chat posts its next update once its last one was acknowledged (2xx) and answered by a screen at the Bot API. Without a
rate all chats talk as fast as they are answered; with one, updates leave on a schedule and chats wait to be called.
"""

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass, field

from benchmarks.registration import updates
from benchmarks.registration.sink import Screen, press_of
from benchmarks.registration.webhook import Webhook

ATTEMPTS = 6
RETRY_AFTER = 0.1
"""Seconds before an update that was refused (or whose connection broke) is posted again."""
LISTEN_SECONDS = 0.5
"""How long a chat listens for a second reply after an update was delivered twice, before it goes on: one that came later
would pass for the reply to the next update."""
FIRST_CHAT_ID = 1_000_000_000
_DIGITS = str.maketrans("", "", "0123456789")


@dataclass(frozen=True)
class Plan:
    """What the crowd does: it ends after `conversations` or `seconds`, whichever comes first."""

    chats: int
    conversations: int
    seconds: float
    rate: float = 0.0
    """Updates a second for all chats together; 0: as fast as they are answered."""
    twice: float = 0.0
    """Share of updates delivered a second time after their 200, as after a lost one."""
    hashing: float = 0.0
    """Share of updates that make the contender hash a password for real."""
    patience: float = 10.0
    """Seconds after which an answer that has not come is counted as lost and its conversation given up."""
    same_chats: bool = False
    """Keep a chat's id for all its conversations; otherwise each has a fresh one."""


@dataclass
class Tally:
    """What was seen. Latencies in seconds from the post, replies to hashing updates apart."""

    acknowledged: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)
    replied_hashing: list[float] = field(default_factory=list)
    finished: int = 0
    duplicates: int = 0
    """Screens beyond one an update."""
    lost: int = 0
    """Updates without acknowledgement or screen in time."""
    late: int = 0
    """Screens for updates already counted as lost."""
    refused: int = 0
    """Posts answered by no 2xx; they are posted again."""
    delivered_twice: int = 0
    astray: int = 0
    """Replies that are not what an undisturbed conversation gets at that step: one answer was taken for another."""
    transcript: list[str] = field(default_factory=list)
    """The screens of the first conversation."""
    seconds: float = 0.0


class Chat:
    """One conversation: where it stands and what its last update still waits for."""

    __slots__ = (
        "acks",
        "attempts",
        "body",
        "copies",
        "hashes",
        "id",
        "number",
        "over",
        "posted_at",
        "screen",
        "since",
        "step",
        "waits",
    )

    def __init__(self, chat_id: int, number: int, hashes: bool) -> None:
        self.id = chat_id
        self.number = number
        self.hashes = hashes
        self.step = -1
        self.waits = False
        self.over = ""
        self.acks = self.copies = 0
        self.attempts = 0
        self.posted_at = self.since = 0.0
        self.body = b""
        self.screen: Screen | None = None

    @property
    def answered(self) -> bool:
        """Whether the last update was both acknowledged, each copy of it, and replied to."""
        return not self.waits and self.acks == self.copies


class Crowd:
    """All chats of one measurement."""

    def __init__(
        self,
        webhook: Webhook,
        plan: Plan,
        seed: int = 1,
        first_number: int = 0,
        usual: list[str] | None = None,
    ) -> None:
        """`usual` is the transcript of an undisturbed conversation, if there was one; people differ in digits only."""
        self.webhook = webhook
        self.plan = plan
        self.tally = Tally()
        self.usual = [text.translate(_DIGITS) for text in usual or ()]
        self.chance = random.Random(seed)
        self.number = self.first_number = first_number
        self.chats: dict[int, Chat] = {}
        self.talking: set[Chat] = set()
        self.ready: deque[Chat] = deque()
        self.overdue: deque[float] = deque()
        self.stopping = False
        self.last_at = 0.0

    async def talk(self) -> Tally:
        """Hold the plan's conversations; returns when each has ended, or at the latest `patience` after `seconds`."""
        self.done = asyncio.get_running_loop().create_future()
        self.started_at = self.last_at = time.perf_counter()
        clocks = [asyncio.ensure_future(self._watch())]
        if self.plan.rate:
            clocks.append(asyncio.ensure_future(self._call_out()))
        for _ in range(self.plan.chats):
            self._begin()
        await self.done
        for clock in clocks:
            clock.cancel()
        self.tally.seconds = self.last_at - self.started_at
        return self.tally

    def _begin(self, place: Chat | None = None) -> None:
        """A conversation begins, in the place of one that ended if any; none does when the plan is fulfilled."""
        begun = self.number - self.first_number
        if self.stopping or begun >= self.plan.conversations:
            if not self.talking and not self.done.done():
                self.done.set_result(None)
            return
        chat_id = place.id if place and self.plan.same_chats else FIRST_CHAT_ID + self.number
        hashes = self.chance.random() < self.plan.hashing * updates.ANSWERS
        chat = self.chats[chat_id] = Chat(chat_id, self.number, hashes)
        self.number += 1
        self.talking.add(chat)
        self._next(chat)

    def _end(self, chat: Chat, how: str) -> None:
        chat.over = how
        self.talking.discard(chat)
        self._begin(chat)

    def _next(self, chat: Chat) -> None:
        """The chat has been answered: on to its next update, at once or when it is called."""
        if chat.step == updates.ANSWERS - 1:
            self.tally.finished += 1
            self._end(chat, "finished")
        elif self.stopping:
            self._end(chat, "stopped")
        elif not self.plan.rate:
            self._speak(chat, time.perf_counter())
        elif self.overdue:
            self._speak(chat, self.overdue.popleft())
        else:
            self.ready.append(chat)

    def _speak(self, chat: Chat, since: float) -> None:
        """Post the chat's next update; its latency counts from `since`."""
        chat.step += 1
        chat.waits = True
        chat.acks = chat.attempts = 0
        chat.copies = 1
        chat.since = since
        chat.posted_at = time.perf_counter()
        shown = chat.screen
        data = press_of(shown.markup) if shown and chat.step == updates.CONFIRM_STEP else None
        if shown and data:
            chat.body = updates.press(chat.id, shown.message_id, shown.text, shown.markup, data)
        else:
            chat.body = updates.answer(chat.id, chat.step, chat.number, chat.hashes)
        if self.plan.twice and self.chance.random() < self.plan.twice:
            chat.copies = 2
            self.tally.delivered_twice += 1
        self._post(chat)

    def _post(self, chat: Chat) -> None:
        step = chat.step

        def done(status: int) -> None:
            if not chat.over and chat.step == step:
                self._heard(chat, status)

        self.webhook.post(chat.body, done)

    def _heard(self, chat: Chat, status: int) -> None:
        now = time.perf_counter()
        if not 200 <= status < 300:
            self.tally.refused += 1
            chat.attempts += 1
            if chat.attempts < ATTEMPTS:
                asyncio.get_running_loop().call_later(RETRY_AFTER, self._post_again, chat, chat.step)
            else:
                self._lose(chat)
            return
        chat.acks += 1
        if chat.acks == 1:
            self.tally.acknowledged.append(now - chat.since)
        if chat.acks < chat.copies:
            self._post(chat)
        elif chat.answered:
            self._answered(chat, now)

    def _post_again(self, chat: Chat, step: int) -> None:
        if not chat.over and chat.step == step:
            self._post(chat)

    def show(self, screen: Screen) -> None:
        """A screen arrived at the Bot API."""
        chat = self.chats.get(screen.chat_id)
        if chat is None or not chat.waits:
            self.tally.late += chat is not None and chat.over == "lost"
            self.tally.duplicates += chat is None or chat.over != "lost"
            return
        now = time.perf_counter()
        chat.waits = False
        chat.screen = screen
        replies = self.tally.replied
        if chat.hashes and chat.step == updates.PASSWORD_STEP:
            replies = self.tally.replied_hashing
        replies.append(now - chat.since)
        if self.usual and screen.text.translate(_DIGITS) != self.usual[chat.step]:
            self.tally.astray += 1
        if chat.number == self.first_number:
            self.tally.transcript.append(screen.text)
        if chat.answered:
            self._answered(chat, now)

    def _answered(self, chat: Chat, now: float) -> None:
        self.last_at = now
        if chat.copies == 1:
            self._next(chat)
        else:
            asyncio.get_running_loop().call_later(LISTEN_SECONDS, self._next, chat)

    def _lose(self, chat: Chat) -> None:
        self.tally.lost += 1
        chat.waits = False
        self._end(chat, "lost")

    async def _watch(self) -> None:
        """Give up what has waited too long, and stop in time."""
        step = min(0.05, self.plan.patience / 4)
        while True:
            await asyncio.sleep(step)
            now = time.perf_counter()
            self.stopping = self.stopping or now - self.started_at > self.plan.seconds
            too_long = now - self.plan.patience
            for chat in [c for c in self.talking if not c.answered and c.posted_at < too_long]:
                self._lose(chat)
            self.webhook.hang_up(too_long)
            while self.stopping and self.ready:
                self._end(self.ready.popleft(), "stopped")

    async def _call_out(self) -> None:
        """Call a ready chat for each slot of the schedule; a slot that finds none is overdue and counts from then."""
        interval = 1 / self.plan.rate
        slot = time.perf_counter()
        while not self.stopping:
            await asyncio.sleep(max(0.0, slot - time.perf_counter()))
            now = time.perf_counter()
            while slot <= now:
                if self.ready:
                    self._speak(self.ready.popleft(), now)
                else:
                    self.overdue.append(slot)
                slot += interval
