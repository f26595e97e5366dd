"""What a person may expect of somebody attentive: no question asked for nothing, none left unexplained."""

from __future__ import annotations

import pytest

from kit.money import Money
from kit.speech import FSI, PDI, Voices
from kit.text import t
from tests.people import Person
from tests.stories.sentences import ASKED, MISMATCH
from tests.world import World


async def test_after_a_mismatch_nothing_need_be_typed_again_but_what_was_wrong(
    world: World, salma: Person
) -> None:
    await salma.fills_in("birth_date")
    await salma.presses("‹ Back")
    await salma.says("Selma Nour", salma.born)
    salma.reads(MISMATCH)
    await salma.presses("Keep: {value}")
    await salma.presses("Keep: {value}")
    salma.reads(ASKED["first_name"])
    await salma.says(salma.first_name)
    salma.reads(ASKED["birth_date"])
    await salma.presses("Keep: {value}")
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


async def test_what_is_asked_again_says_why(world: World, salma: Person) -> None:
    await salma.fills_in()
    await salma.presses("Edit")
    await salma.presses("E-mail")
    await salma.says("salma.autre@example.com")
    salma.reads(
        "You changed “{label}”: the answers that depend on it are asked again.", label="Adresse e-mail"
    )
    salma.reads(ASKED["password"])
    world.leaves(forms=1)


async def test_a_language_chosen_in_mid_form_shows_the_question_in_it_at_once(
    world: World, salma: Person
) -> None:
    await salma.fills_in("first_name")
    await salma.says("/language")
    await salma.presses("العربية")
    assert "ما اسمكم الشخصي؟" in salma.shown
    await salma.says("سلمى")
    assert "4/10" in salma.shown
    world.leaves(forms=1)


async def test_a_language_chosen_elsewhere_shows_the_menu_in_it(world: World, youssef: Person) -> None:
    await youssef.says("/language")
    await youssef.presses("Français")
    assert "Créer mon espace" in youssef.labels


@pytest.mark.parametrize("command", ["/lock", "/logout"])
async def test_nobody_is_asked_to_sign_in_so_as_to_sign_out(
    world: World, salma: Person, command: str
) -> None:
    await salma.says(command)
    salma.reads("No space is open in this chat.")
    assert salma.sees_button("Menu")


@pytest.mark.req("CF-02")
async def test_a_password_typed_once_more_after_a_wrong_one_is_read_as_a_password(
    world: World, salma: Person
) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/login", salma.email, "Tournesol48")
    salma.reads("This e-mail and this password do not go together.")
    typed = await salma.says(salma.password)
    assert typed.deleted
    salma.reads("You are signed in. What would you like to see?")


def test_an_amount_reads_figures_first_in_arabic_and_stays_on_one_line() -> None:
    voices, sentence = Voices(), t("{amount}", amount=Money(123450))
    for language, said in (("fr", "1\u202f234,50\u00a0MAD"), ("ar", "1.234,50\u00a0درهم")):
        assert voices[language].say(sentence) == f"{FSI}{said}{PDI}"  # type: ignore[index]


async def test_signing_in_says_so_once(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await salma.signs_in()
    assert salma.has_read("You are signed in.") == 0
    assert salma.has_read("You are signed in. What would you like to see?") == 1
    salma.reads("You are signed in. What would you like to see?")
