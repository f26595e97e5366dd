"""The ten questions, in the guide's order, in both languages; what can't be read is refused where it was asked."""

from __future__ import annotations

import re

import pytest

from tests.people import Person
from tests.stories.sentences import ACTIVE, ASKED, CREATED, ON_ITS_WAY, SUMMARY
from tests.world import World

LABELS = (
    "Matricule",
    "Last name",
    "First name",
    "Birth date",
    "E-mail",
    "Password",
    "Password again",
    "Secret question",
    "Answer",
    "Consent",
)


def asks(person: Person, number: int) -> None:
    """The screen asks the question of this number (from 1), under its progress."""
    person.reads(list(ASKED.values())[number - 1])
    label = person.world.app.voices[person.language]._catalogue.gettext(LABELS[number - 1])  # type: ignore[index]
    person.reads("<i>{n}/{total} · {label}</i>", n=str(number), total="10", label=label)


@pytest.mark.req("TH-07")
async def test_ten_questions_in_order_then_the_summary(world: World, salma: Person) -> None:
    await salma.says("/register")
    salma.reads(
        "Welcome. Ten short questions open your participant space; have your membership card at hand."
    )
    for number, words in enumerate((*salma.identity, salma.email, salma.password, salma.password), start=1):
        asks(salma, number)
        await salma.says(words)
    asks(salma, 8)
    assert len(salma.screen.keyboard) == 8  # six questions, one's own, Back and Cancel
    await salma.presses("What was the name of your first school?")
    asks(salma, 9)
    salma.reads(ASKED["answer"], question="Comment s’appelait votre première école ?")
    await salma.says("école des orangers")
    asks(salma, 10)
    await salma.presses("I agree")
    salma.reads(SUMMARY)
    for fact in (salma.matricule, salma.last_name, salma.first_name, "14 mars 1984", salma.email):
        assert fact in salma.shown
    assert salma.password not in salma.shown
    assert "orangers" not in salma.shown
    await salma.presses("Confirm")
    salma.reads(CREATED)
    salma.reads(ON_ITS_WAY, email=salma.email)
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)
    assert await world.count("accounts") == 1


@pytest.mark.req("BI-07", "BI-12")
async def test_youssef_answers_in_arabic_with_arabic_digits(world: World, youssef: Person) -> None:
    await youssef.says("/register")
    typed = ("١١٨٣٠٥", "بن جلون", "يوسف", "٢/١١/١٩٧٦", youssef.email, youssef.password, youssef.password)
    for number, words in enumerate(typed, start=1):
        asks(youssef, number)
        await youssef.says(words)
    asks(youssef, 8)
    await youssef.presses("Which was the first book that you loved?")
    asks(youssef, 9)
    await youssef.says("حكايات جدتي الزرقاء")
    asks(youssef, 10)
    await youssef.presses("I agree")
    youssef.reads(SUMMARY)
    assert "118305" in youssef.shown
    assert "2 نونبر 1976" in youssef.shown
    await youssef.presses("Confirm")
    await youssef.opens(world.activation_link(youssef.email))
    youssef.reads(ACTIVE)


# What a question refuses, and the beginning of what it says then.
REFUSED = (
    ("matricule", "\u2800", "Type your matricule: it is printed on your membership card."),
    ("matricule", "1_000", None),
    ("matricule", "+12", None),
    ("matricule", "1e3", None),
    ("matricule", "²³⁴⁵", None),
    ("matricule", "Ⅷ", None),
    ("matricule", "'; DROP TABLE chats; --", None),
    ("last_name", "\u3164\u3164", "Type the name in letters, for example {example}."),
    ("last_name", "😀", "Type the name in letters only, for example {example}."),
    (
        "first_name",
        "z" + "\u0300" * 40,
        "This name has too many accents on one letter: type it with the usual letters.",
    ),
    ("first_name", "a" * 101, "This name is too long: type at most {n} letter."),
    (
        "birth_date",
        "29/02/2023",
        "This date does not exist: type the day first, then the month and the year, for example {example}.",
    ),
    ("birth_date", "1/2/85", "Type the year with its four figures, for example {example}."),
    (
        "birth_date",
        "hier",
        "This is not a date: type the day, the month and the year, for example {example}.",
    ),
    (
        "birth_date",
        "01/01/2031",
        "{date} is not in the past: type your own birth date, for example {example}.",
    ),
    ("birth_date", "01/01/2020", None),
    ("email", "salma", None),
    ("email", "salma@", None),
    ("email", "علي@example.com", None),
    ("email", "a b@example.com", None),
    ("email", "x" * 65 + "@example.com", None),
    ("password", "court1", None),
    ("password", "bientroplong1234", None),
    ("password", "sanschiffre", None),
    ("password", "104827abc", "This password contains your matricule: choose something only you know."),
    ("password", "salma12345", "This password contains your name: choose something only you know."),
    ("password", "x14031984", "This password contains your birth date: choose something only you know."),
    ("password", "azerty12", None),
    ("repetition", "Tournesol48", "The two passwords are not the same. Please choose it again."),
    ("question", "ma question", "Please choose with the buttons."),
    ("answer", "a", None),
    ("answer", "El Ouaissi", None),
    ("answer", "Tournesol47", "The answer can’t be your password: type another one."),
    ("consent", "oui", "Please choose with the buttons."),
)


