"""The page in a real Chromium: one types, presses, reads, follows the link of a mail, in both languages."""

from __future__ import annotations

import smtplib
from asyncio import to_thread
from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from playground import Layout, Person, Playground
from tests.playground.robot import Robot

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(60)]
SWITCHES = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MENU = {
    "inline_keyboard": [
        [{"text": "Mes remboursements", "callback_data": "r"}, {"text": "Langue", "callback_data": "l"}]
    ]
}


@pytest.fixture
async def page(pg: Playground) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        page = await browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        yield page
        await browser.close()
        assert [error for error in errors if not error.startswith("Blocked script execution")] == []


async def accessible(page: Page) -> None:
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


async def test_a_conversation_with_the_bot(pg: Playground, robot: Robot, page: Page) -> None:
    salma = pg.person("Salma", "Bennani", hint="matricule 123456")
    await robot.does("setMyCommands", commands=[{"command": "help", "description": "Aide"}])
    await page.goto(pg.api_url)
    pane = page.locator("#pane-participant")
    await expect(pane.get_by_text("matricule 123456")).to_be_visible()
    await pane.get_by_role("button", name="Démarrer").click()
    await pg.until(lambda: salma.messages)
    assert salma.messages[0].text == "/start"

    number = await robot.writes(
        salma.id, "<b>Bienvenue</b> <i>Salma</i>", parse_mode="HTML", reply_markup=MENU
    )
    bubble = pane.locator(f"[data-id='{number}']")
    await expect(bubble.locator("b", has_text="Bienvenue")).to_be_visible()
    await bubble.get_by_role("button", name="Mes remboursements").click()
    press = await pg.until(lambda: pg.people[salma.id].presses_made)
    await robot.does("answerCallbackQuery", callback_query_id=press[0].id, text="Un instant")
    await expect(pane.get_by_role("status")).to_have_text("Un instant")
    await robot.does(
        "editMessageText", chat_id=salma.id, message_id=number, text="312,50 MAD", reply_markup=MENU
    )
    await expect(bubble).to_contain_text("312,50 MAD")
    await expect(bubble).to_contain_text("modifié")
    await bubble.get_by_role("button", name="Langue").click()
    await pg.until(lambda: len(salma.presses_made) == 2)
    alert = {"callback_query_id": salma.presses_made[1].id, "text": "Attention", "show_alert": True}
    await robot.does("answerCallbackQuery", **alert)
    await page.get_by_role("dialog").get_by_role("button", name="D’accord").click()

    await pane.get_by_label("Message").fill("Secret12")
    await pane.get_by_label("Message").press("Enter")
    secret = await pg.until(lambda: next((m for m in salma.messages if m.text == "Secret12"), None))
    await expect(pane.get_by_text("Secret12")).to_be_visible()
    await robot.does("deleteMessage", chat_id=salma.id, message_id=secret.id)
    await expect(pane.get_by_text("Secret12")).to_have_count(0)

    await pane.get_by_label("Commandes du bot").click()
    await pane.get_by_role("button", name="Aide").click()
    await pane.get_by_label("Joindre").click()
    await pane.get_by_role("button", name="Autocollant").click()
    await pg.until(lambda: salma.messages[-1].kind == "sticker")
    assert salma.messages[-2].text == "/help"
    await robot.writes(salma.id, "Qui ?", reply_markup={"keyboard": [["Moi", "Mon enfant"]]})
    await pane.get_by_role("button", name="Mon enfant").click()
    await pg.until(lambda: salma.messages[-1].text == "Mon enfant")
    await accessible(page)


