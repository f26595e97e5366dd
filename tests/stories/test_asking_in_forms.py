"""In the middle of a form a question is answered and the step asked again; an answer stays an answer, and a secret a secret."""

from __future__ import annotations

import pytest

from services.faq.language import Writing
from services.faq.matcher import Kind
from tests.people import Person
from tests.stories.faq import MATRICULE_AR, thinks, title, waiting
from tests.stories.sentences import ASKED
from tests.world import World


async def test_a_question_is_answered_and_the_step_asked_again(world: World, salma: Person) -> None:
    await salma.says("/register", "Où se trouve mon matricule CMIM ?")
    assert title("matricule-where", "fr") in salma.shown
    salma.reads(ASKED["matricule"])
    await salma.says(salma.matricule)
    salma.reads(ASKED["last_name"])
    world.leaves(forms=1)


async def test_in_arabic_too_and_without_its_mark(world: World, youssef: Person) -> None:
    await youssef.says("/register", MATRICULE_AR)
    assert title("matricule-where", "ar") in youssef.shown
    youssef.reads(ASKED["matricule"])
    await youssef.says("أين يوجد رقم تسجيلي في الصندوق")
    assert title("matricule-where", "ar") in youssef.shown
    youssef.reads(ASKED["matricule"])
    world.leaves(forms=1)


async def test_where_only_buttons_answer_it_is_answered_too(world: World, salma: Person) -> None:
    await salma.fills_in("question")
    typed = await salma.says("À quoi sert la question secrète ?")
    assert title("secret-question", "fr") in salma.shown
    salma.reads(ASKED["question"])
    assert not typed.deleted
    world.leaves(forms=1)


async def test_what_a_step_takes_is_its_answer(world: World, salma: Person) -> None:
    """A question of one's own ends with its mark, and is none for us."""
    thinking = await thinks(world, Kind.ANSWER, "password-rules")
    await salma.fills_in("question")
    await salma.presses("A question of my own")
    await salma.says("Où avons-nous planté le figuier ?")
    salma.reads("Your answer to: {question}", question="Où avons-nous planté le figuier ?")
    assert thinking.asked == []
    world.leaves(forms=1)


@pytest.mark.req("CF-02", "TH-70")
async def test_a_secret_is_never_taken_for_a_question(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    thinking = await thinks(world, Kind.ANSWER, "password-rules")
    typed = await salma.says("mot de passe trop court ?")
    assert typed.deleted
    assert thinking.asked == []
    assert title("password-rules", "fr") not in salma.shown
    world.leaves(forms=1)


async def test_what_is_not_known_is_refused_as_ever_and_not_kept(world: World, salma: Person) -> None:
    await salma.says("/register")
    await thinks(world, Kind.UNSURE, "contact", "password-rules")
    await salma.says("est-ce que la girafe est bleue ?")
    salma.reads(ASKED["matricule"])
    assert title("contact", "fr") not in salma.shown
    assert not await waiting(world)
    world.leaves(forms=1)


async def test_one_word_that_is_refused_is_not_looked_up(world: World, salma: Person) -> None:
    await salma.says("/register")
    thinking = await thinks(world, Kind.ANSWER, "contact", writing=Writing.FRENCH)
    await salma.says("abc", "12 ab")
    assert thinking.asked == []
    world.leaves(forms=1)


async def test_an_emergency_comes_before_the_form(world: World, salma: Person) -> None:
    await salma.says("/register", "j'ai très mal à la poitrine")
    salma.reads("Please call now:")
    world.leaves(forms=1)


async def test_a_cry_for_help_is_heard_though_the_step_takes_it(world: World, salma: Person) -> None:
    """ "Je veux mourir" would pass as a name: it is kept as the answer, and the numbers to call come last."""
    await salma.fills_in("last_name")
    await salma.says("Je veux mourir")
    numbers = world.fund.emergency_numbers
    assert numbers.samu in salma.heard[-1]
    assert numbers.civil_protection in salma.heard[-1]
    assert salma.has_read(ASKED["first_name"])
    await salma.says(salma.first_name)
    assert numbers.samu not in salma.heard[-1]
    world.leaves(forms=1)
