"""A free text is a question: one answer when it is sure, titles when it is not, a person when nothing fits; in its own language."""

from __future__ import annotations

import pytest

from services.faq.language import Writing
from services.faq.matcher import Kind
from tests.people import Person
from tests.stories.faq import FORGOTTEN, MATRICULE_AR, WHERE, thinks, title, votes, waiting
from tests.world import World

HELPED = "Did this help?"
UNKNOWN = "I don’t know the answer to that."
NOTED = "Your question has been noted, without your name, so that I answer better next time."
PERSON = "Telephone {phone}, e-mail {email}."
MEAN = "Did you mean one of these?"


async def test_a_sure_answer_comes_with_the_button_that_does_it(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says(WHERE)
    assert title("reimbursement-where", "fr") in salma.shown
    salma.reads(HELPED)
    assert "{" not in salma.shown
    await salma.presses("👍 Yes")
    assert salma.noticed("Glad to hear it. Thank you.")
    assert await votes(world) == {"reimbursement-where": (1, 0)}
    assert not salma.sees_button("👍 Yes")
    await salma.presses("My reimbursements")
    assert salma.sees_button("I agree"), "the place behind it asks for its consent as ever"
    assert not await waiting(world)


async def test_the_facts_of_the_fund_are_put_in_and_kept_left_to_right(world: World, youssef: Person) -> None:
    await youssef.says(MATRICULE_AR)
    assert title("matricule-where", "ar") in youssef.shown
    assert f"\u2066{world.fund.health_fund.phone}\u2069" in youssef.screen.text
    youssef.reads(HELPED)


async def test_hours_are_said_in_words_for_figures_are_read_backwards_in_arabic(
    world: World, youssef: Person
) -> None:
    await youssef.says("ما هي أوقات العمل؟")
    assert title("address-hours", "ar") in youssef.shown
    youssef.reads("{begins} to {ends}", begins="08:30", ends="16:30")


async def test_what_did_not_help_leads_to_a_person_and_is_put_before_agents(
    world: World, salma: Person
) -> None:
    await salma.says(FORGOTTEN)
    await salma.presses("👎 No")
    salma.reads("I am sorry that this did not help.")
    salma.reads(PERSON, phone=world.fund.health_fund.phone)
    assert await votes(world) == {"password-forgotten": (0, 1)}
    (question,) = await waiting(world)
    assert (question.text, question.reason) == (FORGOTTEN, "unhelpful")
    assert question.asked["topics"][0] == "password-forgotten"


@pytest.mark.req("TH-02")
async def test_a_vote_counts_once(world: World, salma: Person) -> None:
    await salma.says(FORGOTTEN)
    asked = salma.screen
    data = [button.data for button in asked.buttons if button.data and "faq:" in button.data]
    for one in (*data, *data):
        await salma.press_data(one, asked)
    helped, did_not = (await votes(world))["password-forgotten"]
    assert helped + did_not == 1


async def test_unsure_it_offers_three_and_one_of_them_is_the_answer(world: World, salma: Person) -> None:
    topics = ("password-rules", "password-forgotten", "password-change")
    await thinks(world, Kind.UNSURE, *topics)
    await salma.says("une question de mot de passe")
    salma.reads(MEAN)
    assert salma.labels == [*(title(key, "fr") for key in topics), "Aucune de celles-ci"]
    await salma.presses(title("password-change", "fr"))
    assert title("password-change", "fr") in salma.shown
    salma.reads(HELPED)
    await salma.presses("👍 Yes")
    assert await votes(world) == {"password-change": (1, 0)}


async def test_none_of_the_three_leads_to_a_person(world: World, youssef: Person) -> None:
    await thinks(world, Kind.UNSURE, "password-rules", "contact", writing=Writing.ARABIC)
    await youssef.says("سؤال غريب جدا عن شيء آخر")
    await youssef.presses("None of these")
    youssef.reads(UNKNOWN)
    youssef.reads(NOTED)
    youssef.reads(PERSON)
    (question,) = await waiting(world)
    assert question.asked == {
        "text": "سؤال غريب جدا عن شيء آخر",
        "writing": "ar",
        "topics": ["password-rules", "contact"],
    }


@pytest.mark.req("TH-70", "INV-13")
async def test_what_it_does_not_know_is_kept_masked(world: World, salma: Person) -> None:
    await salma.has_space()
    await thinks(world, Kind.NONE)
    await salma.says(
        "Je suis Salma El Ouaïssi, matricule 104827, j'ai écrit à salma@example.com et Inès attend au 06 61 20 48 27"
    )
    salma.reads(UNKNOWN)
    salma.reads(NOTED)
    (question,) = await waiting(world)
    assert question.text == "Je suis •••, matricule •••, j'ai écrit à ••• et ••• attend au •••"


async def test_asked_again_it_is_the_same_question(world: World, salma: Person, youssef: Person) -> None:
    await thinks(world, Kind.NONE)
    await salma.says("Où est passée la girafe bleue ?")
    await youssef.says("ou est PASSEE la girafe bleue")
    (question,) = await waiting(world)
    assert question.times == 2


@pytest.mark.req("TH-16")
async def test_nobody_fills_the_agents_queue(world: World, salma: Person) -> None:
    await thinks(world, Kind.NONE)
    for word in "abcdefghijklmnopqrstuvwxyz":
        await salma.says(f"question {word * 5}")
    salma.reads(UNKNOWN)
    assert len(await waiting(world)) == 20
    await salma.says("?!", "🙂", "1234")
    assert len(await waiting(world)) == 20


@pytest.mark.parametrize(
    ("writing", "in_french", "in_arabic"),
    [
        (Writing.FRENCH, "fr", "fr"),
        (Writing.ARABIC, "ar", "ar"),
        (Writing.DARIJA, "ar", "ar"),
        (Writing.ARABIZI, "fr", "ar"),
    ],
)
async def test_the_answer_is_in_the_language_of_the_question(
    world: World, salma: Person, youssef: Person, writing: Writing, in_french: str, in_arabic: str
) -> None:
    await thinks(world, Kind.ANSWER, "password-rules", writing=writing)
    for person, language in ((salma, in_french), (youssef, in_arabic)):
        await person.says("chi 7aja")
        assert title("password-rules", language) in person.shown  # type: ignore[arg-type]
        assert world.pattern(HELPED, language).search(person.shown)
        await person.says("/menu")
        person.reads(
            "Is it your first time? Create your space. Do you have one? Sign in."
        )  # in theirs, as before


async def test_an_emergency_is_answered_with_the_numbers_and_nothing_else(
    world: World, salma: Person
) -> None:
    for words in ("j'ai mal à la poitrine et au bras gauche", "je veux mourir"):
        await salma.says(words)
        salma.reads("Please call now:")
        numbers = world.fund.emergency_numbers
        assert numbers.samu in salma.shown
        assert numbers.civil_protection in salma.shown
        assert not salma.labels
        assert len(salma.shown) < 150
    assert not await waiting(world)


async def test_another_body_is_named_as_not_ours(world: World, salma: Person, youssef: Person) -> None:
    await salma.says("comment renouveler mon passeport")
    salma.reads("This seems to be about {body}. That is not {fund}: please ask {body} directly.", fund="CMIM")
    assert "passeport" in salma.shown
    await thinks(world, Kind.OTHER_BODY, writing=Writing.ARABIC, body="cnops")
    await youssef.says("ملف كنوبس")
    youssef.reads("This seems to be about {body}. That is not {fund}: please ask {body} directly.")
    assert not await waiting(world)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Bonjour", "Hello! Ask me your question in your own words, or choose from the menu."),
        ("slm", "Hello! Ask me your question in your own words, or choose from the menu."),
        ("Merci beaucoup", "With pleasure. I am here at any hour."),
        ("choukran bzaf", "With pleasure. I am here at any hour."),
    ],
)
async def test_a_greeting_is_no_question(world: World, salma: Person, words: str, answer: str) -> None:
    await salma.says(words)
    salma.reads(answer)
    assert not await waiting(world)


