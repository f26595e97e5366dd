"""A fund whose agents approve registrations: the card in their group, who may press it, and the list of agents (TH-50, CF-09)."""

from __future__ import annotations

import pytest

from playground import Group
from playground.text import plain
from tests.people import Person
from tests.stories.desk import cards, lays_desk, rafiq
from tests.stories.sentences import ACTIVE, CREATED
from tests.world import World

NOT_AN_AGENT = "Only the fund’s agents can do this."
CONFIRMED = "The fund has confirmed your identity: the activation mail is on its way to {email}."
NOT_CONFIRMED = "The fund could not confirm your registration. Please contact it: {phone}, {email}."
REVEALED = "Matricule {matricule}: {name}, born {birth_date}."


async def asks(world: World, person: Person, *agents: Person) -> Group:
    """A registration that waits for an agent; the agents are on the list, and in the group."""
    group = await lays_desk(world, *agents)
    for agent in agents:
        assert (
            await rafiq(world, "agents", "add", str(agent.id), agent.first_name or "Nadia")
        ).exit_code == 0
    await person.registers(activates=False)
    return group


def says(world: World, source: str, text: str, language: str = "fr") -> bool:
    """Whether a text is a sentence of the catalogue."""
    return world.pattern(source, language).search(plain(text)) is not None


@pytest.mark.req("CF-09", "TH-54", "TH-50")
async def test_an_agent_approves_and_the_mail_leaves(world: World, salma: Person, nadia: Person) -> None:
    group = await asks(world, salma, nadia)
    salma.reads(CREATED)
    assert not world.mailbox.mails, "nothing leaves before an agent has looked"
    (card,) = cards(group)
    assert says(world, "<b>Registration to approve</b>", card.text)
    for word in (salma.matricule, salma.last_name, "Salma", salma.born, salma.email):
        assert word not in card.text
    assert "••••27" in card.text
    press = await nadia.presses("Approve", card)
    assert press.notices
    assert says(world, "✅ Matricule {matricule}: approved by {agent}.", card.text)
    assert not card.buttons
    salma.reads(CONFIRMED, email=salma.email)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


@pytest.mark.req("CF-09")
async def test_an_agent_rejects_and_she_is_told(world: World, youssef: Person, nadia: Person) -> None:
    group = await asks(world, youssef, nadia)
    (card,) = cards(group)
    await nadia.presses("Reject", card)
    assert says(world, "❌ Matricule {matricule}: rejected by {agent}.", card.text)
    youssef.reads(NOT_CONFIRMED, phone="05 22 20 24 21")
    assert not world.mailbox.mails
    assert await world.count("accounts") == 0


@pytest.mark.req("TH-50", "TH-53", "CF-09")
async def test_who_is_no_agent_presses_in_vain(
    world: World, salma: Person, youssef: Person, nadia: Person, karim: Person
) -> None:
    """Neither membership of the group, nor being its administrator, nor having been an agent gives a right."""
    group = await asks(world, salma, nadia)
    group.joins(karim.phone, "administrator")
    group.joins(youssef.phone)
    (card,) = cards(group)
    before = card.text
    assert (await rafiq(world, "agents", "remove", str(nadia.id))).exit_code == 0
    for person in (karim, youssef, salma, nadia):
        for label in ("Approve", "Reject", "Show me in private"):
            data = next(b.data for b in card.buttons if b.data and says(world, label, b.text))
            press = await person.press_data(data, card)
            (notice,) = press.notices
            assert notice.alert
            assert says(world, NOT_AN_AGENT, notice.text, "fr")
    assert card.text == before
    assert not world.mailbox.mails
    assert not any(REVEALED[:9] in text and "Ouaïssi" in text for text in (*karim.heard, *nadia.heard))
    assert (await rafiq(world, "agents", "add", str(nadia.id), "Nadia")).exit_code == 0
    await nadia.presses("Approve", card)
    assert len(world.mailbox.to(salma.email)) == 1
    world.leaves(tokens=1)


@pytest.mark.req("TH-54", "TH-50")
async def test_the_identity_is_shown_to_one_agent_in_private(
    world: World, salma: Person, nadia: Person
) -> None:
    await nadia.says("/start")
    group = await asks(world, salma, nadia)
    (card,) = cards(group)
    press = await nadia.presses("Show me in private", card)
    assert says(world, "Sent to you in private.", press.notices[0].text)
    nadia.reads(REVEALED, matricule=salma.matricule, name="Salma El Ouaïssi")
    shown = nadia.screen
    assert shown.protect
    assert "Ouaïssi" not in world.told(group.id)
    await world.clock.advance(minutes=10)
    assert shown.deleted
    await nadia.presses("Reject", card)
    assert await world.count("accounts") == 0


@pytest.mark.req("TH-54", "BI-77")
async def test_an_agent_who_never_wrote_in_private_is_told_to(
    world: World, salma: Person, nadia: Person
) -> None:
    """A bot can't begin a conversation: saying "sent" would be untrue."""
    group = await asks(world, salma, nadia)
    (card,) = cards(group)
    press = await nadia.presses("Show me in private", card)
    assert press.notices[0].alert
    assert says(world, "Write to me in private first, then press again.", press.notices[0].text)
    await nadia.says("/start")
    await nadia.presses("Show me in private", card)
    nadia.reads(REVEALED, matricule=salma.matricule)
    await nadia.presses("Reject", card)
    await world.clock.advance(minutes=10)


