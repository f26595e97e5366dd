"""What Salma sees in the chat, in both languages: the list, a line, filters, totals, and the consent before them."""

from __future__ import annotations

import datetime as dt

import orjson
import pytest
from sqlalchemy import func, insert, select

from bot.handlers import consent
from bot.handlers.reimbursements import LASTS
from kit.language import LANGUAGES, Language
from kit.screen import Screen
from services import activity, consents
from services.work import House
from store import schema
from tests.reimbursements.conftest import NOW, Fund, Seen
from tests.reimbursements.test_reading import various

LIMIT = 4000  # UTF-16 units of a message


def fits(seen: Seen) -> None:
    """One message each, of a length that Telegram takes; buttons too."""
    sent = [orjson.loads(one.payload) for one in seen.promises if one.method != "deleteMessage"]
    assert len(sent) == 1 + len(seen.screen.more)
    for body in sent:
        assert len(body["text"].encode("utf-16-le")) // 2 <= LIMIT
        for row in body.get("reply_markup", {}).get("inline_keyboard", []):
            assert all(
                len(button.get("callback_data", "").encode()) <= 64 and button["text"].strip()
                for button in row
            )


@pytest.mark.req("CF-10")
async def test_the_list_is_a_new_protected_message_then_edited_in_place(fund: Fund) -> None:
    await fund.pays(*various(fund, 25))
    opened = await fund.opens(fund.salma)
    assert [one.method for one in opened.promises] == ["sendMessage"]
    assert orjson.loads(opened.promises[0].payload)["protect_content"] is True
    assert "25 remboursements" in opened.text
    assert "Page 1 sur 3" in opened.text
    for label, page in (("Suivants ›", 2), ("Suivants ›", 3), ("‹ Précédents", 2)):
        turned = await fund.presses(fund.salma, opened.keys[label])
        assert [one.method for one in turned.promises] == ["editMessageText"]
        assert f"Page {page} sur 3" in turned.text
        opened = turned
    notes = await fund.run(lambda work: activity.recent(work, fund.salma.account_id))
    assert [note.event for note in notes] == ["read_reimbursements"]


async def test_a_list_line_says_date_beneficiary_act_and_amount(fund: Fund) -> None:
    await fund.pays({"beneficiary_id": fund.family["farid"], "reimbursed": 123450})
    assert (
        "1. 14/03/2026 · F••• – conjoint(e)\nConsultation généraliste : 1 234,50 MAD"
        in (await fund.opens(fund.salma)).text
    )
    arabic = (await fund.opens(fund.salma, "ar")).text
    assert "1. 14/03/2026 · الزوج(ة) – F•••\nعن استشارة طبيب عام: 1.234,50 درهم" in arabic


@pytest.mark.req("CF-10")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_line_opens_below_its_list_protected_and_gone_after_ten_minutes(
    fund: Fund, language: Language
) -> None:
    await fund.pays(*({"act_code": "ZZ9", "payment_date": dt.date(2026, 1, day)} for day in range(1, 13)))
    opened = await fund.opens(fund.salma, language)
    seen = await fund.presses(fund.salma, opened.keys["2"], language)
    fits(seen)
    methods = [(one.method, one.not_before) for one in seen.promises]
    assert methods == [("editMessageText", NOW), ("sendMessage", NOW), ("deleteMessage", NOW + LASTS)]
    assert seen.promises[2].after is seen.promises[1]
    assert orjson.loads(seen.promises[1].payload)["protect_content"] is True
    marked = "◂" if language == "ar" else "▸"  # it points to the line it marks
    assert f"{marked} 2. 11/01/2026" in seen.text
    for field in ("11/01/2026", "01/03/2026", "02/03/2026", "ZZ9", "300,00", "100,00", "150,00"):
        assert field in seen.below
    assert ("Salma Bennani" if language == "fr" else "سلمى بناني") in seen.below
    assert seen.keys["3"] == "reimbursements:line:2"
    again = await fund.presses(fund.salma, seen.keys["3"], language)
    assert f"{marked} 3. 10/01/2026" in again.text