async def test_arabic_reads_from_the_right_and_a_mail_leads_back(
    pg: Playground, robot: Robot, page: Page
) -> None:
    fatima = pg.person("فاطمة", language_code="ar")
    await fatima.says("/start")
    number = await robot.writes(fatima.id, "مرحبا بك في رفيق\nVotre matricule : 123456")
    await page.goto(f"{pg.api_url}/?lang=ar")
    assert await page.evaluate("document.documentElement.dir") == "rtl"
    pane = page.locator("#pane-participant")
    text = pane.locator(f"[data-id='{number}'] .text")
    await expect(text).to_contain_text("مرحبا")
    assert await text.evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"
    await expect(page.locator("#pane-delegate")).to_contain_text("المندوب")

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "fonds@example.com", "fatima@example.com", "فعّل حسابك"
    mail.set_content("رابط")
    link = f"https://t.me/{pg.bot_username}?start=abc123"
    mail.add_alternative(
        f'<p dir="rtl"><a href="{link}">تفعيل</a></p><script>document.title="x"</script>', subtype="html"
    )

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", pg.smtp_port, timeout=5) as client:
            client.send_message(mail)

    await to_thread(send)
    await page.locator("#pane-mails").get_by_text("فعّل حسابك").click()
    frame = page.frame_locator("#reader iframe")
    assert await frame.locator("html").evaluate("() => document.title") == ""
    await frame.get_by_role("link", name="تفعيل").click()
    await pg.until(lambda: fatima.messages[-1].text == "/start abc123")
    await expect(page.locator("#reader")).to_be_hidden()


async def test_three_rooms_and_a_narrow_screen(
    pg: Playground, robot: Robot, page: Page, salma: Person
) -> None:
    nadia, karim = pg.person("Nadia"), pg.person("Karim")
    desk = pg.group("Réclamations", forum=True, members=[nadia])
    pg.show(Layout(participants=[salma], group=desk, delegates=[karim]))
    await page.goto(pg.api_url)
    topic = desk.opens_topic("R-2026-000123")
    group = page.locator("#pane-group")
    await group.get_by_label("Sujet").select_option(label="R-2026-000123")
    card = await robot.writes(desk.id, "La carte", message_thread_id=topic.id)
    bubble = group.locator(f"[data-id='{card}']")
    await bubble.hover()
    await bubble.get_by_label("Répondre").click()
    await group.get_by_label("Message").fill("Bonjour Madame")
    await group.get_by_label("Envoyer").click()
    answer = await pg.until(lambda: next((m for m in topic.messages if m.text == "Bonjour Madame"), None))
    assert (answer.sender.first_name, answer.reply_to and answer.reply_to.id) == ("Nadia", card)

    await page.set_viewport_size({"width": 360, "height": 740})
    await expect(group).to_be_hidden()
    await page.get_by_role("tab", name="Agents").click()
    await expect(bubble).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await accessible(page)
    await page.emulate_media(color_scheme="dark")
    await accessible(page)


async def test_an_agent_sees_the_group_and_their_own_chat(pg: Playground, robot: Robot, page: Page) -> None:
    """What the bot shows an agent in private stands in the group's place, one press away."""
    salma, nadia = pg.person("Salma"), pg.person("Nadia")
    desk = pg.group("Agents", members=[nadia])
    pg.show(Layout(participants=[salma], group=desk))
    await page.goto(pg.api_url)
    pane = page.locator("#pane-group")
    private = pane.get_by_role("button", name="En privé")
    await private.click()
    await pane.get_by_role("button", name="Démarrer").click()
    await pg.until(lambda: nadia.messages)
    await pane.get_by_role("button", name="Groupe").click()
    await robot.writes(desk.id, "Une demande", reply_markup=MENU)
    await expect(pane.get_by_text("Une demande")).to_be_visible()
    await pane.get_by_role("button", name="Langue").click()
    (press,) = await pg.until(lambda: nadia.presses_made)
    await robot.does("answerCallbackQuery", callback_query_id=press.id)
    await robot.writes(nadia.id, "Matricule 123456")
    await expect(private).to_have_class("news")
    await accessible(page)
    await private.click()
    await expect(pane.get_by_text("Matricule 123456")).to_be_visible()
    await expect(private).not_to_have_class("news")
    await accessible(page)
