"""/unanswered: what could not be answered becomes a phrasing, a word, a negative or a topic; the effect is shown first; undo."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from playground import Group, Message
from playground.text import plain
from services.access import STRANGER
from services.faq import asking
from store import faq
from tests.people import Person
from tests.stories.desk import cards, lays_desk, rafiq
from tests.stories.faq import title, waiting
from tests.world import World

ASKED = "Où en est mon virement svp la mutuelle de Casa"
HEADING = "Question without an answer"


async def asks(world: World, *texts: str, topics: Sequence[str] = ("reimbursement-delay",)) -> None:
    """These questions wait."""
    thought = {"writing": "fr", "topics": list(topics)}
    for number, text in enumerate(texts):
        await world.run(
            lambda work, t=text, n=number: asking.keep(work, STRANGER, n + 1, t, thought, "unknown")
        )  # type: ignore[misc]


async def desk(world: World, *agents: Person) -> Group:
    """The group, these agents in it and on the list; what they publish is theirs alone."""
    world.spoilt = True
    group = await lays_desk(world, *agents, gate="match")
    for agent in agents:
        assert (
            await rafiq(world, "agents", "add", str(agent.id), agent.first_name or "Nadia")
        ).exit_code == 0
    return group


async def calls(world: World, agent: Person, group: Group, text: str = "/unanswered") -> Message:
    """An agent's command in the group; the newest card."""
    agent.phone.says(text, group)
    await world.answers()
    return cards(group)[-1]


async def notices(world: World) -> None:
    """A round, in which the bot notices the new version, and learns it."""
    await world.app.sweeper.round()
    await world.answers()


def says(world: World, source: str, card: Message) -> bool:
    return world.pattern(source, "fr").search(plain(card.text)) is not None


def labels(card: Message) -> list[str]:
    return [plain(label) for label in card.labels]


async def test_one_tap_makes_a_phrasing_and_it_is_answered_from_then_on(
    world: World, salma: Person, nadia: Person
) -> None:
    group = await desk(world, nadia)
    await asks(world, ASKED)
    card = await calls(world, nadia, group)
    assert says(world, HEADING, card)
    assert ASKED in plain(card.text)
    assert labels(card)[0] == title("reimbursement-delay", "fr")
    await nadia.presses(title("reimbursement-delay", "fr"), card)
    for line in (
        "A new way to ask for “{title}”.",
        "Known questions that find their topic: {was} → {now}",
        "Foreign questions that are answered: {was} → {now}",
        "This question would be answered with “{title}”.",
    ):
        assert says(world, line, card), plain(card.text)
    assert await world.read(faq.version) == 1, "nothing is published yet"
    await nadia.presses("Publish", card)
    assert says(world, "✅ Published by {agent}.", card)
    assert not await waiting(world)
    await notices(world)
    await salma.says(ASKED)
    assert title("reimbursement-delay", "fr") in salma.shown
    await nadia.presses("Latest changes…", card)
    listed = cards(group)[-1]
    await nadia.presses("Undo {n}", listed)
    assert says(world, "↩️ Taken back by {agent}. The question waits again.", listed)
    assert [one.text for one in await waiting(world)] == [ASKED]
    assert not [one for one in await world.read(faq.phrasings) if one.source == faq.AGENT]


async def test_any_topic_may_be_chosen(world: World, nadia: Person) -> None:
    group = await desk(world, nadia)
    await asks(world, ASKED, topics=())
    card = await calls(world, nadia, group)
    await nadia.presses("Another topic…", card)
    first = labels(card)[:8]
    await nadia.presses("Next ›", card)
    assert not set(first) & set(labels(card)[:8])
    await nadia.presses("‹ Previous", card)
    assert labels(card)[:8] == first
    await nadia.presses(title("matricule-where", "fr"), card)
    await nadia.presses("Don’t publish", card)
    assert says(world, HEADING, card)
    assert await world.read(faq.version) == 1
    await nadia.presses("Another topic…", card)
    await nadia.presses(title("matricule-where", "fr"), card)
    await nadia.presses("Publish", card)
    (added,) = [one for one in await world.read(faq.phrasings) if one.source == faq.AGENT]
    assert (added.topic, added.text) == ("matricule-where", ASKED)


