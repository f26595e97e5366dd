"""Matricules, names, dates: what is taken, what is refused, and why."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Refused
from kit.folding import same_name, visible
from kit.readers import (
    read_birth_date,
    read_email,
    read_matricule,
    read_name,
    read_phone,
    suggest_email,
)
from kit.text import Ltr
from tests.readers.refusals import ANYTHING, GIANTS, TYPED, fastest, outcome

TODAY = dt.date(2026, 3, 14)
PATTERN = "[0-9]{4,10}"
READERS = {
    "matricule": lambda raw: read_matricule(raw, PATTERN),
    "name": read_name,
    "birth date": lambda raw: read_birth_date(raw, TODAY),
    "email": read_email,
    "suggestion": suggest_email,
    "phone": read_phone,
}


@pytest.mark.req("BI-02", "BI-07", "BI-08")
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456", "123456"),
        ("  123456\n", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("۱۲۳۴", "1234"),
        ("１２３４", "1234"),
        ("12\u200b34", "1234"),
        ("\u202d123456\u202c", "123456"),
        ("12 34 56", "123456"),
        ("123", "matricule_form"),
        ("12345678901", "matricule_form"),
        ("1_000", "matricule_form"),
        ("+1234", "matricule_form"),
        ("1e33", "matricule_form"),
        ("٣.٤٥٦", "matricule_form"),
        ("123²", "matricule_form"),
        ("Ⅷ123", "matricule_form"),
        ("12-34", "matricule_form"),
        ("abcd", "matricule_form"),
        ("😀", "matricule_form"),
        ("1234\ud800", "1234"),
        ("", "matricule_empty"),
        ("\u3164\u2800", "matricule_empty"),
    ],
)
def test_matricules(typed: str, read: str) -> None:
    assert outcome(read_matricule, typed, PATTERN) == read


def test_the_refusal_of_a_matricule_shows_one_that_the_fund_would_take() -> None:
    for pattern in (PATTERN, "[A-Z][0-9]{7}", "[0-9]{3}"):
        with pytest.raises(Refused) as refused:
            read_matricule("?", pattern)
        example = refused.value.text.values["example"]
        assert isinstance(example, Ltr)
        assert read_matricule(example.value, pattern) == example.value
    with pytest.raises(Refused) as refused:
        read_matricule("?", "X{40}")
    assert not refused.value.text.values
    assert read_matricule("a1234567", "[A-Z][0-9]{7}") == "A1234567"


@pytest.mark.req("BI-03", "BI-05", "BI-06", "BI-16", "BI-17", "BI-46")
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Salma", "Salma"),
        ("O'Neil", "O'Neil"),
        ("El-Ouaïssi", "El-Ouaïssi"),
        ("N'Guyên", "N'Guyên"),
        ("Nguye\u0302\u0303n", "Nguy\u1ec5n"),
        ("A", "A"),
        ("a" * 100, "a" * 100),
        ("مُ" * 100, "مُ" * 100),
        ("ALAOUI", "ALAOUI"),
        ("ben  Ali ", "ben Ali"),
        ("ⵙⴰⵍⵎⴰ", "ⵙⴰⵍⵎⴰ"),
        ("عبد الله", "عبد الله"),
        ("می\u200cنا", "می\u200cنا"),
        ("NULL", "NULL"),
        ("undefined", "undefined"),
        ("-", "-"),
        ("test", "test"),
        ("<b>Salma</b>", "<b>Salma</b>"),
        ("{name}", "{name}"),
        ("\u202eSalma\u2066\u200f", "Salma"),
        ("123456", "name_letters"),
        ("Benjelloun 123", "name_letters"),
        ("y.benjelloun@example.com", "name_letters"),
        ("١٢٣", "name_letters"),
        ("Salma 😀", "name_letters"),
        ("👨‍👩‍👧", "name_letters"),
        ("🇲🇦", "name_letters"),
        ("1️⃣", "name_letters"),
        ("Salma\ue000", "name_letters"),
        ("a" * 101, "name_long"),
        ("a" + "\u0301" * 200, "name_marks"),
        ("\u0301", "name_marks"),
        ("Salma\r\nBcc: x", "name_lines"),
        ("Sal\x00ma", "name_lines"),
        ("", "name_empty"),
        ("\u200b \u2800\u3164\u00ad", "name_empty"),
    ],
)
def test_names(typed: str, read: str) -> None:
    assert outcome(read_name, typed) == read


@pytest.mark.req("BI-07", "BI-09", "BI-10", "BI-11", "BI-12")
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("31/12/1980", dt.date(1980, 12, 31)),
        ("31-12-1980", dt.date(1980, 12, 31)),
        ("31.12.1980", dt.date(1980, 12, 31)),
        ("31 12 1980", dt.date(1980, 12, 31)),
        ("1980-12-31", dt.date(1980, 12, 31)),
        ("1980/12/31", dt.date(1980, 12, 31)),
        ("1/2/1985", dt.date(1985, 2, 1)),
        ("٣١/١٢/١٩٨٠", dt.date(1980, 12, 31)),
        ("۱/۲/۱۹۸۵", dt.date(1985, 2, 1)),
        ("３１／１２／１９８０", dt.date(1980, 12, 31)),
        ("1 / 2 / 1985", dt.date(1985, 2, 1)),
        ("31–12–1980", dt.date(1980, 12, 31)),
        ("\u200f31/12/1980\u200f", dt.date(1980, 12, 31)),
        ("29/02/2000", dt.date(2000, 2, 29)),
        ("29/02/1988", dt.date(1988, 2, 29)),
        ("1 février 1985", dt.date(1985, 2, 1)),
        ("1er FEVRIER 1985", dt.date(1985, 2, 1)),
        ("1 févr. 1985", dt.date(1985, 2, 1)),
        ("31-déc-1980", dt.date(1980, 12, 31)),
        ("5 août 1990", dt.date(1990, 8, 5)),
        ("5 غشت 1990", dt.date(1990, 8, 5)),
        ("٥ غشت ١٩٩٠", dt.date(1990, 8, 5)),
        ("5 أغسطس 1990", dt.date(1990, 8, 5)),
        ("5 آب 1990", dt.date(1990, 8, 5)),
        ("5 ماي 1990", dt.date(1990, 5, 5)),
        ("5 مايو 1990", dt.date(1990, 5, 5)),
        ("12 كانون الأول 1990", dt.date(1990, 12, 12)),
        ("12 تشرين الثاني 1990", dt.date(1990, 11, 12)),
        ("12 دجنبر 1990", dt.date(1990, 12, 12)),
        ("1/2/85", "birth_date_year"),
        ("1 février 85", "birth_date_year"),
        ("30/02/1980", "birth_date_impossible"),
        ("29/02/2023", "birth_date_impossible"),
        ("31/04/1990", "birth_date_impossible"),
        ("00/00/0000", "birth_date_impossible"),
        ("12/31/1980", "birth_date_impossible"),
        ("15/03/2026", "birth_date_future"),
        ("14/03/2026", "birth_date_future"),
        ("01/01/2999", "birth_date_future"),
        ("14/03/1905", "birth_date_old"),
        ("15/03/1905", dt.date(1905, 3, 15)),
        ("15/03/2010", "birth_date_young"),
        ("14/03/2010", dt.date(2010, 3, 14)),
        ("31/12-1980", "birth_date_form"),
        ("31121980", "birth_date_form"),
        ("²/3/1980", "birth_date_form"),
        ("5 brumaire 1990", "birth_date_form"),
        ("mars 1990", "birth_date_form"),
        ("hier", "birth_date_form"),
        ("+1/+2/1985", "birth_date_form"),
        ("1985-13-01", "birth_date_impossible"),
        ("", "birth_date_empty"),
        ("\u2800", "birth_date_empty"),
    ],
)
def test_birth_dates(typed: str, read: object) -> None:
    assert outcome(read_birth_date, typed, TODAY) == read


@pytest.mark.req("BI-10")
def test_who_was_born_on_a_leap_day_has_an_age_every_year() -> None:
    leap = "29/02/2008"
    assert outcome(read_birth_date, leap, dt.date(2024, 2, 28)) == "birth_date_young"
    assert outcome(read_birth_date, leap, dt.date(2024, 2, 29)) == dt.date(2008, 2, 29)
    assert outcome(read_birth_date, leap, dt.date(2025, 2, 28)) == dt.date(2008, 2, 29)


_FRENCH = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_MOROCCAN = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "ماي",
    "يونيو",
    "يوليوز",
    "غشت",
    "شتنبر",
    "أكتوبر",
    "نونبر",
    "دجنبر",
]
_EGYPTIAN = [
    "يناير",
    "فبراير",
    "مارس",
    "إبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
]
_LEVANTINE = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
]


@pytest.mark.req("BI-12")
@given(st.dates(dt.date(1906, 3, 15), dt.date(2010, 3, 14)))
def test_each_way_to_write_a_date_gives_it_back(date: dt.date) -> None:
    figures = [
        f"{date:%d/%m/%Y}",
        f"{date:%d-%m-%Y}",
        f"{date:%d.%m.%Y}",
        f"{date:%Y-%m-%d}",
        f"{date.day}/{date.month}/{date.year}",
    ]
    arabic = [form.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")) for form in figures]
    words = [
        f"{date.day} {names[date.month - 1]} {date.year}"
        for names in (_FRENCH, _MOROCCAN, _EGYPTIAN, _LEVANTINE)
    ]
    for form in figures + arabic + words:
        assert read_birth_date(form, TODAY) == date


@pytest.mark.parametrize("reader", READERS)
@given(text=ANYTHING | TYPED)
def test_any_text_is_read_or_refused(reader: str, text: str) -> None:
    outcome(READERS[reader], text)


@pytest.mark.req("TH-15")
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("giant", GIANTS)
def test_64_kib_take_less_than_50_ms(reader: str, giant: str) -> None:
    assert fastest(lambda: READERS[reader](GIANTS[giant])) < 0.05


@given(ANYTHING | TYPED)
def test_a_name_that_is_taken_keeps_all_rules(text: str) -> None:
    try:
        name = read_name(text)
    except Refused:
        return
    assert name == visible(name) == unicodedata.normalize("NFC", name) != ""
    assert read_name(name) == name
    assert same_name(name, text)
    assert len([character for character in name if unicodedata.category(character)[0] != "M"]) <= 100
    assert not any(unicodedata.category(character) in ("So", "Cc", "Cs", "Co", "Cn") for character in name)


@given(ANYTHING | st.text(st.sampled_from("0123456789٣٤۵１² \u200b_+eA"), max_size=12))
def test_a_matricule_that_is_taken_fits_the_pattern(text: str) -> None:
    read = outcome(read_matricule, text, PATTERN)
    assert isinstance(read, str)
    assert re.fullmatch(PATTERN, read, re.ASCII) or read in ("matricule_empty", "matricule_form")
