"""The road of papers: drawn after the commit, off the loop, uploaded once, and never silently lost (TG-15 to TG-17, FL-01 to FL-05)."""

from __future__ import annotations

import asyncio
import json
import struct
import threading
import zlib
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select

from delivery import uploads
from delivery.papers import MAKERS, Sheet
from kit.errors import Refused
from kit.screen import Button, Paper, Screen, Venue
from kit.speech import Speech
from kit.text import Text, t
from services.work import Work
from store import outbox, schema
from store.db import Db
from store.promises import State
from tests.people import Person
from tests.stories.clockwork import passes
from tests.world import World

SAID = t("The menu shows what I can do for you.")
SORRY = "Sorry, something went wrong on our side and it has been noted under {incident}."


def png(width: int, height: int) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class Probe:
    """A maker of a test: what it was asked for, on which threads it drew, and what it does instead of drawing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.drawn: list[str] = []
        self.fails: Exception | None = None
        self.refuses: Refused | None = None
        self.bytes: bytes | None = None

    def __call__(self, work: Work, speech: Speech, values: Mapping[str, Any]) -> Sheet:
        if self.refuses is not None:
            raise self.refuses
        self.asked.append((speech.language, values))
        return Sheet("CMIM-1.pdf", "application/pdf", {"said": speech.plain(SAID), **values}, self.draw)

    def draw(self, facts: Any) -> bytes:
        self.drawn.append(threading.current_thread().name)
        if self.fails is not None:
            raise self.fails
        return json.dumps(facts).encode() if self.bytes is None else self.bytes


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Probe:
    made = Probe()
    monkeypatch.setitem(MAKERS, "probe", made)
    return made


def screen(
    n: int = 1, *, photo: bool = False, protect: bool = False, lines: tuple[Text, ...] = (SAID,)
) -> Screen:
    keys = [[Button(t("Menu"), "go:menu", lasting=True)]]
    return Screen(lines, keys=keys, edit=True, protect=protect, paper=Paper("probe", {"n": n}, photo))


async def gets(world: World, person: Person, shown: Screen) -> None:
    await world.run(lambda work: work.tell(person.id, shown))


def calls(world: World, method: str = "sendDocument") -> list[str]:
    """How Telegram was asked for a document: by its bytes or by the id of a file that it has."""
    return [
        "by id" if "document" in call.params or "photo" in call.params else "upload"
        for call in world.playground.called(method)
    ]


async def fates(world: World) -> list[tuple[State, str | None]]:
    rows = select(schema.outbox.c.state, schema.outbox.c.reason).where(
        schema.outbox.c.method == "sendDocument"
    )
    return await world.read(lambda db: [(State(row.state), row.reason) for row in db.execute(rows)])


# ── the way out ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TG-17")
async def test_a_paper_is_drawn_off_the_loop_and_sent_with_its_caption_and_keys(
    world: World, salma: Person, probe: Probe
) -> None:
    await salma.says("/menu")
    await gets(world, salma, screen(7, protect=True))
    message = salma.screen
    assert message.kind == "document"
    assert message.file is not None
    assert message.file.name == "CMIM-1.pdf"
    assert json.loads(message.document or b"")["n"] == 7
    salma.reads("The menu shows what I can do for you.")
    assert salma.labels == ["Menu"]
    assert message.protect
    assert probe.asked == [("fr", {"n": 7})]
    assert [name.startswith("papers") for name in probe.drawn] == [True]


async def test_the_same_paper_is_uploaded_once_and_another_is_another(
    world: World, salma: Person, probe: Probe
) -> None:
    other = world.person("Nora")
    await salma.says("/menu")
    await other.says("/menu")
    for person, n in ((salma, 1), (salma, 1), (other, 1), (salma, 2)):
        await gets(world, person, screen(n))
    assert calls(world) == ["upload", "by id", "by id", "upload"]
    assert len(probe.drawn) == 2, "what Telegram has is not drawn again"
    assert [json.loads(m.document or b"")["n"] for m in salma.phone.chat.live if m.kind == "document"] == [
        1,
        1,
        2,
    ]


async def test_a_paper_is_in_the_language_of_its_chat(world: World, youssef: Person, probe: Probe) -> None:
    await youssef.says("/menu")
    await gets(world, youssef, screen())
    assert probe.asked == [("ar", {"n": 1})]


async def test_a_file_that_telegram_no_longer_knows_is_uploaded_anew(
    world: World, salma: Person, probe: Probe
) -> None:
    await salma.says("/menu")
    await gets(world, salma, screen())
    world.playground.world.files.clear()
    await gets(world, salma, screen())
    await gets(world, salma, screen())
    assert calls(world) == ["upload", "by id", "upload", "by id"]
    assert sum(message.kind == "document" for message in salma.phone.chat.live) == 3


@pytest.mark.req("TH-12")
async def test_the_ids_of_files_tell_nothing_and_are_dropped_in_time(
    world: World, salma: Person, probe: Probe
) -> None:
    await salma.says("/menu")
    await gets(world, salma, screen())
    keys = await world.read(lambda db: list(db.execute(select(schema.papers.c.key)).scalars()))
    assert [len(key) for key in keys] == [32]
    await world.clock.advance(days=world.fund.retention_days.outbox_rows - 1)
    assert await world.count("papers") == 1
    await world.clock.advance(days=2)
    assert await world.count("papers") == 0


async def test_a_picture_is_sent_as_one(world: World, salma: Person, probe: Probe) -> None:
    probe.bytes = png(600, 400)
    await salma.says("/menu")
    await gets(world, salma, screen(photo=True))
    await gets(world, salma, screen(photo=True))
    assert salma.screen.kind == "photo"
    assert (salma.screen.file.width, salma.screen.file.height) == (600, 400)  # type: ignore[union-attr]
    assert calls(world, "sendPhoto") == ["upload", "by id"]


@pytest.mark.req("TG-15")
async def test_what_exceeds_a_caption_follows_as_text(world: World, salma: Person, probe: Probe) -> None:
    await salma.says("/menu")
    before = len(salma.phone.chat.live)
    await gets(world, salma, screen(lines=(SAID,) * 60))
    document, text = salma.phone.chat.live[before:]
    assert (document.kind, text.kind) == ("document", "text")
    assert len(document.text.encode("utf-16-le")) // 2 <= 1024
    assert document.labels == []
    assert text.labels == ["Menu"]


async def test_a_paper_never_takes_the_place_of_a_screen(world: World, salma: Person, probe: Probe) -> None:
    await salma.says("/menu")
    drawn = world.app.renderer.draw
    chat = await world.run(lambda work: work.chat(salma.id))
    assert chat is not None
    promises = drawn(screen(), chat, 1, world.clock.now(), 17)  # type: ignore[arg-type]
    assert [one.method for one in promises] == ["sendDocument"]
    assert "message_id" not in json.loads(promises[0].payload)


async def test_a_place_on_the_map_stands_above_its_words(world: World, salma: Person) -> None:
    await salma.says("/menu")
    venue = Venue(33.59, -7.63, "CMIM", t("Menu"))
    await gets(world, salma, Screen([SAID], venue=venue))
    shown, text = salma.phone.chat.live[-2:]
    assert (shown.kind, text.kind) == ("venue", "text")
    assert shown.extra["venue"] == {
        "title": "CMIM",
        "address": "Menu",
        "location": {"latitude": 33.59, "longitude": -7.63},
    }
    await gets(world, salma, Screen([], venue=venue))
    assert salma.screen.kind == "venue"


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("FL-01", "FL-03", "FL-04", "FL-05", "INV-06")
@pytest.mark.parametrize(
    "fault", ["429", "500", "502", "reset_before", "lost_answer", "invalid_json", "half_body"]
)
async def test_through_faults_a_paper_gets_there(
    world: World, salma: Person, probe: Probe, fault: str
) -> None:
    await salma.says("/menu")
    options = {"retry_after": 5} if fault == "429" else {}
    world.playground.faults.add(fault, "sendDocument", salma.id, **options)
    await gets(world, salma, screen())
    await passes(world, seconds=10)
    documents = [message for message in salma.phone.chat.live if message.kind == "document"]
    effect = fault in ("lost_answer", "invalid_json", "half_body")
    assert len(documents) == (2 if effect else 1), "twice only where Telegram took it and could not say so"
    assert len({message.document for message in documents}) == 1
    assert await fates(world) == [(State.SENT, None)]


async def test_a_crash_between_the_drawing_and_the_mark_sends_it_again(
    world: World, salma: Person, probe: Probe
) -> None:
    await salma.says("/menu")
    held = world.playground.faults.add("hold", "sendDocument", salma.id)

    def promise(db: Db) -> list[outbox.Promise]:
        work = Work(db, world.clock.now(), world.app.house)
        work.tell(salma.id, screen())
        return outbox.insert_all(db, work.promises, world.app.sender.replica, work.now)

    world.app.sender.offer(await world.app.db.run(promise))
    await asyncio.wait_for(held.reached.wait(), 10)
    await world.kill()
    held.release()
    await world.start()
    await world.settles()
    documents = [message for message in salma.phone.chat.live if message.kind == "document"]
    assert 1 <= len(documents) <= 2
    assert len({message.document for message in documents}) == 1
    assert len(probe.drawn) == 2, "nothing of the first drawing was kept"
    assert await fates(world) == [(State.SENT, None)]


async def test_a_maker_that_fails_is_our_bug_and_the_person_hears_of_it(
    world: World, salma: Person, probe: Probe
) -> None:
    world.expects_failures()
    await salma.says("/menu")
    probe.fails = ValueError("salma@example.com has 300 lines")
    await gets(world, salma, screen())
    incident = salma.reads(SORRY)
    assert incident
    [(state, reason)] = await fates(world)
    assert state is State.DEAD
    assert reason is not None
    assert reason.removeprefix("paper: ") in salma.shown
    assert "salma@" not in world.log.all()
    probe.fails = None
    await gets(world, salma, screen(2))
    assert salma.screen.kind == "document"


async def test_a_kind_that_nobody_makes_is_our_bug_too(world: World, salma: Person) -> None:
    world.expects_failures()
    await salma.says("/menu")
    await gets(world, salma, Screen([SAID], paper=Paper("nobody")))
    salma.reads(SORRY)


async def test_a_refusal_is_told_in_its_words(world: World, salma: Person, probe: Probe) -> None:
    await salma.says("/menu")
    probe.refuses = Refused("gone", t("This is no longer there."))
    await gets(world, salma, screen())
    salma.reads("This is no longer there.")
    assert await fates(world) == [(State.DEAD, "gone")]


@pytest.mark.req("TG-16")
async def test_what_telegram_would_not_take_is_not_tried(
    world: World, salma: Person, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert uploads.LARGEST == {"sendDocument": 50 * 1024**2, "sendPhoto": 10 * 1024**2}
    monkeypatch.setitem(uploads.LARGEST, "sendDocument", 10)
    await salma.says("/menu")
    await gets(world, salma, screen())
    salma.reads(
        "This document is too large to be sent in Telegram. Choose a shorter period, or ask the fund for it."
    )
    assert calls(world) == []


async def test_what_telegram_refuses_for_good_is_told(world: World, salma: Person, probe: Probe) -> None:
    await salma.says("/menu")
    probe.bytes = b"no picture"
    await gets(world, salma, screen(photo=True))
    salma.reads("The document could not be sent. Please ask for it again; if it fails again, tell the fund.")


# ── health data ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TH-12")
async def test_a_locked_chat_loses_its_papers(world: World, salma: Person, probe: Probe) -> None:
    await salma.has_space()
    await gets(world, salma, screen(protect=True))
    shown = salma.screen
    await salma.says("/lock")
    assert shown.deleted


@pytest.mark.req("TH-12")
async def test_a_paper_still_to_come_is_neither_drawn_nor_shown_after_the_lock(
    world: World, salma: Person, probe: Probe
) -> None:
    await salma.has_space()
    world.playground.faults.add("500", "sendDocument", salma.id)
    await gets(world, salma, screen(protect=True))
    assert len(probe.drawn) == 1
    await salma.says("/lock")
    for _ in range(3):
        await passes(world, seconds=10)
    assert not [message for message in salma.phone.chat.messages if message.kind == "document"]
    assert len(probe.drawn) == 1
    waiting = select(func.count()).select_from(schema.outbox).where(schema.outbox.c.state == 0)
    assert await world.read(lambda db: db.execute(waiting).scalar_one()) == 0
