"""A change of address: the new one confirms, the former one is told and can cancel for a day, also afterwards (SPEC 2.7, TH-43)."""

from __future__ import annotations

import pytest

import rafiq as command_line
from tests.people import Person
from tests.stories.desk import rafiq
from tests.stories.test_recovery import SIGNED_IN, forgets, link_of
from tests.world import World

WANTED = "salma.b@example.net"
ON_ITS_WAY = "A mail is on its way to {email}: open its link within {n} hour, and you sign in with this address from then on."
CONFIRMED = "✅ <b>Your new address is confirmed.</b> You sign in with it from now on."
CANCELLED = "The change of address is cancelled: your address stays {email}."
TAKEN_BACK = "The change of address is taken back: your address is {email} again."
NO = "This e-mail and this password do not go together."
OVER = "This link is no longer valid."
ASKED_MAIL = "Un changement d’adresse est demandé pour votre espace CMIM"
FORMER_MAIL = "Une autre adresse ouvre désormais votre espace CMIM"


async def wants(world: World, person: Person, password: str, address: str = WANTED) -> None:
    """/email to its reply."""
    await person.says("/email", password, address)
    person.reads(ON_ITS_WAY, email=address)
    await world.settles()


async def signs_in(world: World, person: Person, email: str, password: str, *, heard: str) -> None:
    """In a chat of their own, since the person's may be signed in."""
    chat = world.person("Ailleurs")
    await chat.says("/login", email, password)
    chat.reads(heard)
    if heard == NO:
        await chat.says("/cancel")
        await chat.presses("Yes, stop")


@pytest.mark.req("TH-43", "TH-10", "AS-39")
async def test_both_addresses_hear_of_it_and_the_new_one_confirms(world: World, salma: Person) -> None:
    await salma.has_space()
    await wants(world, salma, salma.password)
    assert world.subjects(WANTED) == ["Confirmez votre nouvelle adresse pour votre espace CMIM"]
    assert world.subjects(salma.email) == [ASKED_MAIL]
    await signs_in(world, salma, WANTED, salma.password, heard=NO)
    await salma.opens(link_of(world, WANTED, "email"))
    salma.reads(CONFIRMED)
    await world.settles()
    assert world.subjects(WANTED)[-1] == "Cette adresse ouvre désormais votre espace CMIM"
    assert world.subjects(salma.email) == [ASKED_MAIL, FORMER_MAIL]
    await signs_in(world, salma, salma.email, salma.password, heard=NO)
    await signs_in(world, salma, WANTED, salma.password, heard=SIGNED_IN)
    world.leaves(tokens=2)  # the former address may cancel, by either of its mails


@pytest.mark.req("TH-43")
async def test_the_former_address_cancels_what_was_asked_for(world: World, salma: Person) -> None:
    await salma.has_space()
    await wants(world, salma, salma.password)
    stranger = world.person("Ordinateur")
    await stranger.opens(link_of(world, salma.email, "keep"))
    stranger.reads("Cancel the change of the e-mail address of your space?")
    await stranger.presses("Cancel the change")
    stranger.reads(CANCELLED, email=salma.email)
    await world.settles()
    assert salma.has_read(CANCELLED, email=salma.email) == 1
    await salma.opens(link_of(world, WANTED, "email"))
    salma.reads(OVER)
    await signs_in(world, salma, salma.email, salma.password, heard=SIGNED_IN)


@pytest.mark.req("TH-43")
async def test_it_is_taken_back_for_a_day_after_it_took_effect(world: World, salma: Person) -> None:
    """A thief with the password moves the space to an address of theirs; the owner's mailbox undoes it all."""
    await salma.has_space()
    thief = world.person("Voleur")
    await thief.says("/login", salma.email, salma.password)
    await wants(world, thief, salma.password, "voleur@example.net")
    await world.clock.advance(hours=10)
    await thief.opens(link_of(world, "voleur@example.net", "email"))
    thief.reads(CONFIRMED)
    assert salma.has_read("The e-mail address of your space is now {email}.", email="voleur@example.net") == 1
    await world.clock.advance(hours=23)
    await salma.opens(link_of(world, salma.email, "keep"))
    await salma.presses("Cancel the change")
    salma.reads(TAKEN_BACK, email=salma.email)
    await world.settles()
    thief.reads(TAKEN_BACK)
    await signs_in(world, salma, "voleur@example.net", salma.password, heard=NO)
    await signs_in(world, salma, salma.email, salma.password, heard=NO)
    await salma.presses("Forgotten password?")
    await salma.says(salma.email, salma.answer)
    await world.settles()
    await salma.opens(link_of(world, salma.email, "reset"))
    await salma.says("Corniche58", "Corniche58")
    await signs_in(world, salma, salma.email, "Corniche58", heard=SIGNED_IN)
    world.leaves(
        tokens=3
    )  # "it was not me": twice of the thief's change in her chat, once of the reset in the mail


