"""Every mail in a real Chromium: on a narrow telephone and on a wide screen, by day and by night, for those who see and who don't."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, async_playwright

from delivery.letters import LETTERS, Addresses
from kit.language import LANGUAGES, Language
from tests.mails.stage import CHAT, PAGES, mail, promise, text_of

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(60)]
SWITCHES = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A mail is shown inside a mailbox's page, whose landmarks are not ours: the standard's rules, without those of good practice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        yield browser
        await browser.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_read_every_mail(scheme: str, language: Language, browser: Browser) -> None:
    page = await browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    for template in LETTERS:
        message = mail(promise(template, language), Addresses(PAGES.public_url, CHAT.bot_username))
        await page.set_content(text_of(message, "html"))
        for width in (320, 360, 700):
            await page.set_viewport_size({"width": width, "height": 700})
            overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, (template, width)
        results = await Axe().run(page, options=RULES)
        assert results.violations_count == 0, f"{template}: {results.generate_report()}"
        if template == "activation":
            button = await page.locator("a").first.bounding_box()
            assert button is not None
            assert button["height"] >= 44  # what a thumb hits
