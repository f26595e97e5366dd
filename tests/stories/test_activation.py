"""From the activation mail to the open space: links, their limits, and addresses that were mistyped."""

from __future__ import annotations

import re

import aiohttp
import pytest

from tests.people import Person
from tests.stories.sentences import ACTIVE, ASKED, BAD_LINK, CREATED, ON_ITS_WAY
from tests.world import World

SIGNED_IN = "You are signed in. What would you like to see?"
SENT_AGAIN = "A new activation mail is on its way; the link in the former one no longer works."
NOTHING_WAITS = "No registration is waiting for its activation here."
USED_UP = "You have asked for the mail five times today. Please try again tomorrow, or contact the fund."


async def test_the_link_opens_the_space_in_the_chat_that_registered(world: World, salma: Person) -> None:
    await salma.registers(activates=False)
    salma.reads(ON_ITS_WAY, email=salma.email)
    mail = world.mailbox.to(salma.email)[-1]
    assert mail.headers["Content-Language"] == "fr"
    link = world.activation_link(salma.email)
    assert re.fullmatch(rf"https://t\.me/{world.playground.bot_username}\?start=activate_[\w-]{{43}}", link)
    await salma.opens(link)
    salma.reads(ACTIVE)
    confirmation = world.mailbox.to(salma.email)[-1]
    assert confirmation.subject == "Votre espace participant CMIM est actif"
    for secret in (salma.password, salma.answer, salma.matricule):
        assert secret not in confirmation.text + confirmation.html
    await salma.says("/menu")
    salma.reads(SIGNED_IN)


async def test_youssef_gets_his_mails_in_arabic(world: World, youssef: Person) -> None:
    await youssef.registers()
    youssef.reads(ACTIVE)
    mails = world.mailbox.to(youssef.email)
    assert [mail.headers["Content-Language"] for mail in mails] == ["ar", "ar"]
    assert all('dir="rtl"' in mail.html for mail in mails)