async def test_a_line_is_found_by_its_page_even_when_new_ones_came_in(fund: Fund) -> None:
    await fund.pays({"reimbursed": 777})
    opened = await fund.opens(fund.salma)
    await fund.pays({"payment_date": dt.date(2026, 3, 19), "reimbursed": 888})
    seen = await fund.presses(fund.salma, opened.keys["1"])
    assert "7,77" in seen.below
    assert "▸ 2. 14/03/2026" in seen.text


MEANINGLESS = [
    "line:",
    "line:99",
    "line:-1",
    "line:x",
    "line:²",
    "pick:0",
    "pick:all",
    "by:x",
    "more:next",
    "",
    "x:y",
]


@pytest.mark.parametrize("action", MEANINGLESS)
async def test_a_button_that_means_nothing_shows_the_list(fund: Fund, action: str) -> None:
    await fund.pays({})
    await fund.opens(fund.salma)
    seen = await fund.presses(fund.salma, f"reimbursements:{action}")
    assert "1 remboursement," in seen.text
    assert not seen.screen.more


async def test_the_next_person_of_a_chat_opens_no_line_of_the_former(fund: Fund) -> None:
    await fund.pays({})
    opened = await fund.opens(fund.salma)
    seen = await fund.presses(fund.youssef, opened.keys["1"])
    assert not seen.screen.more
    assert "CONS" not in seen.text
    assert "aucun remboursement" in seen.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_filters_are_named_and_cleared(fund: Fund, language: Language) -> None:
    await fund.pays(*various(fund, 40))
    opened = await fund.opens(fund.salma, language)
    assert "reimbursements:clear" not in opened.keys.values()
    for kind, index in (("beneficiary", 1), ("act", 2), ("period", 2)):
        menu = await fund.presses(fund.salma, "reimbursements:filter", language)
        fits(menu)
        assert f"reimbursements:by:{kind}" in menu.keys.values()
        choice = await fund.presses(fund.salma, f"reimbursements:by:{kind}", language)
        fits(choice)
        opened = await fund.presses(fund.salma, f"reimbursements:pick:{index}", language)
        fits(opened)
    named = {
        "fr": ("Bénéficiaire : F•••", "Acte : ZZ9", "Période : Cette année (2026)"),
        "ar": ("المستفيد: الزوج(ة) – F•••", "نوع العلاج: ZZ9", "الفترة: هذه السنة (2026)"),
    }
    assert all(name in opened.text for name in named[language])
    await fund.presses(fund.salma, "reimbursements:by:period", language)
    wider = await fund.presses(fund.salma, "reimbursements:pick:all", language)
    assert "2026)" not in wider.text
    assert "ZZ9" in wider.text
    cleared = await fund.presses(fund.salma, "reimbursements:clear", language)
    assert "40" in cleared.text
    assert "reimbursements:clear" not in cleared.keys.values()


async def test_a_long_menu_of_acts_is_paged(fund: Fund) -> None:
    await fund.pays(*({"act_code": f"Z{number:02}"} for number in range(20)))
    await fund.opens(fund.salma)
    menu = await fund.presses(fund.salma, "reimbursements:by:act")
    assert {"Z00", "Z07"} <= set(menu.keys)
    assert "Z08" not in menu.keys
    for _ in range(3):
        menu = await fund.presses(fund.salma, "reimbursements:more:next")
    assert {"Z16", "Z19"} <= set(menu.keys)
    picked = await fund.presses(fund.salma, menu.keys["Z19"])
    assert "Acte : Z19" in picked.text
    assert "✓ Z19" not in (await fund.presses(fund.salma, "reimbursements:by:act")).keys
    await fund.presses(fund.salma, "reimbursements:more:next")
    assert "✓ Z19" in (await fund.presses(fund.salma, "reimbursements:more:next")).keys


