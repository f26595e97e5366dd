"""Back, Cancel, Edit, Keep: how one moves in a form, and what is asked again when an answer changes."""

from __future__ import annotations

import pytest

from tests.people import STEPS, Person
from tests.stories.sentences import ACTIVE, ASKED, NOT_AN_ANSWER, STOP, STOPPED, SUMMARY
from tests.world import World

pytestmark = pytest.mark.req("TH-07")


async def test_back_offers_what_was_answered(world: World, salma: Person) -> None:
    await salma.fills_in("first_name")
    await salma.presses("‹ Back")
    salma.reads(ASKED["last_name"])
    await salma.presses("Keep: {value}")
    salma.reads(ASKED["first_name"])
    await salma.presses("‹ Back")
    await salma.says("Elouaissi")
    await salma.says(salma.first_name, salma.born)
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


async def test_back_goes_all_the_way_to_the_first_question_and_then_out(world: World, salma: Person) -> None:
    await salma.fills_in("consent")
    for step in reversed(STEPS[:9]):
        await salma.presses("‹ Back")
        salma.reads(ASKED[step])
    await salma.presses("‹ Back")
    salma.reads(STOP)
    await salma.presses("Yes, stop")
    salma.reads(STOPPED)
    await salma.says("104827")
    salma.reads("A number alone does not tell me what you need: write me a few words with it.")


@pytest.mark.parametrize("by", ["button", "command"])
async def test_cancel_asks_once(world: World, salma: Person, by: str) -> None:
    await salma.fills_in("email")
    await (salma.presses("Cancel") if by == "button" else salma.says("/cancel"))
    salma.reads(STOP)
    await salma.presses("Go on")
    salma.reads(ASKED["email"])
    await (salma.presses("Cancel") if by == "button" else salma.says("/cancel"))
    await salma.presses("Yes, stop")
    salma.reads(STOPPED)
    await salma.says("/cancel")
    salma.reads("There is nothing to cancel.")
    await salma.says("/register")
    salma.reads(ASKED["matricule"])
    assert not salma.sees_button("Keep: {value}"), "nothing of the first try was kept"
    world.leaves(forms=1)


async def test_who_writes_on_instead_of_confirming_the_cancel_sees_where_she_is(
    world: World, salma: Person
) -> None:
    await salma.fills_in("email")
    await salma.presses("Cancel")
    await salma.says(salma.email)
    salma.reads(NOT_AN_ANSWER)
    salma.reads(ASKED["email"])
    await salma.says(salma.email)
    salma.reads(ASKED["password"])
    world.leaves(forms=1)


async def test_a_typed_yes_cancels_and_a_typed_no_goes_on(
    world: World, salma: Person, youssef: Person
) -> None:
    for person, no, yes in ((salma, "Non merci", "OUI"), (youssef, "لا", "واخا")):
        await person.fills_in("first_name")
        await person.says("/cancel", no)
        person.reads(ASKED["first_name"])
        await person.says("/cancel", yes)
        person.reads(STOPPED)


async def test_edit_from_the_summary_leads_back_to_it(world: World, salma: Person) -> None:
    await salma.fills_in()
    await salma.presses("Edit")
    salma.reads("What would you like to change?")
    assert not salma.sees_button("Consent")
    await salma.presses("‹ Back")
    salma.reads(SUMMARY)
    await salma.presses("Edit")
    await salma.presses("Secret question")
    await salma.presses("‹ Back")
    salma.reads(SUMMARY)
    await salma.presses("Edit")
    await salma.presses("Secret question")
    assert salma.sees_button("Keep: {value}")
    await salma.presses("Keep: {value}")
    salma.reads(SUMMARY)
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


async def test_another_address_asks_the_password_again(world: World, salma: Person) -> None:
    """The password was checked against the address: `Oliveraie7x` would be refused for oliveraie@… (DESIGN 4)."""
    await salma.fills_in(password="Oliveraie73")
    await salma.presses("Edit")
    await salma.presses("E-mail")
    await salma.says("oliveraie@example.com")
    salma.reads(ASKED["password"])
    await salma.says("Oliveraie73")
    salma.reads("This password contains your e-mail address: choose something only you know.")
    await salma.says(salma.password)
    salma.reads(ASKED["repetition"])
    await salma.says(salma.password)
    salma.reads(ASKED["answer"])
    await salma.says(salma.answer)
    salma.reads(SUMMARY)
    assert "oliveraie@example.com" in salma.shown
    world.leaves(forms=1)


