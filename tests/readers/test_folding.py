"""When two texts are the same, and what can be seen of one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from kit.folding import decimal_digits, fold, joined, same_name, visible
from tests.readers.refusals import ANYTHING, TYPED

SAME_NAMES = [
    ("El-Ouaïssi", "Elouaissi"),
    ("El-Ouaïssi", "EL OUAISSI"),
    ("Al Ouaissi", "El Ouaïssi"),
    ("O'Neil", "ONEIL"),
    ("O’Neil", "O'Neil"),
    ("O Neil", "O'Neil"),
    ("N'Guyên", "nguyen"),
    ("Ben Ali", "Benali"),
    ("Bin Ali", "Ben Ali"),
    ("ibn ali", "BEN ALI"),
    ("Ben-Ali", "ben ali"),
    ("Fatima Zahra", "Fatima-Zahra"),
    ("Fatima  Zahra", "FATIMA ZAHRA"),
    ("Zahra Fatima", "Fatima Zahra"),
    ("Abd El Kader", "Abdelkader"),
    ("Abdel Kader", "ABDELKADER"),
    ("Abou Bakr", "Aboubakr"),
    ("Hélène", "Helene"),
    ("He\u0301le\u0300ne", "Hélène"),
    ("Lecœur", "Lecoeur"),
    ("Strauß", "STRAUSS"),
    ("Al Aoui", "Alaoui"),
    ("El Ouaissi Salma", "Salma Elouaissi"),
    ("\u202eSalma\u202c", "Salma"),
    ("Ｓalma", "Salma"),
    ("عبد الله", "عبدالله"),
    ("عبد الرحمن", "عبد الرحمان"),
    ("أحمد", "احمد"),
    ("إدريس", "ادريس"),
    ("آمنة", "امنه"),
    ("فاطمة", "فاطمه"),
    ("فاطمة الزهراء", "فاطمة الزهرا"),
    ("مصطفى", "مصطفي"),
    ("عائشة", "عايشه"),
    ("فؤاد", "فواد"),
    ("محـــمد", "محمد"),
    ("مُحَمَّد", "محمد"),
    ("ابن علي", "بن علي"),
    ("بن علي", "بنعلي"),
    ("أبو بكر", "أبي بكر"),
    ("أبو بكر", "ابوبكر"),
    ("ال إدريسي", "الإدريسي"),
    ("شيماء", "شيما"),
    ("داوود", "داود"),
    ("علی", "علي"),
    ("الڭلاوي", "الݣلاوي"),
    ("ⵙⴰⵍⵎⴰ", "ⵙⴰⵍⵎⴰ"),
    ("-", "-"),
]
OTHER_NAMES = [
    ("Ali", "Alia"),
    ("Salma", "Selma"),
    ("Idrissi", "El Idrissi"),
    ("Mohamed", "M'hamed"),
    ("Mohamed", "Mohammed"),
    ("Ben Ali", "Ben Alia"),
    ("Ben", "Ali"),
    ("Fatima", "Fatima Zahra"),
    ("Salma", "سلمى"),
    ("زهرة", "زهراء"),
    ("سعيد", "سعد"),
    ("علوي", "العلوي"),
    ("محمد", "أحمد"),
    ("حسن", "حسين"),
    ("نور", "نورة"),
    ("عبد الله", "عبد الإله"),
    ("", ""),
    ("-", "'"),
    ("\u200b", "\u200b"),
    ("-", "Salma"),
]


@pytest.mark.req("CF-09")
@pytest.mark.parametrize(("one", "other"), SAME_NAMES)
def test_a_name_is_the_same_however_it_is_usually_written(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.req("CF-09")
@pytest.mark.parametrize(("one", "other"), OTHER_NAMES)
def test_another_name_stays_another(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)


@pytest.mark.req("CF-03")
@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  L’École  Al-Amal ", "lecole al amal"),
        ("أحمـــد", "احمد"),
        ("مدرسةُ الأمل", "مدرسه الامل"),
        ("٢٠٢٤ ۵ １", "2024 5 1"),
        ("ﷲ", "الله"),
        ("Straße", "strasse"),
        ("a\u200bb\u00adc", "abc"),
        ("a\tb\nc", "a b c"),
        ("😀!?", ""),
    ],
)
def test_folding(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.req("BI-07")
def test_only_decimal_digits_become_ascii() -> None:
    assert decimal_digits("١٢٣ ۴۵۶ ７８９ ²Ⅷ½ ") == "123 456 789 ²Ⅷ½ "


@pytest.mark.req("BI-01")
@pytest.mark.parametrize(
    "blank",
    [" ", "\u200b", "\u2800", "\u3164", "\u00ad", "\ufeff", "\u200d\u200d", "\u034f", "\x00", "\ud800"],
)
def test_what_only_looks_like_something_is_nothing(blank: str) -> None:
    assert visible(blank * 3 + " " + blank) == ""


@pytest.mark.req("BI-03")
def test_only_the_joiners_that_a_script_needs_are_kept() -> None:
    assert visible("می\u200cخواهم") == "می\u200cخواهم"
    assert visible("क्\u200dष") == "क्\u200dष"
    assert visible("sal\u200dma") == "salma"
    assert visible("علي\u200c") == "علي"
    assert visible("\u202eSalma\u2069 \u200f\u061c") == "Salma"


@pytest.mark.req("BI-15")
def test_no_control_format_or_surrogate_of_unicode_is_visible() -> None:
    hidden = [
        chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs")
    ]
    shown = [hex(ord(character)) for character in hidden if visible(f"a{character}b") not in ("ab", "a b")]
    assert shown == []


@given(ANYTHING | TYPED)
def test_cleaning_and_folding_twice_is_cleaning_and_folding_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert fold(fold(text)) == fold(text)
    assert joined(text) == "".join(character for character in joined(text) if character.isalnum())
    visible(text).encode()


@given(TYPED, TYPED)
def test_sameness_has_no_direction(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)
    assert same_name(one, one) == (visible(one) != "")
