"""Registration tells nobody who is a participant, who has a space, or whose address is known (TH-06)."""

from __future__ import annotations

import pytest

from tests.people import Person
from tests.stories.sentences import ASKED, CREATED, MISMATCH, ON_ITS_WAY, STOPPED_TODAY
from tests.world import World

pytestmark = pytest.mark.req("TH-06")

WRONG = {
    "unknown matricule": {"matricule": "999999"},
    "wrong last name": {"last_name": "Tazi"},
    "wrong first name": {"first_name": "Samira"},
    "wrong date": {"birth_date": "15/03/1984"},
    "another's matricule": {"matricule": "118305"},
    "all wrong": {"matricule": "5555", "last_name": "X", "first_name": "Y", "birth_date": "01/01/1970"},
}


def traffic(world: World, person: Person, since: int) -> list[tuple[str, object]]:
    """The bot's calls for a chat, as far as an onlooker could tell them apart."""
    calls = [call for call in list(world.playground.calls)[since:] if call.chat == person.id]
    return [(call.method, call.params.get("text")) for call in calls]


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_whatever_is_wrong_the_answer_is_the_same(world: World, salma: Person, language: str) -> None:
    told = {}
    for name, facts in WRONG.items():
        stranger = world.person("Stranger", language)
        stranger.matricule, stranger.last_name, stranger.first_name, stranger.born = salma.identity
        await stranger.fills_in("birth_date", **facts)
        since = len(world.playground.calls)
        await stranger.says(facts.get("birth_date", salma.born))
        stranger.reads(MISMATCH)
        told[name] = traffic(world, stranger, since)
    assert all(calls == told["unknown matricule"] for calls in told.values())
    world.leaves(forms=len(WRONG))


async def test_five_mismatches_stop_the_chat_for_the_day(world: World, salma: Person) -> None:
    await mismatches(world, salma, 4)
    await again(salma, *salma.identity[:3], "9/1/1970")
    salma.reads(STOPPED_TODAY)
    assert salma.sees_button("Help"), "the fifth says at once that it was the last"
    await salma.says("/register")
    salma.reads(STOPPED_TODAY, phone=world.fund.health_fund.phone, email=world.fund.health_fund.email)
    await world.restart()
    await salma.says("/register")
    salma.reads(STOPPED_TODAY)
    await world.clock.advance(hours=24)
    await salma.fills_in("email")
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


async def test_a_matricule_is_tried_five_times_a_day_by_whomever(world: World, salma: Person) -> None:
    """Strangers guess at Salma's date; from the fifth on nobody is told anything more, she herself included, until tomorrow."""
    for number in range(5):
        stranger = world.person(f"Stranger {number}")
        await stranger.says(
            "/register", salma.matricule, salma.last_name, salma.first_name, f"{number + 1}/1/1980"
        )
        stranger.reads(MISMATCH if number < 4 else STOPPED_TODAY)
    await salma.says("/register", *salma.identity)
    salma.reads(STOPPED_TODAY)
    await world.clock.advance(hours=24)
    await salma.fills_in("email")
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


async def test_an_unknown_matricule_is_counted_alike(world: World, salma: Person) -> None:
    """Else who is stopped would know that the matricule exists."""
    for number in range(6):
        stranger = world.person(f"Stranger {number}")
        await stranger.says("/register", "999999", "Tazi", "Amine", "01/02/1980")
        stranger.reads(MISMATCH if number < 4 else STOPPED_TODAY)
    world.leaves(forms=4)


async def test_who_has_left_the_fund_is_no_participant(world: World) -> None:
    await world.directory(participants=("777001,Chraibi,Omar,1980-02-03,,,,,2026-03-01",))
    omar = world.person("Omar", matricule="777001", last_name="Chraibi", born="03/02/1980")
    await omar.says("/register", *omar.identity)
    omar.reads(MISMATCH)
    world.leaves(forms=1)


# ── known and unknown accounts and addresses ─────────────────────────────────────────────────────────────────────────


