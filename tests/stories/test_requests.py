"""Requests to people: the card in the agents' group, who may press it, what the person is told (TH-50 to TH-59)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kit.errors import Refused
from playground import Group, Message
from playground.limits import Limits
from playground.text import plain
from services import requests
from services.requests import Kind
from store import activity, desk_log
from tests.people import Person
from tests.stories.desk import cards, lays_desk, rafiq
from tests.stories.test_erasure import erases
from tests.world import World

NOT_AN_AGENT = "Only the fund’s agents can do this."
TAKEN_UP = "An agent of the fund has taken up your request {number}."
DEALT_WITH = "The fund has dealt with your request {number}."
IN_HANDS = "🖐 In the hands of {agent}."
PHONE = "+212612345678"
WORDS = "Mon remboursement du mois dernier n’est pas arrivé"


async def desk(world: World, *agents: Person) -> Group:
    """A group of agents who are on the list, and who have written to the bot."""
    group = await lays_desk(world, *agents, gate="match")
    for agent in agents:
        assert (
            await rafiq(world, "agents", "add", str(agent.id), agent.phone.user.first_name)
        ).exit_code == 0
        await agent.says("/start")
    return group


async def asks(world: World, person: Person, kind: Kind = Kind.CALLBACK, **values: Any) -> str:
    """A request of hers; its number."""
    if not person.heard:
        await person.says("/start")
    given = {"text": WORDS, "phone": PHONE, "when": "morning", "service": "reimbursements"} | values
    language: Any = person.language
    request = await world.run(lambda work: requests.file(work, kind, person.id, language=language, **given))
    return request.number


def said(world: World, source: str, text: str, **values: str) -> bool:
    """Whether a text of the group holds a sentence."""
    return world.pattern(source, "fr", **values).search(plain(text)) is not None


@pytest.mark.req("TH-50", "TH-54", "TH-58")
async def test_a_request_from_hand_to_hand(world: World, salma: Person, nadia: Person) -> None:
    account = await salma.has_space()
    group = await desk(world, nadia)
    number = await asks(world, salma, account_id=account)
    (card,) = cards(group)
    assert said(world, "<b>{kind}</b> · {number}", card.text, number=number)
    assert said(world, "⏳ Nobody has it yet.", card.text)
    assert "••••27" in plain(card.text)
    await nadia.presses("Take", card)
    assert said(world, IN_HANDS, card.text, agent="Nadia")
    salma.reads(TAKEN_UP, number=number)
    await nadia.presses("Show me in private", card)
    shown = nadia.screen
    for word in (salma.matricule, "El Ouaïssi", WORDS, "+212612345678", salma.email):
        assert word in plain(shown.text)
    assert shown.protect
    await nadia.presses("Done", card)
    assert said(world, "✅ Done by {agent}, on {date} at {time}.", card.text, agent="Nadia")
    assert not card.buttons
    salma.reads(DEALT_WITH, number=number)
    assert "Nadia" not in " ".join(salma.heard), "she hears of the fund, not of a person"
    whole = world.told(group.id)
    for word in (salma.matricule, "Ouaïssi", salma.email, "612345678", WORDS[:12]):
        assert word not in whole
    await world.clock.advance(minutes=10)
    assert shown.deleted
    rows = await world.read(lambda db: activity.of_account(db, account, 10))
    noted = [(row.event, row.actor, row.detail) for row in rows if "request" in row.event]
    assert noted == [
        ("request_done", "agent", number),
        ("request_read", "agent", number),
        ("request_filed", "owner", number),
    ]
    done = [row.act for row in await world.read(lambda db: desk_log.latest(db, 9))]
    assert done == ["request_done", "request_show", "request_take"]


@pytest.mark.req("TH-50", "FL-28")
async def test_two_agents_press_at_once(world: World, youssef: Person, nadia: Person, karim: Person) -> None:
    """One has it, and the other is told who."""
    group = await desk(world, nadia, karim)
    await asks(world, youssef)
    (card,) = cards(group)
    take = next(button.data for button in card.buttons if button.data)
    first, second = nadia.phone.press_data(take, card), karim.phone.press_data(take, card)
    await world.settles()
    winner, late = ("Nadia", second) if said(world, IN_HANDS, card.text, agent="Nadia") else ("Karim", first)
    (notice,) = late.notices
    assert notice.alert
    assert said(world, "{agent} has it already.", notice.text, agent=winner)
    assert youssef.has_read(TAKEN_UP) == 1
    loser = nadia if late is first else karim
    for label in ("Show me in private", "Done", "Give back"):
        press = await loser.presses(label, card)
        assert said(world, "{agent} has it already.", press.notices[0].text, agent=winner)
    assert not any(WORDS in text for text in loser.heard)
    world.leaves(tokens=1)


@pytest.mark.req("TH-50", "TH-53")
async def test_who_is_no_agent_presses_in_vain(
    world: World, salma: Person, nadia: Person, karim: Person
) -> None:
    group = await desk(world, nadia)
    group.joins(karim.phone, "administrator")
    await asks(world, salma)
    (card,) = cards(group)
    before, take = card.text, next(button.data for button in card.buttons if button.data)
    token = take.partition(":")[2]
    for verb in requests.VERBS:
        press = await karim.press_data(f"~{verb}:{token}", card)
        assert press.notices[0].alert
        assert said(world, NOT_AN_AGENT, press.notices[0].text)
    assert card.text == before
    refused = await world.read(lambda db: desk_log.latest(db, 9))
    assert [(row.telegram_id, row.outcome) for row in refused] == [(karim.id, "not_an_agent")] * 4
    await nadia.presses("Take", card)
    assert (await rafiq(world, "agents", "remove", str(nadia.id))).exit_code == 0
    press = await nadia.presses("Show me in private", card)
    assert said(world, NOT_AN_AGENT, press.notices[0].text)
    assert not any(WORDS in text for text in (*nadia.heard, *karim.heard))
    assert (await rafiq(world, "agents", "add", str(karim.id), "Karim")).exit_code == 0
    await karim.presses("Give back", card)
    await karim.presses("Take", card)
    assert said(world, IN_HANDS, card.text, agent="Karim")
    assert salma.has_read(TAKEN_UP) == 1, "she is told once"
    world.leaves(tokens=1)


@pytest.mark.req("TH-02", "TH-50")
async def test_an_old_press_on_a_request_that_is_done(world: World, salma: Person, nadia: Person) -> None:
    group = await desk(world, nadia)
    await asks(world, salma)
    (card,) = cards(group)
    token = next(button.data for button in card.buttons if button.data).partition(":")[2]
    press = await nadia.press_data(f"~request_done:{token}", card)
    assert said(world, "Nobody has it: take it first.", press.notices[0].text)
    await nadia.presses("Take", card)
    await nadia.presses("Done", card)
    for verb in requests.VERBS:
        press = await nadia.press_data(f"~{verb}:{token}", card)
        assert said(world, "{agent} has done it already.", press.notices[0].text, agent="Nadia")
    assert salma.has_read(DEALT_WITH) == 1
    await nadia.press_data("~request_take:" + "A" * 43, card)
    assert len(cards(group)) == 1


@pytest.mark.req("TH-54", "BI-77")
async def test_an_agent_who_never_wrote_in_private(world: World, salma: Person, nadia: Person) -> None:
    group = await lays_desk(world, nadia, gate="match")
    assert (await rafiq(world, "agents", "add", str(nadia.id), "Nadia")).exit_code == 0
    await asks(world, salma)
    (card,) = cards(group)
    await nadia.presses("Take", card)
    press = await nadia.presses("Show me in private", card)
    assert press.notices[0].alert
    assert said(world, "Write to me in private first, then press again.", press.notices[0].text)
    world.leaves(tokens=1)


@pytest.mark.req("CF-05")
async def test_ten_requests_a_day_and_it_was_not_me_always(
    world: World, salma: Person, nadia: Person
) -> None:
    group = await desk(world, nadia)
    for _ in range(10):
        await asks(world, salma)
    with pytest.raises(Refused) as refused:
        await asks(world, salma)
    assert refused.value.code == "too_many_requests"
    await asks(world, salma, Kind.NOT_ME)
    await world.clock.advance(hours=25)
    await asks(world, salma)
    assert len(cards(group)) == 12
    world.leaves(tokens=12)


async def test_without_a_group_nothing_can_be_asked(world: World, salma: Person) -> None:
    assert not await world.run(requests.possible)
    with pytest.raises(Refused) as refused:
        await asks(world, salma)
    assert refused.value.code == "no_desk"


async def test_what_is_done_is_kept_as_long_as_the_fund_says(
    world: World, salma: Person, nadia: Person
) -> None:
    group = await desk(world, nadia)
    await asks(world, salma)
    await asks(world, salma)
    first, second = cards(group)
    await nadia.presses("Take", first)
    await nadia.presses("Done", first)
    await nadia.presses("Take", second)
    await world.clock.advance(days=world.fund.retention_days.complaints_after_closing + 1)
    assert await world.count("requests") == 1, "what is not done stays"
    world.leaves(tokens=1)


@pytest.mark.req("TH-58")
async def test_out_of_hours_she_is_told_when(world: World, salma: Person, nadia: Person) -> None:
    await desk(world, nadia)

    async def hears() -> str:
        request: Any = await world.run(
            lambda work: requests.file(work, Kind.MESSAGE, salma.id, language="fr", text="x")
        )
        lines = await world.run(lambda work: requests.filed(work, request))
        return plain("\n".join(world.app.voices["fr"].plain(line) for line in lines))

    assert said(world, "You will be told here when one of them takes it up.", await hears())
    world.clock.at += dt.timedelta(
        hours=10
    )  # Friday evening; the 20th of March 2026 is in Ramadan's time, UTC
    assert "lundi à 08:30" in await hears()
    world.leaves(tokens=2)


@pytest.mark.req("BI-71", "BI-72", "BI-73", "TH-51")
async def test_who_hides_in_the_group_is_told_once(world: World, nadia: Person) -> None:
    group = await desk(world, nadia)
    notice = "Whoever wrote this is hidden, so it counts for nothing here: please answer in your own name."
    group.gets_a_channel_post("Nouvelles")
    nadia.phone.says("Bonjour", group)
    await world.settles()
    assert not cards(group)
    group.posts_anonymously("Bonjour")
    group.posts_as_channel("Bonjour")
    await world.settles()
    (message,) = cards(group)
    assert said(world, notice, message.text)
    await world.clock.advance(hours=25)
    group.posts_as_channel("Bonjour")
    await world.settles()
    assert len(cards(group)) == 2


@pytest.mark.req("TH-55", "TH-59")
async def test_what_agents_write_to_each_other_stays_there(
    world: World, salma: Person, nadia: Person
) -> None:
    """There is no answering by the group yet: neither a note nor a reply to a card leaves it."""
    group = await desk(world, nadia)
    await asks(world, salma)
    (card,) = cards(group)
    await nadia.presses("Take", card)
    heard = salma.heard
    nadia.phone.says("Elle se trompe, à mon avis", group)
    nadia.phone.says("Bonjour, nous regardons", group, reply_to=card)
    await world.settles()
    assert salma.heard == heard
    assert len(cards(group)) == 1
    world.leaves(tokens=1)


@pytest.mark.req("TH-57", "FL-01")
@pytest.mark.world(on="sqlite")
async def test_many_requests_at_once_all_arrive(world: World, salma: Person, nadia: Person) -> None:
    """Telegram takes twenty a minute into a group: what it refuses waits its turn, and the agents' presses are answered meanwhile."""
    group = await desk(world, nadia)
    world.playground.world.limits = Limits(group_per_minute=20)
    for _ in range(45):
        await asks(world, salma, Kind.NOT_ME)
    assert len(cards(group)) < 45
    await nadia.presses("Take", cards(group)[0])
    for _ in range(6):
        await world.clock.advance(minutes=1)
    assert len(cards(group)) == 45
    assert len({card.text for card in cards(group)}) == 45
    world.leaves(tokens=45)


