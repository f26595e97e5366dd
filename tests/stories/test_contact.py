"""How the fund is reached: /contact by need, to be called back, to write; /verify and what is reported; /about."""

from __future__ import annotations

from typing import Any

import pytest

from playground.text import plain
from services.fund import HeadOffice, Service, Words
from tests.people import Person
from tests.stories.desk import cards
from tests.stories.test_requests import desk, said
from tests.world import World

SENT = "✅ <b>Sent.</b>"
BY_PHONE = "The fund answers by telephone, {phone}, and by e-mail, {email}."


@pytest.mark.parametrize("who", ["salma", "youssef"])
async def test_a_stranger_finds_a_number(world: World, who: str, salma: Person, youssef: Person) -> None:
    """Without a space, without a sign-in, in either language."""
    person = {"salma": salma, "youssef": youssef}[who]
    await person.says("/contact")
    person.reads("🟢 Open now, until {time}.", time="16:30")
    person.reads("Monday to Friday, {hours}.")
    await person.presses("Teleservices for companies")
    person.reads("📞 {phone} ({dialled})", phone="05 22 20 24 21", dialled="+212522202421")
    person.reads("✉️ {email}", email="agencevirtuelle@cimr.ma")
    assert not person.sees_button("📞 Call me back"), "nobody could take it: there is no agents' group"
    await person.presses("‹ Back")
    await person.presses("All services")
    for title in ("Reimbursement of care", "Membership and rights", "Dental clinic"):
        person.reads(
            "• {title}", title=person.world.app.voices[_language(person)].plain(_title(world, title))
        )
    person.reads("In an emergency: SAMU {samu}, civil protection {protection}.", samu="141")
    await person.presses("‹ Back")
    await person.presses("Head office")
    person.reads("📍 {address}", address="Résidence Anafe, 36, Boulevard d'Anfa, 20040 Casablanca")
    assert len(person.phone.chat.live) == 2, "one screen, edited in place"
    await person.says("/callback")
    person.reads(BY_PHONE, phone="05 22 20 24 21")
    await person.says("/report")
    person.reads(BY_PHONE)


def _language(person: Person) -> Any:
    return person.language


def _title(world: World, source: str) -> Any:
    from services.contact import TITLES

    return next(text for text in TITLES.values() if text.id == source)


ANAFE = HeadOffice(
    building="Résidence Anafe", street="36, Boulevard d'Anfa", postcode="20040", city="Casablanca",
    latitude=33.5945, longitude=-7.6298,
)  # fmt: skip


async def test_a_head_office_with_coordinates_is_a_place_on_the_map(world: World, salma: Person) -> None:
    health = world.fund.health_fund.model_copy(update={"head_office": ANAFE})
    world.fund = world.fund.model_copy(update={"health_fund": health})
    await world.restart()
    await salma.says("/contact")
    await salma.presses("Head office")
    (call,) = world.playground.called("sendVenue")
    assert call.params["latitude"] == 33.5945
    salma.reads("📍 {address}")
    await salma.presses("‹ Back")
    salma.reads("What is it about?")


async def test_a_service_of_the_funds_own(world: World, youssef: Person) -> None:
    """An id that the catalogue doesn't know goes by its name in the fund's file, or by the id."""
    own = Service(id="optics", name=Words(fr="Optique", ar="البصريات"), phone="05 22 00 00 01")
    world.fund = world.fund.model_copy(update={"services": [own, Service(id="kine")]})
    await world.restart()
    await youssef.says("/contact")
    assert "البصريات" in youssef.labels
    await youssef.presses("البصريات")
    youssef.reads("📞 {phone} ({dialled})", phone="05 22 00 00 01", dialled="+212522000001")
    youssef.reads("✉️ {email}", email="info@cmim.ma")
    await youssef.presses("‹ Back")
    assert "kine" in youssef.labels


