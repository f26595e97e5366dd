"""The pages in a real Chromium, on a small telephone, without scripts: read, pressed, measured, judged by axe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from kit.language import Language
from kit.sheet import Sheet
from kit.speech import Voices
from services.work import Work
from store.database import Database
from tests.webhooks.conftest import Served, serve
from webhooks import faults
from webhooks.once import cookie_of

COOKIE = cookie_of("activate")

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(60)]
SWITCHES = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden], [hidden])")].filter(node => {
    const box = node.getBoundingClientRect();
    return box.width < 24 || box.height < 24;
}).map(node => node.outerHTML)"""
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
AnotherSite = Callable[[str], Awaitable[str]]
SALMA = "100001"
BUTTON: dict[Language, str] = {"fr": "Activer mon espace", "ar": "تفعيل فضائي"}
DONE: dict[Language, str] = {
    "fr": "Votre espace participant est actif",
    "ar": "تم تفعيل فضاء المنخرط الخاص بكم",
}
TELEGRAM: dict[Language, str] = {"fr": "Ouvrir Telegram", "ar": "فتح تيليغرام"}


@pytest.fixture
async def local(sqlite: Database, voices: Voices) -> AsyncIterator[Served]:
    """The pages under an address that a browser on this machine can open."""
    served, site = await serve(sqlite, voices, "http://127.0.0.1:{port}")
    yield served
    await site.stop()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        yield browser
        await browser.close()


@pytest.fixture
async def another_site() -> AsyncIterator[AnotherSite]:
    """Serves one page on this machine, under a name that is another site to browsers."""
    runners: list[web.ServerRunner] = []

    async def serve_page(body: str) -> str:
        async def page(_request: web.BaseRequest) -> web.Response:
            return web.Response(text=body, content_type="text/html")

        runner = web.ServerRunner(web.Server(page))
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://localhost:{runner.addresses[0][1]}/"

    yield serve_page
    for runner in runners:
        await runner.cleanup()


@dataclass
class Phone:
    """A small telephone: its pages, and what its console complained of."""

    context: BrowserContext
    page: Page
    complaints: list[str]


async def phone(chromium: Browser, language: Language, **settings: Any) -> Phone:
    """A telephone of 320 pixels; scripts of pages are off unless told."""
    usual: dict[str, Any] = {"java_script_enabled": False, "viewport": {"width": 320, "height": 640}}
    context = await chromium.new_context(locale=f"{language}-MA", **(usual | settings))
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return Phone(context, page, complaints)


@pytest.mark.req("TH-31", "TH-35")
@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_salma_activates_on_her_telephone(local: Served, chromium: Browser, language: Language) -> None:
    token = await local.registers(42, SALMA, language)
    hers = await phone(chromium, language)
    page = hers.page
    await page.goto(f"{local.url}/activate/{token}")
    assert page.url == f"{local.url}/activate", "the token is out of the address"
    (cookie,) = await hers.context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == (COOKIE, True, True)
    button = page.get_by_role("button", name=BUTTON[language])
    assert await _height(button) >= 44
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=DONE[language])).to_be_visible()
    link = page.get_by_role("link", name=TELEGRAM[language])
    await expect(link).to_have_attribute("href", "https://t.me/rafiq_cmim_bot")
    assert await _height(link) >= 44
    assert await local.accounts() == 1
    assert hers.complaints == []


@pytest.mark.req("TH-35")
async def test_she_comes_from_a_webmail_which_is_another_site(
    local: Served, chromium: Browser, another_site: AnotherSite
) -> None:
    token = await local.registers(42, SALMA)
    hers = await phone(chromium, "fr")
    await hers.page.goto(await another_site(f'<a href="{local.url}/activate/{token}">mail</a>'))
    await hers.page.get_by_role("link").click()
    await hers.page.get_by_role("button", name=BUTTON["fr"]).click()
    await expect(hers.page.get_by_role("heading", name=DONE["fr"])).to_be_visible()