async def test_a_request_survives_a_kill(world: World, salma: Person, nadia: Person) -> None:
    group = await desk(world, nadia)
    number = await asks(world, salma)
    (card,) = cards(group)
    await world.restart(kill=True)
    await nadia.presses("Take", card)
    salma_reads: Message = salma.screen
    assert number in plain(salma_reads.text)
    await nadia.presses("Done", card)


@pytest.mark.req("TH-54", "INV-13")
async def test_a_card_of_an_erased_space_leads_to_nobody(world: World, salma: Person, nadia: Person) -> None:
    account = await salma.has_space()
    group = await desk(world, nadia)
    await asks(world, salma, account_id=account)
    (card,) = cards(group)
    await nadia.presses("Take", card)
    await nadia.presses("Show me in private", card)
    shown = nadia.screen
    assert salma.matricule in plain(shown.text)
    await erases(salma)
    heard = len(nadia.heard)
    await nadia.presses("Show me in private", card)
    await nadia.presses("Done", card)
    assert len(nadia.heard) == heard, "nobody is shown any more"
    for word in (salma.matricule, salma.email, "Ouaïssi"):
        assert word not in world.told(group.id)
    await world.clock.advance(minutes=11)
    await world.settles()
    assert nadia.phone.chat.get(shown.id) is None, "what was shown in private goes too"
