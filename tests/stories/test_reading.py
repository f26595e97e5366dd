"""Reading one's reimbursements: the consent first, then the list, its pages, its lines, its filters and totals; and nobody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from playground import Message
from store import schema
from tests.people import Person
from tests.world import World

LABELS = (
    "Consultation généraliste",
    "Médicaments",
    "Soins dentaires",
    "استشارة طبيب عام",
    "أدوية",
    "علاج الأسنان",
)
MAY_I = "<b>May I show your health data in this chat?</b>"
REFUSED = "Understood: your health data will not be shown in this chat."
WITHDRAWN = "Your consent is withdrawn: no health data are shown in this chat from now on."
COUNTED = "{n} reimbursement, {amount} in all"
FIRST = "This is personal: please sign in first. You come back here after it."
OUT_OF_DATE = "This screen is out of date. Here is where you are."


async def opens(person: Person) -> Message:
    """The list, by somebody with a space who agrees to it."""
    await person.has_space()
    await person.says("/reimbursements")
    await person.presses("I agree")
    person.reads("<b>My reimbursements</b>")
    return person.screen


def lines(text: str) -> list[tuple[str, str]]:
    """Date and amount of each line of a list in French."""
    found = re.findall(r"(\d\d/\d\d/\d{4}) · .+?: ((?:\d+ )?\d+,\d\d) MAD", text)
    return [(date, amount) for date, amount in found]


def there(*messages: Message) -> list[bool]:
    """Which of them are still in the chat."""
    return [not message.deleted for message in messages]


# ── the consent ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("CF-10", "TH-42")
async def test_without_consent_no_act_leaves_the_house(world: World, salma: Person) -> None:
    await salma.has_space()
    for act in (
        "/start",
        "/menu",
        "/help",
        "/privacy",
        "/reimbursements",
        "Mes soins ?",
        "/language",
        "/lock",
    ):
        await salma.says(act)
    await salma.signs_in()
    await salma.says("/reimbursements")
    salma.reads(MAY_I)
    asked = salma.screen
    stamp = next(button.data for button in asked.buttons if button.data).partition(".")[0]
    for forged in (
        "reimbursements",
        "reimbursements:line:0",
        "reimbursements:totals",
        "reimbursements:by:act",
    ):
        await salma.press_data(f"{stamp}.{forged}", asked)
        await salma.press_data(f"{int(stamp) + 1}.{forged}")
    await salma.press_data("~go:reimbursements")
    salma.reads(MAY_I)
    await salma.presses("No")
    salma.reads(REFUSED)
    assert salma.sees_button("My reimbursements"), (
        "the list goes on, without what says something about health"
    )
    said = world.told()
    assert not any(label in said for label in LABELS)
    assert "MAD" not in said
    assert "Farid" not in said


@pytest.mark.req("CF-10")
async def test_a_consent_is_given_read_again_and_withdrawn(world: World, salma: Person) -> None:
    shown = await opens(salma)
    await salma.says("/reimbursements")
    salma.reads(COUNTED, n="23")  # asked once
    await salma.says("/privacy")
    await salma.presses("Health data in this chat")
    await salma.presses("Withdraw my consent")
    salma.reads(WITHDRAWN)
    assert shown.deleted
    assert not any("MAD" in text for text in salma.heard), "what was shown is gone from the chat"
    await salma.says("/reimbursements")
    salma.reads(MAY_I)
    given = select(schema.consents.c.revoked_at).where(schema.consents.c.kind == "telegram")
    revoked = await world.read(lambda db: list(db.execute(given).scalars()))
    assert len(revoked) == 1
    assert revoked[0] is not None


@pytest.mark.req("CF-10")
async def test_a_refusal_is_no_door_shut_for_ever(world: World, youssef: Person) -> None:
    await youssef.has_space()
    await youssef.says("/reimbursements")
    await youssef.presses("No")
    youssef.reads(REFUSED)
    assert await world.count("consents") == 1, "the one to the processing, from the registration"
    await youssef.says("/reimbursements")
    await youssef.presses("I agree")
    youssef.reads(COUNTED, n="3")


@pytest.mark.req("CF-10")
@pytest.mark.world(on="sqlite", fund={"health_data_in_chat": "page_only"})
async def test_a_fund_may_show_nothing_in_telegram(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/reimbursements")
    salma.reads("{fund} does not show health data in Telegram.", fund="CMIM")
    assert not any(label in world.told() for label in LABELS)


# ── the list and its lines ───────────────────────────────────────────────────────────────────────────────────────────


async def test_the_latest_come_first_ten_a_page_edited_in_place(world: World, salma: Person) -> None:
    first = await opens(salma)
    salma.reads(COUNTED, n="23", amount="3 022,20 MAD")
    salma.reads("Page {page} of {pages}", page="1", pages="3")
    assert lines(salma.shown)[0] == ("20/02/2026", "142,40")
    pages = [lines(salma.shown)]
    for page in ("2", "3"):
        await salma.presses("Next ›")
        salma.reads("Page {page} of {pages}", page=page, pages="3")
        pages.append(lines(salma.shown))
    assert [len(page) for page in pages] == [10, 10, 3]
    dates = [date.split("/")[::-1] for page in pages for date, _ in page]
    assert dates == sorted(dates, reverse=True)
    assert len({line for page in pages for line in page}) == 23
    assert not salma.sees_button("Next ›")
    await salma.presses("‹ Previous")
    assert lines(salma.shown) == pages[1]
    assert salma.screen is first, "one message, edited in place"
    assert first.protect


@pytest.mark.req("CF-10")
async def test_a_line_opens_with_its_seven_fields_and_vanishes(world: World, salma: Person) -> None:
    listed = await opens(salma)
    await salma.presses("1")
    detail = salma.screen
    assert detail is not listed
    assert detail.protect
    salma.reads("Payment date: <b>{date}</b>", date="20/02/2026")
    salma.reads("Beneficiary: <b>{name}</b> ({relation})", name="Farid Tazi")
    salma.reads("Care: from <b>{start}</b> to <b>{end}</b>", start="01/12/2025", end="03/12/2025")
    salma.reads("Type of care: <b>{act}</b>", act="Médicaments")
    salma.reads("Amount claimed: <b>{amount}</b>", amount="222,50 MAD")
    salma.reads("Paid to the provider by the mandatory scheme: <b>{amount}</b>", amount="42,00 MAD")
    salma.reads("Reimbursed to you: <b>{amount}</b>", amount="142,40 MAD")
    await salma.presses("3", listed)
    other = salma.screen
    await world.clock.advance(minutes=9, seconds=59)
    assert there(detail, other, listed) == [True, True, True]
    await world.clock.advance(seconds=1)
    assert there(detail, other, listed) == [False, False, True]


@pytest.mark.req("CF-10", "FL-39")
async def test_a_line_vanishes_after_a_crash_too(world: World, salma: Person) -> None:
    await opens(salma)
    await salma.presses("1")
    detail = salma.screen
    await world.kill()
    world.playground.advance(660)
    world.clock.at += world.app.fund.idle  # an hour goes by before somebody starts it again
    await world.start()
    await world.settles()
    await world.sweeper.round()
    await world.settles()
    assert detail.deleted


@pytest.mark.req("CF-10", "FL-03")
async def test_a_line_that_came_late_vanishes_all_the_same(world: World, salma: Person) -> None:
    """Telegram was away for a quarter of an hour: the deletion was due before its message could leave."""
    await opens(salma)
    outage = world.playground.faults.add("502", chat=salma.id, times=1000)
    await salma.presses("1")
    await world.clock.advance(minutes=15)
    outage.times = 0
    for _ in range(3):
        await world.clock.advance(minutes=2)
    details = [message for message in salma.phone.messages if "42,00" in message.text]
    assert len(details) == 1
    assert details[0].deleted


@pytest.mark.req("CF-10", "FL-31")
async def test_a_line_sent_as_plain_text_is_protected_and_vanishes(world: World, salma: Person) -> None:
    await opens(salma)
    world.playground.faults.add("cant_parse", "sendMessage", salma.id)
    await salma.presses("1")
    await world.settles()
    detail = salma.screen
    assert "142,40 MAD" in salma.shown
    assert detail.protect
    await world.clock.advance(minutes=10)
    assert detail.deleted


async def test_filters_order_and_totals(world: World, salma: Person) -> None:
    await opens(salma)
    await salma.presses("Choose which")
    await salma.presses("Beneficiary")
    assert salma.sees_button("{mask} – spouse")
    await salma.presses("{mask} – spouse")
    salma.reads(COUNTED, n="8")  # 1, 4, … 22
    await salma.presses("Choose which")
    await salma.presses("Period")
    await salma.presses("Last year ({year})")
    salma.reads("No reimbursement matches your choice. Try a longer period, or show them all.")
    await salma.presses("Show all")
    salma.reads(COUNTED, n="23")
    await salma.presses("Choose which")
    await salma.presses("Type of care")
    await salma.presses("Soins dentaires")
    salma.reads(COUNTED, n="7")
    await salma.presses("Largest first")
    amounts = [amount for _, amount in lines(salma.shown)]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] == "140,40"
    await salma.presses("Totals")
    salma.reads("{act}: <b>{amount}</b>", act="Soins dentaires", amount="919,80 MAD")
    assert "Médicaments" not in salma.shown
    await salma.presses("‹ Back")
    await salma.presses("Show all")
    await salma.presses("Totals")
    salma.reads(COUNTED, n="23", amount="3 022,20 MAD")
    salma.reads("{month}: <b>{amount}</b>", month="janvier 2026", amount="1 510,80 MAD")


async def test_who_was_never_reimbursed_is_told_so(world: World) -> None:
    await world.directory(participants=("130001,Alami,Nour,1990-05-05,,,,,",))
    nour = world.person(
        "Nour",
        matricule="130001",
        last_name="Alami",
        born="05/05/1990",
        email="nour@example.com",
        password="Cerisier58",
        answer="rue du port",
    )
    await nour.has_space()
    await nour.says("/reimbursements")
    await nour.presses("I agree")
    nour.reads(
        "The fund has not recorded any reimbursement for you yet. As soon as one is paid, you will find it here."
    )


# ── nobody else's ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TH-01", "TH-02", "CF-10")
async def test_youssef_reads_his_own_lines_and_none_of_salmas(
    world: World, salma: Person, youssef: Person
) -> None:
    hers = await opens(salma)
    his = await opens(youssef)
    youssef.reads(COUNTED, n="3")
    stamp = next(button.data for button in his.buttons if button.data and ":line:" in button.data)
    revision = int(stamp.partition(".")[0])
    foreign = [button.data for button in hers.buttons if button.data]
    tried: list[str] = [*foreign]
    for line in (3, 9, 10, 99, -1, 10**9):
        revision = await _presses_next(youssef, f"reimbursements:line:{line}", revision)
    for data in tried:
        await youssef.press_data(data)
    for who, other in ((youssef, salma), (salma, youssef)):
        heard = world.told(who.id)
        for name in {other.last_name, "Farid", "Inès"} - ({"Farid", "Inès"} if who is salma else set()):
            assert name not in heard
    assert not any(re.search(r"1[234]\d,40", text) for text in youssef.heard), "an amount of hers"


async def _presses_next(person: Person, action: str, revision: int) -> int:
    """Forge an action under the present revision; the revision after it."""
    await person.press_data(f"{revision}.{action}")
    data: list[Any] = [button.data for message in person.phone.chat.live for button in message.buttons]
    return max(int(one.partition(".")[0]) for one in data if one and one.partition(".")[0].isdecimal())


@pytest.mark.req("TH-02", "BI-57")
async def test_an_altered_application_opens_nothing_that_is_not_there(world: World, salma: Person) -> None:
    opened = await opens(salma)
    stamp = next(button.data for button in opened.buttons if button.data).partition(".")[0]
    revision = int(stamp)
    for action in ("reimbursements", "reimbursements:", "reimbursements:line:99", "reimbursements:line:-1"):
        revision = await _presses_next(salma, action, revision)
        salma.reads(COUNTED, n="23")
    for data in (
        "~go:nonsense",
        "~",
        "~go:",
        ".",
        "",
        "999999.form:confirm",
        f"{revision}.nonsense:1",
        "²³.form",
    ):
        await salma.press_data(data)
        assert salma.noticed(OUT_OF_DATE)
    salma.reads(COUNTED, n="23")


@pytest.mark.req("TH-02", "FL-22")
async def test_a_button_serves_once_and_old_ones_show_where_one_is(world: World, salma: Person) -> None:
    await opens(salma)
    old = next(
        button.data for button in salma.screen.buttons if button.data and button.data.endswith(":next")
    )
    await salma.presses("Next ›")
    here = salma.shown
    await salma.press_data(old)
    assert salma.noticed("That is being done already.")
    assert salma.shown == here
    await salma.presses("Next ›")
    await salma.press_data(old)
    assert salma.noticed(OUT_OF_DATE)
    salma.reads("Page {page} of {pages}", page="1", pages="3")


@pytest.mark.req("BI-57")
async def test_a_press_under_a_deleted_list_shows_a_protected_one_anew(world: World, salma: Person) -> None:
    opened = await opens(salma)
    following = next(
        button.data for button in opened.buttons if button.data and button.data.endswith(":next")
    )
    salma.phone.deletes(opened)
    await salma.press_data(following, opened)
    salma.reads("Page {page} of {pages}", page="2", pages="3")
    assert salma.screen is not opened
    assert salma.screen.protect


@pytest.mark.req("TH-03", "TH-12")
async def test_an_hour_later_an_open_list_asks_for_the_password(world: World, salma: Person) -> None:
    await opens(salma)
    await world.clock.advance(minutes=61)
    await salma.presses("Next ›")
    salma.reads(FIRST)
    await salma.presses("Sign in")
    await salma.says(salma.email, salma.password)
    salma.reads("Page {page} of {pages}", page="1", pages="3")