@pytest.mark.req("TH-31")
async def test_the_way_back_tells_nobody_where_she_comes_from(local: Served, chromium: Browser) -> None:
    token = await local.registers(42, SALMA)
    hers = await phone(chromium, "fr")
    local.bot.address = f"{local.url}/elsewhere"
    referers: list[str] = []
    hers.page.on("request", lambda request: referers.append(request.headers.get("referer", "")))
    await hers.page.goto(f"{local.url}/activate/{token}")
    await hers.page.get_by_role("button").click()
    await hers.page.get_by_role("link").click()
    await expect(hers.page.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible()
    assert len(referers) >= 4
    assert set(referers) == {""}


@pytest.mark.req("TH-34")
@pytest.mark.parametrize("way", ["post", "frame"])
async def test_another_site_cannot_use_her_cookie(
    local: Served, chromium: Browser, another_site: AnotherSite, way: str
) -> None:
    token = await local.registers(42, SALMA)
    hers = await phone(chromium, "fr", java_script_enabled=True)
    await hers.page.goto(f"{local.url}/activate/{token}")
    form_token = await hers.page.locator("[name=form_token]").get_attribute("value")
    # Even with the form's token stolen: Lax keeps the cookie back from a post, frame-ancestors the page from a frame.
    trap = {
        "post": f'<form method="post" action="{local.url}/activate">'
        f'<input name="form_token" value="{form_token}"><button>!</button></form>',
        "frame": f'<iframe src="{local.url}/activate"></iframe>',
    }
    evil = await hers.context.new_page()
    answer = evil.wait_for_event("response", lambda response: response.url == f"{local.url}/activate")
    waiting = asyncio.ensure_future(answer)
    await evil.goto(await another_site(trap[way]))
    if way == "post":
        await evil.get_by_role("button").click()
        await expect(evil.get_by_role("heading", name="Ce lien n’est plus valable")).to_be_visible()
        assert (await waiting).status == 403
    else:
        assert (await waiting).status == 404, "the cookie stays out of frames too"
        await expect(evil.frame_locator("iframe").locator("main")).to_have_count(0)
    assert await local.accounts() == 0


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_what_goes_wrong_can_be_read_by_everybody(
    sqlite: Database, voices: Voices, chromium: Browser, language: Language
) -> None:
    """Every status that has a page of its own, the one for the others, and the one for our own faults."""
    statuses = (*faults._BY_STATUS, 400, 500)
    served, site = await serve(sqlite, voices, "http://127.0.0.1:{port}", [Failing(one) for one in statuses])
    hers = await phone(chromium, language, java_script_enabled=True)
    for status in statuses:
        answer = await hers.page.goto(f"{served.url}/failing{status}/{'A' * 43}")
        assert answer is not None
        assert answer.status == status
        await fit_for_all(hers.page, language)
        await expect(hers.page.get_by_role("link", name=TELEGRAM[language])).to_have_count(int(status != 421))
    await site.stop()


class Failing:
    """A page that ends in a status."""

    bad = faults.NOT_FOUND

    def __init__(self, status: int) -> None:
        self.name = f"failing{status}"
        self._status = status

    def look(self, _work: Work, _token: str) -> Sheet | None:
        """It fails."""
        if self._status == 500:
            raise RuntimeError
        error = type("_Error", (web.HTTPError,), {"status_code": self._status})
        raise error

    act = past = look  # type: ignore[assignment]


async def _height(target: Locator) -> float:
    box = await target.bounding_box()
    assert box is not None
    return box["height"]


async def fit_for_all(page: Page, language: Language) -> None:
    """Axe finds nothing, and its colours are right in the light and in the dark; the page runs the right way, is styled, and has no
    sideways scrolling, at 200 % text either."""
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    for scheme in ("dark", "light"):
        async with in_colour(page, scheme):
            results = await Axe().run(page, options=CONTRAST)
            assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"
    small = await page.evaluate(SMALL_TARGETS)
    assert small == [], "targets of 24 px at least"
    html = page.locator("html")
    await expect(html).to_have_attribute("lang", language)
    direction = "rtl" if language == "ar" else "ltr"
    await expect(page.locator("body")).to_have_css("direction", direction)
    await expect(page.locator("body")).to_have_css("max-width", "544px")
    for size in ("200%", "100%"):
        await page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{overflow} px too wide at {size}"


@asynccontextmanager
async def in_colour(page: Page, scheme: Any) -> AsyncIterator[None]:
    """The machine is set to light or dark for as long as this lasts."""
    before = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    await page.emulate_media(color_scheme=scheme)
    yield
    await page.emulate_media(color_scheme=before)
