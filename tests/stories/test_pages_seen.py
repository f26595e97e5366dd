"""Every one-time page of a secret and of a reimbursement, in every state, as Chromium shows it on a small telephone: read by axe, in both
languages, light, dark and in a Mini App's colours, at 200 % text; and without scripts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright, expect

from playground.mini_apps import launch
from tests.e2e.phone import SWITCHES
from tests.people import Person
from tests.stories.seen import busy, eye
from tests.world import World

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.timeout(180),
    pytest.mark.world(on="sqlite", public=True),
]
WRONG = "Mauvais4719"


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        yield browser
        await browser.close()


@pytest.fixture(params=["salma", "youssef"])
def reader(request: pytest.FixtureRequest, salma: Person, youssef: Person) -> Person:
    """She reads French, he reads Arabic."""
    return salma if request.param == "salma" else youssef


async def test_the_page_of_a_password_in_every_state(
    world: World, reader: Person, chromium: Browser, tmp_path: Path
) -> None:
    world.leaves(forms=1)
    await reader.fills_in(upto="password")
    link = reader.page_link or ""
    look = await eye(chromium, reader, "password", tmp_path)
    await look.page.goto(link)
    assert look.page.url == f"{world.url}/answer"
    await look.looks("empty", "Create my space")
    show = look.page.get_by_role("button", name=look.words("Show")).first
    await look.page.locator("#password").fill("visible1")
    await show.click()
    await expect(look.page.locator("#password")).to_have_attribute("type", "text")
    await look.looks("shown", "Create my space")
    await look.sends(password="kort1", repetition="kort1")
    await expect(look.page.locator("#password")).to_be_focused()
    await expect(look.page.locator("#password")).to_have_attribute("aria-invalid", "true")
    await look.looks("wrong", "Create my space")
    async with busy(world):
        await look.sends(password=reader.password, repetition=reader.password)
        await expect(look.page.locator(".faults")).to_be_focused()
        await look.looks("busy", "Create my space")
    await look.sends(password=reader.password, repetition=reader.password)
    await look.looks("done", "Received")
    await look.page.reload()
    await look.looks("done before", "Received already")
    await look.page.goto(link)
    await look.looks("bad link", "This page is closed")
    look.walked("answer")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_in_a_mini_app_the_page_has_telegrams_colours_and_knows_who_opened_it(
    world: World, reader: Person, chromium: Browser, tmp_path: Path, theme: str
) -> None:
    """The machine is set the other way round: Telegram's colours win."""
    await reader.has_space(signed_in=False)
    await reader.says("/login", reader.email)
    other: Any = "light" if theme == "dark" else "dark"
    look = await eye(chromium, reader, f"sign-in-app-{theme}", tmp_path, color_scheme=other)
    now = world.clock.now().timestamp()
    await look.page.goto(
        launch(reader.page_link or "", world.app._token, reader.phone.user.payload(), now, theme)
    )
    await expect(look.page.locator("[name=visitor]")).to_have_value(re.compile("[0-9a-f]{64}"))
    assert look.page.url == f"{world.url}/answer", "who opened it stands in no address"
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 33, 43)"}[theme]
    await expect(look.page.locator("body")).to_have_css("background-color", ground)
    await look.looks("empty", "Sign in")
    await world.clock.advance(minutes=7)
    await look.sends(password=WRONG)
    await expect(look.page.locator("body")).to_have_css("background-color", ground)
    await look.looks("wrong", "Sign in")
    await look.sends(password=reader.password)
    await look.looks("done", "Received")
    await world.answers()
    reader.reads("You are signed in. What would you like to see?")


@pytest.mark.req("TH-38")
async def test_a_mini_app_of_somebody_else_gets_the_closed_page(
    world: World, salma: Person, youssef: Person, chromium: Browser, tmp_path: Path
) -> None:
    world.leaves(forms=1, tokens=1)
    await salma.has_space(signed_in=False)
    await salma.says("/login", salma.email)
    look = await eye(chromium, salma, "stolen", tmp_path)
    now = world.clock.now().timestamp()
    await look.page.goto(launch(salma.page_link or "", world.app._token, youssef.phone.user.payload(), now))
    await look.sends(password=salma.password)
    await look.looks("bad link", "This page is closed")


