"""Wrong passwords too often: waits, the lock, who is locked out and who is not, and what the owner hears of it (CF-05)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from kit.zones import zone
from store import accounts, schema
from tests.people import Person
from tests.world import World

SIGNED_IN = "You are signed in. What would you like to see?"
WRONG = "This e-mail and this password do not go together."
NOT_SO_FAST = "Not so fast: please wait {n} second, then type it again."
LOCKED = "Too many attempts. Please try again at {time}."


@pytest.fixture
def stranger(world: World) -> Person:
    """Somebody who knows Salma's address and guesses."""
    return world.person("Inconnu", email="salma@example.com", password="Devinette12")


async def fails(person: Person, times: int, email: str = "", wait: float = 10) -> None:
    """So many wrong passwords in a row, each after the wait that the one before brought."""
    await person.says("/login", email or person.email)
    for _ in range(times):
        await person.says("Mauvais4719")
        await person.world.clock.advance(seconds=wait)


def at(world: World, moment: dt.datetime) -> str:
    """The time of day that a lock names: the first whole minute at which it is over."""
    there = moment.astimezone(zone(world.fund.opening_hours.timezone)) + dt.timedelta(minutes=1)
    return f"{there:%H:%M}"


# ── too often ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("CF-05", "TH-05", "INV-10")
async def test_waits_grow_and_then_the_door_is_shut(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/login", salma.email, "Mauvais4719")
    salma.reads(WRONG)
    await salma.says("Mauvais4719")  # the first mistake costs nothing
    salma.reads(WRONG)
    for seconds in (1, 2, 4):
        typed = await salma.says(salma.password)
        salma.reads(NOT_SO_FAST, n=str(seconds))
        assert typed.deleted, "it was a password all the same"
        await world.clock.advance(seconds=seconds)
        await salma.says("Mauvais4719")
    salma.reads(LOCKED, time=at(world, world.clock.now() + dt.timedelta(minutes=15)))
    await world.clock.advance(minutes=14, seconds=59)
    await salma.says("/login", salma.email, salma.password)
    salma.reads(NOT_SO_FAST, n="1")
    await world.clock.advance(seconds=1)
    await salma.says(salma.password)
    salma.reads(SIGNED_IN)


@pytest.mark.req("CF-05", "INV-10")
async def test_the_lock_doubles_up_to_an_hour_and_no_restart_lifts_it(
    world: World, salma: Person, stranger: Person
) -> None:
    await salma.has_space(signed_in=False)
    await fails(stranger, 4)
    await stranger.says("Mauvais4719")
    for minutes in (15, 30, 60, 60):
        stranger.reads(LOCKED, time=at(world, world.clock.now() + dt.timedelta(minutes=minutes)))
        await world.restart(kill=minutes == 30)
        await stranger.says("/login", stranger.email, salma.password)
        stranger.reads(LOCKED)
        await world.clock.advance(minutes=minutes)
        await stranger.says("/login", stranger.email, "Mauvais4719")
    stranger.reads(LOCKED)


@pytest.mark.req("CF-05")
async def test_a_chat_that_guesses_at_many_addresses_is_held_up_by_itself(
    world: World, stranger: Person
) -> None:
    for number in range(5):
        await fails(stranger, 1, f"personne{number}@example.com")
        await stranger.says("/cancel")
        await stranger.presses("Yes, stop")
    await stranger.says("/login", "personne9@example.com", "Mauvais4719")
    stranger.reads(LOCKED)
    other = world.person("Autre", email="personne9@example.com")
    await fails(other, 1)
    other.reads(WRONG)
    world.leaves(forms=1)


@pytest.mark.req("CF-05", "TH-06")
async def test_an_unknown_address_is_locked_as_a_known_one(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    heard = []
    for email in (salma.email, "personne@example.com"):
        guesser, other = (world.person("Visiteur", email=email) for _ in range(2))
        await fails(guesser, 4)
        await guesser.says("Mauvais4719")
        guesser.reads(LOCKED, time=at(world, world.clock.now() + dt.timedelta(minutes=15)))
        await other.says("/login", email, "Mauvais4719")
        other.reads(LOCKED)
        heard.append([len(guesser.heard), len(other.heard)])
    assert heard[0] == heard[1]


# ── whose door it is ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("CF-05")
async def test_strangers_lock_out_strangers_and_not_the_owner(
    world: World, salma: Person, stranger: Person
) -> None:
    await salma.has_space(signed_in=False)
    await fails(stranger, 5)
    await stranger.says("/login", stranger.email, salma.password)
    stranger.reads(LOCKED)
    await salma.signs_in()
    salma.reads(SIGNED_IN)


@pytest.mark.req("CF-05")
async def test_the_owner_who_slips_once_after_strangers_is_not_told_of_a_lock(
    world: World, salma: Person, stranger: Person
) -> None:
    await salma.has_space(signed_in=False)
    await fails(stranger, 5)
    await salma.says("/login", salma.email, "Mauvais4719")
    salma.reads(WRONG)
    await salma.says(salma.password)
    salma.reads(SIGNED_IN)


@pytest.mark.req("CF-05")
async def test_the_owner_is_held_to_the_failures_of_that_chat(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await fails(salma, 4)
    await salma.says("Mauvais4719")
    salma.reads(LOCKED, time=at(world, world.clock.now() + dt.timedelta(minutes=15)))
    await salma.says("/login", salma.email, salma.password)
    salma.reads(LOCKED)
    await world.clock.advance(minutes=15)
    await salma.says("/login", salma.email, salma.password)
    salma.reads(SIGNED_IN)


@pytest.mark.req("CF-05", "TH-44")
async def test_the_owner_is_written_to_once_a_lock_and_twice_a_day(
    world: World, salma: Person, stranger: Person
) -> None:
    await salma.has_space()
    await fails(stranger, 4)
    assert not world.mailbox.mails
    for _ in range(6):
        await stranger.says("/login", stranger.email, "Mauvais4719")
        await world.clock.advance(minutes=60)
    assert world.subjects(salma.email) == ["La connexion à votre espace participant CMIM est suspendue"]
    events = await world.read(lambda db: list(db.execute(select(schema.activity.c.event)).scalars()))
    assert events.count("sign_in_failed") == 10


@pytest.mark.req("CF-05", "CF-01")
async def test_the_hundredth_failure_in_a_row_disables_the_password(
    world: World, salma: Person, stranger: Person
) -> None:
    await salma.has_space(signed_in=False)
    id = await world.read(lambda db: accounts.by_email(db, salma.email).id)  # type: ignore[union-attr]
    await world.app.db.run(lambda db: accounts.set_failures(db, id, 98))
    await stranger.says("/login", stranger.email, "Mauvais4719")
    await stranger.says(salma.password)  # the ninety-ninth was not the last
    stranger.reads(SIGNED_IN)
    await stranger.says("/logout")
    await world.app.db.run(lambda db: accounts.set_failures(db, id, 99))
    await stranger.says("/login", stranger.email, "Mauvais4719", salma.password)
    stranger.reads(WRONG)
    await salma.says("/login", salma.email, salma.password)
    salma.reads(WRONG)
    world.leaves(forms=2)
