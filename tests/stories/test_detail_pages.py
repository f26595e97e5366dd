"""Without the consent to health data in Telegram a reimbursement is read on a one-time page, and its act stands in no chat (CF-10)."""

from __future__ import annotations

import pytest

from store import activity, chats
from tests.people import Person
from tests.stories.test_reading import LABELS, MAY_I
from tests.visitor import Visitor
from tests.world import World

pytestmark = pytest.mark.world(public=True)
TITLE = "<b>My reimbursements</b>"
BARE = "What the care was is not shown in this chat: press a number to read a reimbursement on a page of its own."
BAD = "This page is closed"
SHOW = "Show everything in this chat"


def says(world: World, who: Person, source: str, text: str) -> bool:
    """Whether a page's words hold a sentence."""
    return world.pattern(source, who.language).search(text) is not None


@pytest.mark.req("CF-10", "SPEC-2.7")
@pytest.mark.parametrize("name", ["salma", "youssef"])
async def test_all_seven_fields_are_on_the_page_and_none_of_what_for_in_the_chat(
    world: World, salma: Person, youssef: Person, name: str
) -> None:
    """Every button of the list is pressed, twice over; then a line is read, and no act was ever said to Telegram."""
    world.leaves(promises=1)
    reader = {"salma": salma, "youssef": youssef}[name]
    await reader.has_space()
    await reader.says("/reimbursements")
    reader.reads(TITLE)
    reader.reads(BARE)
    await reader.presses("Largest first")
    await reader.presses("Choose which")
    assert not reader.sees_button("Type of care")
    for label in ("Period", "‹ Back", "Beneficiary", "‹ Back", "‹ Back", "Totals", "‹ Back"):
        await reader.presses(label)
    for altered in (
        "by:act",
        "pick:0",
        "more:next",
        "totals",
        "filter",
        "list",
        "export",
        "chart",
        "picture",
    ):
        await reader.press_data(f"{await revision(world, reader)}.reimbursements:{altered}")
    await world.clock.advance(minutes=11)  # the page of the list as a file is closed again
    await reader.says("/reimbursements")
    await reader.presses("1")
    async with Visitor() as visitor:
        page = await visitor.open(reader.page_link or "")
        assert not any(label in page.text for label in LABELS), "before the button nothing is shown"
        shown = await visitor.send()
        again = await visitor.send()
    assert any(label in shown.text for label in LABELS)
    if reader is salma:
        for field in ("20/02/2026", "Farid Tazi", "01/12/2025", "03/12/2025", "222,50", "42,00", "142,40"):
            assert field in shown.text
    assert says(world, reader, "This page was shown already", again.text)
    assert not any(label in world.told() for label in LABELS)


async def revision(world: World, person: Person) -> int:
    """The chat's present revision."""
    chat = await world.read(lambda db: chats.glance(db, person.id))
    assert chat is not None
    return chat.revision


@pytest.mark.req("CF-10")
async def test_the_reading_is_noted_when_it_was_read_and_not_before(world: World, salma: Person) -> None:
    world.leaves(promises=1)
    account = await salma.has_space()
    await salma.says("/reimbursements")
    await salma.presses("3")

    async def noted() -> list[str]:
        return [row.event for row in await world.read(lambda db: activity.of_account(db, account, 9, 0))]

    async with Visitor() as visitor:
        for _ in range(5):
            await visitor.open(salma.page_link or "")
        assert "read_reimbursement_line" not in await noted()
        await visitor.send()
    assert "read_reimbursement_line" in await noted()


@pytest.mark.req("CF-10")
async def test_the_consent_can_be_given_from_the_list_and_taken_back(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/reimbursements")
    await salma.presses(SHOW)
    salma.reads(MAY_I)
    await salma.presses("I agree")
    salma.reads("{act}: <b>{amount}</b>")
    assert any(label in salma.shown for label in LABELS)
    await salma.says("/privacy")
    await salma.presses("Health data in this chat")
    await salma.presses("Withdraw my consent")
    await salma.says("/reimbursements")
    salma.reads(BARE)
    assert not any(label in salma.shown for label in LABELS)


@pytest.mark.world(public=True, fund={"health_data_in_chat": "page_only"})
@pytest.mark.req("CF-10")
async def test_where_the_fund_wants_pages_only_nobody_is_asked(world: World, salma: Person) -> None:
    world.leaves(tokens=1, promises=1)
    await salma.has_space()
    await salma.says("/reimbursements")
    salma.reads(BARE)
    assert not salma.sees_button(SHOW)
    await salma.presses("2")
    assert salma.page_link is not None


async def spoils(world: World, person: Person, how: str) -> str:
    """The link of the page that the screen leads to, which is no longer good: locked, signed out, expired, altered."""
    link = person.page_link or ""
    match how:
        case "locked":
            world.leaves(tokens=1, promises=1)
            await person.says("/lock")
        case "signed out":
            world.leaves(tokens=1, promises=1)
            await person.says("/logout")
        case "expired":
            await world.clock.advance(minutes=10)
        case "altered":
            world.leaves(tokens=1, promises=1)
            link = link[:-1] + ("A" if link[-1] != "A" else "B")
    return link


@pytest.mark.req("CF-04", "TH-39", "TH-33")
@pytest.mark.parametrize("how", ["locked", "expired", "used", "altered", "signed out"])
async def test_a_link_that_is_not_good_is_the_one_bad_page(world: World, salma: Person, how: str) -> None:
    await salma.has_space()
    await salma.says("/reimbursements")
    await salma.presses("1")
    link = await spoils(world, salma, how)
    if how == "used":
        world.leaves(promises=1)
        async with Visitor() as visitor:
            await visitor.open(link)
            await visitor.send()
    async with Visitor(headers={"Accept-Language": "ar"}) as visitor:
        bad = await visitor.open(link)
        unknown = await visitor.open(f"{world.url}/detail/{'A' * 43}")
    assert (bad.status, bad.body) == (404, unknown.body)
    assert not any(label in bad.text for label in LABELS)
