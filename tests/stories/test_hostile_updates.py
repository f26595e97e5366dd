"""Updates that Telegram would not send, updates that break us, updates that kill us: none of them blocks its chat (TH-19b, FL-30)."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.entry import Verdict
from bot.in_hand import SLOTS, InHand
from kit.offload import Offload
from kit.screen import Screen
from playground.queues import Update
from services import secrets
from store import set_aside
from tests.people import Person
from tests.world import World
from wiring import _in_hand_file

APOLOGY = "Sorry, something went wrong on our side and it has been noted under {incident}."
STRANGER = "Is it your first time? Create your space. Do you have one? Sign in."


def sends_raw(world: World, body: bytes, chat: int) -> None:
    """Put whatever bytes into Telegram's queue of a chat."""
    updates = world.playground.updates
    id, updates.next_id = updates.next_id, updates.next_id + 1
    ready = body.replace(b'"ID"', str(id).encode())
    updates._keep(Update(id, chat, "raw", ready, updates.clock.now() + 86_400))


def shapes(chat: int) -> Iterator[dict[str, Any]]:
    """What no Bot API server sends, each with an id of its own."""
    who, there = {"id": chat, "is_bot": False, "first_name": "V"}, {"id": chat, "type": "private"}
    good = {"message_id": 5, "from": who, "chat": there, "date": 1, "text": "x"}
    for message in (
        *(5, "x", [1], True),
        {},
        {**good, "chat": None},
        {**good, "chat": []},
        {**good, "chat": {"id": chat}},
        {**good, "chat": {**there, "id": str(chat)}},
        {**good, "chat": {**there, "id": "x" * 1000}},
        {**good, "chat": {**there, "id": None}},
        {**good, "chat": {**there, "id": chat + 0.5}},
        {**good, "chat": {**there, "id": True}},
        {**good, "chat": {**there, "id": 2**63}},
        {**good, "chat": {**there, "id": -(2**62)}},
        {**good, "from": "x"},
        {**good, "from": {**who, "id": "1"}},
        {**good, "from": {**who, "language_code": 5}},
        {**good, "message_id": None},
        {**good, "message_id": "5"},
        {**good, "message_id": 2**60},
        {**good, "entities": "bold"},
        {**good, "entities": [None]},
        {**good, "migrate_to_chat_id": "x"},
        {**good, "chat": None, "deep": _nested(300)},
    ):
        yield {"message": message}
        if isinstance(message, dict):
            yield {"edited_message": message}
    for press in (5, "x", {"id": "1"}, {"id": "1", "from": None, "message": good, "data": "x"},
                  {"id": "1", "from": who, "message": {"chat": "x"}, "data": "x"}):  # fmt: skip
        yield {"callback_query": press}
    yield {"my_chat_member": {"chat": there, "from": who, "date": 1}}
    yield {"my_chat_member": {"chat": there, "from": who, "new_chat_member": "kicked"}}
    yield {"channel_post": {"chat": {"id": "x"}}}


def _nested(depth: int) -> Any:
    deep: Any = []
    for _ in range(depth):
        deep = [deep]
    return deep


@pytest.mark.req("TH-19b", "BI-84", "INV-01", "INV-02")
@pytest.mark.parametrize(
    "mode",
    [pytest.param(one, marks=pytest.mark.world(mode=one)) for one in ("webhook", "polling")],
)
async def test_a_shape_that_nobody_sends_blocks_nobody(world: World, salma: Person, mode: str) -> None:
    await salma.says("/menu")
    expected = list(shapes(salma.id))
    for shape in expected:
        sends_raw(world, json.dumps({"update_id": "ID", **shape}).encode(), salma.id)
    salma.phone.says("/help")
    await world.answers()
    salma.reads("<b>What I do</b>")
    aside = await world.count("set_aside")
    world.leaves(set_aside=aside)
    assert aside >= len(expected) - 8, "most of these can't be read at all"
    kept = await world.read(lambda db: [one[0] for one in set_aside.listed(db, 500)])
    bodies = await world.read(lambda db: [set_aside.body(db, update_id) for update_id in kept])
    assert all(bodies), "the operator can look"
    assert not salma.has_read(APOLOGY), "nobody typed this: nobody is told"


@pytest.mark.req("TH-19b")
@pytest.mark.world(on="sqlite")
@pytest.mark.parametrize("update_id", [-1, 2**53, 2**70, 1.5, True, "7", None, [], float("nan")])
async def test_an_update_without_a_real_id_is_let_go(world: World, update_id: object) -> None:
    assert await world.app.entry.handle({"update_id": update_id, "message": {}}) == Verdict(200)
    assert await world.app.entry.handle({}) == Verdict(200)
    assert await world.count("set_aside") == 0


