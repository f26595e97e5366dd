"""A registration that is left and taken up again: restarts, days that pass, old buttons, second devices, double presses."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.entry import Entry
from delivery.sender import Sender
from tests.people import STEPS, Person
from tests.stories.sentences import (
    ACTIVE,
    ALREADY,
    ASKED,
    CREATED,
    EXPIRED,
    ON_ITS_WAY,
    OUT_OF_DATE,
    SUMMARY,
)
from tests.world import World

pytestmark = pytest.mark.req("TH-07")


async def answer(salma: Person, step: str) -> None:
    """Answer one step with the right words."""
    words = dict(zip(STEPS[:5], (*salma.identity, salma.email), strict=True))
    words |= {"password": salma.password, "repetition": salma.password, "answer": salma.answer}
    match step:
        case "question":
            await salma.presses("In which street did you live as a child?")
        case "consent":
            await salma.presses("I agree")
        case _:
            await salma.says(words[step])


async def test_the_form_survives_a_restart_in_every_step(world: World, salma: Person) -> None:
    await salma.says("/register")
    for number, step in enumerate(STEPS[:10]):
        salma.reads(ASKED[step])
        await world.restart(kill=number % 2 == 1)
        await answer(salma, step)
    await world.restart(kill=True)
    salma.reads(SUMMARY)
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


async def test_what_is_said_while_the_bot_is_down_is_answered_afterwards(world: World, salma: Person) -> None:
    await salma.fills_in("last_name")
    await world.stop()
    salma.phone.says(salma.last_name)
    salma.phone.says(salma.first_name)
    await world.start()
    await world.settles()
    salma.reads(ASKED["birth_date"])
    world.leaves(forms=1)


async def test_a_day_of_silence_closes_the_form_and_says_so_once(world: World, salma: Person) -> None:
    await salma.fills_in("email")
    await world.clock.advance(hours=23, minutes=59)
    assert not salma.has_read(EXPIRED)
    await world.clock.advance(minutes=1)
    salma.reads(EXPIRED)
    await world.clock.advance(hours=30)
    assert salma.has_read(EXPIRED) == 1
    await salma.says(salma.email)
    assert salma.has_read(EXPIRED) == 1
    salma.reads("I don’t know the answer to that.")


async def test_forms_of_chats_that_were_answered_in_one_group_all_expire(
    world: World, salma: Person, youssef: Person
) -> None:
    """What a group of turns held is free again when it is committed: pages and rounds find every chat."""
    await salma.says("/start")
    await youssef.says("/start")
    world.playground.updates.paused = True
    salma.phone.says("/register")
    youssef.phone.says("/register")
    world.playground.updates.paused = False
    world.playground.updates.wake_poll()
    await world.answers()
    await world.clock.advance(hours=24)
    salma.reads(EXPIRED)
    youssef.reads(EXPIRED)


async def test_each_answer_gives_another_day(world: World, salma: Person) -> None:
    await salma.fills_in("birth_date")
    await world.clock.advance(hours=20)
    await salma.says(salma.born)
    await world.clock.advance(hours=20)
    salma.reads(ASKED["email"])
    await salma.says("no address")
    await world.clock.advance(hours=23)
    await salma.says(salma.email)
    salma.reads(ASKED["password"])
    await world.clock.advance(hours=24)
    salma.reads(EXPIRED)
    assert salma.has_read(EXPIRED) == 1


@pytest.mark.parametrize("act", ["text", "press", "command", "sticker"])
async def test_expiry_is_checked_at_use_too(world: World, salma: Person, act: str) -> None:
    """The rounds may be late: the answer itself finds that its form is too old."""
    await salma.fills_in("email")
    world.clock.at += dt.timedelta(days=1)  # no round is made
    match act:
        case "text":
            await salma.says(salma.email)
        case "press":
            await salma.presses("‹ Back")
        case "command":
            await salma.says("/help")
            salma.reads("<b>What I do</b>")
        case "sticker":
            await salma.sends("sticker")
    salma.reads(EXPIRED)
    await world.settles()
    assert salma.has_read(EXPIRED) == 1


async def test_expired_she_starts_again_with_the_button(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    await world.clock.advance(hours=24)
    await salma.presses("Start again")
    salma.reads(ASKED["matricule"])
    assert not salma.sees_button("Keep: {value}")
    world.leaves(forms=1)


@pytest.mark.req("TH-02")
async def test_a_button_of_an_older_screen_says_where_one_is(world: World, salma: Person) -> None:
    await salma.fills_in("first_name")
    old = salma.screen
    await salma.says(salma.first_name)
    await salma.presses("‹ Back", old)
    assert salma.noticed(OUT_OF_DATE)
    salma.reads(ASKED["birth_date"])
    await salma.says(salma.born)
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


@pytest.mark.req("TH-02")
async def test_old_buttons_after_the_end_lead_to_the_menu(world: World, salma: Person) -> None:
    await salma.fills_in("consent")
    consent = salma.screen
    old = consent.buttons[0].data or ""
    await salma.presses("I agree")
    confirm = next(b.data for b in salma.screen.buttons if b.data and b.data.endswith("form:confirm"))
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    await salma.press_data(confirm)
    assert salma.noticed(ALREADY)
    await salma.press_data(old)
    assert salma.noticed(OUT_OF_DATE)
    salma.reads("You are signed in. What would you like to see?")
    assert await world.count("registrations") == 1
    await world.clock.advance(days=2)
    await salma.press_data(confirm)
    assert await world.count("registrations") == 1


@pytest.mark.req("TH-02")
async def test_buttons_that_were_never_drawn_do_nothing(world: World, salma: Person) -> None:
    await salma.fills_in("first_name")
    screen = salma.screen
    revision = int((screen.buttons[0].data or "").partition(".")[0])
    forged = (
        *(f"{revision}.form:{verb}" for verb in ("confirm", "keep", "skip", "choose:yes", "offer:0")),
        *(f"{number}.form:confirm" for number in (0, -1, revision + 1, 10**30)),
        *(
            "",
            ".",
            "form:confirm",
            "x:1",
            f"{revision}.",
            f"{revision}.nowhere:1",
            "~go:nowhere",
            "١.form:back",
        ),
        f"{revision}.form:edit:password",
    )
    for data in forged:
        await salma.press_data(data or " ", screen)
        assert await world.count("registrations") == 0
    await salma.says("/register")
    salma.reads(ASKED["first_name"])
    await salma.says("/cancel")
    await salma.presses("Yes, stop")


@pytest.mark.req("INV-03")
async def test_confirm_pressed_twice_registers_once(world: World, salma: Person) -> None:
    await salma.fills_in()
    for _ in range(3):
        salma.phone.presses("Confirmer")
    await world.settles()
    assert salma.has_read(CREATED) == 1
    assert await world.count("registrations") == 1
    assert len(world.mailbox.to(salma.email)) == 1
    assert salma.noticed(ALREADY)
    world.leaves(tokens=1)


@pytest.mark.world(mode="webhook")
@pytest.mark.req("INV-03", "TH-19e")
async def test_confirm_pressed_twice_by_webhook_while_answers_are_lost(world: World, salma: Person) -> None:
    """Telegram never hears our 200 and sends each update again: one registration, one mail, one answer."""
    await salma.fills_in()
    world.playground.faults.lost_200_times = 3
    salma.phone.presses("Confirmer")
    salma.phone.presses("Confirmer")
    await world.settles()
    assert world.playground.faults.struck["lost_200"] == 3
    assert salma.has_read(ON_ITS_WAY) == 1
    assert await world.count("registrations") == 1
    assert len(world.mailbox.to(salma.email)) == 1
    world.leaves(tokens=1)


@pytest.mark.world(mode="webhook", pages=False)
async def test_two_devices_at_once(world: World, salma: Person) -> None:
    """She types on the telephone and presses on the tablet: each act finds the state that the other left."""
    await salma.fills_in("email")
    tablet = salma.screen
    salma.phone.says(salma.email)
    salma.phone.presses("‹ Retour", tablet)
    salma.phone.presses("Annuler", tablet)
    await world.settles()
    await salma.says("/register")  # where am I?
    if "4/10" in salma.shown:  # Back came first: the address was no date
        await salma.says(salma.born, salma.email)
    await salma.presses("‹ Back")
    salma.reads(ASKED["email"])
    assert salma.sees_button("Keep: {value}")
    await salma.says(salma.email)
    salma.reads(ASKED["password"])
    world.leaves(forms=1)


@pytest.mark.world(on="postgresql")
@pytest.mark.req("INV-03")
async def test_the_same_confirm_from_two_replicas(world: World, salma: Person) -> None:
    """The press reaches two processes at the same moment: the chat's row is locked, one effect."""
    await salma.fills_in()
    button = next(b.data for b in salma.screen.buttons if b.data and b.data.endswith("form:confirm"))
    other = world.make_app()
    presses = [
        {
            "update_id": number,
            "callback_query": {
                "id": str(number),
                "from": salma.phone.user.payload(),
                "message": salma.screen.payload(),
                "chat_instance": "1",
                "data": button,
            },
        }
        for number in (11, 12)
    ]
    here = world.app.sender
    sender = Sender(other.db, here._channels, other._pace, here._afterwards, world.clock, 7)
    entry = Entry(other.db, other.house, other._router(), other.renderer, sender, other._offload, world.clock)
    verdicts = await asyncio.gather(world.app.entry.handle(presses[0]), entry.handle(presses[1]))
    assert [verdict.status for verdict in verdicts] == [200, 200]
    await sender.idle.wait()
    await world.settles()
    assert await world.count("registrations") == 1
    assert salma.has_read(CREATED) == 1
    assert len(world.mailbox.to(salma.email)) == 1
    await sender.close()
    await other.db.close()
    other._offload.close()
    other._in_hand.close()
    world.leaves(tokens=1)
