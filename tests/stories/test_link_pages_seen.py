"""The pages of links from mails in every state, as Chromium shows them; and that no page of the bot is left out of such a walk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.people import Person
from tests.stories.seen import STATES, Eye, busy, eye
from tests.stories.test_pages_seen import chromium as chromium
from tests.stories.test_pages_seen import reader as reader
from tests.stories.test_recovery import NEW, link_of
from tests.stories.test_recovery_pages import WANTED, forgets
from tests.world import World

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.timeout(180),
    pytest.mark.world(on="sqlite", public=True),
]
NO_PAGES = {"healthz", "readyz", "metrics", "static", "telegram"}
BAD = "This link is no longer valid"


async def test_no_page_is_left_out(world: World) -> None:
    """The routes of the running bot: each that isn't for machines has its states in the table, and the other way round."""
    server = world.app._server
    assert server is not None
    app = server._runner.app
    assert app is not None
    served = {resource.canonical.split("/")[1] for resource in app.router.resources()}
    assert served - NO_PAGES == STATES.keys()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
async def test_the_pages_of_mails_in_every_state(
    world: World, reader: Person, chromium: Browser, tmp_path: Path, scripts: bool
) -> None:
    look = await eye(chromium, reader, "link", tmp_path, scripts=scripts)
    await activates(world, look)
    await chooses_a_password(world, look)
    await changes_the_address(world, look)
    await locks(world, look)


async def opens(look: Eye, link: str) -> None:
    """A link from a mail; its token leaves the address."""
    look.name = link.split("/")[-2]
    await look.page.goto(link)
    assert look.page.url == link.rpartition("/")[0]


async def is_bad(look: Eye, link: str) -> None:
    """The link has served: the last state of its page."""
    await opens(look, link)
    await look.looks("bad link", BAD)
    look.walked(look.name)


async def activates(world: World, look: Eye) -> None:
    """The mail of the registration."""
    who = look.person
    await who.registers(activates=False)
    link = link_of(world, who.email, "activate")
    await opens(look, link)
    await look.looks("button", "Activate your participant space")
    await look.sends()
    await look.looks("done", "Your participant space is active")
    await look.page.reload()  # the form is posted again
    await look.looks("done before", "Your participant space is active already")
    await is_bad(look, link)


async def chooses_a_password(world: World, look: Eye) -> None:
    """Both fields wrong at once, the queue full, then right."""
    who = look.person
    await world.settles()
    await forgets(world, who, who.email, who.answer)
    link = link_of(world, who.email, "reset")
    await opens(look, link)
    await look.looks("empty", "Choose a new password")
    await look.sends(password="court1", repetition="court2")
    await expect(look.page.locator("#password")).to_be_focused()
    await expect(look.page.locator(".faults a")).to_have_count(2)
    await expect(look.page.locator("[aria-invalid=true]")).to_have_count(2)
    await look.looks("wrong", "Choose a new password")
    async with busy(world):
        await look.sends(password=NEW, repetition=NEW)
        await expect(look.page.locator(".faults")).to_be_focused()
        await look.looks("busy", "Choose a new password")
    await look.sends(password=NEW, repetition=NEW)
    await look.looks("done", "Your new password is set")
    await is_bad(look, link)


async def changes_the_address(world: World, look: Eye) -> None:
    """Asked for and cancelled; asked for, confirmed, and taken back."""
    who = look.person
    await world.settles()
    await who.says("/login", who.email)
    await who.types_on_page(password=NEW)
    await asks_for_another(world, who)
    cancel = link_of(world, who.email, "keep")
    await opens(look, cancel)
    await look.looks("button", "Cancel the change of address")
    await look.sends()
    await look.looks("done", "The change is cancelled")
    kept = list(look.seen)
    look.seen.clear()
    await asks_for_another(world, who)
    link = link_of(world, WANTED, "email")
    await opens(look, link)
    await look.looks("button", "Confirm my new address")
    await look.sends()
    await look.looks("done", "Your new address is confirmed")
    await is_bad(look, link)
    look.seen[:] = kept
    await world.settles()
    link = link_of(world, who.email, "keep")
    assert link != cancel
    await opens(look, link)
    await look.looks("button after it took effect", "Cancel the change of address")
    await look.sends()
    await look.looks("done after it took effect", "The change is cancelled")
    await is_bad(look, link)


async def asks_for_another(world: World, who: Person) -> None:
    """/email, as far as the mails."""
    await who.says("/email")
    await who.types_on_page(present=NEW)
    await who.says(WANTED)
    await world.settles()


async def locks(world: World, look: Eye) -> None:
    """From the mail that told of the new password."""
    link = link_of(world, look.person.email, "notme")
    await opens(look, link)
    await expect(look.page.locator("dd")).to_have_text(re.compile("@"))
    await look.looks("button", "Lock my space")
    await look.sends()
    await expect(look.page.locator("main p").first).to_have_text(
        look.words("Nobody can sign in to it any more, and no new password can be chosen.")
    )
    await expect(look.page.locator("main")).to_contain_text(re.compile(r"05(\xa0\d\d){4}"))
    await look.looks("done", "Your space is locked")
    await is_bad(look, link)