async def test_the_order_is_turned_and_kept_over_filters(fund: Fund) -> None:
    await fund.pays({"reimbursed": 100}, {"reimbursed": 90000, "payment_date": dt.date(2024, 1, 1)})
    opened = await fund.opens(fund.salma)
    assert "1. 14/03/2026" in opened.text
    turned = await fund.presses(fund.salma, opened.keys["Par montant"])
    assert "1. 01/01/2024" in turned.text
    assert "2. 14/03/2026" in turned.text
    await fund.presses(fund.salma, "reimbursements:by:period")
    await fund.presses(fund.salma, "reimbursements:pick:0")
    assert "Par date" in (await fund.presses(fund.salma, "reimbursements:clear")).keys


@pytest.mark.parametrize("language", LANGUAGES)
async def test_totals_name_acts_and_months_in_words_and_add_up(fund: Fund, language: Language) -> None:
    await fund.pays(
        {"reimbursed": 10000},
        {"reimbursed": 2550, "act_code": "DENT"},
        {"reimbursed": 5000, "payment_date": dt.date(2026, 2, 3), "act_code": "ZZ9"},
    )
    await fund.opens(fund.salma, language)
    seen = await fund.presses(fund.salma, "reimbursements:totals", language)
    fits(seen)
    wanted = {
        "fr": """3 remboursements, 175,50 MAD au total

Par acte
Consultation généraliste : 100,00 MAD
ZZ9 : 50,00 MAD
Soins dentaires : 25,50 MAD

Par mois
mars 2026 : 125,50 MAD
février 2026 : 50,00 MAD""",
        "ar": """3 تعويضات، المجموع 175,50 درهم

حسب نوع العلاج
عن استشارة طبيب عام: 100,00 درهم
عن ZZ9: 50,00 درهم
عن علاج الأسنان: 25,50 درهم

حسب الشهر
مارس 2026: 125,50 درهم
فبراير 2026: 50,00 درهم""",
    }
    assert seen.text.endswith(wanted[language])
    back = await fund.presses(fund.salma, "reimbursements:list", language)
    assert "ZZ9" in back.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_ten_years_of_forty_acts_with_long_labels_fit_in_one_message(
    fund: Fund, language: Language
) -> None:
    label = "Hospitalisation & soins <chirurgicaux> " * 5

    def name_acts(work: object) -> None:
        rows = [
            {"act_code": f"A{n}", "label_fr": label[:200], "label_ar": label[:200], "period": "act"}
            for n in range(40)
        ]
        work.db.execute(insert(schema.guarantees), rows)  # type: ignore[attr-defined]

    await fund.run(name_acts)
    days = (dt.date(2016, 1, 1) + dt.timedelta(days=9 * number) for number in range(400))
    await fund.pays(
        *(
            {"act_code": f"A{n % 40}", "payment_date": day, "reimbursed": 99_999_999_00 + n}
            for n, day in enumerate(days)
        )
    )
    fits(await fund.opens(fund.salma, language))
    fits(await fund.presses(fund.salma, "reimbursements:line:0", language))
    fits(await fund.presses(fund.salma, "reimbursements:by:act", language))
    await fund.presses(fund.salma, "reimbursements:pick:0", language)
    fits(await fund.presses(fund.salma, "reimbursements:filter", language))
    await fund.presses(fund.salma, "reimbursements:clear", language)
    totals = await fund.presses(fund.salma, "reimbursements:totals", language)
    fits(totals)
    assert ("Autres actes" if language == "fr" else "أنواع أخرى من العلاج") in totals.text
    assert ("Mois précédents" if language == "fr" else "الأشهر السابقة") in totals.text


@pytest.mark.parametrize(
    ("n", "counted"),
    [(1, "تعويض واحد"), (2, "تعويضان"), (3, "3 تعويضات"), (11, "11 تعويضا"), (100, "100 تعويض،")],
)
async def test_arabic_counts_as_arabic_does(fund: Fund, n: int, counted: str) -> None:
    await fund.pays(*({} for _ in range(n)))
    assert counted in (await fund.opens(fund.salma, "ar")).text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_empty_lists_are_said_kindly(fund: Fund, language: Language) -> None:
    empty = await fund.opens(fund.salma, language)
    fits(empty)
    assert (
        "aucun remboursement à votre nom" if language == "fr" else "لم تسجل التعاضدية بعد أي تعويض"
    ) in empty.text
    await fund.pays({"payment_date": dt.date(2020, 1, 1)})
    await fund.opens(fund.salma, language)
    await fund.presses(fund.salma, "reimbursements:by:period", language)
    none = await fund.presses(fund.salma, "reimbursements:pick:0", language)
    fits(none)
    assert (
        "Aucun remboursement ne correspond" if language == "fr" else "لا يوجد أي تعويض يوافق"
    ) in none.text
    assert "reimbursements:clear" in none.keys.values()


