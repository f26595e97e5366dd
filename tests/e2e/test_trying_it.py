"""Somebody tries Rafiq with the one command of the README: the whole way, by clicking and typing in the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.demo import Demo
from tests.e2e.phone import TIMEOUT_MS, Phone

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.timeout(240)]
PASSWORD = "Tagine7bleu9"
CHOSEN = "#pane-participant select.person option:checked"


async def registers(phone: Phone, facts: tuple[str, ...], answer: str) -> None:
    """/start, the ten questions, the summary, Confirm."""
    await phone.chat.locator(".welcome button").click()
    await phone.reads(phone.words("Is it your first time? Create your space. Do you have one? Sign in."))
    await phone.picture("welcome")
    await phone.presses("Create my space")
    for number, fact in enumerate(facts, start=1):
        await phone.reads(f"{number}/10")
        await phone.says(fact)
    await phone.reads("6/10")
    await phone.picture("secret")
    await phone.types_on_page("page-password", password=PASSWORD, repetition=PASSWORD)
    await phone.reads("8/10")
    await expect(phone.chat.get_by_text(PASSWORD)).to_have_count(0)
    await phone.picture("questions")
    await phone.presses("In which street did you live as a child?")
    await phone.reads("9/10")
    await phone.types_on_page("page-answer", answer=answer)
    await phone.reads("10/10")
    await expect(phone.chat.get_by_text(answer)).to_have_count(0)
    await phone.picture("consent")
    await phone.presses("I agree")
    await phone.reads(facts[1])
    await phone.picture("summary")
    await phone.presses("Confirm")
    await phone.reads(phone.words("✅ <b>Your account is created.</b>"))


async def activates(phone: Phone, page: Page) -> None:
    """The page that the mail's link opens, its button, its way back to the chat, and what the chat says then."""
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(phone.words("Activate your participant space"))
    await phone.picture("page", page)
    await page.get_by_role("button", name=phone.words("Activate my space")).click()
    await expect(heading).to_have_text(phone.words("Your participant space is active"), timeout=TIMEOUT_MS)
    await phone.picture("page-active", page)
    await page.get_by_role("link", name=phone.words("Open Telegram")).click()
    await expect(page.locator(CHOSEN)).to_have_text(await phone.page.locator(CHOSEN).inner_text())
    await page.close()
    await phone.reads(phone.words("✅ <b>Your participant space is active</b>, and you are signed in here."))


async def reads_on_its_page(phone: Phone) -> None:
    """A line of the list that is bare of health data, on the page that a Mini App shows at once."""
    await phone.picture("bare-list")
    await phone.button("1").click()
    async with phone.context.expect_page() as opened:
        await phone.presses("Read it on its page")
    page = await opened.value
    await expect(page.locator("dd")).to_have_count(8, timeout=TIMEOUT_MS)
    await phone.picture("page-detail", page)
    await page.close()


async def test_in_arabic_from_the_first_word_to_the_reimbursements(
    demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    phone = await Phone.opens(
        browser,
        demo.url,
        "ar",
        "Fatima-Zahra Aït Lahcen",
        tmp_path,
        viewport={"width": 1280, "height": 800},
    )
    assert await phone.page.evaluate("document.documentElement.dir") == "rtl"
    facts = ("١٢٠٩٤٤", "آيت لحسن", "فاطمة الزهراء", "٢٥/٠٧/١٩٩٠", "fz.aitlahcen@example.com")
    await registers(phone, facts, "زنقة الياسمين بفاس")
    page = await phone.opens_latest_mail("CMIM")
    assert await page.evaluate("document.documentElement.dir") == "rtl"
    await activates(phone, page)

    await phone.presses("My reimbursements")
    await reads_on_its_page(phone)
    await phone.presses("Show everything in this chat")
    question = phone.words("<b>May I show your health data in this chat?</b>")
    await expect(phone.chat.get_by_text(question).last).to_be_visible(timeout=TIMEOUT_MS)
    await phone.picture("health-data")
    await phone.presses("I agree")
    await phone.reads("درهم")
    await phone.picture("reimbursements")
    await phone.button("1").click()
    await phone.reads("25 أكتوبر 2026")
    await phone.picture("line")
    text = phone.chat.locator("article.theirs .text").last
    assert await text.evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"
    assert phone.errors == []


async def test_in_french_on_a_small_phone_and_back_in_after_locking(
    demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    phone = await Phone.opens(
        browser,
        demo.url,
        "fr",
        "Youssef Benjelloun Touimi",
        tmp_path,
        viewport={"width": 360, "height": 740},
        color_scheme="dark",
        has_touch=True,
    )
    facts = ("118305", "benjelloun-touimi", "YOUSSEF", "2-11-1976", "y.benjelloun@example.com")
    await registers(phone, facts, "derb Sidi Bouloukat")
    await phone.page.get_by_role("tab", name="Courriels").click()
    page = await phone.opens_latest_mail("CMIM")
    await phone.page.get_by_role("tab", name="Participant").click()
    await activates(phone, page)
    await phone.presses("My reimbursements")
    await phone.presses("Show everything in this chat")
    await phone.presses("I agree")
    await phone.reads("58 remboursements")
    await phone.picture("reimbursements")

    await phone.chat.get_by_label("Commandes du bot").click()
    await phone.picture("commands")
    await phone.chat.get_by_role("button", name="/lock").click()
    await phone.reads(phone.words("🔒 Locked. Personal data need your password again."))
    await phone.says("/reimbursements")
    await phone.reads(phone.words("This is personal: please sign in first. You come back here after it."))
    await phone.presses("Sign in")
    await phone.reads("1/2")
    await phone.says("y.benjelloun@example.com")
    await phone.reads("2/2")
    page = await phone.opens_page()
    await page.locator("#password").fill("Tagine7bleu8")
    await phone.sends_page(page, "Sign in")
    await expect(page.locator("#password-fault")).to_have_text(
        phone.words("This e-mail and this password do not go together.")
    )
    await phone.picture("wrong-password", page)
    await page.locator("#password").fill(PASSWORD)
    await phone.sends_page(page, "Received")
    await page.close()
    await phone.reads("58 remboursements")
    await expect(phone.chat.get_by_text(PASSWORD)).to_have_count(0)
    await phone.picture("signed-in-again")
    assert phone.errors == []
