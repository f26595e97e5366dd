"""From a question without an answer to a person: sent to the fund's agents, with or without a number to call."""

from __future__ import annotations

import pytest

from playground.text import plain
from services.faq.language import Writing
from services.faq.matcher import Kind
from tests.people import Person
from tests.stories.desk import cards, lays_desk, rafiq
from tests.stories.faq import FORGOTTEN, thinks
from tests.world import World

QUESTION = "Mon dossier dentaire est-il bien chez vous"


async def test_who_is_known_sends_the_question_as_it_is(world: World, salma: Person, nadia: Person) -> None:
    await nadia.says("/start")
    group = await lays_desk(world, nadia, gate="match")
    await rafiq(world, "agents", "add", str(nadia.id), "Nadia")
    await salma.has_space()
    await thinks(world, Kind.NONE)
    await salma.says(QUESTION)
    await salma.presses("Send my question to the fund")
    salma.reads("Your request {number} has reached the fund’s agents.")
    (card,) = cards(group)
    assert world.pattern("Question without an answer", "fr").search(plain(card.text))
    assert QUESTION not in plain(card.text)
    await nadia.presses("Take", card)
    await nadia.presses("Show me in private", card)
    assert QUESTION in nadia.shown
    await world.clock.advance(minutes=11)
    await nadia.presses("Done", card)


async def test_a_stranger_leaves_a_number(world: World, salma: Person, nadia: Person) -> None:
    await nadia.says("/start")
    group = await lays_desk(world, nadia, gate="match")
    await rafiq(world, "agents", "add", str(nadia.id), "Nadia")
    await salma.says(FORGOTTEN)
    await salma.presses("👎 No")
    assert not salma.sees_button("Send my question to the fund")
    await salma.presses("Be called back")
    salma.reads("Which number may the fund call?")
    await salma.says("06 61 20 48 27")
    await salma.presses("In the morning")
    assert FORGOTTEN in salma.shown
    await salma.presses("Confirm")
    salma.reads("Your request {number} has reached the fund’s agents.")
    (card,) = cards(group)
    await nadia.presses("Take", card)
    await nadia.presses("Show me in private", card)
    assert FORGOTTEN in nadia.shown
    await world.clock.advance(minutes=11)
    await nadia.presses("Done", card)


async def test_where_no_agents_are_telephone_and_mail_are_shown(world: World, youssef: Person) -> None:
    await thinks(world, Kind.NONE, writing=Writing.ARABIC)
    await youssef.says("سؤال بدون جواب")
    youssef.reads("Telephone {phone}, e-mail {email}.")
    assert not youssef.sees_button("Be called back")
    assert youssef.sees_button("Contact")


HOSTILE = (
    "\u202e\u2066\u2069" * 50,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 200,
    "z" + "\u0300" * 2000,
    "'; DROP TABLE faq_topics; --",
    "<b>x</b> <script>alert(1)</script> &amp; {phone} {0} %s ${x}",
    "٠١٢٣٤٥٦٧٨٩" * 300,
    "كككككك " * 600,
    "a" * 4096,
    "? " * 2000,
    "\u0000\ud800\udfff".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "﷽" * 500,
    "\u3164\u2800\u200b",
    "3" * 2000 + "afak",
    "///// \\\\\\ @@@@ ####",
    "\n\n\n\t\r x",
)


@pytest.mark.req("TH-13", "TH-14", "TH-15", "BI-15")
async def test_whatever_is_asked_it_answers(world: World, salma: Person, youssef: Person) -> None:
    """Hostile characters, in French and Arabic chats, outside and inside a form: never an error, never silence."""
    for person in (salma, youssef):
        for text in HOSTILE:
            before = len(person.heard)
            await person.says(text)
            assert len(person.heard) > before, repr(text[:40])
            assert person.labels or "📞" in person.shown
        await person.says("/register")
        for text in HOSTILE:
            before = len(person.heard)
            await person.says(text)
            assert len(person.heard) > before, repr(text[:40])
        await person.says("/cancel")
        await person.presses("Yes, stop")
    assert await world.count("set_aside") == 0