async def test_another_name_asks_the_birth_date_again_and_compares_anew(world: World, salma: Person) -> None:
    await salma.fills_in()
    await salma.presses("Edit")
    await salma.presses("First name")
    await salma.says("Samira")
    salma.reads(ASKED["birth_date"])
    assert salma.sees_button("Keep: {value}")
    await salma.presses("Keep: {value}")
    salma.reads(ASKED["matricule"])  # they don't match: nothing is told but that
    await salma.presses("Keep: {value}")
    await salma.presses("Keep: {value}")
    await salma.says("Salma")
    await salma.presses("Keep: {value}")
    salma.reads(ASKED["password"])
    world.leaves(forms=1)


async def test_the_same_answer_again_asks_nothing_else(world: World, salma: Person) -> None:
    await salma.fills_in()
    await salma.presses("Edit")
    await salma.presses("E-mail")
    await salma.says(salma.email)
    salma.reads(SUMMARY)
    world.leaves(forms=1)


async def test_a_new_password_is_repeated_and_the_answer_given_again(world: World, salma: Person) -> None:
    await salma.fills_in()
    await salma.presses("Edit")
    await salma.presses("Password")
    await salma.says("Mirabelle58")
    salma.reads(ASKED["repetition"])
    await salma.says("Mirabelle58")
    salma.reads(ASKED["answer"])
    await salma.says("Mirabelle58")
    salma.reads("The answer can’t be your password: type another one.")
    await salma.says(salma.answer)
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    await salma.says("/logout", "/login", salma.email, "Mirabelle58")
    salma.reads("You are signed in. What would you like to see?")


async def test_from_a_listed_question_to_ones_own_and_back(world: World, salma: Person) -> None:
    await salma.fills_in()
    await salma.presses("Edit")
    await salma.presses("Secret question")
    await salma.presses("A question of my own")
    await salma.says("Où avons-nous planté le figuier ?")
    salma.reads(ASKED["answer"])
    await salma.says("derrière le puits")
    salma.reads(SUMMARY)
    await salma.presses("Edit")
    await salma.presses("Secret question")
    await salma.presses("In which street did you live as a child?")
    salma.reads(ASKED["answer"])
    await salma.says(salma.answer)
    salma.reads(SUMMARY)
    assert "figuier" not in salma.shown
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


async def test_back_among_the_questions_that_an_edit_asked_again(world: World, salma: Person) -> None:
    """Who changed the address and is asked the password again can still go back to the address."""
    await salma.fills_in()
    await salma.presses("Edit")
    await salma.presses("E-mail")
    await salma.says("oliveraie@example.com")
    salma.reads(ASKED["password"])
    await salma.presses("‹ Back")
    salma.reads(ASKED["email"])
    await salma.presses("Keep: {value}")
    await salma.says(salma.password, salma.password, salma.answer)
    salma.reads(SUMMARY)
    world.leaves(forms=1)


async def test_youssef_turns_back_in_arabic(world: World, youssef: Person) -> None:
    await youssef.fills_in()
    youssef.reads(SUMMARY)
    await youssef.presses("Edit")
    await youssef.presses("Last name")
    await youssef.presses("Keep: {value}")
    youssef.reads(SUMMARY)
    await youssef.presses("Cancel")
    youssef.reads(STOP)
    await youssef.presses("Yes, stop")
    youssef.reads(STOPPED)


@pytest.mark.world(on="sqlite")
@pytest.mark.req("TH-02")
async def test_an_offer_answers_only_the_question_it_was_made_for(world: World, salma: Person) -> None:
    """An altered application presses "Yes: salma@gmail.com" where the first name is asked."""
    await salma.fills_in("email")
    await salma.says("salma@gmial.com")
    await salma.presses("‹ Back")
    await salma.presses("‹ Back")
    await salma.presses("‹ Back")
    salma.reads(ASKED["first_name"])
    revision = (salma.screen.buttons[0].data or "").partition(".")[0]
    await salma.press_data(f"{revision}.form:offer:0", salma.screen)
    salma.reads(ASKED["first_name"])
    world.leaves(forms=1)
