"""Salma reads her reimbursements: pages, order, filters, totals, a line; nobody reads another's."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import update

from kit.money import Money
from services import activity, reimbursements
from services.access import Standing, Who
from services.reimbursements import NotSignedIn, Query
from store import schema
from tests.reimbursements.conftest import CHAT, NOW, Fund


def various(fund: Fund, n: int) -> list[dict[str, Any]]:
    """Lines over three years, of all the family and three acts; the same each time."""
    draw = random.Random(7)
    return [
        {
            "beneficiary_id": fund.family[draw.choice(["salma", "farid", "amine", "amina"])],
            "payment_date": dt.date(2026, 3, 18) - dt.timedelta(days=draw.randrange(1000)),
            "act_code": draw.choice(["CONS", "DENT", "ZZ9"]),
            "reimbursed": draw.randrange(1, 20) * 1250,
        }
        for _ in range(n)
    ]


@pytest.mark.parametrize(
    ("lines", "pages", "last"), [(0, 1, 0), (1, 1, 1), (10, 1, 10), (11, 2, 1), (103, 11, 3)]
)
async def test_pages_hold_ten_lines_and_each_line_once(fund: Fund, lines: int, pages: int, last: int) -> None:
    ids = await fund.pays(*various(fund, lines)) if lines else []
    seen = []
    for number in range(1, pages + 1):
        page = await fund.run(
            lambda work, number=number: reimbursements.page(work, fund.salma, Query(page=number))
        )
        assert (page.number, page.pages, page.lines) == (number, pages, lines)
        seen.append([item.id for item in page.items])
    assert len(seen[-1]) == last
    assert sorted(id for one in seen for id in one) == sorted(ids)


async def test_a_page_beyond_the_last_is_the_last(fund: Fund) -> None:
    await fund.pays(*various(fund, 12))
    page = await fund.run(lambda work: reimbursements.page(work, fund.salma, Query(page=9)))
    assert (page.number, len(page.items)) == (2, 2)


async def test_the_latest_or_the_largest_come_first_in_an_order_that_stands(fund: Fund) -> None:
    lines = various(fund, 60)
    keyed = list(zip(await fund.pays(*lines), lines, strict=True))
    by_date = sorted(keyed, key=lambda one: (one[1]["payment_date"], one[0]), reverse=True)
    by_amount = sorted(
        keyed, key=lambda one: (one[1]["reimbursed"], one[1]["payment_date"], one[0]), reverse=True
    )
    for order, wanted in (("date", by_date), ("amount", by_amount)):
        seen = []
        for number in range(1, 7):
            query = Query(order=order, page=number)  # type: ignore[arg-type]
            page = await fund.run(lambda work, query=query: reimbursements.page(work, fund.salma, query))
            seen += [item.id for item in page.items]
        assert seen == [id for id, _ in wanted]


@pytest.mark.parametrize("period", ["all", "month", "three_months", "year", "last_year", "2024"])
@pytest.mark.parametrize(
    ("beneficiary", "act"), [(None, None), ("amine", None), (None, "ZZ9"), ("farid", "DENT")]
)
async def test_filters_and_totals_are_exact(
    fund: Fund, period: str, beneficiary: str | None, act: str | None
) -> None:
    lines = various(fund, 200)
    ids = await fund.pays(*lines)
    first, last = {
        "all": (dt.date.min, dt.date.max),
        "month": (dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
        "three_months": (dt.date(2025, 12, 20), dt.date(2026, 3, 20)),
        "year": (dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        "last_year": (dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        "2024": (dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
    }[period]
    whose = fund.family[beneficiary] if beneficiary else None
    wanted = {
        id: line
        for id, line in zip(ids, lines, strict=True)
        if first <= line["payment_date"] <= last
        and whose in (None, line["beneficiary_id"])
        and act in (None, line["act_code"])
    }
    query = Query(whose, act, period)
    page = await fund.run(lambda work: reimbursements.page(work, fund.salma, query))
    assert page.lines == len(wanted)
    assert {item.id for item in page.items} <= set(wanted)
    assert page.reimbursed == Money(sum(line["reimbursed"] for line in wanted.values()))

    acts: dict[str, int] = defaultdict(int)
    months: dict[dt.date, int] = defaultdict(int)
    for line in wanted.values():
        acts[line["act_code"]] += line["reimbursed"]
        months[line["payment_date"].replace(day=1)] += line["reimbursed"]
    totals = await fund.run(lambda work: reimbursements.totals(work, fund.salma, query))
    assert (totals.lines, totals.reimbursed) == (page.lines, page.reimbursed)
    assert {one.code: amount.centimes for one, amount in totals.by_act} == acts
    assert {month: amount.centimes for month, amount in totals.by_month} == months
    assert [month for month, _ in totals.by_month] == sorted(months, reverse=True)


def test_three_months_before_the_end_of_may_is_the_end_of_february() -> None:
    assert reimbursements.period_of("three_months", dt.date(2026, 5, 31)) == (
        dt.date(2026, 2, 28),
        dt.date(2026, 5, 31),
    )
    assert reimbursements.period_of("month", dt.date(2024, 2, 7)) == (
        dt.date(2024, 2, 1),
        dt.date(2024, 2, 29),
    )


async def test_new_year_comes_at_the_funds_midnight(fund: Fund) -> None:
    late = dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)  # 00:30 in Casablanca
    assert await fund.run(reimbursements.present_day, late) == dt.date(2026, 1, 1)


async def test_what_can_be_chosen_is_what_occurs(fund: Fund) -> None:
    await fund.pays(
        {},
        {"beneficiary_id": fund.family["amine"], "act_code": "ZZ9", "payment_date": dt.date(2023, 5, 1)},
        {"beneficiary_id": fund.family["amina"]},
    )
    await fund.pays(
        {
            "participant_id": fund.youssef.participant_id,
            "beneficiary_id": fund.family["youssef"],
            "act_code": "DENT",
        }
    )
    beneficiaries = await fund.run(lambda work: reimbursements.beneficiaries(work, fund.salma))
    assert [one.id for one in beneficiaries] == [fund.family[name] for name in ("salma", "amine", "amina")]
    acts = await fund.run(lambda work: reimbursements.acts(work, fund.salma))
    assert [(one.code, one.label is None) for one in acts] == [("CONS", False), ("ZZ9", True)]
    periods = await fund.run(lambda work: reimbursements.periods(work, fund.salma))
    assert periods == ["month", "three_months", "year", "last_year", "2024", "2023"]


@pytest.mark.req("CF-10")
async def test_a_mask_tells_the_family_apart_and_no_more(fund: Fund) -> None:
    await fund.pays(*({"beneficiary_id": fund.family[name]} for name in ("salma", "farid", "amine", "amina")))
    beneficiaries = await fund.run(lambda work: reimbursements.beneficiaries(work, fund.salma))
    assert [one.mask for one in beneficiaries] == ["S•••", "F•••", "A••• 2", "A••• 1"]


async def test_a_child_who_is_now_with_youssef_stays_in_salmas_lines_and_brings_him_none(fund: Fund) -> None:
    (id,) = await fund.pays({"beneficiary_id": fund.family["amine"]})
    moved = update(schema.beneficiaries).where(schema.beneficiaries.c.id == fund.family["amine"])
    await fund.run(
        lambda work: work.db.execute(moved.values(participant_id=fund.youssef.participant_id)).rowcount
    )
    page = await fund.run(lambda work: reimbursements.page(work, fund.salma, Query()))
    assert [(item.id, item.beneficiary.mask) for item in page.items] == [(id, "A••• 2")]
    mine = Query(beneficiary_id=fund.family["amine"])
    assert (await fund.run(lambda work: reimbursements.page(work, fund.youssef, mine))).items == []
    hers = Query(beneficiary_id=fund.family["farid"])
    assert await fund.run(lambda work: reimbursements.chosen(work, fund.youssef, hers)) == (None, None)


async def test_youssef_sees_nothing_of_salmas(fund: Fund) -> None:
    salmas = await fund.pays(*various(fund, 30))
    (his,) = await fund.pays(
        {"participant_id": fund.youssef.participant_id, "beneficiary_id": fund.family["youssef"]}
    )
    page = await fund.run(lambda work: reimbursements.page(work, fund.youssef, Query()))
    assert [item.id for item in page.items] == [his]
    for query in (Query(beneficiary_id=fund.family["amine"]), Query(act_code="DENT"), Query(period="2024")):
        page = await fund.run(lambda work, query=query: reimbursements.page(work, fund.youssef, query))
        totals = await fund.run(lambda work, query=query: reimbursements.totals(work, fund.youssef, query))
        assert (page.lines, totals.lines, totals.by_act, totals.by_month) == (0, 0, [], [])
    for id in salmas:
        assert await fund.run(lambda work, id=id: reimbursements.line(work, fund.youssef, CHAT, id)) is None
    assert await fund.run(lambda work: activity.recent(work, fund.youssef.account_id)) == []


async def test_a_line_has_its_seven_fields_and_leaves_a_trace(fund: Fund) -> None:
    (id,) = await fund.pays({"beneficiary_id": fund.family["farid"], "act_code": "DENT"})
    line = await fund.run(lambda work: reimbursements.line(work, fund.salma, CHAT, id))
    assert line is not None
    assert (line.payment_date, line.care_start, line.care_end) == (
        dt.date(2026, 3, 14),
        dt.date(2026, 3, 1),
        dt.date(2026, 3, 2),
    )
    assert (line.name.fr, line.beneficiary.relation) == ("Farid Alaoui", "spouse")
    assert line.act.label is not None
    assert line.act.label.ar == "علاج الأسنان"
    assert (line.claimed, line.paid_by_scheme, line.reimbursed) == (Money(30000), Money(10000), Money(15000))
    (trace,) = await fund.run(lambda work: activity.recent(work, fund.salma.account_id))
    assert (trace.event, trace.detail, trace.chat_id, trace.at) == (
        "read_reimbursement_line",
        "L000001",
        CHAT,
        NOW,
    )


async def test_who_is_not_signed_in_reads_nothing(fund: Fund) -> None:
    (id,) = await fund.pays({})
    linked = Who(Standing.LINKED, fund.salma.account_id, fund.salma.participant_id)
    for reading in (
        lambda work: reimbursements.page(work, linked, Query()),
        lambda work: reimbursements.totals(work, linked, Query()),
        lambda work: reimbursements.beneficiaries(work, linked),
        lambda work: reimbursements.acts(work, linked),
        lambda work: reimbursements.periods(work, linked),
        lambda work: reimbursements.chosen(work, linked, Query()),
        lambda work: reimbursements.line(work, linked, CHAT, id),
    ):
        with pytest.raises(NotSignedIn):
            await fund.run(reading)