@pytest.mark.req(
    *("BI-01", "BI-05", "BI-06", "BI-07", "BI-08", "BI-09", "BI-11", "BI-12", "BI-16", "BI-24"),
    *("BI-26", "BI-31", "BI-40", "BI-42", "BI-44"),
)
@pytest.mark.parametrize("step", list(ASKED))
async def test_a_refusal_keeps_the_step(world: World, salma: Person, step: str) -> None:
    await salma.fills_in(step)
    for asked, words, sentence in REFUSED:
        if asked != step:
            continue
        before = salma.screen.id
        await salma.says(words)
        assert salma.screen.id > before, "a refusal is a message of its own"
        if sentence is not None:
            salma.reads(sentence)
        else:
            assert not re.match(r"\d+/10", salma.shown), "why it was refused comes first"
        if step == "repetition":  # nothing is kept of either
            salma.reads(ASKED["password"])
        else:
            salma.reads(ASKED[step])
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    assert await world.count("registrations") == 0


@pytest.mark.world(on="sqlite")
async def test_no_consent_no_space(world: World, salma: Person) -> None:
    await salma.fills_in("consent")
    await salma.presses("I do not agree")
    salma.reads("Without your agreement no space can be created. You can also stop here: nothing is kept.")
    salma.reads(ASKED["consent"])
    await salma.presses("I agree")
    salma.reads(SUMMARY)
    world.leaves(forms=1)


@pytest.mark.req("BI-10", "BI-16")
@pytest.mark.parametrize(
    ("last", "first", "born"),
    [
        ("el ouaissi", "SALMA", "14-03-1984"),
        ("EL-OUAÏSSI", "salma", "1984-03-14"),
        ("El  Ouaissi", "Sálma", "14 mars 1984"),
        ("elouaissi", "Salma", "14.03.1984"),
        ("الوعيسي", "سلمى", "١٤/٠٣/١٩٨٤"),
        ("الوعيسى", "سلمي", "14/3/1984"),
        ("El Ouaïssi", "سلمى", "14/03/1984"),
    ],
)
@pytest.mark.world(on="sqlite")
async def test_names_are_compared_as_people_write_them(
    world: World, salma: Person, last: str, first: str, born: str
) -> None:
    await salma.fills_in("email", last_name=last, first_name=first, birth_date=born)
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


@pytest.mark.req("BI-02", "BI-03")
@pytest.mark.world(on="sqlite")
async def test_invisible_characters_change_nothing(world: World, salma: Person) -> None:
    await salma.fills_in(
        "email", matricule="10\u200b4827", last_name="\u2067El Ouaïssi\u2069", first_name="Sal\u200fma"
    )
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


@pytest.mark.req("BI-45")
async def test_a_slip_in_the_address_is_asked_about(world: World, salma: Person) -> None:
    await salma.fills_in("email")
    await salma.says("salma.ouaissi@gmial.com")
    salma.reads("Did you mean {email}?", email="salma.ouaissi@gmail.com")
    await salma.presses("Yes: {email}")
    salma.reads(ASKED["password"])
    await salma.presses("‹ Back")
    await salma.says("salma.ouaissi@hotmial.com")
    await salma.presses("No, keep {email}")
    await salma.says(salma.password, salma.password)
    await salma.presses("In which street did you live as a child?")
    await salma.says(salma.answer)
    await salma.presses("I agree")
    assert "salma.ouaissi@hotmial.com" in salma.shown
    world.leaves(forms=1)


@pytest.mark.req("BI-43", "BI-41")
@pytest.mark.world(on="sqlite")
async def test_look_alike_domains_are_refused_and_real_ones_taken(world: World, salma: Person) -> None:
    await salma.fills_in("email")
    await salma.says("salma@gm\u0430il.com")  # a Cyrillic letter
    salma.reads(ASKED["email"])
    await salma.says("salma@münchen.de")
    salma.reads(ASKED["password"])
    world.leaves(forms=1)


async def test_a_question_of_ones_own(world: World, salma: Person) -> None:
    await salma.fills_in("question")
    await salma.presses("A question of my own")
    salma.reads("Type your own question. Nobody but you should know its answer.")
    salma.reads("<i>{n}/{total} · {label}</i>", n="9", total="11")
    await salma.says("Chat ?")
    salma.reads("Type your own question. Nobody but you should know its answer.")
    await salma.says("Où avons-nous planté le figuier ?")
    salma.reads("Your answer to: {question}", question="Où avons-nous planté le figuier ?")
    await salma.says("figuier")
    salma.reads("This answer is in the question itself: type another one.")
    await salma.says("derrière le puits")
    await salma.presses("I agree")
    assert "Où avons-nous planté le figuier ?" in salma.shown
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)


@pytest.mark.req("BI-30", "BI-32", "BI-34")
@pytest.mark.world(on="sqlite")
@pytest.mark.parametrize("name", ["<b>Salma</b>", "{n}", "%(x)s", "${x} {{x*x}}", "&amp; Tazi", "</code>"])
async def test_what_looks_like_markup_is_shown_as_it_was_typed(
    world: World, salma: Person, name: str
) -> None:
    await salma.says("/register", salma.matricule, name)
    salma.reads(ASKED["first_name"])
    await salma.presses("‹ Back")
    assert any(name in label for label in salma.labels), salma.labels  # Keep: …
    world.leaves(forms=1)
