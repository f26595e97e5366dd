"""Sign-in: right, wrong, too often; who is locked out and who is not; how long it lasts, and how it ends (SPEC 2.2, CF-05)."""

from __future__ import annotations

import random
import time
from itertools import count
from math import erf, sqrt
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete

from services import secrets
from store import accounts, activity, links, schema
from store.db import Db
from tests.people import Person
from tests.world import World

SIGNED_IN = "You are signed in. What would you like to see?"
LINKED = "This chat knows you, but you need to sign in again to see personal data."
STRANGER = "Is it your first time? Create your space. Do you have one? Sign in."
WRONG = "This e-mail and this password do not go together."
NOT_SO_FAST = "Not so fast: please wait {n} second, then type it again."
LOCKED = "Too many attempts. Please try again at {time}."
FIRST = "This is personal: please sign in first. You come back here after it."
MAY_I = "<b>May I show your health data in this chat?</b>"
DELETE_YOURSELF = (
    "I could not delete your message with a secret in it: please delete it yourself (hold it, then Delete)."
)


@pytest.fixture
def stranger(world: World) -> Person:
    """Somebody who knows Salma's address and guesses."""
    return world.person("Inconnu", email="salma@example.com", password="Devinette12")


# ── right and wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_knows_the_password_comes_in(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/menu")
    salma.reads(LINKED)
    await salma.presses("Sign in")
    await salma.says("SALMA@Example.com")
    typed = await salma.says(salma.password)
    salma.reads(SIGNED_IN)
    assert typed.deleted
    await salma.says("/login")
    salma.reads("You are signed in already.")
    assert await world.count("links") == 1


async def test_youssef_comes_in_in_arabic(world: World, youssef: Person) -> None:
    await youssef.has_space(signed_in=False)
    await youssef.says("/login", youssef.email, "خطأ47x19aa")
    youssef.reads(WRONG)
    await youssef.says(youssef.password)
    youssef.reads(SIGNED_IN)


@pytest.mark.req("TH-06")
async def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    world: World, salma: Person, stranger: Person
) -> None:
    await salma.has_space(signed_in=False)
    heard = []
    for email in (salma.email, "personne@example.com"):
        before = len(world.playground.calls)
        visitor = world.person("Visiteur", email=email)
        await visitor.says("/login", email)
        typed = await visitor.says("Mauvais4719")
        assert typed.deleted
        visitor.reads(WRONG)
        heard.append([call.method for call in world.playground.calls[before:]])
        heard.append([text.replace(email, "…") for text in visitor.heard])
        await visitor.says("/cancel")
        await visitor.presses("Yes, stop")
    assert heard[0] == heard[2]
    assert heard[1] == heard[3]
    assert not world.mailbox.mails, "one wrong password is nothing to write about"


@pytest.mark.req("TH-06")
@pytest.mark.world(on="sqlite", hashing=True)
async def test_no_time_tells_a_known_address_from_an_unknown_one(world: World, salma: Person) -> None:
    """Fifteen tries each, in random turn, from the update to its verdict: Mann and Whitney see no difference."""
    await salma.has_space(signed_in=False)
    took: dict[str, list[float]] = {salma.email: [], "personne@example.com": []}
    turns = [email for email in took for _ in range(15)]
    random.Random(4).shuffle(turns)
    ids = count(10_000_000)
    for number, email in enumerate(turns):
        for text in ("/login", email):
            assert (await world.app.entry.handle(written(next(ids), 5_000 + number, text))).status == 200
        began = time.perf_counter()
        await world.app.entry.handle(written(next(ids), 5_000 + number, "Mauvais4719"))
        took[email].append(time.perf_counter() - began)
        await world.app.db.run(lambda db: db.execute(delete(schema.counters)) and None)
    known, unknown = took.values()
    assert probability_of_no_difference(known, unknown) > 0.01, (sorted(known), sorted(unknown))
    world.leaves(forms=30)


def written(update_id: int, person: int, text: str) -> dict[str, Any]:
    """A message as Telegram gives it."""
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id % 1000 + 1,
            "from": {"id": person, "is_bot": False, "first_name": "V", "language_code": "fr"},
            "chat": {"id": person, "type": "private", "first_name": "V"},
            "date": 1_774_000_000,
            "text": text,
        },
    }


def probability_of_no_difference(one: list[float], other: list[float]) -> float:
    """Mann and Whitney's test, two-sided, by its normal approximation."""
    above = sum((a > b) + (a == b) / 2 for a in one for b in other)
    mean = len(one) * len(other) / 2
    deviation = sqrt(mean * (len(one) + len(other) + 1) / 6)
    return 1 - erf(abs(above - mean) / deviation / sqrt(2))