async def test_a_word_is_picked_or_written_in_reply(world: World, nadia: Person) -> None:
    group = await desk(world, nadia)
    await asks(world, "chhal ghaliya zbouna dyali", "wach zbita kayna")
    card = await calls(world, nadia, group)
    await nadia.presses("A word…", card)
    await nadia.presses("ghaliya", card)
    assert says(world, "What does “{word}” mean?", card)
    await nadia.presses("argent", card)
    assert says(world, "“{word}” means: {concept}.", card)
    await nadia.presses("Publish", card)
    assert await world.read(faq.words) == [("argent", "ghaliya")]
    await nadia.presses("Next question", card)
    await nadia.presses("A word…", card)
    nadia.phone.replies(card, "Zbita dyal remb")
    await world.answers()
    asked = cards(group)[-1]
    assert says(world, "What does “{word}” mean?", asked)
    await nadia.presses("argent", asked)
    await nadia.presses("Publish", asked)
    assert ("argent", "zbita dyal remb") in await world.read(faq.words)
    await notices(world)


async def test_what_is_not_ours_and_what_is_dropped(world: World, nadia: Person) -> None:
    group = await desk(world, nadia)
    await asks(world, "la météo à Ifrane demain", "blablabla rien du tout")
    card = await calls(world, nadia, group)
    await nadia.presses("Not ours", card)
    assert says(world, "A question that is not ours.", card)
    await nadia.presses("Publish", card)
    assert await world.read(faq.negatives) == ["la météo à Ifrane demain"]
    await nadia.presses("Next question", card)
    await nadia.presses("Drop", card)
    assert says(world, "Dropped by {agent}.", card)
    await nadia.presses("Next question", card)
    assert says(world, "No question waits for an answer.", card)
    listed = await calls(world, nadia, group, "/unanswered undo")
    await nadia.presses("Undo {n}", listed)
    assert [one.text for one in await waiting(world)] == ["blablabla rien du tout"]


async def test_a_new_topic_is_written_in_private(world: World, youssef: Person, nadia: Person) -> None:
    await nadia.says("/start")
    group = await desk(world, nadia)
    await asks(world, "peut-on payer la cotisation par carte bancaire")
    card = await calls(world, nadia, group)
    await nadia.presses("New topic…", card)
    assert says(world, "{agent} is writing a new topic, in private with me.", card)
    nadia.reads("A new topic for this question:")
    await nadia.presses("Write it")
    nadia.reads("The title in French, as it stands on a button?")
    await nadia.says("x")
    nadia.reads("A title has 4 to {n} character: it stands on a button.")
    await nadia.says("Payer ma cotisation par carte", "أداء الاشتراك بالبطاقة البنكية")
    await nadia.says("Elle se paie au {guichet}.")
    nadia.reads(
        "An answer has 10 to {n} character and short lines; in braces it may name facts of the fund’s file only."
    )
    await nadia.says(
        "La cotisation se paie au siège.\nAppelez le {phone}.", "يؤدى الاشتراك في المقر. اتصلوا على {phone}."
    )
    await nadia.presses("Confirm")
    nadia.reads("A new topic: “{title}”.")
    nadia.reads("This question would be answered with “{title}”.")
    await nadia.presses("Publish")
    nadia.reads("✅ Published by {agent}.")
    assert not await waiting(world)
    await notices(world)
    await youssef.says("peut-on payer la cotisation par carte bancaire ?")
    assert "Payer ma cotisation par carte" in youssef.shown
    assert world.fund.health_fund.phone in youssef.shown
    await youssef.says("/faq")
    await youssef.presses("Other questions")
    assert "أداء الاشتراك بالبطاقة البنكية" in youssef.labels
    listed = await calls(world, nadia, group, "/unanswered undo")
    await nadia.presses("Undo {n}", listed)
    await notices(world)
    await youssef.says("/faq")
    assert not youssef.sees_button("Other questions")


