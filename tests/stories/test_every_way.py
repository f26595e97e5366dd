"""Every way through the registration, as chance finds them: no state is reached but by its path (TH-07).

The real engine, turn and database; a model beside it says where one must be. What an altered application could send is among the acts.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from bot.entry import Entry
from settings import Settings
from store import chats, schema
from store.db import Db
from tests.databases import KEY, SqliteTemplate
from tests.stories.model import EDITABLE, ORDER, OWN, TEXTS, WRONG, Model
from tests.world import TOKEN, Ground, Hands
from wiring import App, Tuning

T = TypeVar("T")
CHAT = 4711
ACTIONS = (
    *("back", "cancel", "where", "confirm", "keep", "skip", "edit", "offer:0", "offer:9", "nothing", ""),
    *("choose:yes", "choose:first_school", "choose:own", "choose:hacked"),
    *(f"edit:{step}" for step in (*EDITABLE, "repetition", "consent", "own_question", "hacked")),
)


class Outlet:
    """Notes what would be sent."""

    replica = 1

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    def offer(self, ready: Any) -> None:
        self.said += [orjson.loads(promise.payload) for promise in ready if promise.channel == "telegram"]

    def at_once(self, method: str, payload: bytes) -> None:
        self.said.append(orjson.loads(payload))


class Registration(RuleBasedStateMachine):
    """Salma, at random."""

    template: SqliteTemplate

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        url = self.do(self.template.copy(Path(self.folder.name)))
        self.settings = Settings.model_validate(
            {"telegram_token": TOKEN, "database_url": url, "secret_key": KEY, "listen": "127.0.0.1:0"}
        )
        self.update_id = 100
        self.outlet = Outlet()
        self.model = Model()
        self.begin()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def begin(self) -> None:
        """A life of the bot, without its doors."""

        async def build() -> tuple[App, Entry]:
            app = App(self.settings, Ground().file(), Tuning(clock=Hands(_never), strict=True, lifted=True))
            entry = Entry(
                app.db, app.house, app._router(), app.renderer, self.outlet, app._offload, app.clock
            )
            app.matching._ready.set()  # nothing is learned here: no text is a question
            return app, entry

        self.app, self.entry = self.do(build())

    def finish(self) -> None:
        self.app._offload.close()
        self.do(self.app.db.close())
        self.app._in_hand.close()

    def teardown(self) -> None:
        self.finish()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        self.folder.cleanup()

    # ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def handle(self, kind: str, **content: Any) -> None:
        """One update; it is answered, and taken."""
        self.update_id += 1
        before = len(self.outlet.said)
        sender = {"id": CHAT, "is_bot": False, "first_name": "Salma", "language_code": "fr"}
        message = {"message_id": self.update_id, "date": 1, "chat": {"id": CHAT, "type": "private"}}
        body = (
            {**message, "from": sender, **content}
            if kind == "message"
            else {"id": str(self.update_id), "from": sender, "message": message, **content}
        )
        verdict = self.do(self.entry.handle({"update_id": self.update_id, kind: body}))
        assert verdict.status == 200
        assert len(self.outlet.said) > before, "nobody is left without an answer"

    def says(self, text: str) -> None:
        """Asked whether to leave the form, she goes on first: what is typed there answers no step."""
        chat = self.chat()
        if chat is not None and "doubt" in (chat.state.get("form") or {}) and not text.startswith("/"):
            self.presses("where")
        note(f"says {text!r} at {self.model.step}")
        self.handle("message", text=text)

    def presses(self, action: str, *, revision: int | None = None) -> None:
        chat = self.chat()
        held = chat.revision if chat is not None else 0
        data = f"{held if revision is None else revision}.form:{action}"
        note(f"presses {data} at {self.model.step}, revision {held}")
        self.handle("callback_query", data=data)

    @rule()
    def registers(self) -> None:
        """/register: begins, or shows where one is."""
        self.says("/register")
        self.model.registers()

    @precondition(lambda self: self.model.step in TEXTS)
    @rule(which=st.integers(0, 1))
    def answers(self, which: int) -> None:
        text = self.right(which)
        self.says(text)
        self.model.answers(text)

    def right(self, which: int) -> str:
        """A good answer to the question that is open."""
        step = str(self.model.step)
        return self.model.repetition if step == "repetition" else TEXTS[step][which]

    @precondition(lambda self: self.model.step in ORDER)
    @rule(times=st.integers(2, 11))
    def answers_on_and_on(self, times: int) -> None:
        """So that chance gets far enough."""
        for _ in range(times):
            match self.model.step:
                case "question":
                    self.chooses_one("first_school")
                case "consent":
                    self.chooses_one("yes")
                case "summary" | "edit" | None:
                    return
                case _:
                    self.says(text := self.right(0))
                    self.model.answers(text)

    @precondition(lambda self: self.model.step == "repetition")
    @rule()
    def mistypes_the_repetition(self) -> None:
        self.says("Tournesol48")
        self.model.differs()

    @precondition(lambda self: self.model.step == "email")
    @rule()
    def slips_in_the_address(self) -> None:
        """ "Did you mean …?" """
        self.says("salma@gmial.com")
        self.model.doubted = True

    @precondition(lambda self: self.model.step in WRONG)
    @rule(which=st.integers(0, 2))
    def answers_wrongly(self, which: int) -> None:
        words = WRONG[str(self.model.step)]
        self.says(words[which % len(words)])
        self.model.is_refused()

    @precondition(lambda self: self.model.step in ("question", "consent"))
    @rule(choice=st.sampled_from(["first_school", "childhood_street", OWN]))
    def chooses(self, choice: str) -> None:
        self.chooses_one("yes" if self.model.step == "consent" else choice)

    def chooses_one(self, value: str) -> None:
        self.presses(f"choose:{value}")
        self.model.answers(value)

    @rule(action=st.sampled_from(ACTIONS))
    def presses_whatever(self, action: str) -> None:
        """A button that is there, or one that an altered application sends under the present revision."""
        self.presses(action)
        self.model.presses(action)

    @precondition(lambda self: self.model.step == "summary")
    @rule()
    def confirms(self) -> None:
        self.presses("confirm")
        self.model.presses("confirm")

    @precondition(lambda self: self.model.step == "summary")
    @rule(step=st.sampled_from(EDITABLE))
    def edits(self, step: str) -> None:
        self.presses("edit")
        self.model.presses("edit")
        self.presses(f"edit:{step}")
        self.model.presses(f"edit:{step}")

    @precondition(lambda self: self.model.step == "summary")
    @rule(step=st.sampled_from(sorted(TEXTS.keys() & set(EDITABLE))))
    def thinks_better_of_it(self, step: str) -> None:
        """So that chance changes an answer on which others depend."""
        self.edits(step)
        if self.model.step == step:
            self.says(text := self.right(1))
            self.model.answers(text)

    @rule(action=st.sampled_from((*ACTIONS, "stop", "leave")), age=st.integers(1, 30))
    def presses_an_old_button(self, action: str, age: int) -> None:
        """Nothing happens but that one is shown where one is."""
        chat = self.chat()
        self.presses(action, revision=(chat.revision if chat is not None else 0) - age)

    @precondition(lambda self: self.model.step is not None)
    @rule()
    def stops(self) -> None:
        self.says("/cancel")
        self.presses("stop")
        self.model.closes()

    @rule()
    def the_bot_restarts(self) -> None:
        note("restart")
        self.finish()
        self.begin()

    # ── what must hold ───────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def the_chat_is_where_the_model_is(self) -> None:
        chat = self.chat()
        form = chat.state.get("form") if chat is not None else None
        if self.model.step is None:
            assert form is None
            return
        assert form is not None
        assert form["step"] == self.model.step
        assert set(form["answers"]) == set(self.model.given)
        shown = {
            key: value for key, value in self.model.given.items() if key in ("matricule", "email", "question")
        }
        assert {key: form["answers"][key] for key in shown} == shown
        kept = orjson.dumps(chat.state if chat is not None else {}).decode()
        assert not any(secret in kept for secret in (*TEXTS["password"], *TEXTS["answer"]))

    @invariant()
    def only_confirm_registers(self) -> None:
        counted = select(func.count()).select_from(schema.registrations)
        made = self.do(self.app.db.read(lambda db: int(db.execute(counted).scalar_one())))
        assert made == self.model.confirmed

    def chat(self) -> chats.Chat | None:
        found: chats.Chat | None = self.do(self.app.db.read(_chat))
        return found


def _chat(db: Db) -> chats.Chat | None:
    return chats.find(db, CHAT)


async def _never(_: Any) -> None:
    raise AssertionError("the clock stands still here")


@pytest.mark.req("TH-07", "AS-09")
def test_no_state_is_reached_but_by_its_path(
    sqlite_template: SqliteTemplate, cheap_hashes: None, quick_starts: None
) -> None:
    Registration.template = sqlite_template
    run_state_machine_as_test(
        Registration,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