@pytest.mark.req("TH-43")
async def test_the_first_owner_has_the_last_word(world: World, salma: Person) -> None:
    """Two changes in a row: the thief's cancel of the second brings the first back, never past the owner's own."""
    await salma.has_space()
    thief = world.person("Voleur")
    await thief.says("/login", salma.email, salma.password)
    for address in ("voleur1@example.net", "voleur2@example.net"):
        await wants(world, thief, salma.password, address)
        await thief.opens(link_of(world, address, "email"))
        thief.reads(CONFIRMED)
    theirs = link_of(world, "voleur1@example.net", "keep")
    await salma.opens(link_of(world, salma.email, "keep"))
    await salma.presses("Cancel the change")
    salma.reads(TAKEN_BACK, email=salma.email)
    await thief.opens(theirs)
    thief.reads(OVER)
    await world.clock.advance(days=31)


@pytest.mark.req("TH-43")
async def test_after_a_day_the_former_address_has_nothing_to_say(world: World, salma: Person) -> None:
    await salma.has_space()
    await wants(world, salma, salma.password)
    await salma.opens(link_of(world, WANTED, "email"))
    await world.clock.advance(hours=24)
    await salma.opens(link_of(world, salma.email, "keep"))
    salma.reads(OVER)


@pytest.mark.req("TH-06", "BI-48")
async def test_an_address_of_somebody_elses_is_answered_alike(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.has_space()
    await youssef.has_space()
    await wants(world, salma, salma.password, youssef.email)
    assert world.subjects(youssef.email) == ["محاولة لاستعمال عنوانكم لدى CMIM"]
    assert not any("email" in link for link in world.mailbox.to(youssef.email)[-1].links)
    assert world.subjects(salma.email) == [ASKED_MAIL]
    world.leaves(tokens=1)


@pytest.mark.req("BI-45", "BI-40")
async def test_a_slip_of_the_pen_is_asked_about_and_ones_own_address_refused(
    world: World, salma: Person
) -> None:
    await salma.has_space()
    await salma.says("/email", salma.password, "salma@gmial.com")
    salma.reads("Did you mean {email}?", email="salma@gmail.com")
    await salma.says("SALMA@example.com")
    salma.reads("This is your address already: type the new one.")
    await salma.says("a" * 65 + "@example.net")
    await salma.says(WANTED)
    salma.reads(ON_ITS_WAY, email=WANTED)
    world.leaves(tokens=2)


@pytest.mark.req("TH-04", "CF-04")
async def test_the_link_confirms_in_the_chat_that_asked_and_once(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.has_space()
    await wants(world, salma, salma.password)
    link = link_of(world, WANTED, "email")
    await youssef.opens(link)
    youssef.reads(OVER)
    await salma.opens(link)
    salma.reads(CONFIRMED)
    await salma.opens(link)
    salma.reads(OVER)
    world.leaves(tokens=2)


@pytest.mark.req("TH-44")
async def test_nobody_is_mailed_without_end_through_a_space(world: World, salma: Person) -> None:
    await salma.has_space()
    for number in range(5):
        await wants(world, salma, salma.password, f"victime{number}@example.net")
    await salma.says("/email", salma.password, "victime9@example.net")
    salma.reads("You have asked for several changes today. Please try again tomorrow.")
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    assert world.mailbox.to("victime9@example.net") == []
    world.leaves(tokens=6)


@pytest.mark.req("CF-04")
async def test_a_reset_voids_a_change_that_waits(world: World, salma: Person) -> None:
    await salma.has_space()
    await wants(world, salma, salma.password)
    await forgets(world, salma, salma.email, salma.answer)
    await salma.opens(link_of(world, salma.email, "reset"))
    await salma.says("Corniche58", "Corniche58")
    await salma.opens(link_of(world, WANTED, "email"))
    salma.reads(OVER)
    world.leaves(tokens=2)  # the cancel of the former address, and "it was not me"


@pytest.mark.req("CF-07", "AS-45")
async def test_who_has_lost_the_mailbox_is_helped_by_the_fund_and_the_former_one_can_object(
    world: World, salma: Person, youssef: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await salma.has_space(signed_in=False)
    await youssef.has_space()
    monkeypatch.setattr(command_line, "Clock", lambda: world.clock)
    for wrong in (("999999", WANTED), (salma.matricule, youssef.email), (salma.matricule, "salma@")):
        result = await rafiq(world, "accounts", "unlock", wrong[0], "--email", wrong[1])
        assert result.exit_code == 2
    assert (await rafiq(world, "accounts", "unlock", salma.matricule)).exit_code == 2, "it isn't locked"
    done = await rafiq(world, "accounts", "unlock", salma.matricule, "--email", WANTED)
    assert done.exit_code == 0, done.output
    await world.clock.advance(seconds=1)
    assert world.subjects(WANTED) == ["Votre espace participant CMIM peut être rouvert"]
    await signs_in(world, salma, WANTED, salma.password, heard=NO)
    await forgets(world, salma, WANTED, salma.answer)
    await salma.opens(link_of(world, WANTED, "reset"))
    await salma.says("Corniche58", "Corniche58")
    await signs_in(world, salma, WANTED, "Corniche58", heard=SIGNED_IN)
    await salma.opens(link_of(world, salma.email, "keep"))
    await salma.presses("Cancel the change")
    salma.reads(TAKEN_BACK, email=salma.email)
    await world.clock.advance(days=31)
