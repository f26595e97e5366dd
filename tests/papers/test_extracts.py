"""What is taken out of the list: its sums as a picture, its lines as a file for a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.papers import totals
from delivery.papers.extract import harmless, written
from kit.money import Money
from playground import Message
from playground.text import plain
from services.extracts import _months_before
from tests.papers.test_statements import notes
from tests.people import Person
from tests.world import World


async def opens(person: Person) -> Message:
    """The list of reimbursements."""
    await person.has_space()
    await person.says("/reimbursements")
    await person.presses("I agree")
    return next(m for m in person.phone.chat.backwards() if len(m.buttons) > 5)


def sent(person: Person, kind: str) -> Message:
    """The paper that came last."""
    return next(message for message in person.phone.chat.backwards() if message.kind == kind)


def table(person: Person) -> list[list[str]]:
    """The file that came last, as a spreadsheet of the country opens it."""
    content = sent(person, "document").document or b""
    assert content.startswith(b"\xef\xbb\xbf"), "without the mark Excel takes it for another code"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


# ── the picture ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TG-17", "TH-12")
async def test_the_totals_are_drawn_with_their_figures_in_the_caption(
    world: World, salma: Person, youssef: Person
) -> None:
    for person, figures in ((salma, "3 022,20"), (youssef, "20.706,75")):
        shown = await opens(person)
        await person.presses("Totals", under=shown)
        await person.presses("As a picture", under=shown)
        picture = sent(person, "photo")
        assert picture.protect
        assert picture.file is not None
        assert (picture.file.width, picture.file.mime) == (1200, "image/png")
        assert picture.file.height < 1000
        assert figures in picture.text.replace("\u202f", " ")
        assert "2026" in picture.text
        assert "totaux" in shown.text or "المجاميع" in shown.text, "the totals in words stay"
        await person.says("/lock")
        assert picture.deleted


async def test_a_filter_holds_for_the_picture_and_nothing_is_none(world: World, salma: Person) -> None:
    shown = await opens(salma)
    for label in ("Choose which", "Type of care", "Médicaments", "Totals", "As a picture"):
        await salma.presses(label, under=shown)
    picture = sent(salma, "photo")
    assert "Médicaments" in picture.text
    assert "Soins dentaires" not in picture.text
    first = picture.photo
    for label in ("‹ Retour", "Choose which", "Period", "Cette année (⁨2026⁩)", "Totals", "As a picture"):
        found = next((one for one in shown.labels if one.startswith("Cette année")), label)
        await salma.presses(found if label.startswith("Cette") else label, under=shown)
    assert sent(salma, "photo").photo == first, "the same sums are the same picture"
    for label in ("‹ Retour", "Choose which", "Period"):
        await salma.presses(label, under=shown)
    await salma.presses(next(one for one in shown.labels if one.startswith("L’année dernière")), under=shown)
    assert not salma.sees_button("CSV file"), "there is nothing to put into one"


def test_an_axis_has_few_round_lines() -> None:
    for largest, step in (
        (0, 100),
        (1, 100),
        (99_999, 20_000),
        (1_131_200, 250_000),
        (12_345_600, 2_500_000),
    ):
        assert totals._step(largest) == step
        assert largest / totals._step(largest) <= totals._TICKS


@given(st.integers(0, 10**11))
def test_an_axis_fits_any_sum(largest: int) -> None:
    step = totals._step(largest)
    assert step >= 100
    assert largest / step <= totals._TICKS


def test_months_follow_each_other() -> None:
    assert _months_before(dt.date(2026, 1, 1), 1) == dt.date(2025, 12, 1)
    assert _months_before(dt.date(2025, 12, 1), -1) == dt.date(2026, 1, 1)
    assert _months_before(dt.date(2026, 3, 1), 23) == dt.date(2024, 4, 1)


async def test_many_acts_share_one_colour_and_old_months_are_left_out(world: World, salma: Person) -> None:
    """Twelve acts, three years: seven colours, twenty-four months, and the sums of what is drawn."""
    await world.directory(
        reimbursements=tuple(
            f"M{year}{n:02},D{year}-{n:02},104827,104827-0,{year}-{n:02}-05,{year}-01-01,{year}-01-01,A{n:02},100.00,0.00,{n}.00"
            for year in (2023, 2024, 2025)
            for n in range(1, 13)
        )
    )
    shown = await opens(salma)
    await salma.presses("Totals", under=shown)
    await salma.presses("As a picture", under=shown)
    picture = sent(salma, "photo")
    assert picture.photo
    # The last 24 months reach to 2024-03; 2026 has CONS, PHARM and DENT besides. What is drawn is what the caption sums up.
    salma.reads("The last {n} month.", n="24")
    drawn = sum(range(3, 13)) + sum(range(1, 13))
    said = plain(picture.text)
    assert f"{3022 + drawn:,}".replace(",", " ") + ",20 MAD au total" in said
    assert "Autres actes" in said
    assert len(picture.text.encode("utf-16-le")) // 2 <= 1024
    assert picture.labels == []


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TH-63", "AS-03", "TG-17")
async def test_the_list_as_a_file_that_a_spreadsheet_opens(world: World, salma: Person) -> None:
    shown = await opens(salma)
    await salma.presses("CSV file", under=shown)
    paper = sent(salma, "document")
    assert paper.protect
    assert paper.file is not None
    assert paper.file.name == "CMIM-2026-01-10-2026-02-20.csv"
    heads, *lines = table(salma)
    assert heads[:3] == ["Relevé", "Date de paiement", "Bénéficiaire"]
    assert len(lines) == 23
    assert lines[0] == [
        *("D2026-0", "10/01/2026", "Salma El Ouaïssi", "01/12/2025", "03/12/2025", "CONS"),
        *("Consultation généraliste", "200,50", "20,00", "120,40"),
    ]
    total = sum(int(line[-1].replace(",", "")) for line in lines)
    assert Money(total) == Money(302220)
    assert ("exported_reimbursements", "all") in await notes(world)


async def test_a_file_in_arabic_and_of_a_filter(world: World, youssef: Person) -> None:
    shown = await opens(youssef)
    for label in ("Choose which", "Type of care", "أدوية", "CSV file"):
        await youssef.presses(label, under=shown)
    heads, *lines = table(youssef)
    assert heads[1] == "تاريخ الأداء"
    assert [line[2] for line in lines] == ["يوسف بنجلون"] * 3
    assert "104827" not in str(lines)


@pytest.mark.req("TH-63", "AS-03")
async def test_what_looks_like_a_formula_is_none(world: World, salma: Person) -> None:
    await world.directory(
        guarantees=('=EVIL,"=HYPERLINK(""http://x"",""y"")",+1,80,,act',),
        reimbursements=(
            "F1,@SUM(A1),104827,104827-0,2026-03-17,2026-01-02,2026-01-02,=EVIL,99.00,0.00,69.30",
            "F2,-2+3,104827,104827-0,2026-03-17,2026-01-02,2026-01-02,=EVIL,99.00,0.00,69.30",
        ),
    )
    shown = await opens(salma)
    await salma.presses("CSV file", under=shown)
    evil = [line for line in table(salma) if "EVIL" in line[5]]
    assert [line[0] for line in evil] == ["'-2+3", "'@SUM(A1)"]
    assert {line[5] for line in evil} == {"'=EVIL"}
    assert all(
        not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for line in table(salma) for cell in line
    )


@pytest.mark.req("TH-63", "AS-03")
@given(st.lists(st.text(), min_size=1))
def test_no_cell_is_ever_a_formula(cells: list[str]) -> None:
    text = written([cells]).decode("utf-8-sig")
    [read] = list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) or [[]]
    for cell in read:
        assert not cell or cell[0] not in "=+-@\t\r\n＝＋－＠"
    assert harmless("=1") == "'=1"
