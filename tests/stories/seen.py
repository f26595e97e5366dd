"""Looking at one-time pages in Chromium, state by state: what every state is held to, and which states each page has."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from kit.text import t
from tests.people import Person
from tests.webhooks.test_pages_in_a_browser import Phone, fit_for_all, in_colour, phone
from tests.world import World

# Every page that the bot serves to who brings a token, with all that it can show. A story walks through each (`Eye.walked`), and the
# routes of the running bot are held against this table: a new page is not served unseen. A page with fields can be filled in wrongly,
# and one that hashes can be busy; every one is done at some time, and every one has links that are not good.
STATES: dict[str, tuple[str, ...]] = {
    "answer": ("empty", "shown", "wrong", "busy", "done", "done before", "bad link"),
    "detail": ("button", "done", "done before", "bad link"),
    "paper": ("button", "button after the file", "done before", "bad link"),
    "activate": ("button", "done", "done before", "bad link"),
    "reset": ("empty", "wrong", "busy", "done", "bad link"),
    "email": ("button", "done", "bad link"),
    "keep": ("button", "done", "button after it took effect", "done after it took effect", "bad link"),
    "notme": ("button", "done", "bad link"),
}


class Eye:
    """Looks at a page in its present state, light and dark, and keeps pictures of it."""

    def __init__(self, hers: Phone, person: Person, name: str, folder: Path, plain: bool) -> None:
        self.hers, self.person, self.name, self.plain = hers, person, name, plain
        self.folder = Path(os.environ.get("RAFIQ_PICTURES") or folder)
        self.seen: list[str] = []

    @property
    def page(self) -> Page:
        return self.hers.page

    def words(self, source: str, **values: Any) -> str:
        """A sentence in the person's language."""
        language: Any = self.person.language
        return self.person.world.app.voices[language].plain(t(source, **values))

    async def looks(self, state: str, title: str | None) -> None:
        """The page has this title, is fit for everybody, and leads back to Telegram where there is nothing left to do."""
        if title is not None:
            await expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words(title))
        self.seen.append(state)
        if await self.page.locator("form").count() == 0:
            link = self.page.get_by_role("link", name=self.words("Open Telegram"))
            await expect(link).to_have_attribute(
                "href", f"https://t.me/{self.person.world.playground.bot_username}"
            )
        if self.plain:
            return
        language: Any = self.person.language
        await fit_for_all(self.page, language)
        for scheme in ("dark", "light"):
            async with in_colour(self.page, scheme):
                file = f"{self.name}-{len(self.seen)}-{state.replace(' ', '-')}-{language}-{scheme}.png"
                await self.page.screenshot(path=self.folder / file, full_page=True)

    async def sends(self, **typed: str) -> None:
        """Type and press the button."""
        for name, value in typed.items():
            await self.page.locator(f"#{name}").fill(value)
        await self.page.locator("form > button").first.click()

    def walked(self, name: str) -> None:
        """Every state of this page has been looked at, and the next page begins; the console had nothing to say but of answers."""
        assert tuple(self.seen) == STATES[name]
        spoken = [words for words in self.hers.complaints if "Failed to load resource" not in words]
        assert spoken == []
        self.seen.clear()


async def eye(
    chromium: Browser, person: Person, name: str, folder: Path, *, scripts: bool = True, **settings: Any
) -> Eye:
    """Somebody's telephone. Without scripts axe can't look either: then only what is there is looked at."""
    language: Any = person.language
    hers = await phone(chromium, language, java_script_enabled=scripts, **settings)
    return Eye(hers, person, name, folder, plain=not scripts)


@asynccontextmanager
async def busy(world: World) -> AsyncIterator[None]:
    """All that hashes is at work, and eight wait: the next page comes back."""
    gate = threading.Event()
    waiting = [asyncio.ensure_future(world.app._offload.compute(gate.wait, 20)) for _ in range(9)]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        gate.set()
        await asyncio.gather(*waiting)
