"""The demo's page as somebody uses it: what they press and type, and what they then read."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from kit.language import Language
from kit.speech import Speech, Voices
from kit.text import t

SWITCHES = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_MS = 20_000
# What sticks out of the window sideways, or is cut off in the chat.
STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter(node => {
    const box = node.getBoundingClientRect();
    const scrolls = node.closest(".hint, .tabs, svg, [hidden]");
    return box.width && !scrolls && (box.left < -1 || box.right > innerWidth + 1);
}).map(node => node.outerHTML.slice(0, 120))"""


class Phone:
    """One person in front of the page. Labels and sentences are named by their English source and looked for in their language."""

    def __init__(self, context: BrowserContext, page: Page, language: Language, pictures: Path) -> None:
        self.context, self.page, self.pictures = context, page, pictures
        self.speech: Speech = Voices()[language]
        self.chat = page.locator("#pane-participant")
        self.errors: list[str] = []
        self._taken = 0

    @classmethod
    async def opens(
        cls, browser: Browser, url: str, language: Language, who: str, pictures: Path, **options: object
    ) -> Phone:
        """The page in this language, with this person chosen."""
        context = await browser.new_context(
            locale="ar-MA" if language == "ar" else "fr-MA",
            timezone_id="Africa/Casablanca",
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()
        phone = cls(context, page, language, pictures)
        page.on("pageerror", lambda error: phone.errors.append(str(error)))
        await page.goto(f"{url}/?lang={language}")
        await phone.chat.locator("select.person").select_option(label=who)
        return phone

    def words(self, source: str) -> str:
        """A sentence of the catalogue in this person's language, as it stands without values."""
        return self.speech.plain(t(source))

    async def says(self, text: str) -> None:
        """Type and send."""
        box = self.chat.locator("textarea")
        await box.fill(text)
        await box.press("Enter")

    async def presses(self, source: str) -> None:
        """Press the newest button with this label."""
        await self.button(self.words(source)).click()

    def button(self, label: str) -> Locator:
        """The newest button under a message with this label."""
        return self.chat.locator(".keyboard button", has=self.page.get_by_text(label, exact=True)).last

    async def reads(self, words: str) -> None:
        """The newest message of the bot holds these words."""
        await expect(self.chat.locator("article.theirs").last).to_contain_text(words, timeout=TIMEOUT_MS)

    async def picture(self, name: str, page: Page | None = None) -> None:
        """Save what is seen, after a look that nothing sticks out of it."""
        page = page or self.page
        self._taken += 1
        await page.screenshot(path=self.pictures / f"{self._taken:02}-{name}.png")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert await page.evaluate(STICKS_OUT) == [], name

    async def types_on_page(self, name: str, **typed: str) -> None:
        """Open the page that the newest message offers, type into its fields, send; the way back closes it."""
        page = await self.opens_page()
        for field, value in typed.items():
            await page.locator(f"#{field}").fill(value)
        await self.picture(name, page)
        await self.sends_page(page, "Received")
        await page.close()

    async def opens_page(self) -> Page:
        """The page that the newest button offers, opened as a Mini App."""
        async with self.context.expect_page() as opened:
            await self.presses("Open the secure page")
        page = await opened.value
        await page.wait_for_load_state()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        assert "tgWebApp" not in page.url, "who opened it stands in no address"
        return page

    async def sends_page(self, page: Page, title: str) -> None:
        """Press the page's button, and read the title of what follows."""
        await page.get_by_role("button", name=self.words("Send")).click()
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_have_text(self.words(title), timeout=TIMEOUT_MS)

    async def opens_latest_mail(self, subject: str) -> Page:
        """Read the newest mail and follow its first link, into a page of its own."""
        newest = self.page.locator("#pane-mails .list button").first
        await expect(newest).to_contain_text(subject, timeout=TIMEOUT_MS)
        await newest.click()
        letter = self.page.frame_locator("#reader iframe")
        link = letter.get_by_role("link").first
        await expect(link).to_be_visible(timeout=TIMEOUT_MS)
        await self.picture("mail")
        async with self.context.expect_page() as opened:
            await link.click()
        page = await opened.value
        await page.wait_for_load_state()
        return page
