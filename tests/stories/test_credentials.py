"""A password and a secret question changed by their owner: proof first, all other chats hear of it (SPEC 2.2, TH-09, TH-10)."""

from __future__ import annotations

import pytest

from store import accounts, activity
from store.db import Db
from tests.people import Person
from tests.stories.test_recovery import CHANGED, CHANGED_MAIL, NEW, SIGNED_IN, forgets, link_of, resets
from tests.world import World

PRESENT = "Your present password?"
NOT_PRESENT = "This is not your present password."
SET = "✅ <b>Your new password is set.</b> Every other chat has been signed out; a mail says so."
ASKED = "✅ <b>Your secret question is changed.</b> A mail says so."
TOO_OLD = "Too much time has passed since you typed your present password: please type it again."
SIGN_IN_FIRST = "This is personal: please sign in first. You come back here after it."
QUESTION_MAIL = "La question secrète de votre espace CMIM a été changée"


@pytest.fixture
async def tablet(world: World, salma: Person) -> Person:
    """Salma's other chat; she has a space, and both are signed in."""
    await salma.has_space()
    other = world.person("Salma", email=salma.email, password=salma.password)
    await other.signs_in()
    return other


@pytest.mark.req("TH-09", "TH-10", "AS-29", "AS-39")
async def test_a_new_password_signs_every_other_chat_out(world: World, salma: Person, tablet: Person) -> None:
    await salma.says("/password")
    salma.reads(PRESENT)
    typed = await salma.says(salma.password)
    assert typed.deleted
    await salma.says(NEW, NEW)
    salma.reads(SET)
    await world.settles()
    assert tablet.has_read(CHANGED) == 1
    assert salma.has_read(CHANGED) == 0
    assert world.subjects(salma.email) == [CHANGED_MAIL]
    await tablet.says("/reimbursements")
    tablet.reads(SIGN_IN_FIRST)
    await salma.says("/menu")
    salma.reads(SIGNED_IN)
    await tablet.says("/login", salma.email, NEW)
    tablet.reads(SIGNED_IN)
    world.leaves(tokens=2)


@pytest.mark.req("TH-09", "BI-25")
async def test_neither_a_wrong_present_password_nor_the_same_once_more(
    world: World, salma: Person, tablet: Person
) -> None:
    await salma.says("/password", "Mauvais4719")
    salma.reads(NOT_PRESENT)
    await world.clock.advance(seconds=10)
    await salma.says(salma.password, salma.password)
    salma.reads("This is the password that you have: choose another one.")
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    assert world.mailbox.mails == []


@pytest.mark.req("TH-09")
async def test_five_wrong_ones_end_the_sign_in_of_whoever_sits_there(
    world: World, salma: Person, tablet: Person
) -> None:
    await salma.says("/password")
    for number in range(5):
        salma.reads(PRESENT)
        await salma.says(f"Mauvais47{number}")
        await world.clock.advance(seconds=10)
    salma.reads("Too many attempts. Please try again at {time}.")
    await salma.says("/reimbursements")
    salma.reads(SIGN_IN_FIRST)
    await tablet.says("/menu")
    tablet.reads(SIGNED_IN)


@pytest.mark.req("TH-09", "AS-52")
@pytest.mark.parametrize("place", ["/password", "/question", "/email"])
async def test_no_change_without_a_fresh_proof(
    world: World, salma: Person, tablet: Person, place: str
) -> None:
    """The proof is five minutes old at the most; whoever took the telephone meanwhile has to know the password."""
    stranger = world.person("Inconnu")
    await stranger.says(place)
    stranger.reads(SIGN_IN_FIRST)
    await salma.says(place, salma.password)
    await world.clock.advance(minutes=5)
    match place:
        case "/password":
            await salma.says(NEW, NEW)
        case "/email":
            await salma.says("salma.b@example.net")
        case _:
            await salma.presses("Which was the first book that you loved?")
            await salma.says("Dune de Herbert")
    salma.reads(TOO_OLD)
    salma.reads(PRESENT)
    assert world.mailbox.mails == []
    world.leaves(forms=1)


async def test_a_form_that_outlives_the_sign_in_changes_nothing(
    world: World, salma: Person, tablet: Person
) -> None:
    await salma.says("/password", salma.password)
    await world.clock.advance(hours=13)
    await salma.says(NEW)
    salma.reads("Your sign-in has ended: sign in again to change this.")
    assert world.mailbox.mails == []


@pytest.mark.req("TH-10", "CF-03")
async def test_a_new_question_is_what_is_asked_from_then_on(
    world: World, salma: Person, tablet: Person
) -> None:
    await salma.says("/question", salma.password)
    await salma.presses("A question of my own")
    await salma.says("Le surnom de mon oncle ?")
    await salma.says(salma.password)
    salma.reads("The answer can’t be your password: type another one.")
    await salma.says("Benjelloun de Fès")
    salma.reads(ASKED)
    await world.settles()
    assert world.subjects(salma.email) == [QUESTION_MAIL]
    assert tablet.has_read("🔑 The secret question of your space has been changed.") == 1
    await tablet.says("/menu")
    tablet.reads(SIGNED_IN)
    await forgets(world, salma, salma.email, salma.answer)
    assert resets(world, salma.email) == 0
    await forgets(world, salma, salma.email, "benjelloun de fes")
    assert resets(world, salma.email) == 1
    world.leaves(tokens=3)


@pytest.mark.req("CF-04")
async def test_a_change_voids_the_links_that_were_open(world: World, salma: Person, tablet: Person) -> None:
    await forgets(world, salma, salma.email, salma.answer)
    link = link_of(world, salma.email, "reset")
    await salma.says("/password", salma.password, NEW, NEW)
    salma.reads(SET)
    await salma.opens(link)
    salma.reads("This link is no longer valid.")
    world.leaves(tokens=2)


async def test_what_was_changed_stands_in_the_log(world: World, salma: Person, tablet: Person) -> None:
    await salma.says("/password", salma.password, NEW, NEW)

    def noted(db: Db) -> list[str]:
        account = accounts.by_email(db, salma.email)
        assert account is not None
        return [row.event for row in activity.of_account(db, account.id, 20, 0)]

    assert (await world.read(noted))[0] == "password_changed"
    world.leaves(tokens=2)


@pytest.mark.req("CF-05", "TH-05", "CF-01")
async def test_after_a_hundred_failures_the_password_opens_nothing_until_a_new_one_is_chosen(
    world: World, salma: Person
) -> None:
    await salma.has_space()
    stranger = world.person("Inconnu")
    tries = 0
    while tries < 100:
        await stranger.says("/login", salma.email, f"Mauvais{tries:03}")
        tries += 1
        await world.clock.advance(minutes=61)
        await stranger.says("/cancel")
        if stranger.sees_button("Yes, stop"):
            await stranger.presses("Yes, stop")
    assert "Le mot de passe de votre espace CMIM ne l’ouvre plus" in world.subjects(salma.email)
    await salma.says("/login", salma.email, salma.password)
    salma.reads("This e-mail and this password do not go together.")
    await salma.presses("Forgotten password?")
    await salma.says(salma.email, salma.answer)
    await world.settles()
    await salma.opens(link_of(world, salma.email, "reset"))
    await salma.says(NEW, NEW)
    await salma.says("/login", salma.email, NEW)
    salma.reads(SIGNED_IN)
    world.leaves(tokens=1)
