"""/statements: the archived statements by year, each as a PDF, and nobody else's."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from playground import Message
from store import schema
from tests.papers.pdfs import Pdf
from tests.people import Person
from tests.stories.clockwork import passes
from tests.world import World

MAY_I = "<b>May I show your health data in this chat?</b>"
FIRST = "This is personal: please sign in first. You come back here after it."
TITLE = "<b>My statements</b>"
OF_YEAR = "Year {year}: {n} statement, {amount} reimbursed"


async def opens(person: Person) -> Message:
    """The list, by somebody with a space who agrees to it."""
    await person.has_space()
    await person.says("/statements")
    await person.presses("I agree")
    person.reads(TITLE)
    return person.screen


def papers(person: Person) -> list[Message]:
    return [message for message in person.phone.chat.live if message.kind == "document"]


def pdf(person: Person) -> Pdf:
    """The paper that came last."""
    return Pdf(papers(person)[-1].document or b"")


async def notes(world: World) -> list[tuple[str, str | None]]:
    rows = select(schema.activity.c.event, schema.activity.c.detail).order_by(schema.activity.c.id)
    return await world.read(lambda db: [(row.event, row.detail) for row in db.execute(rows)])


@pytest.mark.req("CF-10")
async def test_statements_are_for_who_is_signed_in_and_agreed(world: World, salma: Person) -> None:
    await salma.says("/statements")
    salma.reads(FIRST)
    await salma.says("/cancel")
    await salma.has_space()
    await salma.says("/statements")
    salma.reads(MAY_I)
    await salma.press_data(f"{salma.screen.buttons[0].data.partition('.')[0]}.statements:send:0")  # type: ignore[union-attr]
    await salma.press_data("~go:statements")
    assert papers(salma) == []
    await salma.presses("No")
    assert world.playground.called("sendDocument") == []


@pytest.mark.req("CF-10", "TG-17", "TH-12")
async def test_a_statement_comes_as_a_protected_pdf_below_its_list(world: World, salma: Person) -> None:
    shelf = await opens(salma)
    salma.reads(OF_YEAR, year="2026", n="3", amount="3 022,20 MAD")
    assert re.findall(r"(\d\d/\d\d/\d{4}) · n° (D2026-\d)", salma.shown) == [
        ("20/02/2026", "D2026-2"),
        ("13/02/2026", "D2026-1"),
        ("17/01/2026", "D2026-0"),
    ]
    assert shelf.protect
    await salma.presses("3", under=shelf)
    [sent] = papers(salma)
    assert sent.protect
    assert sent.file is not None
    assert sent.file.name == "CMIM-D2026-0.pdf"
    salma.reads("Statement No. {number}", number="D2026-0")
    await salma.says("/lock")
    assert sent.deleted
    assert shelf.deleted
    noted = await notes(world)
    assert ("read_statements", None) in noted
    assert ("read_statement", "D2026-0") in noted


async def test_a_statement_says_all_that_a_statement_says(world: World, salma: Person) -> None:
    shelf = await opens(salma)
    await salma.presses("3", under=shelf)
    paper, office = pdf(salma), world.fund.health_fund.head_office
    assert paper.accessible
    [text] = paper.pages
    for words in (
        *(
            "CMIM",
            world.fund.health_fund.name.fr,
            office.street,
            office.city,
            "05 22 20 24 21",
            "info@cmim.ma",
        ),
        *("Relevé de remboursements n° D2026-0", "Salma El Ouaïssi", "••••27", "Page 1 sur 1"),
        *("Farid Tazi", "Inès Tazi", "Consultation généraliste", "Médicaments", "Soins dentaires"),
        *(
            "10/01/2026",
            "01/12/2025",
            "03/12/2025",
            "200,50",
            "20,00",
            "120,40",
        ),  # the seven fields of a line
        *("Total de 8 remboursements", "1 632,00", "188,00", "991,20"),
        *("Totaux par acte", "370,20", "373,20", "247,80", "991,20"),
    ):
        assert words in text, f"{words!r} is not in\n{text}"
    assert "104827" not in text, "the matricule is masked"
    assert "Youssef" not in text
    assert paper.metadata["Title"] == "Relevé de remboursements n°\u00a0D2026-0"
    assert paper.metadata["CreationDate"].startswith("D:20260117"), (
        "the day of its last payment, not of its drawing"
    )


async def test_in_arabic_it_reads_from_the_right(world: World, youssef: Person) -> None:
    shelf = await opens(youssef)
    await youssef.presses("1", under=shelf)
    paper = pdf(youssef)
    assert paper.accessible
    assert paper.left("03/02/2026") > paper.left("6.901,25") > 0, "the first column is on the right"
    assert paper.left("CMIM") > paper.left("info@cmim.ma")
    for words in (
        "05 22 20 24 21",
        "D2026-9",
        "••••05",
        "20.706,75",
        "Résidence Anafe, 36, Boulevard d'Anfa",
    ):
        assert paper.left(words), "reads from the left in the middle of Arabic"


async def test_the_same_statement_is_drawn_once(world: World, salma: Person) -> None:
    shelf = await opens(salma)
    await salma.presses("1", under=shelf)
    first = papers(salma)[-1].document
    await salma.says("/statements")
    await salma.presses("1", under=salma.screen)
    assert [papers(salma)[-1].document == first, len(papers(salma))] == [True, 2]
    by_id = [call for call in world.playground.called("sendDocument") if "document" in call.params]
    assert len(by_id) == 1
    await world.directory(
        reimbursements=(
            "L99,D2026-2,104827,104827-0,2026-02-20,2026-02-01,2026-02-01,CONS,150.00,0.00,120.00",
        )
    )
    await salma.says("/statements")
    await salma.presses("1", under=salma.screen)
    assert papers(salma)[-1].document != first, "what changed is drawn anew"
    assert "Total de 8 remboursements" in pdf(salma).text


async def test_a_whole_year_in_one_paper(world: World, salma: Person) -> None:
    await opens(salma)
    await salma.presses("All of {year} in one PDF")
    text = pdf(salma).text
    assert "Relevés de remboursements de 2026" in text
    assert [text.index(f"N° D2026-{n} du") for n in range(3)] == sorted(
        text.index(f"N° D2026-{n} du") for n in range(3)
    )
    assert "3 022,20" in text
    assert ("read_statement", "2026") in await notes(world)


async def test_the_year_s_lines_as_a_file_for_a_spreadsheet(
    world: World, salma: Person, youssef: Person
) -> None:
    for person, amount in ((salma, "120,40"), (youssef, "")):
        await opens(person)
        await person.presses("{year} as a CSV file")
        content = (papers(person)[-1].document or b"").decode("utf-8-sig")
        assert "2026" in person.shown
        assert amount in content
        assert ("118305" if person is salma else "104827") not in content
    assert ("exported_reimbursements", "2026") in await notes(world)


async def test_only_the_years_that_there_are_and_pages_of_them(world: World, salma: Person) -> None:
    await world.directory(
        reimbursements=tuple(
            f"O{year}{n},D{year}-{n:03},104827,104827-0,{year}-03-{n + 1:02},{year}-02-01,{year}-02-01,CONS,150.00,0.00,100.00"
            for year, many in ((2023, 1), (2025, 19))
            for n in range(many)
        )
    )
    shelf = await opens(salma)
    salma.reads(OF_YEAR, year="2026", n="3")
    await salma.presses("Another year")
    assert salma.labels == ["✓ 2026", "2025", "2023", "‹ Retour"]
    await salma.presses("2025")
    salma.reads(OF_YEAR, year="2025", n="19", amount="1 900,00 MAD")
    salma.reads("Page {page} of {pages}", page="1", pages="3")
    await salma.presses("Next ›")
    await salma.presses("Next ›")
    salma.reads("Page {page} of {pages}", page="3", pages="3")
    assert salma.shown.count("D2025-") == 3
    assert salma.screen is shelf, "one message, edited in place"
    await salma.presses("3", under=shelf)
    assert "D2025-000" in pdf(salma).text
    await salma.presses("Another year", under=shelf)
    await salma.presses("2023", under=shelf)
    salma.reads(OF_YEAR, year="2023", n="1")
    assert not salma.sees_button("All of {year} in one PDF")


@pytest.mark.req("AS-53")
async def test_another_persons_number_opens_nothing_of_theirs(
    world: World, salma: Person, youssef: Person
) -> None:
    """Two participants may have statements of one number: each has their own lines."""
    await world.directory(
        reimbursements=(
            "Y1,D2026-0,118305,118305-0,2026-01-17,2026-01-02,2026-01-02,DENT,999.00,0.00,699.30",
        )
    )
    shelf = await opens(salma)
    await salma.presses("3", under=shelf)
    assert "699,30" not in pdf(salma).text
    assert "Total de 8 remboursements" in pdf(salma).text
    shelf = await opens(youssef)
    await youssef.presses("2", under=shelf)
    assert "699,30" in pdf(youssef).text
    assert "120,40" not in pdf(youssef).text


async def test_who_has_none_is_told_so(world: World) -> None:
    await world.directory(participants=("555777,Naciri,Omar,1990-01-02,,,,,",))
    omar = world.person(
        "Omar",
        matricule="555777",
        last_name="Naciri",
        born="02/01/1990",
        email="omar@example.com",
        password="Tournesol47",
    )
    await opens(omar)
    omar.reads(
        "The fund has not archived any statement for you yet. As soon as a reimbursement is paid, you will find its statement here."
    )
    assert omar.labels == ["Menu"]


@pytest.mark.parametrize(
    "action", ["send:99", "send:x", "send:-1", "of:9", "page:0", "page:x", "year", "", "x:y"]
)
@pytest.mark.world(on="sqlite")
async def test_a_button_that_means_nothing_shows_the_list(world: World, salma: Person, action: str) -> None:
    shelf = await opens(salma)
    stamp = shelf.buttons[0].data.partition(".")[0]  # type: ignore[union-attr]
    await salma.press_data(f"{stamp}.statements:{action}", shelf)
    assert "Mes relevés" in shelf.text


async def test_a_statement_that_is_gone_when_it_is_drawn_is_told(world: World, salma: Person) -> None:
    shelf = await opens(salma)
    world.playground.faults.add("500", "sendDocument", salma.id)
    await salma.presses("1", under=shelf)
    await world.app.db.run(
        lambda db: db.execute(
            schema.reimbursements.update()
            .where(schema.reimbursements.c.statement_number == "D2026-2")
            .values(statement_number="D2026-3")
        )
    )
    await passes(world, seconds=10)
    salma.reads("This statement is no longer there. Open the list of statements again.")


@pytest.mark.req("TH-14")
async def test_names_and_numbers_can_t_speak_typst(world: World, salma: Person) -> None:
    """What comes from a file is data on a paper, whatever it looks like, and a letter without a glyph stops nothing."""
    await world.directory(
        guarantees=('X#1,"#panic() *gras* $x$ // \\ ẓ 漢",#panic(),80,,act',),
        reimbursements=("Z1,Z#1,104827,104827-0,2026-03-17,2026-01-02,2026-01-02,X#1,99.00,0.00,69.30",),
    )
    shelf = await opens(salma)
    await salma.presses("1", under=shelf)
    assert papers(salma)[-1].file.name == "CMIM-Z-1.pdf"  # type: ignore[union-attr]
    paper = pdf(salma)
    assert "#panic() *gras* $x$ // \\" in paper.text
    assert not paper.accessible, "a glyph is missing: better a box than no paper"
