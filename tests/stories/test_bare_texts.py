"""A text without a letter is no question: each kind has an answer that helps, and no agent is troubled with it."""

from __future__ import annotations

import pytest

from tests.people import Person
from tests.stories.desk import lays_desk
from tests.world import World

ALONE = "A number alone does not tell me what you need: write me a few words with it."
WORDS = "Write me your question in a few words, or choose here."


async def both_read(world: World, people: tuple[Person, Person], typed: str, sentence: str) -> None:
    """Each is answered in their language, and nothing is kept for agents."""
    for person in people:
        await person.says(typed)
        person.reads(sentence)
    assert await world.count("faq_questions") == 0


async def test_a_telephone_number_offers_to_be_called_there(
    world: World, salma: Person, youssef: Person, nadia: Person
) -> None:
    await lays_desk(world, nadia, gate="match")
    for person, typed in ((salma, "06 61 20 48 27"), (youssef, "٠٦٦١٢٠٤٨٢٧")):
        await person.says(typed)
        person.reads("This is a telephone number: {phone}.", phone="+212661204827")
        await person.presses("Yes, call me at this number")
        await person.presses("In the morning")
        await person.presses("Skip")
        assert "+212661204827" in person.shown, "the number is not asked again"
        await person.presses("Ask to be called")
        person.reads("✅ <b>Sent.</b>")
    assert await world.count("requests") == 2
    assert await world.count("faq_questions") == 0
    world.leaves(tokens=2)


@pytest.mark.world(on="sqlite")
async def test_without_agents_the_number_to_call_is_shown(world: World, salma: Person) -> None:
    await salma.says("+212 6 61 20 48 27")
    salma.reads("The fund answers by telephone, {phone}, and by e-mail, {email}.")
    assert not salma.sees_button("Yes, call me at this number")


@pytest.mark.world(on="sqlite")
@pytest.mark.parametrize("typed", ["104827", "12", "31/12/1980", "١٢٣٤", "500 ?"])
async def test_another_number_asks_for_words(
    world: World, salma: Person, youssef: Person, typed: str
) -> None:
    await both_read(world, (salma, youssef), typed, ALONE)
    for person in (salma, youssef):
        assert person.sees_button("Sign in")


@pytest.mark.world(on="sqlite")
@pytest.mark.parametrize("typed", ["?", "؟؟؟", "...", "!!", "👍", "🙏🙏"])
async def test_marks_alone_are_met_with_a_way_on(
    world: World, salma: Person, youssef: Person, typed: str
) -> None:
    await both_read(world, (salma, youssef), typed, WORDS)


@pytest.mark.world(on="sqlite")
async def test_the_number_of_an_emergency_is_confirmed_and_the_fund_s_own_is_known(
    world: World, salma: Person
) -> None:
    await salma.says(world.fund.emergency_numbers.samu)
    salma.reads("Please call now:")
    await salma.says(world.fund.health_fund.phone)
    salma.reads("{phone} is the fund’s own number.")


@pytest.mark.world(on="sqlite")
async def test_who_is_signed_in_is_offered_her_own_pages(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("450")
    salma.reads(ALONE)
    assert salma.sees_button("My reimbursements")
    assert not salma.sees_button("Sign in")
