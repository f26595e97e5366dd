"""/guarantees: what the fund covers, and what it made of one's own latest line: no figure that the fund did not give."""

from __future__ import annotations

import datetime as dt

import pytest

from kit.money import Money
from kit.text import Both
from playground import Message
from services import consents
from services.guarantees import Guarantee, Outcome, worked_out
from services.reimbursements import Act, Beneficiary, Line
from tests.papers.test_statements import notes
from tests.people import Person
from tests.world import World

LESS = (
    "This is less than the rate gives. The ceiling of the period, the scheme’s part or the fund’s tariff may be the reason: "
    "the fund tells you at {phone}."
)
NONE_YET = "You have no reimbursement of this type of care yet: once you have one, it is worked out here."


async def opens(person: Person) -> Message:
    account = await person.has_space()
    await person.world.run(lambda work: consents.give(work, account, "telegram", person.id))
    await person.says("/guarantees")
    person.reads("<b>My guarantees</b>")
    return person.screen


async def test_guarantees_by_act_each_with_an_example(world: World, salma: Person) -> None:
    shown = await opens(salma)
    assert shown.protect
    assert "1. Consultation généraliste : 80 %" in salma.shown.replace("\u00a0", " ").replace("\u202f", " ")
    await salma.presses("1", under=shown)
    salma.reads("Rate: <b>{rate} %</b>", rate="80")
    salma.reads("Ceiling: <b>{amount}</b> each time", amount="150,00 MAD")
    # The latest consultation: 221,50 claimed, 41,00 by the scheme, 141,40 reimbursed. Neither rate nor ceiling gives that.
    salma.reads("Amount claimed: <b>{amount}</b>", amount="221,50 MAD")
    salma.reads("{rate} % of the amount claimed: <b>{amount}</b>", rate="80", amount="177,20 MAD")
    salma.reads("{rate} % of the ceiling: <b>{amount}</b>", rate="80", amount="120,00 MAD")
    salma.reads("Reimbursed to you: <b>{amount}</b>", amount="141,40 MAD")
    salma.reads(LESS)
    assert ("read_reimbursement_line", "L021") in await notes(world)
    await salma.presses("‹ Back", under=shown)
    await salma.presses("3", under=shown)
    salma.reads("Ceiling: <b>{amount}</b> in a year", amount="3 000,00 MAD")
    salma.reads("The ceiling counts all your care of the period; what is left of it, the fund tells you.")
    assert salma.screen is shown
    await salma.says("/lock")
    assert shown.deleted


async def test_an_act_without_a_line_has_no_example(world: World, youssef: Person) -> None:
    shown = await opens(youssef)
    await youssef.presses("1", under=shown)
    youssef.reads(NONE_YET)
    assert "141,40" not in youssef.shown
    await youssef.presses("‹ Back", under=shown)
    await youssef.presses("2", under=shown)
    youssef.reads("Ceiling: the fund gives none for this type of care.")


async def test_many_guarantees_have_pages(world: World, salma: Person) -> None:
    await world.directory(
        guarantees=tuple(
            f"G{n:02},Acte {n:02},عمل {n:02},{50 + n},{100 * n}.00,lifetime" for n in range(1, 15)
        )
    )
    shown = await opens(salma)
    salma.reads("Page {page} of {pages}", page="1", pages="3")
    await salma.presses("Next ›", under=shown)
    await salma.presses("1", under=shown)
    salma.reads("Rate: <b>{rate} %</b>", rate="59")
    salma.reads("Ceiling: <b>{amount}</b> in a lifetime", amount="900,00 MAD")
    await salma.presses("‹ Back", under=shown)
    salma.reads("Page {page} of {pages}", page="2", pages="3")


@pytest.mark.world(on="sqlite")
@pytest.mark.parametrize("action", ["act:99", "act:x", "act:-1", "page:x", "page:0", "", "x:y"])
async def test_a_button_that_means_nothing_shows_the_list(world: World, salma: Person, action: str) -> None:
    shown = await opens(salma)
    stamp = shown.buttons[0].data.partition(".")[0]  # type: ignore[union-attr]
    await salma.press_data(f"{stamp}.guarantees:{action}", shown)
    salma.reads("<b>My guarantees</b>")


@pytest.mark.parametrize(
    ("rate", "ceiling", "period", "claimed", "scheme", "paid", "outcome"),
    [
        (80, None, "act", 10000, 0, 8000, Outcome.RATE),
        (80, None, "act", 12345, 0, 9876, Outcome.RATE),
        (80, 15000, "act", 30000, 0, 15000, Outcome.CEILING),
        (80, 15000, "act", 30000, 0, 12000, Outcome.RATE_OF_CEILING),
        (80, 15000, "year", 30000, 0, 15000, Outcome.LESS),
        (100, None, "act", 749155, 374577, 374578, Outcome.REST),
        (80, None, "act", 10000, 3000, 5000, Outcome.LESS),
        (70, None, "act", 10000, 0, 8000, Outcome.MORE),
        (None, 15000, "act", 10000, 0, 8000, Outcome.UNKNOWN),
        (80, None, "act", 10000, 0, 0, Outcome.LESS),
        (0, None, "act", 10000, 0, 0, Outcome.RATE),
    ],
)
def test_what_a_reimbursement_is_in_the_terms_of_its_guarantee(
    rate: int | None, ceiling: int | None, period: str, claimed: int, scheme: int, paid: int, outcome: Outcome
) -> None:
    act, day = Act("A", None), dt.date(2026, 1, 1)
    line = Line(
        day,
        Beneficiary(1, "self", "S•••"),
        Both("S", "S"),
        day,
        day,
        act,
        Money(claimed),
        Money(scheme),
        Money(paid),
    )
    guarantee = Guarantee(act, rate, None if ceiling is None else Money(ceiling), period)
    assert worked_out(guarantee, line).outcome is outcome
