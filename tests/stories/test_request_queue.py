"""/requests in the agents' group, the reminder of what nobody took, and the group's command menu."""

from __future__ import annotations

import pytest

from playground import Group, Message
from playground.text import plain
from tests.people import Person
from tests.stories.desk import cards
from tests.stories.test_requests import NOT_AN_AGENT, PHONE, WORDS, asks, desk, said
from tests.world import World

LATE = "⏰ <b>{n} request has been waiting for an agent.</b>"
HANDS = "🖐 In the hands of {agent}."


async def lists(world: World, group: Group, who: Person) -> Message:
    """The list that /requests brings."""
    who.phone.says("/requests", group)
    await world.answers()
    return cards(group)[-1]


def reminders(world: World, group: Group) -> list[Message]:
    return [message for message in cards(group) if said(world, LATE, message.text)]


async def test_the_oldest_first_page_by_page_and_a_number_opens_its_card(
    world: World, salma: Person, youssef: Person, nadia: Person, karim: Person
) -> None:
    group = await desk(world, nadia, karim)
    numbers = [
        await asks(world, person) for person in (salma, youssef, salma, youssef, salma, youssef, salma)
    ]
    first, *_ = cards(group)
    await nadia.presses("Take", first)
    listed = await lists(world, group, karim)
    assert [listed.text.count(number) for number in numbers] == [1] * 5 + [0] * 2
    assert [plain(label) for label in listed.labels][:5] == ["1", "2", "3", "4", "5"]
    assert said(world, "{n} is not done yet.", listed.text, n="7")
    assert said(world, "{n} has not been taken.", listed.text, n="6")
    assert said(world, HANDS, listed.text, agent="Nadia")
    assert "Page 1" in plain(listed.text)
    await karim.presses("Next ›", listed)
    assert [number in listed.text for number in numbers] == [False] * 5 + [True] * 2
    await karim.presses("2", listed)
    card = cards(group)[-1]
    assert card is not listed
    assert said(world, "<b>{kind}</b> · {number}", card.text, number=numbers[6])
    await karim.presses("Take", card)
    await karim.presses("Show me in private", card)
    assert WORDS in plain(karim.shown)
    await karim.presses("Done", card)
    await karim.presses("↻ Renew", listed)
    assert numbers[6] not in listed.text
    whole = world.told(group.id)
    assert WORDS[:12] not in whole
    assert PHONE[4:] not in whole
    world.leaves(tokens=6, promises=1)  # what karim was shown vanishes later


@pytest.mark.req("TH-50")
async def test_only_the_fund_s_agents_are_shown_the_list(
    world: World, salma: Person, karim: Person, nadia: Person
) -> None:
    group = await desk(world, nadia)
    group.joins(karim.phone)
    await asks(world, salma)
    refused = await lists(world, group, karim)
    assert said(world, NOT_AN_AGENT, refused.text)
    listed = await lists(world, group, nadia)
    press = await karim.presses("1", listed)
    (notice,) = press.notices
    assert said(world, NOT_AN_AGENT, notice.text)
    assert cards(group)[-1] is listed
    world.leaves(tokens=1)


async def test_an_empty_list_says_so(world: World, nadia: Person) -> None:
    group = await desk(world, nadia)
    assert said(world, "No request is waiting.", (await lists(world, group, nadia)).text)


async def test_what_nobody_takes_is_recalled_once_a_working_day(
    world: World, salma: Person, youssef: Person, nadia: Person
) -> None:
    """It is Friday, ten o’clock; the fund's file says four hours of work."""
    group = await desk(world, nadia)
    number, other = await asks(world, salma), await asks(world, youssef)
    _, taken = cards(group)
    await nadia.presses("Take", taken)
    await world.clock.advance(hours=3)
    assert reminders(world, group) == []
    await world.clock.advance(hours=1, minutes=5)
    (first,) = reminders(world, group)
    assert number in first.text
    assert other not in first.text
    await world.clock.advance(hours=1)
    await world.clock.advance(hours=48)
    assert reminders(world, group) == [first], "no more on the same day, nor on Sunday"
    await world.clock.advance(hours=20, minutes=55)
    assert len(reminders(world, group)) == 2, "Monday"
    await nadia.presses("1", reminders(world, group)[1])
    await nadia.presses("Take", cards(group)[-1])
    await world.clock.advance(hours=48)
    assert len(reminders(world, group)) == 2, "it is taken"
    await nadia.presses("Give back", cards(group)[-1])
    await world.clock.advance(hours=24)
    assert len(reminders(world, group)) == 3, "it was given back the day before"
    world.leaves(tokens=3)


@pytest.mark.world(on="sqlite")
async def test_the_group_s_menu_names_what_agents_can_ask_for(world: World, nadia: Person) -> None:
    group = await desk(world, nadia)
    await world.settles()
    menu = world.playground.world.commands["chat", group.id, 0, ""]
    assert [one["command"] for one in menu] == ["requests", "unanswered"]
    assert menu[0]["description"] == "Demandes en attente d’un conseiller"
