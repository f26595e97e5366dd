"""What was promised is sent: through refusals, outages, lost answers and crashes, in order, and hardly ever twice (FL-01 to FL-09)."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import select

from delivery.budgets import Pace
from kit.screen import Screen
from kit.text import t
from playground import Limits
from services.fund import load_fund
from services.work import Work
from store import outbox, schema
from store.db import Db
from store.promises import State
from tests.people import Person
from tests.stories.clockwork import passes
from tests.world import World

STRANGER = "Is it your first time? Create your space. Do you have one? Sign in."
HELP = "<b>What I do</b>"
NOT_UNDERSTOOD = "I don’t know the answer to that."
ORDER = ("/menu", "/help", "/language", "/privacy")


def sent(world: World, person: Person) -> list[str]:
    """The messages that Telegram was asked to show in a chat, with every try."""
    return [call.fault or "sent" for call in world.playground.called("sendMessage", person.id)]


def first_words(person: Person) -> list[str]:
    """How each of the bot's messages begins, in order."""
    return [text.split(".")[0][:30] for text in person.heard]


async def states(world: World) -> list[tuple[State, str | None]]:
    """What became of each row of the outbox, in order."""
    rows = select(schema.outbox.c.state, schema.outbox.c.reason).order_by(schema.outbox.c.id)
    return await world.read(lambda db: [(State(row.state), row.reason) for row in db.execute(rows)])


# ── Telegram says no, for now ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("FL-01", "INV-05", "G-4")
async def test_a_chat_that_is_too_quick_waits_and_others_go_on(
    world: World, salma: Person, youssef: Person
) -> None:
    world.playground.faults.add("429", "sendMessage", salma.id, retry_after=30)
    await salma.says(*ORDER)
    await youssef.says("/menu")
    youssef.reads(STRANGER)
    assert sent(world, salma) == ["429"], "nothing is tried meanwhile, and nothing overtakes"
    await passes(world, seconds=29)
    assert sent(world, salma) == ["429"]
    await passes(world, seconds=2)
    assert sent(world, salma) == ["429", "sent", "sent", "sent", "sent"]
    expected = world.person("Témoin")
    await expected.says(*ORDER)
    assert first_words(salma) == first_words(expected)


@pytest.mark.req("FL-01", "FL-02")
async def test_an_hour_of_waiting_survives_a_crash(world: World, salma: Person) -> None:
    world.playground.faults.add("429", "sendMessage", salma.id, retry_after=3600)
    await salma.says("/menu")
    await world.restart(kill=True)
    await salma.says("/help")  # taken, answered later
    await passes(world, minutes=59)
    assert sent(world, salma) == ["429"]
    await passes(world, minutes=2)
    assert len(salma.heard) == 2
    salma.reads(HELP)


@pytest.mark.req("FL-01")
async def test_three_chats_refused_at_once_mean_all_of_us(world: World) -> None:
    people = [world.person(f"P{number}") for number in range(3)]
    for person in people:
        world.playground.faults.add("429", "sendMessage", person.id, retry_after=1)
        person.phone.says("/menu")
    await world.answers()
    assert world.app.sender._paused_until > 0
    world.app.sender._paused_until = 0.0
    await passes(world, seconds=2)
    assert all(person.has_read(STRANGER) == 1 for person in people)


@pytest.mark.req("FL-03", "FL-05", "INV-05", "INV-06")
@pytest.mark.parametrize("fault", ["500", "502", "reset_before"])
async def test_while_telegram_is_away_nothing_is_lost(world: World, salma: Person, fault: str) -> None:
    away = world.playground.faults.add(fault, chat=salma.id, times=100)
    await salma.says(*ORDER)
    waits = [2, 3, 6, 11, 21, 41, 76, 76, 76]  # at least 1, 2, 4 … 60 s, and a quarter for chance
    for seconds in waits:
        await passes(world, seconds=seconds)
    tries = sent(world, salma)
    assert 8 <= len(tries) <= 10, "no tight loop"
    away.times = 0
    await passes(world, seconds=76)
    assert not set(sent(world, salma)[len(tries) :]) - {"sent"}
    assert len(salma.heard) == 4
    await world.settles()


@pytest.mark.req("FL-03", "INV-06")
async def test_after_a_day_of_refusals_a_reply_is_given_up(world: World, salma: Person) -> None:
    away = world.playground.faults.add("500", "sendMessage", salma.id, times=100)
    await salma.says("/menu")
    await passes(world, hours=24, seconds=1)
    away.times = 0
    assert (State.DEAD, "given up: 500: Internal Server Error: restart") in await states(world)
    await passes(world, minutes=2)
    await salma.says("/help")
    salma.reads(HELP)


