"""/faq: themes, topics page by page, and back; in both languages; whatever is pressed."""

from __future__ import annotations

import pytest

from tests.people import Person
from tests.stories.faq import FORGOTTEN, title, votes
from tests.world import World

CHOOSE = "Choose a theme, or simply write me your question."
THEMES = {
    "fr": ["Mon espace", "Remboursements et garanties", "Documents", "Contact et mutuelle"],
    "ar": ["فضائي", "التعويضات والضمانات", "الوثائق", "الاتصال والتعاضدية"],
}


@pytest.mark.parametrize("who", ["salma", "youssef"])
async def test_themes_topics_answer_and_back(world: World, who: str, salma: Person, youssef: Person) -> None:
    person = {"salma": salma, "youssef": youssef}[who]
    language = "ar" if who == "youssef" else "fr"
    await person.says("/faq")
    person.reads(CHOOSE)
    assert person.labels[:4] == THEMES[language]
    await person.presses(THEMES[language][0])
    person.reads("Page {page} of {pages}", page="1", pages="2")
    assert len(person.screen.keyboard) == 10  # eight topics, the pages, Back
    first = person.labels[:8]
    await person.presses("Next ›")
    assert not set(first) & set(person.labels)
    assert not person.sees_button("Next ›")
    await person.presses("‹ Previous")
    assert person.labels[:8] == first
    await person.presses(title("password-rules", language))  # type: ignore[arg-type]
    person.reads("Did this help?")
    assert f"{world.fund.password_policy.maximum}" in person.shown
    await person.presses("‹ Back")
    assert person.labels[:8] == first
    await person.presses("‹ Back")
    person.reads(CHOOSE)
    assert len(person.heard) == 1, "one message, edited in place"


async def test_every_topic_can_be_opened_in_both_languages(
    world: World, salma: Person, youssef: Person
) -> None:
    for person in (salma, youssef):
        opened: set[str] = set()
        await person.says("/faq")
        for theme in person.labels[:-1]:
            await person.presses(theme)
            more = True
            while more:
                topics = [label for label in person.labels if not label.startswith(("‹", "Menu", "القائمة"))]
                for topic in topics:
                    if topic in opened or topic.endswith("›"):
                        continue
                    await person.presses(topic)
                    person.reads("Did this help?")
                    assert "{" not in person.shown
                    assert "}" not in person.shown
                    opened.add(topic)
                    await person.presses("‹ Back")
                more = person.sees_button("Next ›")
                if more:
                    await person.presses("Next ›")
            await person.presses("‹ Back")
        assert len(opened) == 52


async def test_a_topic_that_did_not_help_leads_to_a_person(world: World, salma: Person) -> None:
    await salma.says("/faq")
    await salma.presses(THEMES["fr"][0])
    await salma.presses(title("password-rules", "fr"))
    await salma.presses("👎 No")
    salma.reads("I am sorry that this did not help.")
    assert await votes(world) == {"password-rules": (0, 1)}


async def test_in_a_form_it_offers_to_leave_first(world: World, salma: Person) -> None:
    await salma.says("/register", "/faq")
    salma.reads("You are in the middle of: {form}.")
    await salma.presses("Go on")
    world.leaves(forms=1)


@pytest.mark.req("TH-02", "FL-21")
async def test_whatever_is_pressed_the_faq_has_an_answer(world: World, salma: Person) -> None:
    wild = ("theme:99", "theme:x", "theme:-1", "topic:7", "topic:²", "page:next", "page:", "list", "pick:0", "none", "yes",
            "no", "send", "call", "", "nothing:at:all", "theme:" + "9" * 30)  # fmt: skip
    for one in wild:
        await salma.says("/faq")
        revision = next(button.data for button in salma.screen.buttons if button.data).partition(".")[0]
        await salma.press_data(f"{revision}.faq:{one}", salma.screen)
        assert salma.labels, one
    await salma.says(FORGOTTEN)
    old = salma.screen
    await salma.says("/faq")
    await salma.press_data(next(b.data for b in old.buttons if b.data and "yes" in b.data), old)
    assert salma.noticed("This screen is out of date. Here is where you are.")
    assert await votes(world) == {}
