"""Without the consent to health data in Telegram one's own papers are downloaded from one-time pages, and none passes the chat (CF-10)."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from services import access
from store import activity
from tests.papers.pdfs import Pdf
from tests.people import Person
from tests.stories.test_detail_pages import revision, says, spoils
from tests.stories.test_reading import LABELS, MAY_I
from tests.visitor import Seen, Visitor
from tests.world import World

pytestmark = pytest.mark.world(public=True)
ON_PAGES = "What the care was is not shown in this chat: press a number to download the statement from a page of its own."
BAD = "This page is closed"


@pytest.fixture(params=["salma", "youssef"])
def reader(request: pytest.FixtureRequest, salma: Person, youssef: Person) -> Person:
    """She reads French, he reads Arabic."""
    return salma if request.param == "salma" else youssef


async def downloads(world: World, person: Person) -> tuple[Seen, Seen]:
    """The page that the screen leads to, and what its button gives."""
    async with Visitor() as visitor:
        page = await visitor.open(person.page_link or "")
        assert not any(label in page.text for label in LABELS)
        assert page.status == 200, page.text
        return page, await visitor.send()


async def noted(world: World, account: int) -> list[tuple[str, str | None, str, int | None]]:
    rows = await world.read(lambda db: activity.of_account(db, account, 30, 0))
    return [(row.event, row.detail, row.actor, row.chat_id) for row in rows]


def handed_over(file: Seen, name: str, mime: str) -> None:
    """It is a file that a browser saves under its name, and keeps in no cache."""
    assert file.status == 200, file.text
    assert file.headers["Content-Type"] == mime
    assert file.headers["Content-Disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in file.headers["Content-Security-Policy"]


@pytest.mark.req("CF-10", "SPEC-2.7", "TH-36")
async def test_a_statement_is_downloaded_once_and_its_lines_stand_in_no_chat(
    world: World, reader: Person
) -> None:
    world.leaves(promises=1)
    account = await reader.has_space()
    await reader.says("/statements")
    reader.reads("<b>My statements</b>")
    reader.reads(ON_PAGES)
    for forged in ("send:0", "year", "of:0", "years", "page:2", "list", "send:9"):
        await reader.press_data(f"{await revision(world, reader)}.statements:{forged}")
    await world.clock.advance(minutes=11)  # what was offered is closed again
    await reader.says("/statements")
    await reader.presses("1")
    async with Visitor() as visitor:
        page = await visitor.open(reader.page_link or "")
        assert says(world, reader, "Download", page.text)
        for _ in range(3):
            assert (await visitor.open(reader.page_link or "")).status == 200
        assert "downloaded" not in [event for event, *_ in await noted(world, account)]
        file, again = await visitor.send(), await visitor.send()
        closed = await visitor.ask("GET", visitor.address)
    number = {"salma": "D2026-2", "youssef": "D2026-9"}["salma" if reader.language == "fr" else "youssef"]
    handed_over(file, f"CMIM-{number}.pdf", "application/pdf")
    assert Pdf(file.body).accessible
    assert any(label in Pdf(file.body).text for label in LABELS) or reader.language == "ar"
    assert says(world, reader, "This document was downloaded already", again.text)
    assert closed.status == 404
    assert ("downloaded", f"statement {number}", "owner", None) in await noted(world, account)
    assert not any(label in world.told() for label in LABELS)
    assert world.playground.called("sendDocument") == []


@pytest.mark.req("CF-10", "TH-09")
async def test_a_copy_of_all_data_and_the_list_as_a_file(world: World, salma: Person) -> None:
    """And whatever is pressed on the way there, no act was ever said to Telegram."""
    world.leaves(promises=2)
    account = await salma.has_space()
    await salma.says("/export")
    await salma.presses("Everything")
    await salma.types_on_page(present=salma.password)
    salma.reads("<b>Your data</b>, as a zip file.")
    _, file = await downloads(world, salma)
    assert file.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.body)) as zipped:
        data = json.loads(zipped.read("data.json"))
    assert len(data["reimbursements"]) == 23
    assert "copie" in world.subjects(salma.email)[-1]
    await salma.says("/reimbursements")
    await salma.presses("CSV file")
    _, file = await downloads(world, salma)
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Soins dentaires" in file.body.decode("utf-8-sig")
    of_downloads = [detail for event, detail, *_ in await noted(world, account) if event == "downloaded"]
    assert of_downloads == ["lines"]
    asked = [event for event, *_ in await noted(world, account) if event == "exported"]
    assert asked == ["exported"], "a copy of everything is noted once, when it is asked for"
    assert not any(label in world.told() for label in LABELS)
    assert world.playground.called("sendDocument") == []


@pytest.mark.req("CF-10")
@pytest.mark.world(public=True, fund={"health_data_in_chat": "page_only"})
async def test_where_the_fund_wants_pages_only_there_are_papers_too(world: World, salma: Person) -> None:
    world.leaves(promises=1)
    await salma.has_space()
    await salma.says("/statements")
    assert not salma.sees_button("Show everything in this chat")
    await salma.presses("All of {year} in one PDF")
    _, file = await downloads(world, salma)
    assert "Relevés de remboursements de 2026" in Pdf(file.body).text
    await salma.says("/guarantees")
    await salma.presses("1")
    salma.reads("{fund} does not show health data in Telegram.", fund="CMIM")


@pytest.mark.req("CF-10")
async def test_the_consent_brings_the_papers_into_the_chat(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/statements")
    await salma.presses("Show everything in this chat")
    salma.reads(MAY_I)
    await salma.presses("I agree")
    salma.reads("Press a number to receive the statement as a PDF.")
    await salma.presses("1")
    assert len(world.playground.called("sendDocument")) == 1


@pytest.mark.req("CF-10")
@pytest.mark.world(on="sqlite", public=False)
async def test_where_there_is_no_page_the_question_says_why(world: World, salma: Person) -> None:
    await salma.has_space()
    for way in ("/statements", "/export", "/reimbursements"):
        await salma.says(way)
        salma.reads(MAY_I)
        salma.reads(
            "I have no page outside Telegram on which you could read or download them instead. "
            "Without this chat, the fund gives them to you: {phone}"
        )


@pytest.mark.req("CF-10")
async def test_guarantees_are_shown_to_all_and_the_example_to_who_agreed(
    world: World, reader: Person
) -> None:
    await reader.has_space()
    await reader.says("/guarantees")
    reader.reads("Press a number to see a guarantee.")
    for number in ("1", "2", "3"):
        await reader.presses(number)
        reader.reads(
            "An example worked out on your own care is shown here only if you agree to health data in this chat."
        )
        await reader.presses("‹ Back")
    said = world.told()
    for figure in ("221,50", "141,40", "41,00", "221.50", "Farid"):
        assert figure not in said
    await reader.presses("1")
    await reader.presses("Show everything in this chat")
    await reader.presses("I agree")
    reader.reads("Press a number to see a guarantee and what it gave for your latest care.")


@pytest.mark.req("CF-04", "TH-39", "TH-33", "TH-01")
@pytest.mark.parametrize("how", ["locked", "signed out", "another's chat", "expired", "altered"])
async def test_a_link_that_is_not_good_is_the_one_bad_page(
    world: World, salma: Person, youssef: Person, how: str
) -> None:
    await salma.has_space()
    await salma.says("/statements")
    await salma.presses("1")
    link = await spoils(world, salma, how)
    if how == "another's chat":
        """He signs in on her telephone: her links are not his."""
        world.leaves(tokens=1, promises=1)
        account = await youssef.has_space()
        await world.run(lambda work: access.sign_in(work, salma.id, account))
    async with Visitor(headers={"Accept-Language": "ar"}) as visitor:
        bad = await visitor.open(link)
        posted = await visitor.ask("POST", visitor.address, {"form_token": "0" * 64})
        unknown = await visitor.open(f"{world.url}/paper/{'A' * 43}")
    assert (bad.status, bad.body) == (404, unknown.body)
    assert posted.status == 403


@pytest.mark.req("FL-31")
@pytest.mark.parametrize("fault", ["broken", "too large", "gone"])
async def test_what_cannot_be_made_is_told_and_can_be_asked_for_again(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The token is spent by the file alone."""
    world.leaves(promises=1)
    await salma.has_space()
    await salma.says("/statements")
    await salma.presses("1")
    uploads = world.app._uploads
    good, statement = uploads._makers, uploads._makers["statement"]
    if fault == "too large":
        monkeypatch.setattr("delivery.uploads.LARGEST_ON_PAGES", 100)
    else:

        def fails(*of: object) -> object:
            if fault == "gone":
                return statement(of[0], of[1], {**of[2], "number": "D1"})  # type: ignore[arg-type, dict-item]
            raise ValueError("secret words")

        monkeypatch.setattr(uploads, "_makers", {**good, "statement": fails})
    async with Visitor() as visitor:
        await visitor.open(salma.page_link or "")
        failed = await visitor.send()
        assert failed.status == 422
        told = {
            "broken": "This document could not be made. It is noted under number {incident}; try again later.",
            "too large": "This document is too large. In Telegram, choose a shorter period, or ask the fund for it.",
            "gone": "This statement is no longer there. Open the list of statements again.",
        }[fault]
        assert says(world, salma, told, failed.text)
        monkeypatch.undo()
        assert (await visitor.send()).body.startswith(b"%PDF-")
