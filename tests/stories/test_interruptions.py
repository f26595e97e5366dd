"""In the middle of a form something else comes: a command, a sticker, a voice note, another place. The step stays."""

from __future__ import annotations

import pytest

from tests.databases import FUND
from tests.people import Person
from tests.stories.sentences import ASKED, MIDDLE, NOT_AN_ANSWER, SUMMARY
from tests.world import World

LEAVE = "Leave it and open “{place}”? What you entered will be erased."


@pytest.mark.req("BI-50")
async def test_help_answers_and_the_form_goes_on(world: World, salma: Person) -> None:
    await salma.fills_in("first_name")
    await salma.says("/help")
    salma.reads("<b>What I do</b>")
    await salma.presses("Go on")
    salma.reads(ASKED["first_name"])
    await salma.says("/help")
    await salma.says(salma.first_name)
    salma.reads(ASKED["birth_date"])
    world.leaves(forms=1)


@pytest.mark.req("BI-50")
async def test_the_language_changes_in_mid_form(world: World, salma: Person) -> None:
    await salma.fills_in("first_name")
    await salma.says("/language")
    await salma.presses("العربية")
    salma.phone.user.renamed(language_code="ar")
    if salma.sees_button("Go on"):
        await salma.presses("Go on")
    salma.reads(ASKED["first_name"])
    await salma.says("سلمى", salma.born)
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


@pytest.mark.req("BI-50")
@pytest.mark.parametrize("command", ["/start", "/menu", "/login", "/reimbursements", "/logout", "/privacy"])
async def test_another_place_asks_whether_to_leave(world: World, salma: Person, command: str) -> None:
    await salma.fills_in("email")
    await salma.says(command)
    salma.reads(MIDDLE)
    salma.reads(LEAVE)
    await salma.presses("Go on")
    salma.reads(ASKED["email"])
    await salma.says(command)
    await salma.says(salma.email)  # it was asked whether to leave: which step this answers was not seen
    salma.reads(NOT_AN_ANSWER)
    salma.reads(ASKED["email"])
    await salma.says(salma.email)
    salma.reads(ASKED["password"])
    world.leaves(forms=1)


@pytest.mark.parametrize("yes", ["oui", "Oui, quitter", "نعم", "wakha", "d’accord"])
@pytest.mark.world(on="sqlite")
async def test_a_typed_yes_leaves(salma: Person, world: World, yes: str) -> None:
    await salma.fills_in("first_name")
    await salma.says("/contact", yes)
    salma.reads("What is it about?")
    await salma.says("/register")
    salma.reads(ASKED["matricule"])
    world.leaves(forms=1)


@pytest.mark.parametrize("no", ["non", "Non, continuer", "لا", "la"])
@pytest.mark.world(on="sqlite")
async def test_a_typed_no_goes_on_and_names_nobody(salma: Person, world: World, no: str) -> None:
    await salma.fills_in("first_name")
    await salma.says("/contact", no)
    salma.reads(ASKED["first_name"])
    await salma.says(salma.first_name)
    salma.reads(ASKED["birth_date"])
    world.leaves(forms=1)


@pytest.mark.req("TH-05")
@pytest.mark.world(on="sqlite")
async def test_a_password_written_under_that_question_is_deleted_and_asked_again(
    salma: Person, world: World
) -> None:
    await salma.fills_in("password")
    await salma.says("/contact", "Tournesol47")
    salma.reads(ASKED["password"])
    assert "Tournesol47" not in [message.text for message in salma.phone.chat.live]
    world.leaves(forms=1)


@pytest.mark.world(on="sqlite")
async def test_once_something_else_was_shown_yes_is_an_answer_again(salma: Person, world: World) -> None:
    await salma.fills_in("first_name")
    await salma.says("/contact", "/help", "oui")
    assert not salma.sees_button("Leave it")
    salma.reads("{n}/{total} · {label}")
    world.leaves(forms=1)