async def test_a_question_of_ones_own(
    world: World, reader: Person, chromium: Browser, tmp_path: Path
) -> None:
    world.leaves(forms=1)
    await reader.fills_in(upto="question")
    await reader.presses("A question of my own")
    look = await eye(chromium, reader, "own-question", tmp_path)
    await look.page.goto(reader.page_link or "")
    await look.looks("empty", "Create my space")
    await look.sends(own_question="Court ?", answer="x")
    await expect(look.page.locator("#own_question")).to_have_value("Court ?")
    await expect(look.page.locator("#answer")).to_have_value("")
    await look.looks("wrong", "Create my space")
    await look.sends(own_question="Comment s'appelait ma chèvre ?", answer="Blanchette")
    await look.looks("done", "Received")


async def test_a_reimbursement(world: World, reader: Person, chromium: Browser, tmp_path: Path) -> None:
    world.leaves(promises=1)
    await reader.has_space()
    await reader.says("/reimbursements")
    await reader.presses("1")
    link = reader.page_link or ""
    look = await eye(chromium, reader, "detail", tmp_path)
    await look.page.goto(link)
    await look.looks("button", "Your reimbursement")
    await look.sends()
    await expect(look.page.locator("dd")).to_have_count(8)
    await look.looks("done", None)
    await look.page.reload()
    await look.looks("done before", "This page was shown already")
    await look.page.goto(link)
    await look.looks("bad link", "This page is closed")
    look.walked("detail")


async def test_a_statement(world: World, reader: Person, chromium: Browser, tmp_path: Path) -> None:
    """The page stays where it is while the browser keeps the file; it leads back to Telegram all the same."""
    world.leaves(promises=1)
    await reader.has_space()
    await reader.says("/statements")
    await reader.presses("1")
    link = reader.page_link or ""
    look = await eye(chromium, reader, "paper", tmp_path)
    await look.page.goto(link)
    await look.looks("button", "Your document")
    async with look.page.expect_download() as downloading:
        await look.sends()
    assert (await downloading.value).suggested_filename.endswith(".pdf")
    await expect(look.page.get_by_role("link", name=look.words("Open Telegram"))).to_be_visible()
    await look.looks("button after the file", "Your document")
    await look.sends()
    await look.looks("done before", "This document was downloaded already")
    await look.page.goto(link)
    await look.looks("bad link", "This page is closed")
    look.walked("paper")


async def test_without_scripts_nothing_is_missing(
    world: World, salma: Person, chromium: Browser, tmp_path: Path
) -> None:
    world.leaves(forms=1)
    await salma.fills_in(upto="password")
    look = await eye(chromium, salma, "plain", tmp_path, scripts=False)
    await look.page.goto(salma.page_link or "")
    await expect(look.page.locator("button")).to_have_count(1)
    await look.page.keyboard.press("Tab")
    await expect(look.page.locator("#password")).to_be_focused()
    await look.sends(password="kort1", repetition="")
    await expect(look.page.locator("#password")).to_be_focused()
    await look.sends(password=salma.password, repetition=salma.password)
    await expect(look.page.get_by_role("heading", level=1)).to_have_text(look.words("Received"))


@pytest.mark.req("CF-10")
async def test_a_paper_is_downloaded(world: World, reader: Person, chromium: Browser, tmp_path: Path) -> None:
    """A browser saves it, and the page stays; whoever presses again reads that it is done."""
    world.leaves(promises=1)
    await reader.has_space()
    await reader.says("/statements")
    await reader.presses("1")
    look = await eye(chromium, reader, "paper", tmp_path)
    await look.page.goto(reader.page_link or "")
    await look.looks("1-button", "Your document")
    async with look.page.expect_download() as coming:
        await look.sends()
    saved = await coming.value
    assert saved.suggested_filename.startswith("CMIM-D2026-")
    assert (await saved.path()).read_bytes().startswith(b"%PDF-")
    await look.sends()
    await look.looks("2-downloaded-before", "This document was downloaded already")