@pytest.mark.req("FL-04", "FL-05", "G-3", "INV-07")
@pytest.mark.parametrize("fault", ["lost_answer", "half_body", "invalid_json"])
async def test_a_lost_answer_costs_one_copy_at_most(world: World, salma: Person, fault: str) -> None:
    await salma.says("/language")
    world.playground.faults.add(fault, "sendMessage", salma.id)
    await salma.says("/menu", "/help")
    for _ in range(3):
        await passes(world, seconds=3)
    assert salma.has_read(STRANGER) == 2, "whether it arrived can't be known (TG-10)"
    assert salma.has_read(HELP) == 1
    assert sent(world, salma) == ["sent", fault, "sent", "sent"]


@pytest.mark.req("FL-04", "TG-14")
async def test_an_answer_to_a_press_is_tried_once(world: World, salma: Person) -> None:
    await salma.says("/menu")
    world.playground.faults.add("500", "answerCallbackQuery")
    await salma.presses("Help")
    salma.reads(HELP)
    await passes(world, minutes=5)
    assert len(world.playground.called("answerCallbackQuery")) == 1


@pytest.mark.req("FL-08")
async def test_a_revoked_token_stops_the_sending_and_keeps_all(
    world: World, salma: Person, youssef: Person
) -> None:
    world.playground.faults.add("401", "sendMessage", times=1)
    await salma.says("/menu")
    assert world.app.sender._paused_until > 0, "nobody else is tried either"
    assert '"level": "critical"' in world.log.all()
    world.app.sender._paused_until = 0.0  # the operator gave the new token
    await passes(world, minutes=2)
    salma.reads(STRANGER)
    await youssef.says("/menu")
    youssef.reads(STRANGER)


async def test_two_edits_of_one_screen_are_sent_as_one(world: World, salma: Person) -> None:
    await salma.says("/menu")
    screen = salma.screen
    held = world.playground.faults.add("hold", "editMessageText", salma.id)
    for place in ("help", "menu", "privacy", "language", "help"):
        salma.phone.press_data(f"~go:{place}", screen)
    await asyncio.wait_for(held.reached.wait(), 10)
    await world.playground.quiet()
    held.release()
    await world.answers()
    assert len(world.playground.called("editMessageText", salma.id)) == 2
    salma.reads(HELP)
    assert [state for state, _ in await states(world)].count(State.OVERTAKEN) == 3


@pytest.mark.req("FL-01", "INV-05")
async def test_what_comes_while_a_head_backs_off_waits_its_turn(world: World, salma: Person) -> None:
    """The head fails while later rows are in memory, and still later ones come from a turn: the order holds."""
    held = world.playground.faults.add("hold", "sendMessage", salma.id)
    refused = world.playground.faults.add("500", "sendMessage", salma.id, times=1)
    salma.phone.says("/menu")
    await asyncio.wait_for(held.reached.wait(), 10)
    salma.phone.says("/help")
    await world.playground.quiet()
    held.release()
    await world.answers()
    refused.times = 1
    await salma.says("/language")
    await salma.says("/privacy")
    await passes(world, seconds=2)
    await passes(world, seconds=3)
    witness = world.person("Témoin")
    await witness.says(*("/menu", "/help", "/language", "/privacy"))
    assert first_words(salma) == first_words(witness)


@pytest.mark.req("INV-05", "G-4", "FL-03", "FL-04")
async def test_order_holds_in_every_chat_through_a_storm(world: World) -> None:
    """A third of all calls fails somehow: no message of any chat is lost or overtakes another."""
    people = [world.person(f"P{number}") for number in range(6)]
    world.playground.faults.rng.seed(11)
    for fault in ("500", "429", "reset_before", "lost_answer"):
        world.playground.faults.add(fault, "sendMessage", share=0.1)
    for _ in range(3):
        for person in people:
            for text in ORDER:
                person.phone.says(text)
        await world.answers()
        await passes(world, seconds=20)
    lost = world.playground.faults.struck["lost_answer"]
    world.playground.faults.clear()
    for _ in range(4):
        await passes(world, seconds=90)
    witness = world.person("Témoin")
    await witness.says(*ORDER)
    expected = first_words(witness) * 3
    copies = 0
    for person in people:
        heard = first_words(person)
        copies += len(heard) - len(expected)
        assert _without_copies(heard) == expected
    assert 0 < copies <= lost


def _without_copies(words: list[str]) -> list[str]:
    """A copy stands right behind what it repeats: the order knows no two equal messages in a row."""
    return [word for index, word in enumerate(words) if index == 0 or words[index - 1] != word]