@pytest.mark.req("TH-54")
async def test_salma_asks_to_be_called_back(world: World, salma: Person, nadia: Person) -> None:
    await salma.has_space()
    group = await desk(world, nadia)
    await salma.says("/contact")
    await salma.presses("Long-term illness (ALD)")
    await salma.presses("📞 Call me back")
    salma.reads("Which number may the fund call?")
    await salma.says("06 12")
    salma.reads("Which number may the fund call?")
    await salma.says("٠٦ ١٢ ٣٤ ٥٦ ٧٨")
    await salma.presses("In the afternoon")
    await salma.says("Ma demande de prise en charge")
    salma.reads("{label}: <b>{value}</b>", value="+212612345678")
    await salma.presses("Ask to be called")
    salma.reads(SENT)
    salma.reads("You will be told here when one of them takes it up.")
    (card,) = cards(group)
    assert said(world, "Wished: {when}", card.text, when="L’après-midi")
    assert "ALD" in card.text
    assert "612345678" not in plain(card.text)
    await nadia.presses("Take", card)
    await nadia.presses("Show me in private", card)
    for words in ("+212612345678", "Ma demande de prise en charge", "El Ouaïssi"):
        assert words in nadia.shown
    await nadia.presses("Done", card)
    await world.clock.advance(minutes=10)


@pytest.mark.parametrize("label", ["📞 Call me back", "✉️ Write"])
async def test_the_ways_to_a_person_stay_open(
    world: World, youssef: Person, nadia: Person, label: str
) -> None:
    """He looks at the number, asks something else, scrolls up and presses: he is asked, not sent to where he was."""
    await desk(world, nadia)
    await youssef.says("/contact")
    await youssef.presses("Membership and rights")
    reached = youssef.screen
    await youssef.says("متى أتوصل بالتعويض؟")
    await youssef.presses(label, reached)
    assert not youssef.noticed("This screen is out of date. Here is where you are.")
    await youssef.presses("Cancel", reached)
    await youssef.presses("Yes, stop")


async def test_a_stranger_writes_and_is_answered_by_mail(
    world: World, youssef: Person, nadia: Person
) -> None:
    group = await desk(world, nadia)
    await youssef.says("/contact")
    await youssef.presses("Membership and rights")
    await youssef.presses("✉️ Write")
    await youssef.says("؟؟؟")
    youssef.reads("Please write it in words.")
    await youssef.says("ا" * 2001)
    youssef.reads("This is too long, {n} character: write at most {longest}.")
    await youssef.says("متى تبدأ التغطية؟\nشكرا")
    await youssef.presses("By telephone")
    youssef.reads("At which number?")
    await youssef.presses("‹ Back")
    await youssef.presses("By e-mail")
    youssef.reads("At which e-mail address?")
    await youssef.says(youssef.email)
    await youssef.presses("Send")
    youssef.reads(SENT)
    (card,) = cards(group)
    assert said(world, "Somebody who has not signed in.", card.text)
    assert "Langue : arabe" in plain(card.text).replace("\u202f", " ")
    await nadia.presses("Take", card)
    await nadia.presses("Show me in private", card)
    assert youssef.email in nadia.shown
    assert "متى تبدأ التغطية؟" in nadia.shown
    assert nadia.has_read("The participant can read that an agent saw it.") == 0
    await nadia.presses("Done", card)
    await world.clock.advance(minutes=10)


async def test_who_is_signed_in_is_not_asked_for_the_address(
    world: World, salma: Person, nadia: Person
) -> None:
    await salma.has_space()
    group = await desk(world, nadia)
    await salma.says("/write", "Bonjour, une question")
    await salma.presses("By e-mail")
    await salma.presses("Send")
    salma.reads(SENT)
    (card,) = cards(group)
    assert said(world, "Answer wished: {way}", card.text, way="Par e-mail")
    await salma.says("/write")
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    world.leaves(tokens=1)