# ── the consent ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_consent_is_asked_once_and_the_place_follows(fund: Fund, language: Language) -> None:
    asked = await fund._turn(
        fund.salma, language, lambda turn: consent.bar(turn, "reimbursements") or pytest.fail("not asked")
    )
    fits(asked)
    assert ("09-08" if language == "fr" else "09.08") in asked.text
    agreed = await fund.presses(fund.salma, "consent:agree", language)
    assert agreed.next == "reimbursements"
    again = await fund._turn(
        fund.salma, language, lambda turn: consent.bar(turn, "reimbursements") or Screen([])
    )
    assert again.text == ""
    assert await fund.run(lambda work: consents.has(work, fund.salma.account_id, "telegram"))
    assert not await fund.run(lambda work: consents.has(work, fund.youssef.account_id, "telegram"))
    notes = await fund.run(lambda work: activity.recent(work, fund.salma.account_id))
    assert [(note.event, note.detail) for note in notes] == [
        ("consent_given", f"telegram {consents.VERSIONS['telegram']}")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_no_is_taken_and_nothing_is_recorded(fund: Fund, language: Language) -> None:
    await fund._turn(fund.salma, language, lambda turn: consent.ask(turn, "reimbursements"))
    refused = await fund.presses(fund.salma, "consent:no", language)
    fits(refused)
    assert refused.next is None
    assert "/privacy" in refused.text
    assert not await fund.run(lambda work: consents.has(work, fund.salma.account_id, "telegram"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_consent_is_taken_back_and_given_again(fund: Fund, language: Language) -> None:
    account = fund.salma.account_id
    await fund.run(lambda work: consents.give(work, account, "telegram", 42))
    await fund.run(lambda work: consents.give(work, account, "telegram", 42))
    shown = await fund._turn(fund.salma, language, consent.PLACE.open)
    fits(shown)
    assert "consent:revoke" in shown.keys.values()
    assert "2026" in shown.text
    fits(await fund.presses(fund.salma, "consent:revoke", language))
    assert not await fund.run(lambda work: consents.has(work, account, "telegram"))
    await fund.run(lambda work: consents.give(work, account, "telegram", 42))
    assert await fund.run(lambda work: consents.has(work, account, "telegram"))
    rows = await fund.run(
        lambda work: work.db.execute(select(func.count()).select_from(schema.consents)).scalar_one()
    )
    assert rows == 2


async def test_a_new_wording_is_asked_anew(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    account = fund.salma.account_id
    await fund.run(lambda work: consents.give(work, account, "telegram", 42))
    await fund.run(lambda work: consents.give(work, account, "processing", 42))
    monkeypatch.setitem(consents.VERSIONS, "telegram", "2027-1")
    assert not await fund.run(lambda work: consents.has(work, account, "telegram"))
    assert await fund.run(lambda work: consents.has(work, account, "processing"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_fund_that_shows_nothing_in_telegram_names_its_portal(fund: Fund, language: Language) -> None:
    await fund.run(lambda work: consents.give(work, fund.salma.account_id, "telegram", 42))
    pages = fund.house.fund.model_copy(update={"health_data_in_chat": "page_only"})
    fund.house = House(pages, fund.house.draw)
    for act in (
        lambda turn: consent.bar(turn, "reimbursements") or pytest.fail("not barred"),
        consent.PLACE.open,
    ):
        seen = await fund._turn(fund.salma, language, act)
        assert pages.health_fund.portal in seen.text
        assert "consent:agree" not in seen.keys.values()