# ── how fast ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.world(on="sqlite", budgets=True)
async def test_a_chat_gets_three_at_once_and_then_one_a_second(
    world: World, salma: Person, youssef: Person
) -> None:
    """With Telegram's limits on: nothing is refused for its pace."""
    world.playground.world.limits = Limits()
    loop = asyncio.get_running_loop()
    began = loop.time()
    for text in ORDER:
        salma.phone.says(text)
    youssef.phone.says("/menu")
    await world.playground.until(lambda: youssef.phone.screen)
    await world.playground.until(lambda: len(salma.heard) == 3)
    assert loop.time() - began < 0.9
    await world.answers()
    assert 0.9 < loop.time() - began < 2.5
    assert sent(world, salma) == ["sent"] * 4
    assert all(call.ok for call in world.playground.calls)


def test_budgets_are_the_funds(monkeypatch: pytest.MonkeyPatch) -> None:
    """1 a second for a person with bursts of 3, 18 a minute for a group, 25 a second in all; each replica its share."""
    now = [1000.0]
    monkeypatch.setattr("delivery.budgets.time.monotonic", lambda: now[0])
    pace = Pace(load_fund().budgets)
    assert [pace.chat("telegram:1", "sendMessage") for _ in range(5)] == [0, 0, 0, 1, 2]
    assert [pace.chat("telegram:-1", "sendMessage") for _ in range(4)][:3] == [0, 0, 0]
    assert round(pace.chat("telegram:-1", "editMessageText"), 2) == round(60 / 18 * 2, 2)
    assert pace.chat("telegram:1", "deleteMessage") == 0, "a secret waits for nothing"
    assert [pace.overall("sendMessage") for _ in range(26)] == [0.0] * 25 + [1 / 25]
    now[0] += 10
    pace.share(5)
    assert [round(pace.overall("sendMessage"), 6) for _ in range(27)][25:] == [0.2, 0.4]
    now[0] += 100
    assert pace.chat("telegram:1", "sendMessage") == 0


# ── what a crash leaves ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("G-1", "G-3", "INV-06", "FL-39")
async def test_a_crash_between_commit_and_send_loses_no_reply(
    world: World, salma: Person, youssef: Person
) -> None:
    held = world.playground.faults.add("hold", "sendMessage")
    salma.phone.says("/menu")
    youssef.phone.says("/help")
    await world.playground.quiet()
    await asyncio.wait_for(held.reached.wait(), 10)
    await world.kill()
    held.times = 0
    await world.start()
    await world.settles()
    held.release()
    salma.reads(STRANGER)
    youssef.reads(HELP)
    assert salma.has_read(STRANGER) <= 2
    assert youssef.has_read(HELP) <= 2


@pytest.mark.req("G-2", "FL-21", "FL-23", "INV-03", "TH-19e")
@pytest.mark.world(mode="webhook")
async def test_an_update_that_comes_again_has_no_second_effect(world: World, salma: Person) -> None:
    world.playground.updates.jump(2_000_000)  # after a week of silence ids begin anywhere (TG-08)
    await salma.says("/menu")
    world.playground.updates.jump(1_000)
    await salma.says("/help")
    for update_id in (2_000_000, 1_000, 2_000_000):
        world.playground.updates.again(update_id)
    await world.answers()
    assert len(salma.heard) == 2
    body = {"update_id": 77, "message": {"message_id": 1, "date": 1, "text": "/menu", "from": {"id": salma.id},
            "chat": {"id": salma.id, "type": "private"}}}  # fmt: skip
    verdicts = await asyncio.gather(*(world.app.entry.handle(dict(body)) for _ in range(5)))
    await world.answers()
    assert {verdict.status for verdict in verdicts} == {200}
    assert len(salma.heard) == 3


async def test_a_promise_for_later_is_kept_by_the_next_life(world: World, salma: Person) -> None:
    await salma.says("/menu")

    def promise(work: Work) -> None:
        work.tell(salma.id, Screen([t("Help")]))
        work.promises[-1].not_before = work.now + dt.timedelta(hours=3)

    await world.run(promise)
    before = len(salma.heard)
    await world.restart(kill=True)
    await salma.says("/privacy")  # what is for later holds up nothing
    assert len(salma.heard) == before + 1
    await world.clock.advance(hours=2, minutes=59)
    assert len(salma.heard) == before + 1
    await world.clock.advance(minutes=1)
    assert len(salma.heard) == before + 2


@pytest.mark.req("INV-06")
async def test_marks_that_could_not_be_written_are_written_later(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database failed between the send and its mark: the mark is kept in memory, and the message is not sent twice."""
    real, failures = outbox.mark_all, [1]

    def mark_all(db: Db, marks: list[outbox.Mark]) -> None:
        if failures:
            failures.pop()
            raise ZeroDivisionError
        real(db, marks)

    monkeypatch.setattr(outbox, "mark_all", mark_all)
    await salma.says("/menu")
    await world.sweeper.round()
    await world.answers()
    assert not failures
    assert salma.has_read(STRANGER) == 1
    assert {state for state, _ in await states(world)} == {State.SENT}