@pytest.mark.req("TH-04", "BI-81")
async def test_the_link_in_a_strangers_chat_opens_nothing_and_is_not_spent(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.registers(activates=False)
    link = world.activation_link(salma.email)
    await youssef.opens(link)
    youssef.reads(BAD_LINK)
    assert salma.first_name not in youssef.shown
    await salma.opens(link)
    salma.reads(ACTIVE)
    await youssef.opens(link)
    youssef.reads(BAD_LINK)
    await youssef.says("/reimbursements")
    assert not youssef.has_read(SIGNED_IN)


@pytest.mark.req("CF-04", "INV-08")
async def test_the_link_works_once(world: World, salma: Person) -> None:
    await salma.registers()
    await salma.opens(world.activation_link(salma.email))
    salma.reads(BAD_LINK)
    await salma.says("/logout")
    await salma.opens(world.activation_link(salma.email))
    salma.reads(BAD_LINK)
    await salma.says("/menu")
    salma.reads("Is it your first time? Create your space. Do you have one? Sign in.")
    assert await world.count("accounts") == 1


@pytest.mark.req("CF-04", "INV-08")
@pytest.mark.world(mode="webhook")
async def test_the_link_pressed_twice_at_once(world: World, salma: Person) -> None:
    await salma.registers(activates=False)
    token = world.activation_link(salma.email).rpartition("/")[2]
    for _ in range(3):
        salma.phone.says(f"/start activate_{token}")
    await world.settles()
    assert salma.has_read(ACTIVE) == 1
    assert await world.count("accounts") == 1
    assert len(world.mailbox.to(salma.email)) == 2


@pytest.mark.req("CF-04")
async def test_the_link_lasts_24_hours(world: World, salma: Person) -> None:
    await salma.registers(activates=False)
    await world.clock.advance(hours=23, minutes=59)
    kept = world.activation_link(salma.email)
    await world.clock.advance(minutes=1)
    await salma.opens(kept)
    salma.reads(BAD_LINK)
    await salma.says("/register")
    await salma.presses("Send the mail again")
    salma.reads(SENT_AGAIN)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


@pytest.mark.req("BI-81", "CF-04")
@pytest.mark.world(on="sqlite")
async def test_damaged_links_are_all_answered_alike(world: World, salma: Person) -> None:
    await salma.registers(activates=False)
    link = world.activation_link(salma.email)
    payload = link.partition("start=")[2]
    token = payload.removeprefix("activate_")
    told = set()
    for damaged in (
        payload[:-1],
        payload[:-1] + ("A" if payload[-1] != "A" else "B"),
        "activate_",
        "activate_" + token.swapcase(),
        "reset_" + token,
        token,
        "activate_" + "A" * 43,
        "activate_" + token[::-1],
        "activate_%00",
        "ACTIVATE_" + token,
        "activate-" + token,
        payload + "x" * 40,
    ):
        before = len(salma.heard)
        await salma.says(f"/start {damaged}")
        assert len(salma.heard) == before + 1
        told.add(salma.shown)
    assert len(told) == 1
    salma.reads(BAD_LINK)
    await salma.opens(link)
    salma.reads(ACTIVE)


async def test_asking_again_voids_the_former_link_and_is_done_five_times_a_day(
    world: World, salma: Person
) -> None:
    await salma.registers(activates=False)
    for number in range(5):
        former = world.activation_link(salma.email)
        await salma.presses("Send the mail again")
        salma.reads(SENT_AGAIN)
        assert len(world.mailbox.to(salma.email)) == number + 2
        await salma.opens(former)
        salma.reads(BAD_LINK)
        await salma.says("/register")
    await salma.presses("Send the mail again")
    salma.reads(USED_UP)
    assert len(world.mailbox.to(salma.email)) == 6
    await salma.opens(world.activation_link(salma.email))  # the last one still works
    salma.reads(ACTIVE)


async def test_five_again_tomorrow(world: World, salma: Person) -> None:
    await salma.registers(activates=False)
    for _ in range(6):
        await salma.says("/register")
        await salma.presses("Send the mail again")
    salma.reads(USED_UP)
    await world.clock.advance(hours=24)
    await salma.says("/register")
    await salma.presses("Send the mail again")
    salma.reads(SENT_AGAIN)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


async def test_a_mistyped_address_is_corrected_before_the_activation(world: World, salma: Person) -> None:
    await salma.registers(activates=False, email="slama@example.org")
    wrong = world.activation_link("slama@example.org")
    await salma.presses("Correct the address")
    await salma.says("not an address")
    await salma.says(salma.email)
    salma.reads("The address is corrected.")
    salma.reads(ON_ITS_WAY, email=salma.email)
    await salma.opens(wrong)
    salma.reads(BAD_LINK)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)
    assert world.subjects(salma.email)[-1] == "Votre espace participant CMIM est actif"
    await salma.says("/logout", "/login", salma.email, salma.password)
    salma.reads(SIGNED_IN)


async def test_the_relay_refuses_the_address_and_the_chat_says_so(world: World, salma: Person) -> None:
    world.mailbox.fail("550", to="slama@example.org")
    await salma.registers(activates=False, email="slama@example.org")
    await world.settles()
    salma.reads(
        "The activation mail could not be delivered: the address {email} was refused.",
        email="slama@example.org",
    )
    await salma.presses("Correct the address")
    await salma.says(salma.email)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


async def test_the_address_on_file_is_told_when_another_one_registers(world: World, salma: Person) -> None:
    await salma.registers(activates=False, email="other@example.org")
    assert world.subjects(salma.email) == ["Un espace participant CMIM est en cours de création à votre nom"]
    assert world.activation_link("other@example.org")
    await world.clock.advance(hours=24)


async def test_nobody_is_told_where_the_address_is_the_one_on_file(world: World, salma: Person) -> None:
    await salma.registers(activates=False, email="Salma@EXAMPLE.com")
    assert len(world.mailbox.mails) == 1
    await salma.opens(world.activation_link(salma.email))


@pytest.mark.req("CF-09")
@pytest.mark.world(gate="directory_email")
async def test_the_gate_of_the_address_on_file(world: World, salma: Person, youssef: Person) -> None:
    """The link goes to the address that the fund has, whatever was typed; who has none there is told by mail."""
    await salma.registers(activates=False, email="other@example.org")
    assert not any(
        "activate" in link for mail in world.mailbox.to("other@example.org") for link in mail.links
    )
    await youssef.registers(activates=False)
    assert len(world.mailbox.to(youssef.email)) == 1
    assert not any("activate" in link for mail in world.mailbox.to(youssef.email) for link in mail.links)
    youssef.reads(CREATED)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