@pytest.mark.req("BI-50")
async def test_who_leaves_gets_there_and_nothing_is_kept(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    await salma.says("/login")
    await salma.presses("Leave it")
    salma.reads("Your e-mail address?")
    await salma.says("/register")
    await salma.presses("Leave it")
    salma.reads(ASKED["matricule"])
    assert not salma.sees_button("Keep: {value}")
    world.leaves(forms=1)


@pytest.mark.req("BI-50")
async def test_the_form_again_shows_where_one_is(world: World, salma: Person) -> None:
    await salma.fills_in("question")
    await salma.says("/register")
    salma.reads(ASKED["question"])
    await salma.presses("In which street did you live as a child?")
    await salma.says(salma.answer)
    await salma.presses("I agree")
    await salma.says("/register")
    salma.reads(SUMMARY)
    world.leaves(forms=1)


@pytest.mark.req("BI-50")
async def test_a_lasting_button_of_an_old_menu_asks_too(world: World, salma: Person) -> None:
    await salma.says("/menu")
    menu = salma.screen
    await salma.fills_in("email")
    await salma.presses("Sign in", menu)
    salma.reads(MIDDLE)
    await salma.presses("Go on")
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


@pytest.mark.req("BI-50")
@pytest.mark.world(on="sqlite")
async def test_an_unknown_command_keeps_the_step(world: World, salma: Person) -> None:
    await salma.fills_in("email")
    await salma.says("/nonsense")
    salma.reads("I don't know this command.")
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


OTHER = "I can't read this kind of message: please write to me."
FILE = "I did not ask for a file, so I have not opened it."
VOICE = "I can't listen to voice messages yet: please write to me."
SENT = {
    "sticker": "A nice sticker, but I only understand words.",
    "voice": VOICE,
    "video_note": VOICE,
    "location": "I don't need your location: please write to me.",
    "contact": "I don't need a contact card, and I don't take one as proof of who you are.",
    "dice": OTHER,
    "poll": OTHER,
    "photo": FILE,
    "document": FILE,
}


@pytest.mark.req("BI-53", "BI-54")
@pytest.mark.parametrize("step", ["matricule", "birth_date", "question", "summary"])
@pytest.mark.world(on="sqlite")
async def test_what_is_no_text_is_answered_and_keeps_the_step(world: World, salma: Person, step: str) -> None:
    await salma.fills_in(step)
    asked = {**ASKED, "summary": SUMMARY}[step]
    for kind, sentence in SENT.items():
        before = salma.screen.id
        await salma.sends(kind, b"x")
        assert salma.screen.id > before, f"a {kind} is answered"
        salma.reads(sentence)
        salma.reads(asked)
    assert await world.count("registrations") == 0
    world.leaves(forms=1)


@pytest.mark.req("BI-52")
@pytest.mark.world(on="sqlite")
async def test_forwarded_text_is_no_answer_and_a_reply_is(world: World, salma: Person) -> None:
    await salma.fills_in("first_name")
    await salma.forwards(salma.first_name)
    salma.reads("I don't read forwarded messages: please write it in your own words.")
    salma.reads(ASKED["first_name"])
    early = next(message for message in salma.phone.messages if not message.from_bot)
    await salma.says(salma.first_name, reply_to=early)
    salma.reads(ASKED["birth_date"])
    world.leaves(forms=1)


@pytest.mark.req("BI-51")
@pytest.mark.world(on="sqlite")
async def test_an_edited_answer_is_no_new_answer(world: World, salma: Person) -> None:
    await salma.fills_in("birth_date")
    name = next(message for message in salma.phone.messages if message.text == salma.first_name)
    await salma.edits(name, "Samira")
    salma.reads("I don't see changes to earlier messages: please send a new one.")
    salma.reads(ASKED["birth_date"])
    await salma.says(salma.born)
    salma.reads(ASKED["email"])
    world.leaves(forms=1)


@pytest.mark.req("BI-13", "TH-15")
@pytest.mark.world(on="sqlite")
async def test_a_flood_of_letters(world: World, salma: Person) -> None:
    await salma.fills_in("last_name")
    await salma.says("a" * 5000)  # the application sends two messages
    salma.reads(ASKED["last_name"])
    await salma.says(salma.last_name)
    salma.reads(ASKED["first_name"])
    world.leaves(forms=1)


@pytest.mark.req("BI-56")
async def test_everything_typed_at_once_is_answered_in_order(world: World, salma: Person) -> None:
    await salma.says("/register", *salma.identity, salma.email, salma.password, salma.password)
    salma.reads(ASKED["question"])
    asked = [text for text in salma.heard if any(f"{n}/10" in text for n in range(1, 9))]
    assert [text.partition("/10")[0][-1] for text in asked] == list("12345678")
    world.leaves(forms=1)


@pytest.mark.req("BI-57")
async def test_a_press_under_a_message_that_is_gone(world: World, salma: Person) -> None:
    await salma.fills_in("first_name")
    screen = salma.screen
    back = next(button.data for button in screen.buttons if button.data)
    salma.phone.deletes(screen)
    await salma.press_data(back or "", screen)
    salma.reads(ASKED["last_name"])
    world.leaves(forms=1)


TEN_A_MINUTE = FUND.budgets.model_copy(update={"updates_per_chat_per_minute": 10})


@pytest.mark.world(fund={"budgets": TEN_A_MINUTE})
@pytest.mark.req("BI-56", "CF-05")
async def test_too_much_at_once_is_warned_of_once_and_the_form_stays(world: World, salma: Person) -> None:
    await salma.fills_in("first_name")
    for _ in range(20):
        await salma.says("/nonsense")
    assert salma.has_read("That is a lot at once. Please wait a minute before you go on.") == 1
    last = salma.screen
    await salma.says(salma.first_name)
    assert salma.screen is last, "ignored"
    await world.clock.advance(minutes=1)
    await salma.says("/register")
    salma.reads(ASKED["first_name"])
    await salma.says(salma.first_name)
    salma.reads(ASKED["birth_date"])
    world.leaves(forms=1)