@pytest.mark.req("TH-50", "TH-53", "TH-01")
async def test_only_agents_on_the_list(world: World, salma: Person, youssef: Person, nadia: Person) -> None:
    group = await desk(world, nadia)
    await asks(world, ASKED)
    card = await calls(world, nadia, group)
    group.joins(youssef.phone)
    before = card.text
    youssef.phone.says("/unanswered", group)
    await world.answers()
    assert says(world, "Only the fund’s agents can do this.", cards(group)[-1])
    for button in card.buttons:
        assert button.data
        press = await youssef.press_data(button.data, card)
        assert press.notices[0].alert
    await nadia.presses("A word…", card)
    youssef.phone.replies(card, "mot")
    await world.answers()
    assert card.text != before
    assert await world.read(faq.words) == []
    assert (await rafiq(world, "agents", "remove", str(nadia.id))).exit_code == 0
    press = await nadia.press_data(next(button.data for button in card.buttons if button.data), card)
    assert press.notices[0].alert
    await salma.says("/unanswered")
    salma.reads("I don't know this command.")
    await youssef.says("/start faq_topic")
    youssef.reads("Only the fund’s agents can do this.")
    assert await world.count("faq_edits") == 0


@pytest.mark.req("TH-02", "FL-28")
async def test_two_agents_do_not_get_in_each_others_way(world: World, nadia: Person, karim: Person) -> None:
    group = await desk(world, nadia, karim)
    await asks(world, ASKED, "une autre question qui attend")
    hers = await calls(world, nadia, group)
    his = await calls(world, karim, group)
    assert plain(his.text) != plain(hers.text)
    press = await karim.presses("Drop", hers)
    assert world.pattern("{agent} has this question in hand.", "fr").search(plain(press.notices[0].text))
    await nadia.presses(title("reimbursement-delay", "fr"), hers)
    await karim.presses("Not ours", his)
    await karim.presses("Publish", his)
    press = await nadia.presses("Publish", hers)
    assert world.pattern(
        "Something else was published meanwhile: here is the effect as it is now.", "fr"
    ).search(plain(press.notices[0].text))
    assert len([one for one in await world.read(faq.phrasings) if one.source == faq.AGENT]) == 0
    await nadia.presses("Publish", hers)
    assert len([one for one in await world.read(faq.phrasings) if one.source == faq.AGENT]) == 1
    await world.clock.advance(minutes=11)
    assert says(world, "No question waits for an answer.", await calls(world, karim, group))


@pytest.mark.req("TH-02", "FL-21")
async def test_old_and_forged_buttons(world: World, nadia: Person) -> None:
    group = await desk(world, nadia)
    await asks(world, ASKED)
    card = await calls(world, nadia, group)
    old = [button.data for button in card.buttons if button.data]
    await nadia.presses("Another topic…", card)
    press = await nadia.press_data(old[0], card)
    assert world.pattern("This card had moved on: here is where it stands.", "fr").search(
        plain(press.notices[0].text)
    )
    ref = old[0].split(":")[1]
    step = card.buttons[0].data.split(":")[2].partition(".")[0]  # type: ignore[union-attr]
    for wild in (
        "topic:99999",
        "topic:x",
        "concept:3",
        "concepts:77",
        "publish",
        "word:99",
        "topics:99",
        "nothing",
        "",
    ):
        now = next(button.data for button in cards(group)[-1].buttons if button.data)
        step = now.split(":")[2].partition(".")[0]
        await nadia.press_data(f"~faq:{ref}:{step}.{wild}", card)
    for wild in ("~faq:", "~faq:x:1.drop", "~faq:::", f"~faq:{ref}", "~faq:x:0.undo"):
        press = await nadia.press_data(wild, card)
        assert press.notices
    assert await world.count("faq_edits") == 0
    assert len(await waiting(world)) == 1


async def test_an_operators_file_beside_the_bot_is_noticed(world: World, salma: Person) -> None:
    world.spoilt = True
    path = world.folder / "faq.yaml"
    path.write_text(
        "topics:\n- {id: parking, fr: {title: Parking, phrasings: [Où garer ma voiture], answer: 'Derrière le siège.'},"
        " ar: {title: موقف السيارات, phrasings: [أين أركن سيارتي], answer: 'خلف المقر.'}}\n",
        "utf-8",
    )
    taken = await rafiq(world, "import", "faq", str(path), "--yes")
    assert taken.exit_code == 0, taken.output
    await notices(world)
    await salma.says("Où garer ma voiture")
    assert "Derrière le siège." in salma.shown
    await salma.says("/faq")
    assert salma.sees_button("Other questions")