@pytest.mark.world(public=True)
@pytest.mark.req("TH-32")
async def test_with_a_public_address_the_link_opens_a_page_and_its_button_the_space(
    world: World, salma: Person
) -> None:
    await salma.registers(activates=False)
    link = world.activation_link(salma.email)
    assert link.startswith(f"{world.url}/activate/")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        for _ in range(3):  # a scanner of mail looks, and nothing happens
            async with browser.get(link, allow_redirects=False) as arrived:
                assert arrived.status == 303
                cookie = arrived.cookies["__Host-rafiq-activate"].value
        assert await world.count("accounts") == 0
        headers = {"Cookie": f"__Host-rafiq-activate={cookie}"}
        async with browser.get(f"{world.url}/activate", headers=headers) as shown:
            page = await shown.text()
        field = re.search(r'name="form_token"\s+value="([^"]+)"', page)
        assert field is not None
        assert await world.count("accounts") == 0
        for _ in range(2):
            form = {"form_token": field[1]}
            async with browser.post(f"{world.url}/activate", headers=headers, data=form) as done:
                assert done.status == 200
    await world.settles()
    salma.reads(ACTIVE)
    assert salma.has_read(ACTIVE) == 1
    assert await world.count("accounts") == 1
    menus = world.playground.called("setMyCommands")
    assert "logout" in {command["command"] for command in menus[-1].params["commands"]}, (
        "the menu has followed"
    )
    await salma.says("/menu")
    salma.reads(SIGNED_IN)
    assert world.playground.called("setMyCommands") == menus


async def test_the_link_survives_a_crash_between_confirm_and_mail(world: World, salma: Person) -> None:
    """What was promised is in the table: the next life sends it."""
    await salma.fills_in()
    world.playground.faults.add("hold", "editMessageText", salma.id)
    world.mailbox.fail("refuse", times=1)
    salma.phone.presses("Confirmer")
    await world.playground.quiet()
    await world.kill()
    world.playground.faults.clear()
    await world.start()
    for _ in range(2):  # the relay refuses once: before the crash or after it
        await world.clock.advance(seconds=90)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)
    assert await world.count("registrations") == 1


async def test_registering_again_while_one_waits(world: World, salma: Person) -> None:
    await salma.registers(activates=False)
    first = world.activation_link(salma.email)
    await salma.says("/register")
    salma.reads(ON_ITS_WAY, email=salma.email)
    await salma.presses("Start again from the beginning")
    salma.reads(ASKED["matricule"])
    await salma.says(*salma.identity, salma.email, salma.password, salma.password)
    await salma.presses("In which street did you live as a child?")
    await salma.says(salma.answer)
    await salma.presses("I agree")
    await salma.presses("Confirm")
    await salma.opens(first)
    salma.reads(BAD_LINK)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


async def test_who_has_a_space_is_not_asked_ten_questions(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/register")
    salma.reads("This chat has a space already. Sign out first to create another one.")
    await salma.press_data("~go:resend")
    salma.reads(NOTHING_WAITS)
    await salma.press_data("~go:address")
    salma.reads(NOTHING_WAITS)


@pytest.mark.req("CF-05")
async def test_five_registrations_a_day_from_one_chat(world: World, salma: Person) -> None:
    for number in range(5):
        if number:
            await salma.says("/register")
            await salma.presses("Start again from the beginning")
            await salma.says(*salma.identity, salma.email, salma.password, salma.password)
            await salma.presses("In which street did you live as a child?")
            await salma.says(salma.answer)
            await salma.presses("I agree")
            await salma.presses("Confirm")
        else:
            await salma.registers(activates=False)
        salma.reads(CREATED)
    await salma.says("/register")
    await salma.presses("Start again from the beginning")
    salma.reads("Registration is stopped for today from here. The fund can help you: {phone}, {email}.")
    await world.clock.advance(hours=24)