@pytest.mark.req("TH-19b", "BI-15")
@pytest.mark.parametrize(
    "mode", [pytest.param(one, marks=pytest.mark.world(mode=one)) for one in ("webhook", "polling")]
)
async def test_text_that_is_no_unicode_blocks_nobody(world: World, salma: Person, mode: str) -> None:
    """A lone surrogate as JSON may write it; the strict parser takes none of it."""
    await salma.says("/menu")
    message = {
        "message_id": 9,
        "date": 1,
        "text": "TEXT",
        "from": {"id": salma.id, "is_bot": False, "first_name": "S"},
    }
    body = orjson.dumps(
        {"update_id": "ID", "message": {**message, "chat": {"id": salma.id, "type": "private"}}}
    )
    sends_raw(world, body.replace(b"TEXT", rb"\ud800 \udc00\u0000 ?"), salma.id)
    salma.phone.says("/help")
    await world.answers()
    salma.reads("<b>What I do</b>")


@pytest.mark.req("BI-83", "BI-84")
async def test_kinds_that_we_did_not_ask_for_are_taken_and_ignored(world: World, salma: Person) -> None:
    await salma.says("/menu")
    before = len(world.playground.calls)
    for kind in (
        "business_message",
        "inline_query",
        "message_reaction",
        "poll",
        "pre_checkout_query",
        "hologram",
    ):
        sends_raw(
            world, orjson.dumps({"update_id": "ID", kind: {"id": "1", "from": {"id": salma.id}}}), 4_000
        )
    sends_raw(world, b'{"update_id":"ID"}', 4_001)
    sends_raw(
        world,
        b'{"update_id":"ID","callback_query":{"id":"1","from":{"id":7},"inline_message_id":"x"}}',
        4_002,
    )
    await world.answers()
    assert [call.method for call in world.playground.calls[before:]] == ["answerCallbackQuery"]
    await salma.says("/menu")
    salma.reads(STRANGER)


# ── what breaks us ───────────────────────────────────────────────────────────────────────────────────────────────────


def breaks(world: World, name: str) -> list[int]:
    """A place that fails whenever it is opened; the list grows with each time."""
    times: list[int] = []

    def opened(_turn: Any) -> Screen:
        times.append(1)
        raise ZeroDivisionError("nobody is to read this")

    places = world.app.entry._router._places
    places[name] = replace(places[name], open=opened)
    return times


@pytest.mark.req("FL-30", "TH-19b", "FL-40", "INV-02")
@pytest.mark.world(mode="webhook")
async def test_what_fails_three_times_is_set_aside_and_apologised_for_once(
    world: World, salma: Person, youssef: Person
) -> None:
    world.expects_failures()
    times = breaks(world, "help")
    await salma.says("/help")
    assert len(times) == 3
    incident = salma.reads(APOLOGY)
    assert len(salma.heard) == 1
    assert "ZeroDivision" not in salma.shown
    reference = next(word for word in salma.shown.replace(".", " ").split() if word.startswith("E-"))
    assert incident
    assert reference in world.log.all(), "the operator finds it"
    assert "nobody is to read this" not in world.log.all()
    await salma.presses("Menu")
    salma.reads(STRANGER)
    await youssef.says("/menu")
    youssef.reads(STRANGER)
    (kept,) = await world.read(set_aside.listed)
    assert kept[1] == reference
    assert (await world.read(lambda db: set_aside.body(db, kept[0])))["message"]["text"] == "/help"
    world.leaves(set_aside=1)


@pytest.mark.req("FL-30", "TH-19b")
@pytest.mark.world(mode="webhook")
async def test_a_press_that_breaks_us_is_apologised_for_too(world: World, salma: Person) -> None:
    world.expects_failures()
    await salma.says("/menu")
    times = breaks(world, "help")
    await salma.presses("Help")
    assert len(times) == 3
    salma.reads(APOLOGY)
    world.leaves(set_aside=1)


@pytest.mark.req("FL-30", "CF-02", "INV-16")
@pytest.mark.world(mode="webhook", pages=False)
async def test_a_secret_that_breaks_us_is_deleted_all_the_same(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.expects_failures()
    await salma.fills_in("password")

    async def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.app._offload, "compute", broken)
    typed = await salma.says(salma.password)
    salma.reads(APOLOGY)
    assert typed.deleted
    monkeypatch.undo()
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    world.leaves(set_aside=1)