@pytest.mark.req("TH-03")
async def test_the_sign_in_leads_back_to_what_was_asked_for(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/reimbursements")
    salma.reads(FIRST)
    await salma.presses("Sign in")
    await salma.says(salma.email, salma.password)
    assert salma.has_read("You are signed in.") == 1
    salma.reads(MAY_I)
    await salma.presses("I agree")
    salma.reads("{n} reimbursement, {amount} in all", n="23")


async def test_a_password_hashed_by_older_parameters_is_hashed_anew(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    older = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(salma.password)

    def account(db: Db) -> accounts.Account:
        found = accounts.by_email(db, salma.email)
        assert found is not None
        return found

    id = (await world.read(account)).id
    await world.app.db.run(lambda db: accounts.set_password(db, id, older))
    await salma.signs_in()
    salma.reads(SIGNED_IN)
    assert not secrets.needs_rehash((await world.read(account)).password)
    await salma.says("/lock")
    await salma.signs_in()
    salma.reads(SIGNED_IN)


# ── how long it lasts ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TH-03", "TH-11", "INV-11")
async def test_an_hour_of_silence_ends_the_sign_in(world: World, salma: Person) -> None:
    await salma.has_space()
    await world.clock.advance(minutes=59)
    await salma.says("/menu")
    salma.reads(SIGNED_IN)
    await world.clock.advance(minutes=59)
    await salma.says("/menu")
    salma.reads(SIGNED_IN)
    await world.clock.advance(minutes=60)
    await salma.says("/menu")
    salma.reads(LINKED)
    await salma.says("/menu")  # asking again is no sign-in
    salma.reads(LINKED)
    await salma.says("/reimbursements")
    salma.reads(FIRST)


@pytest.mark.req("TH-03", "TH-11")
async def test_twelve_hours_end_it_however_busy_one_is(world: World, salma: Person) -> None:
    await salma.has_space()
    for _ in range(23):
        await world.clock.advance(minutes=31)
        await salma.says("/menu")
        salma.reads(SIGNED_IN)
    await world.clock.advance(minutes=7)
    await salma.says("/menu")
    salma.reads(LINKED)


@pytest.mark.req("TH-03", "TH-11", "INV-11")
async def test_thirty_days_of_silence_unlink_the_chat(world: World, salma: Person) -> None:
    await salma.has_space()
    for _ in range(2):
        await world.clock.advance(days=29, hours=23)
        await salma.says("/menu")
        salma.reads(LINKED)
    await world.clock.advance(days=30)
    await salma.says("/menu")
    salma.reads(STRANGER)
    await salma.signs_in()
    salma.reads(SIGNED_IN)


@pytest.mark.req("TH-03", "TH-11")
@pytest.mark.world(on="sqlite")
async def test_a_restart_ends_nobodys_sign_in(world: World, salma: Person) -> None:
    await salma.has_space()
    await world.restart(kill=True)
    await salma.says("/menu")
    salma.reads(SIGNED_IN)


# ── how it ends ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TH-12")
@pytest.mark.parametrize("ending", ["lock", "logout"])
async def test_what_was_shown_goes_with_the_sign_in(world: World, salma: Person, ending: str) -> None:
    await salma.has_space()
    await salma.says("/reimbursements")
    await salma.presses("I agree")
    await salma.presses("Next ›")
    await salma.presses("1")
    shown = [message for message in salma.phone.chat.live if message.protect]
    assert len(shown) == 2, "the list and one line"
    await salma.says("/menu")
    await (salma.presses("Lock") if ending == "lock" else salma.presses("Sign out"))
    assert all(message.deleted for message in shown)
    salma.reads(
        "🔒 Locked. Personal data need your password again."
        if ending == "lock"
        else "You are signed out, and this chat is no longer linked to your space."
    )
    assert not any("MAD" in text for text in salma.heard)
    await salma.says("/menu")
    salma.reads(LINKED if ending == "lock" else STRANGER)
    before = len(world.playground.called("deleteMessage"))
    await world.clock.advance(minutes=11)  # the line's own deletion finds nothing and says nothing
    assert all(call.chat == salma.id for call in world.playground.called("deleteMessage")[before:])
    assert not salma.has_read(DELETE_YOURSELF)


@pytest.mark.req("TH-12")
async def test_a_list_that_was_still_on_its_way_goes_too(world: World, salma: Person) -> None:
    """Telegram was slow: the list arrives when the chat is locked already, and must not stay."""
    await salma.has_space()
    await salma.says("/privacy")
    await salma.presses("Health data in this chat")
    await salma.presses("I agree")
    held = world.playground.faults.add("hold", "sendMessage", salma.id)
    salma.phone.says("/reimbursements")
    await held.reached.wait()
    salma.phone.says("/lock")
    await world.playground.quiet()
    held.release()
    await world.settles()
    assert not any("MAD" in text for text in salma.heard)
    salma.reads("🔒 Locked. Personal data need your password again.")


@pytest.mark.req("TH-12")
async def test_lock_and_logout_ask_nothing_of_a_stranger(world: World, stranger: Person) -> None:
    for command in ("/lock", "/logout"):
        await stranger.says(command)
        assert stranger.labels, "there is a way on"
        assert not stranger.has_read("🔒 Locked. Personal data need your password again.")
    assert await world.count("links") == 0


@pytest.mark.req("TH-12", "TH-02")
async def test_old_buttons_ask_for_the_password_after_the_lock(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/menu")
    menu = salma.screen
    await salma.says("/reimbursements")
    await salma.presses("I agree")
    opened = salma.screen
    stamped = next(button.data for button in opened.buttons if button.data and ":line:" in button.data)
    await salma.says("/lock")
    await salma.presses("My reimbursements", menu)
    salma.reads(FIRST)
    await salma.press_data(stamped, menu)
    salma.reads(LINKED)
    assert salma.noticed("This screen is out of date. Here is where you are.")
    assert not any("MAD" in text for text in salma.heard)


async def test_signing_in_with_another_space_replaces_the_link(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.has_space(signed_in=False)
    await youssef.has_space(signed_in=False)
    await salma.says("/login", youssef.email, youssef.password)
    salma.reads(SIGNED_IN)
    owner = await world.read(lambda db: links.of_chat(db, youssef.id))
    guest = await world.read(lambda db: links.of_chat(db, salma.id))
    assert owner is not None
    assert guest is not None
    assert guest.account_id == owner.account_id
    notes = await world.read(lambda db: activity.of_account(db, owner.account_id, 5, 0))
    assert notes[0].event == "signed_in"
