"""Secret questions and answers: which two answers are one, and which are too easily guessed (CF-03)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given

from kit.errors import Refused
from kit.folding import fold, joined
from services.holder import Holder
from services.secret_answers import QUESTIONS, check_answer, read_own_question
from services.words import words
from tests.readers.refusals import ANYTHING, GIANTS, TYPED, fastest, outcome

SALMA = Holder("731946", "El Ouaïssi", "Salma", dt.date(1980, 2, 1), "s.bennis+fund@example.com")
SCHOOL = "Quel était le nom de votre première école ?"

EQUAL = [
    ("Les Hirondelles", "les hirondelles"),
    ("LES HIRONDELLES", "  les   hirondelles  "),
    ("Les Hirondelles", "Les-Hirondelles"),
    ("Les Hirondelles.", "Les Hirondelles !"),
    ("Sainte-Thérèse", "sainte therese"),
    ("Thérèse", "The\u0301re\u0300se"),
    ("L'Avenir", "L’Avenir"),
    ("L'Avenir", "lavenir"),
    ("Sœur Jeanne", "soeur jeanne"),
    ("rue Ÿser", "rue yser"),
    ("Straße 12", "strasse 12"),
    ("12 bis", "١٢ bis"),
    ("rue 45", "rue ۴۵"),
    ("rue 45", "ｒｕｅ ４５"),
    ("Les\u200b Hirondelles", "Les Hirondelles"),
    ("Les\u00a0Hirondelles", "Les Hirondelles"),
    ("\u202eHirondelles\u202c", "Hirondelles"),
    ("مدرسة الأندلس", "مدرسة الاندلس"),
    ("مدرسة الأندلس", "مدرسه الأندلس"),
    ("مَدْرَسَةُ الأَنْدَلُس", "مدرسة الأندلس"),
    ("الأنـــدلس", "الأندلس"),
    ("زاوية سيدي يحيى", "زاوية سيدي يحيي"),
    ("لؤلؤة", "لولوه"),
    ("بئر", "بير"),
    ("آيت باها", "ايت باها"),
    ("زنقة ٧", "زنقة 7"),
    ("کتاب", "كتاب"),
]
UNEQUAL = [
    ("Les Hirondelles", "Les Hirondelle"),
    ("Les Hirondelles", "Hirondelles"),
    ("Les Hirondelles", "Hirondelles les"),
    ("rue 45", "rue 54"),
    ("rue 45", "rue quarante-cinq"),
    ("Thérèse", "Térèse"),
    ("Sainte Anne", "Saint Anne"),
    ("Hirondelles", "هيرونديل"),
    ("الأندلس", "أندلس"),
    ("سيدي يحيى", "سيدي يحي"),
    ("بئر", "بر"),
    ("درب 7", "درب 8"),
    ("زهرة البر", "زهراء البر"),
    ("Jean Moulin", "Jeanne Moulin"),
    ("mon chat", "monchat"),
]


@pytest.mark.req("CF-03")
@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_an_answer_is_the_same_however_it_is_typed(one: str, other: str) -> None:
    assert check_answer(one, SCHOOL, Holder()) == check_answer(other, SCHOOL, Holder())


@pytest.mark.req("CF-03")
@pytest.mark.parametrize(("one", "other"), UNEQUAL)
def test_another_answer_stays_another(one: str, other: str) -> None:
    assert check_answer(one, SCHOOL, Holder()) != outcome(check_answer, other, SCHOOL, Holder())


@pytest.mark.req("CF-03")
@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("", "short"),
        ("ab", "short"),
        ("a-b", "short"),
        ("😀😀😀😀", "short"),
        ("\u200b\u2800\u3164", "short"),
        ("à\u0301\u0302", "short"),
        ("hirondelle " * 12, "long"),
        ("École", "in_question"),
        ("première école", "in_question"),
        ("nom", "in_question"),
        ("ecol", "in_question"),
        ("731946", "matricule"),
        ("٧٣-١٩-٤٦", "matricule"),
        ("01/02/1980", "birth_date"),
        ("1980-02-01", "birth_date"),
        ("٠١٠٢١٩٨٠", "birth_date"),
        ("1 février 1980", "birth_date"),
        ("01 FEVRIER 1980", "birth_date"),
        ("1er février 1980", "birth_date"),
        ("١ فبراير ١٩٨٠", "birth_date"),
        ("Salma", "name"),
        ("SALMA", "name"),
        ("Ouaissi", "name"),
        ("el ouaissi", "name"),
        ("Salma El-Ouaïssi", "name"),
        ("Elouaissi Salma", "name"),
        ("s.bennis", "email"),
        ("S.Bennis+fund@example.com", "email"),
        ("Casablanca", "common"),
        ("CASA-BLANCA", "common"),
        ("الدار البيضاء", "common"),
        ("Rabat", "common"),
        ("bleu", "common"),
        ("Mohamed", "common"),
        ("محمّد", "common"),
        ("Fatima-Zahra", "common"),
        ("فاطمة", "common"),
        ("Wydad", "common"),
        ("123", "common"),
        ("١٢٣٤", "common"),
        ("1975", "common"),
        ("azerty", "common"),
        ("je ne sais pas", "common"),
    ],
)
def test_an_answer_that_others_would_find_is_refused(typed: str, rule: str) -> None:
    assert outcome(check_answer, typed, SCHOOL, SALMA) == f"answer_{rule}"


def test_what_is_not_known_of_a_person_forbids_nothing() -> None:
    for typed in ("731946", "01/02/1980", "s.bennis", "Ouaissi"):
        assert check_answer(typed, SCHOOL, Holder()) == fold(typed)


@pytest.mark.req("CF-03")
def test_the_list_of_common_answers_is_long_and_folded() -> None:
    assert len(words("common_answers")) >= 500
    assert [word for word in words("common_answers") if joined(word) != word or len(word) < 3] == []


def test_there_are_six_questions_each_with_an_id_of_its_own() -> None:
    assert list(QUESTIONS) == [
        *("first_school", "first_teacher", "childhood_friend"),
        *("childhood_street", "grandmother_birthplace", "first_book"),
    ]
    assert len({question.id for question in QUESTIONS.values()}) == 6


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Quel est le plat  de ma tante ? ", "Quel est le plat de ma tante ?"),
        ("Où dormait mon chat ?!", "Où dormait mon chat ?!"),
        ("ما هو اسم قريتي الأولى؟", "ما هو اسم قريتي الأولى؟"),
        ("Le surnom de mon frère", "Le surnom de mon frère"),
        ("Le nom\nde mon\u202e village", "Le nom de mon village"),
        ("Qui ?", "question_short"),
        ("1234567890 ?", "question_short"),
        ("", "question_short"),
        ("😀" * 30, "question_short"),
        ("Quel nom ? " + "x" * 120, "question_long"),
        ("Quel est mon surnom" + "\u0301" * 9, "question_marks"),
        ("Quel est mon surnom ? Loulou", "question_answered"),
        ("ما هو اسم قطتي؟ مشمش", "question_answered"),
        ("Quel est mon numéro ? 47", "question_answered"),
    ],
)
def test_a_question_in_ones_own_words(typed: str, read: str) -> None:
    assert outcome(read_own_question, typed) == read


@given(ANYTHING | TYPED)
def test_an_answer_that_is_taken_keeps_all_rules(text: str) -> None:
    try:
        answer = check_answer(text, SCHOOL, SALMA)
    except Refused:
        return
    assert answer == fold(text) == fold(answer)
    assert 3 <= len(answer) <= 120
    assert joined(answer) not in words("common_answers") | {
        "731946",
        "salma",
        "ouaissi",
        "sbennis",
        "01021980",
    }
    assert f" {answer} " not in f" {fold(SCHOOL)} "


@given(ANYTHING | TYPED)
def test_any_text_is_a_question_or_refused(text: str) -> None:
    question = outcome(read_own_question, text)
    assert isinstance(question, str)
    assert len(question) <= 120


@given(ANYTHING | TYPED)
def test_any_text_may_stand_as_the_question(text: str) -> None:
    outcome(check_answer, "Les Hirondelles", text, SALMA)


@pytest.mark.req("TH-15")
@pytest.mark.parametrize("giant", GIANTS)
def test_64_kib_take_less_than_50_ms(giant: str) -> None:
    words("common_answers")
    assert fastest(lambda: check_answer(GIANTS[giant], SCHOOL, SALMA)) < 0.05
    assert fastest(lambda: check_answer("Les Hirondelles", GIANTS[giant], SALMA)) < 0.05
    assert fastest(lambda: read_own_question(GIANTS[giant])) < 0.05