@pytest.mark.req("FL-30", "AS-10", "INV-04")
@pytest.mark.world(mode="webhook")
async def test_a_turn_that_fails_halfway_leaves_nothing(world: World, salma: Person, youssef: Person) -> None:
    world.expects_failures()
    await salma.has_space()
    await youssef.has_space()

    def unlinks_and_fails(turn: Any) -> Screen:
        locks(turn)
        raise ZeroDivisionError

    places = world.app.entry._router._places
    locks = places["logout"].open
    places["logout"] = replace(places["logout"], open=unlinks_and_fails)
    salma.phone.says("/logout")
    youssef.phone.says("/menu")
    await world.answers()
    salma.reads(APOLOGY)
    await salma.says("/menu")
    for person in (salma, youssef):
        person.reads("You are signed in. What would you like to see?")
    world.leaves(set_aside=1)


# ── what kills us ────────────────────────────────────────────────────────────────────────────────────────────────────


class Deadly(Offload):
    """Slow work at which the process stands still, to be killed there."""

    def __init__(self) -> None:
        super().__init__(kinds=secrets.COMPUTATIONS)
        self.reached = asyncio.Event()

    async def compute(self, *_args: Any, **_kwargs: Any) -> Any:
        self.reached.set()
        await asyncio.Event().wait()


@pytest.mark.req("TH-19b", "FL-39", "G-1")
async def test_an_update_that_kills_the_process_three_times_is_no_longer_tried(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of updates in hand is all that a dead process leaves."""
    world.expects_failures()
    await salma.fills_in("password")
    file = _in_hand_file(world.settings)
    starts = world.make_app

    def deadly_app() -> Any:
        app = starts()
        app._offload.close()
        app._offload = Deadly()
        return app

    monkeypatch.setattr(world, "make_app", deadly_app)
    await world.restart()
    salma.phone.says(salma.password)
    for _ in range(3):
        await asyncio.wait_for(world.app._offload.reached.wait(), 10)  # type: ignore[attr-defined]
        left = file.read_bytes()
        await world.kill()
        file.write_bytes(left)
        await world.start()
    await world.answers()
    salma.reads(APOLOGY)
    assert not world.app._offload.reached.is_set(), "it was not tried a fourth time"  # type: ignore[attr-defined]
    assert not any(message.text == salma.password for message in salma.phone.chat.live)
    await salma.says("/menu")
    assert salma.has_read("You are in the middle of: {form}.") == 1
    world.leaves(forms=1, set_aside=1)


@pytest.mark.req("FL-29", "TH-05")
@pytest.mark.world(on="sqlite", mode="webhook", pages=False)
async def test_too_many_sign_ins_at_once_come_back_later(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine hashes are at work or wait: the tenth update gets 503 and stays with Telegram, and who asks for no hash is served."""
    await salma.has_space(signed_in=False)
    gate = threading.Event()
    computations: Any = secrets.COMPUTATIONS
    monkeypatch.setitem(computations, "verify", lambda *_: not gate.wait(20))
    guessers = [world.person(f"V{number}") for number in range(12)]
    for guesser in guessers:
        await guesser.says("/login", f"personne{guesser.id}@example.com")
    for guesser in guessers:
        guesser.phone.says("Mauvais4719")
    await asyncio.wait_for(_refused(world), 10)
    salma.phone.says("/menu")
    await world.playground.until(lambda: salma.phone.screen)
    salma.reads("This chat knows you, but you need to sign in again to see personal data.")
    gate.set()
    await world.answers()
    wrong = "This e-mail and this password do not go together."
    assert [guesser.has_read(wrong) for guesser in guessers] == [1] * 12
    world.leaves(forms=12)


async def _refused(world: World) -> None:
    while (
        world.playground.api.intake.webhook is None or world.playground.api.intake.webhook.last_error is None
    ):
        await world.playground.world.changes.wait()


def test_the_file_of_updates_in_hand_outlives_its_process(tmp_path: Path) -> None:
    first = InHand(tmp_path / "hand")
    slots = [first.take(number) for number in range(1, SLOTS + 3)]
    assert slots[SLOTS:] == [None, None], "what is beyond its room goes unnoted"
    for slot in slots[2:]:
        first.drop(slot)
    second = InHand(tmp_path / "hand")
    assert second.left_over == {1, 2}
    second.close()
    third = InHand(tmp_path / "hand")
    assert third.left_over == set()
    for one in (first, third):
        one.close()
