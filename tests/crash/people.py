"""The scripts: each person registers, opens the link of the mail, locks, signs in, consents, reads, opens a line, and locks again.

A person acts on what the chat shows and on nothing else. Restless ones type again when no answer comes; all press twice now and then,
send a sticker where a word is asked, go back, and press while they type ("two devices"). The patient ones never repeat anything:
what the bot has accepted from them and lost leaves them waiting for ever.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from playground import Message, Person, Playground
from playground.api import Call
from playground.queues import PRESS_QUEUES
from playground.world import Press
from tests.crash.browser import Browser
from tests.crash.folk import Member
from tests.crash.screens import Screen, read, shows

NOISE_BUDGET = 6  # of repetitions, stickers and ways back, for a person
ACTS = 150  # of a person before a round is over: more is a conversation that leads nowhere
UNSETTLED_SECONDS = 12.0  # after which a person answers a screen although more were expected

Note = Callable[..., None]


@dataclass(eq=False)
class Script:
    """One person's conversation. `goal` is where it stands; `done` is set once it got to its end."""

    playground: Playground
    member: Member
    person: Person
    browser: Browser
    rng: random.Random
    note: Note
    enough: asyncio.Event
    by_page: bool  # where links open pages; else they lead to the chat
    goal: str = "register"
    secrets: list[Message] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    rounds: int = 0
    unsettled: int = 0
    _looked_at: Call | None = None
    _early: Screen | None = None  # the latest that was passed over
    _highest: int = 0  # the highest revision known to be used up
    _floor: int = 0  # the revision that the next screen has at least, once everything typed has been answered
    _press: Press | None = None
    _again: Callable[[], None] | None = None
    _said: str = ""  # the command that was said last, if it was the last act
    _noise: int = NOISE_BUDGET

    def __post_init__(self) -> None:
        self.restless = self.rng.random() < 0.5

    async def play(self) -> None:
        """Talk until the script is over and it has been enough."""
        self._say("/start")
        acts = 0
        while self.goal != "done":
            for screen in await self._screens():
                if await getattr(self, f"_{self.goal}")(screen):
                    acts += 1
                    break
            if acts > ACTS * (self.rounds + 1):
                raise RuntimeError(f"talks in circles: {self.where}")

    @property
    def where(self) -> str:
        """Where this person stands, for a report."""
        end = self.person.chat.transcript(last=3)
        return (
            f"{self.person} ({self.member.language}) at {self.goal}, awaiting revision {self._floor}:\n{end}"
        )

    # ── seeing ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _new(self) -> list[Screen]:
        """The screens that came since the last look, the latest first."""
        found: list[Screen] = []
        for call in reversed(self.playground.api.calls):
            if call is self._looked_at:
                break
            if shows(call, self.person.id):
                found.append(read(call))
        return found

    def _settled(self, screen: Screen) -> bool:
        """Whether all that was typed has been answered: what is typed next lands where this screen asks for it."""
        return screen.revision is None or screen.revision >= self._floor

    def _under_way(self) -> bool:
        """Whether the application still shows the clock beside what was sent last."""
        return any(map(self.playground.updates.head, (self.person.id, self.person.id + PRESS_QUEUES)))

    async def _screens(self) -> list[Screen]:
        """What there is to act on, the latest first; nothing after something was repeated instead."""

        def something() -> bool:
            if self._under_way():
                return False
            stale = self._press is not None and self._press.update_id in self.playground.updates.expired
            return stale or any(map(self._settled, self._new()))

        repeats = self.restless and self._again is not None and self._noise > 0
        patience = self.rng.uniform(0.6, 1.5) if repeats else UNSETTLED_SECONDS
        try:
            await self.playground.world.changes.until(something, patience)
        except TimeoutError:
            return self._out_of_patience(repeats)
        if self._press is not None and self._press.update_id in self.playground.updates.expired:
            self._press = None
            if self._again is not None:
                self._again()
            return []
        new = self._new()
        self._looked_at = new[0].call
        self._highest = max([self._highest, *(screen.revision or 0 for screen in new)])
        self._early = next((screen for screen in new if not self._settled(screen)), self._early)
        return [screen for screen in new if self._settled(screen)]

    def _out_of_patience(self, repeats: bool) -> list[Screen]:
        """Repeat what was done last; who never does acts on a screen that came earlier than all that was to come."""
        if repeats and self._again is not None:
            self._noise -= 1
            self._again()
            return []
        early = next(iter(self._new()), self._early)
        if self._again is not None and early is not None and self.enough.is_set() and not self._under_way():
            self.unsettled += 1
            self._early, self._floor = None, early.revision or 0
            return [early]
        return []

    # ── acting ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _register(self, screen: Screen) -> bool:
        if "resend" in screen.places:
            self.goal = "activate"
            await self._activate(screen)
        elif screen.step is not None and screen.step[1] == 10:
            await self._fill(screen, screen.step[0])
        elif "form:confirm" in screen.actions:
            self._push(screen, "form:confirm", beside=True)
        elif "form:where" in screen.actions:
            self._push(screen, "form:where")
        elif screen.places:
            self._say("/register", draws=True)
        else:
            return False
        return True

    async def _fill(self, screen: Screen, step: int) -> None:
        """Answer the step that is asked."""
        member = self.member
        typed = {
            1: member.matricule,
            2: member.last_name,
            3: member.first_name,
            4: member.born,
            5: member.email,
        }
        secret = {6: member.password, 7: member.password, 9: member.answer}
        if step in typed:
            if self._strays(0.1):
                self._sticker(screen)
            elif step in (3, 4) and self._strays(0.15):
                self._push(screen, "form:back")
            else:
                self._type(screen, typed[step])
        elif screen.page is not None:
            names = {6: ("password", "repetition"), 9: ("answer",)}[step]
            await self._on_page(screen, screen.page, **dict.fromkeys(names, secret[step]))
        elif step in secret:
            self._whisper(screen, secret[step])
        elif step == 8:
            questions = [action for action in screen.actions if action.startswith("form:choose:")]
            self._push(screen, self.rng.choice(questions[:-1]))  # the last is a question of one's own
        else:
            self._push(screen, "form:choose:yes", beside=True)

    async def _activate(self, screen: Screen) -> bool:
        """Open the link of the latest mail: on its page, or in the chat."""
        if "reimbursements" in screen.places:
            self.note("active", person=self.member.number)
            self.goal = "lock"
            self._say("/lock")
            return True
        if "resend" not in screen.places or self.links:
            return False
        if self.by_page and self._strays(0.3):
            self._push_lasting(
                screen, "resend"
            )  # which voids the former link, perhaps just before it is opened
        while (link := await self._link()) and not await self._follow(link):
            self.note("refused", person=self.member.number)
        return True

    async def _follow(self, link: str) -> bool:
        """Open a link; False when its page has no button any more."""
        if not link.startswith("https://t.me/"):
            return await self.browser.send(link)
        self.person.opens(link)
        self._press, self._again = None, None
        return True

    async def _link(self) -> str:
        """The link of the latest activation mail that has not been tried; nothing once the space is active after all."""

        def fresh() -> tuple[str] | None:
            if any("reimbursements" in screen.places for screen in self._new()):
                return ("",)  # what is false would be waited for
            for mail in reversed(self.playground.mailbox.to(self.member.email)):
                for link in mail.links:
                    if "activate" in link and link not in self.links:
                        return (link,)
            return None

        while True:
            try:
                (link,) = await self.playground.world.changes.until(fresh, UNSETTLED_SECONDS)
            except TimeoutError:
                continue
            self.links += [link] if link else []
            return link

    async def _lock(self, screen: Screen) -> bool:
        if screen.locked:
            self.goal = "login"
            self._say("/login", draws=True)
        elif screen.places:
            self._say("/lock")
        else:
            return False
        return True

    async def _login(self, screen: Screen) -> bool:
        if screen.step == (1, 2):
            self._type(screen, self.member.email)
        elif screen.step == (2, 2) and screen.page is not None:
            await self._on_page(screen, screen.page, password=self.member.password)
        elif screen.step == (2, 2):
            self._whisper(screen, self.member.password)
        elif "form:where" in screen.actions:
            self._push(screen, "form:where")
        elif "lock" in screen.places:
            self.goal = "read"
            self._say("/reimbursements", draws=True)
        else:
            return False
        return True

    async def _read(self, screen: Screen) -> bool:
        if "consent:agree" in screen.actions:
            self._push(screen, "consent:agree", beside=True)
        elif "consent:for:reimbursements" in screen.actions:
            self._push(screen, "consent:for:reimbursements")
        elif screen.lines:
            self.goal = "line"
            self._push(screen, self.rng.choice(screen.lines), beside=True)
        elif "login:reimbursements" in screen.actions:
            self.goal = "login"
            self._say("/login", draws=True)
        elif screen.places:
            self._say("/reimbursements", draws=True)
        else:
            return False
        return True

    async def _line(self, screen: Screen) -> bool:
        if screen.detail:
            self.goal = "last_lock"
            self._say("/lock")
        elif screen.lines and screen.call.method == "sendMessage":  # drawn anew: the button had grown old
            self._push(screen, self.rng.choice(screen.lines))
        elif "lock" in screen.places:
            self.goal = "read"
            self._say("/reimbursements", draws=True)
        else:
            return False
        return True

    async def _last_lock(self, screen: Screen) -> bool:
        if not screen.locked:
            return False
        self.rounds += 1
        self.note("round", person=self.member.number, rounds=self.rounds)
        if self.enough.is_set():
            self.goal = "done"
        else:
            self.goal = "login"
            self._say("/login", draws=True)
        return True

    # ── hands ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _does(self, what: str, which: str) -> None:
        if what != "says":
            self._said = ""
        self.note("act", person=self.member.number, goal=self.goal, does=what, which=which, floor=self._floor)

    def _strays(self, chance: float) -> bool:
        if self._noise <= 0 or self.rng.random() >= chance:
            return False
        self._noise -= 1
        return True

    def _say(self, command: str, *, draws: bool = False) -> None:
        """Type a command; `draws` where a screen with bound buttons answers it."""

        def act() -> None:
            self._floor += draws
            self._does("says", command)
            self.person.says(command)

        if (
            command != self._said
        ):  # else an old screen came twice, and the answer to the first is still on its way
            self._floor = self._highest
        self._said = command
        act()
        self._press, self._again = None, act

    def _type(self, screen: Screen, text: str) -> None:
        """Answer a step by a text."""

        def act() -> None:
            self._floor += 1
            self._does("types", f"step {screen.step}")
            self.person.says(text)

        self._floor = screen.revision or 0
        act()
        # A last name typed twice would be the first name too: who is asked for it waits.
        self._press, self._again = None, None if screen.step == (2, 10) else act

    def _whisper(self, screen: Screen, secret: str) -> None:
        """Type a secret: never again by impatience, since it could land where none is asked."""
        self._floor = (screen.revision or 0) + 1
        self._does("whispers", f"step {screen.step}")
        self.secrets.append(self.person.says(secret))
        self._press, self._again = None, None

    async def _on_page(self, screen: Screen, link: str, **typed: str) -> None:
        """Type a secret on its page; where that has grown old, a newer screen is on its way."""
        self._floor = (screen.revision or 0) + 1
        self._does("opens", f"page of step {screen.step}")
        self._press, self._again = None, None
        await self.browser.send(link, **typed)

    def _sticker(self, screen: Screen) -> None:
        self._floor = (screen.revision or 0) + 1
        self._does("sends", "sticker")
        self.person.sends("sticker")
        self._press, self._again = None, None

    def _push(self, screen: Screen, action: str, *, beside: bool = False) -> None:
        """Press a button: twice now and then; `beside`: perhaps while something else is sent."""
        message = self.person.chat.kept[screen.message_id]
        data = screen.actions[action]
        self._floor = (screen.revision or 0) + 2  # the press uses one up, and what it leads to takes the next
        self._highest = max(self._highest, self._floor - 1)

        def act() -> None:
            self._does("presses", data)
            self._press = self.person.press_data(data, message)

        act()
        if self.rng.random() < 0.3:
            act()
        if beside and self.rng.random() < 0.5:
            self._does("sends", "sticker")
            self.person.sends("sticker")
        self._again = act

    def _push_lasting(self, screen: Screen, place: str) -> None:
        """Press a button that serves at any age."""
        self._does("presses", place)
        self.person.press_data(f"~go:{place}", self.person.chat.kept[screen.message_id])