async def test_a_topic_that_is_gone_is_not_answered(world: World, salma: Person) -> None:
    await thinks(world, Kind.ANSWER, "long-gone")
    await salma.says("quelque chose de disparu")
    salma.reads(UNKNOWN)


async def test_questions_asked_at_the_start_wait_for_the_matcher(world: World, salma: Person) -> None:
    """Before the first training is done a question waits; what is never learned is answered with the way to a person."""
    await world.app.matching.learned()
    world.app.matching._matcher = None
    await salma.says(FORGOTTEN)
    salma.reads(UNKNOWN)
    salma.reads(PERSON)


async def test_a_question_is_forgotten_after_its_time(world: World, salma: Person) -> None:
    await thinks(world, Kind.NONE)
    await salma.says("Où est passée la girafe bleue ?")
    await world.clock.advance(days=179)
    assert await waiting(world)
    await world.clock.advance(days=2)
    assert not await waiting(world)


@pytest.mark.parametrize("asked", ["what is the weather tomorrow", "hablas espanol amigo"])
async def test_a_foreign_language_is_answered_in_the_chats(world: World, youssef: Person, asked: str) -> None:
    """Not everything in Latin letters is French: he who is spoken to in Arabic is told in Arabic that it wasn't understood."""
    await youssef.says(asked)
    youssef.reads(UNKNOWN)
    assert youssef.sees_button("Questions and answers")
    await youssef.says("je voudrais acheter une voiture")
    assert "Je ne connais pas" in youssef.shown