@pytest.mark.req("CF-05")
async def test_too_many_are_told_the_telephone(world: World, salma: Person, nadia: Person) -> None:
    await desk(world, nadia)
    for _ in range(11):
        await salma.says(
            "/write",
            "Bonjour, une question",
        )
        await salma.presses("By telephone")
        await salma.says("0612345678")
        await salma.presses("Send")
    salma.reads("You have asked a lot of the agents today. For more, call {phone}.", phone="05 22 20 24 21")
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    world.leaves(tokens=10)


# ── is it really the fund? ───────────────────────────────────────────────────────────────────────────────────────────

LURE = "CMIM : votre remboursement est bloqué, payez 50 DH sur http://cmim-ma.example"


@pytest.mark.req("TH-17")
async def test_a_forwarded_message_is_offered_to_be_reported(
    world: World, salma: Person, nadia: Person
) -> None:
    group = await desk(world, nadia)
    await salma.says("/verify")
    salma.reads(
        "The only assistant of {fund} on Telegram is {bot}. Compare the name letter by letter.", fund="CMIM"
    )
    assert "@rafiq_demo_bot" in salma.shown
    await salma.forwards(LURE)
    salma.reads(
        "I don’t answer forwarded messages. Does this one seem suspicious? The fund’s agents look at it."
    )
    await salma.presses("🚩 Report this message")
    salma.reads("{label}: <b>{value}</b>", value=LURE)
    await salma.presses("Send to the agents")
    salma.reads("✅ <b>Thank you.</b> You help to protect others too.")
    (card,) = cards(group)
    assert said(world, "<b>{kind}</b> · {number}", card.text)
    assert "cmim-ma.example" not in card.text
    await nadia.presses("Take", card)
    await nadia.presses("Show me in private", card)
    assert LURE in nadia.shown
    kinds = {entity["type"] for entity in nadia.screen.payload()["entities"]}
    assert "pre" in kinds
    assert "url" not in kinds, "the link can't be opened by a slip"
    await nadia.presses("Done", card)
    await world.clock.advance(minutes=10)


async def test_reported_in_the_form_forwarded_or_typed(world: World, youssef: Person, nadia: Person) -> None:
    group = await desk(world, nadia)
    await youssef.says("/verify")
    await youssef.presses("🚩 Report a message")
    await youssef.sends("sticker")
    youssef.reads("Forward the suspicious message here, or type what it says and who sent it.")
    await youssef.forwards(LURE)
    await youssef.presses("Edit")
    await youssef.presses("Message")
    await youssef.says("رسالة من رقم مجهول تطلب رمزا")
    await youssef.presses("Send to the agents")
    assert len(cards(group)) == 1
    await youssef.forwards("😀")
    youssef.reads("I don't read forwarded messages: please write it in your own words.")
    world.leaves(tokens=1)


async def test_without_a_group_nothing_is_offered_that_nobody_would_read(world: World, salma: Person) -> None:
    await salma.says("/verify")
    assert not salma.sees_button("🚩 Report a message")
    await salma.forwards(LURE)
    salma.reads("I don't read forwarded messages: please write it in your own words.")


# ── who the fund is, and its documents ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["salma", "youssef"])
async def test_about_the_fund(world: World, who: str, salma: Person, youssef: Person) -> None:
    person = {"salma": salma, "youssef": youssef}[who]
    health = world.fund.health_fund
    world.fund = world.fund.model_copy(
        update={"health_fund": health.model_copy(update={"benefits": [*health.benefits, "eye_clinic"]})}
    )
    await world.restart()
    await person.says("/menu")
    await person.presses("About the fund")
    person.reads("Founded in {year}, under the statute of mutual funds: {law} of {date}.", year="1977")
    for line in ("• banks", "• a dental clinic", "• run by its own members;"):
        person.reads(line)
    assert "• eye clinic" in person.shown
    links = [button.url for button in person.screen.buttons if button.url]
    assert links == ["https://www.cmim.ma", "https://assures.cmim.ma"]
    await person.presses("Contact")
    person.reads("What is it about?")
