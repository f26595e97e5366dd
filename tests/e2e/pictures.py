"""The README's pictures: `python -m tests.e2e.pictures` takes them anew, from a demo of its own, into docs/images."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

from kit.language import Language
from tests.e2e.demo import ROOT, Demo
from tests.e2e.phone import SWITCHES, Phone
from tests.e2e.test_trying_it import activates, registers

FOLDER = ROOT / "docs" / "images"
WIDE = {"width": 1280, "height": 920}


async def _reads(
    demo: Demo,
    browser: Browser,
    language: Language,
    who: str,
    facts: tuple[str, ...],
    act: str,
    day: str = "",
) -> None:
    """Somebody who has registered has chosen an act among the reimbursements, and opened the line of that day."""
    with tempfile.TemporaryDirectory() as folder:
        phone = await Phone.opens(browser, demo.url, language, who, Path(folder), viewport=WIDE)
        await registers(phone, facts, "derb Sidi Bouloukat")
        await activates(phone, await phone.opens_latest_mail("CMIM"))
        await phone.presses("My reimbursements")
        await phone.presses("Show everything in this chat")
        await phone.presses("I agree")
        await phone.presses("Choose which")
        await phone.presses("Type of care")
        await phone.chat.locator(".keyboard button", has_text=act).last.click()
        await expect(phone.button(phone.words("Totals"))).to_be_visible()  # the list is back
        if day:
            await phone.button("2").click()
            await phone.reads(day)
        await phone.page.mouse.move(640, 910)
        await phone.page.screenshot(path=FOLDER / f"playground-{language}.png")
        await phone.context.close()


PEOPLE: tuple[tuple[Language, str, tuple[str, ...], str, str], ...] = (
    (
        "fr",
        "Youssef Benjelloun Touimi",
        ("118305", "Benjelloun Touimi", "Youssef", "02/11/1976", "y.benjelloun@example.com"),
        "Analyses de biologie",
        "",
    ),
    (
        "ar",
        "Fatima-Zahra Aït Lahcen",
        ("120944", "آيت لحسن", "فاطمة الزهراء", "25/07/1990", "fz.aitlahcen@example.com"),
        "تحاليل طبية",
        "10 غشت 2026",
    ),
)


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Demo(Path(folder)) as demo:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
            for language, who, facts, act, day in PEOPLE:
                await _reads(demo, browser, language, who, facts, act, day)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