async def confirms(world: World, person: Person) -> list[tuple[str, object]]:
    """Fill in the form and confirm: what an onlooker sees of the answer, the address put aside."""
    await person.fills_in()
    since = len(world.playground.calls)
    await person.presses("Confirm")
    person.reads(CREATED)
    person.reads(ON_ITS_WAY, email=person.email)
    return [(method, str(text).replace(person.email, "…")) for method, text in traffic(world, person, since)]


async def test_a_matricule_that_has_a_space_is_answered_like_success(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.has_space()
    thief = world.person("Thief", matricule=salma.matricule, last_name=salma.last_name, born=salma.born)
    thief.first_name, thief.email, thief.password = salma.first_name, "thief@example.net", "Mirabelle58"
    thief.answer = "impasse des figuiers"
    youssef.phone.user.renamed(language_code="fr")
    assert await confirms(world, thief) == await confirms(world, youssef)
    assert world.mailbox.to(thief.email) == []
    assert world.subjects(salma.email) == ["Vous avez déjà un espace participant CMIM"]
    assert await world.count("accounts") == 1
    await thief.presses("Send the mail again")
    assert world.mailbox.to(thief.email) == []
    world.leaves(tokens=1)  # Youssef's


async def test_an_address_in_use_is_answered_like_success(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.has_space()
    youssef.email = "SALMA@example.com"
    stranger = world.person("Amal", "ar")
    await world.directory(participants=("777002,Amrani,Amal,1990-05-06,,,,,",))
    stranger.matricule, stranger.last_name, stranger.first_name = "777002", "Amrani", "Amal"
    stranger.born, stranger.email = "06/05/1990", "amal@example.net"
    stranger.password, stranger.answer = "Mirabelle58", "impasse des figuiers"
    assert await confirms(world, youssef) == await confirms(world, stranger)
    mails = world.mailbox.to(salma.email)
    assert len(mails) == 1
    assert "CMIM" in mails[0].subject
    assert not any("activate" in link for link in mails[0].links)
    assert await world.count("accounts") == 1
    world.leaves(tokens=1)


@pytest.mark.req("TH-44")
async def test_the_owner_is_not_bombed_with_warnings(world: World, salma: Person) -> None:
    await salma.has_space()
    for number in range(4):
        thief = world.person(f"Thief {number}", matricule=salma.matricule, last_name=salma.last_name)
        thief.first_name, thief.born, thief.email = salma.first_name, salma.born, f"t{number}@example.net"
        thief.password, thief.answer = "Mirabelle58", "impasse des figuiers"
        await confirms(world, thief)
    assert world.subjects(salma.email) == ["Vous avez déjà un espace participant CMIM"] * 2


@pytest.mark.req("CF-09")
async def test_two_chats_claim_one_person_and_the_first_link_wins(world: World, salma: Person) -> None:
    other = world.person("Farid", matricule=salma.matricule, last_name=salma.last_name, born=salma.born)
    other.first_name, other.email = salma.first_name, "farid@example.net"
    other.password, other.answer = "Mirabelle58", "impasse des figuiers"
    await salma.registers(activates=False)
    await other.registers(activates=False)
    await salma.opens(world.activation_link(salma.email))
    salma.reads("✅ <b>Your participant space is active</b>, and you are signed in here.")
    await other.opens(world.activation_link(other.email))
    other.reads("This link is no longer valid.")
    assert await world.count("accounts") == 1


async def again(person: Person, *words: str) -> None:
    """Leave the form and answer the four questions anew."""
    await person.says("/cancel")
    await person.presses("Yes, stop")
    await person.says("/register", *words)


async def mismatches(world: World, person: Person, times: int) -> None:
    """Go through the four questions with a wrong date, some times."""
    await person.says("/register", *person.identity[:3], "1/1/1970")
    for number in range(1, times):
        person.reads(MISMATCH)
        await again(person, *person.identity[:3], f"{number + 1}/1/1970")
    person.reads(MISMATCH)