@pytest.mark.req("TH-02", "TH-50", "FL-21")
async def test_a_card_serves_once(world: World, salma: Person, nadia: Person) -> None:
    group = await asks(world, salma, nadia)
    (card,) = cards(group)
    verbs = [button.data for button in card.buttons if button.data]
    await nadia.press_data(verbs[0], card)
    for data in (
        *verbs,
        "~approve:",
        "~approve:x",
        "~reveal:" + "A" * 43,
        "~go:menu",
        "1.approve:x",
        "~close:1",
    ):
        press = await nadia.press_data(data, card)
        assert press.notices
        assert press.notices[0].text
    assert world.subjects(salma.email) == [world.mailbox.mails[0].subject], "one mail"
    assert len(cards(group)) == 1
    world.leaves(tokens=1)


@pytest.mark.req("TH-04", "TH-01")
async def test_a_card_pressed_elsewhere_is_nothing(world: World, salma: Person, nadia: Person) -> None:
    group = await asks(world, salma, nadia)
    (card,) = cards(group)
    data = next(button.data for button in card.buttons if button.data)
    await nadia.says("/menu")
    await nadia.press_data(data)
    assert nadia.noticed("This screen is out of date. Here is where you are.")
    other = world.playground.group("Ailleurs", bot="administrator", members=[nadia.phone])
    nadia.phone.says("Bonjour", other)
    await world.answers()
    assert not world.mailbox.mails
    world.leaves(tokens=1)


@pytest.mark.req("BI-70", "BI-73", "BI-74", "TH-51", "INV-17")
async def test_what_is_written_in_the_agents_group_is_not_answered(
    world: World, salma: Person, nadia: Person
) -> None:
    group = await lays_desk(world, nadia, salma)
    nadia.phone.says("Bonjour à tous", group)
    salma.phone.says("/reimbursements", group)
    group.gets_a_channel_post("Nouvelles")
    group.bot_speaks("Autre", "/start")
    nadia.phone.sends("sticker", chat=group)
    await world.settles()
    assert not cards(group)
    assert group.chat.bot == "administrator", "the bot stays"


@pytest.mark.req("BI-75", "TH-56", "TG-19")
async def test_the_agents_group_becomes_a_supergroup(
    world: World, salma: Person, youssef: Person, nadia: Person
) -> None:
    """The settings still name the old group: cards find the new one, and the bot does not take it for a stranger's."""
    await nadia.says("/start")
    old = await lays_desk(world, nadia, kind="group")
    assert (await rafiq(world, "agents", "add", str(nadia.id), "Nadia")).exit_code == 0
    await salma.registers(activates=False)
    assert len(cards(old)) == 1
    new = old.migrates()
    await world.settles()
    nadia.phone.says("Bonjour", new)
    await youssef.registers(activates=False)
    await world.settles()
    assert new.chat.bot == "administrator", "the bot stays"
    (card,) = cards(new)
    await nadia.presses("Approve", card)
    assert len(world.mailbox.to(youssef.email)) == 1
    await world.restart()
    nadia.phone.says("Bonsoir", new)
    await world.settles()
    assert new.chat.bot == "administrator"
    other = world.playground.group("Ailleurs", bot="administrator", members=[nadia.phone])
    nadia.phone.says("Bonjour", other)
    await world.settles()
    assert other.chat.bot == "left"
    world.leaves(tokens=2)


@pytest.mark.req("BI-75", "TG-19")
async def test_a_card_on_its_way_while_the_group_moves(world: World, salma: Person, nadia: Person) -> None:
    """Telegram tells of the move by refusing the card: it is sent again, to the new group."""
    old = await lays_desk(world, nadia, kind="group")
    world.playground.updates.paused = True
    new = old.migrates()
    world.playground.updates.paused = False
    await salma.registers(activates=False)
    await world.settles()
    assert len(cards(new)) == 1
    assert cards(old) == []
    world.leaves(tokens=1)


async def test_the_command_line_keeps_the_list(world: World, nadia: Person, karim: Person) -> None:
    assert (await rafiq(world, "agents", "list")).output == ""
    added = await rafiq(world, "agents", "add", str(nadia.id), "Nadia B.", "--supervisor")
    assert added.output == f"{nadia.id} is on the list.\n"
    assert (await rafiq(world, "agents", "add", str(karim.id), "Karim")).exit_code == 0
    gone = await rafiq(world, "agents", "remove", str(karim.id))
    assert gone.output == f"{karim.id} is off the list.\n"
    listed = (await rafiq(world, "agents", "list")).output.splitlines()
    assert [line.split() for line in listed] == [
        [str(nadia.id), "supervisor", "active", "Nadia", "B."],
        [str(karim.id), "agent", "left", "Karim"],
    ]
    for unknown in (karim.id, 4):
        refused = await rafiq(world, "agents", "remove", str(unknown))
        assert refused.exit_code == 2
        assert refused.stderr == f"rafiq: {unknown} is not on the list\n"
    assert (await rafiq(world, "agents", "add", "nobody", "Nadia")).exit_code == 2


@pytest.mark.req("CF-09", "AS-37")
@pytest.mark.world(on="sqlite")
async def test_without_a_group_that_gate_is_refused_at_the_start(world: World) -> None:
    world.fund = world.fund.model_copy(update={"identity_gate": "agent"})
    with pytest.raises(Exception, match="needs RAFIQ_AGENTS_CHAT_ID"):
        world.make_app()
