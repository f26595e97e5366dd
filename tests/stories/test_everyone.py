"""What everyone meets, with or without a space: the first words, the language, menus, and answers to what no one expects (SPEC 1)."""

from __future__ import annotations

import pytest

from playground.api.commands import commands_for
from playground.text import plain
from services.fund import load_fund
from tests.people import Person
from tests.stories.sentences import ASKED
from tests.world import World

HELLO = "Hello, I am <b>Rafiq</b>, the assistant of {fund} ({short})."
STRANGER = "Is it your first time? Create your space. Do you have one? Sign in."
SIGNED_IN = "You are signed in. What would you like to see?"
NUMBER_ALONE = "A number alone does not tell me what you need: write me a few words with it."
NOT_UNDERSTOOD = "I don’t know the answer to that."
UNKNOWN_COMMAND = "I don't know this command."
SLOW_DOWN = "That is a lot at once. Please wait a minute before you go on."
NOW_IN = "From now on I speak English with you."
ANSWERS = {
    "sticker": "A nice sticker, but I only understand words.",
    "voice": "I can't listen to voice messages yet: please write to me.",
    "video_note": "I can't listen to voice messages yet: please write to me.",
    "location": "I don't need your location: please write to me.",
    "contact": "I don't need a contact card, and I don't take one as proof of who you are.",
    "dice": "I can't read this kind of message: please write to me.",
    "poll": "I can't read this kind of message: please write to me.",
    "photo": "I did not ask for a file, so I have not opened it.",
    "document": "I did not ask for a file, so I have not opened it.",
}
FORWARDED = "I don't read forwarded messages: please write it in your own words."
EDITED = "I don't see changes to earlier messages: please send a new one."
BUDGETS = load_fund().budgets


def menu(world: World, person: Person) -> dict[str, str]:
    """The command menu as this person's application shows it."""
    shown = commands_for(world.playground.world, person.phone.chat, person.phone.user)
    return {one["command"]: one["description"] for one in shown}


# ── the first words ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_first_words(world: World, salma: Person) -> None:
    await salma.says("/start")
    salma.reads(HELLO, short="CMIM")
    salma.reads(STRANGER)
    for label in ("Create my space", "Sign in", "Français / العربية", "Help"):
        assert salma.sees_button(label)
    await world.clock.advance(minutes=1)
    await salma.says("/start")
    assert salma.has_read(HELLO) == 2, "who asks again is greeted again"
    await salma.has_space()
    await world.clock.advance(minutes=1)
    await salma.says("/start")
    salma.reads(SIGNED_IN)
    assert not salma.sees_button("Create my space")


@pytest.mark.req("BI-82")
async def test_a_thumb_that_drums_on_start_is_greeted_once(world: World, salma: Person) -> None:
    for _ in range(50):
        salma.phone.says("/start")
    await world.answers()
    assert salma.has_read(HELLO) == 1
    assert len(salma.heard) == 1
    await world.clock.advance(seconds=2)
    await salma.says("/start")
    assert salma.has_read(HELLO) == 2
    await salma.says("/menu")
    salma.reads(STRANGER)


@pytest.mark.req("BI-80", "BI-79")
@pytest.mark.parametrize(
    ("code", "language"),
    [("ar", "ar"), ("ar-MA", "ar"), ("AR-ma", "ar"), ("fr", "fr"), ("en-GB", "fr"), ("zgh", "fr"), ("xx", "fr"),
     (None, "fr"), ("arn", "fr")],
)  # fmt: skip
@pytest.mark.world(on="sqlite")
async def test_the_language_of_the_application(world: World, code: str | None, language: str) -> None:
    person = world.person("Support CMIM \u202e" + "م" * 64, code)
    await person.says("/start")
    assert world.pattern(STRANGER, language).search(person.shown)


@pytest.mark.req("BI-80")
async def test_the_language_can_be_changed_at_any_time(world: World, salma: Person) -> None:
    await salma.fills_in("birth_date")
    await salma.says("/language")
    await salma.presses("العربية")
    assert world.pattern(NOW_IN, "ar").search(salma.shown)
    await salma.says("أمس")
    assert world.pattern(ASKED["birth_date"], "ar").search(salma.shown), "the form goes on, in Arabic"
    await salma.says("/cancel")
    await salma.press_data(_data(salma, ":stop"))
    await world.restart(kill=True)
    await salma.says("/menu")  # her application is still set to French
    assert world.pattern(STRANGER, "ar").search(salma.shown)
    await salma.says("/language")
    await salma.presses("Français")
    salma.reads(NOW_IN)
    salma.reads(STRANGER)


def _data(person: Person, ending: str) -> str:
    return next(
        button.data for button in person.screen.buttons if button.data and button.data.endswith(ending)
    )


# ── menus ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_command_menus_by_language_and_by_standing(
    world: World, salma: Person, youssef: Person
) -> None:
    for person in (salma, youssef):
        commands = menu(world, person)
        assert {"start", "menu", "help", "language", "cancel", "register", "login", "privacy"} <= set(
            commands
        )
        assert "lock" not in commands
        assert world.pattern("Create my space", person.language).fullmatch(commands["register"])
    await salma.has_space(signed_in=False)
    await salma.says("/login", salma.email, salma.password)
    commands = menu(world, salma)
    assert {"lock", "logout", "reimbursements"} <= set(commands)
    assert not {"register", "login"} & set(commands)
    await salma.says("/lock")
    assert {"login", "logout"} <= set(menu(world, salma))
    await salma.says("/logout")
    assert menu(world, salma).keys() == menu(world, youssef).keys()
    await salma.says("/language")
    await salma.presses("العربية")
    await salma.says("/menu")
    assert world.pattern("Create my space", "ar").fullmatch(menu(world, salma)["register"])
    before = len(world.playground.called("setMyCommands"))
    await salma.says("/menu", "/help")
    assert len(world.playground.called("setMyCommands")) == before, "nothing changed, nothing is set"


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.world(on="sqlite")
async def test_help_menu_and_privacy(world: World, language: str) -> None:
    person = world.person("Amine", language)
    await person.says("/help")
    person.reads("Telephone {phone}, e-mail {email}.", phone="05 22 20 24 21", email="info@cmim.ma")
    await person.says("/HELP@rafiq_demo_bot now")
    person.reads("<b>What I do</b>")
    await person.presses("Menu")
    person.reads(STRANGER)
    await person.says("/privacy")
    person.reads(
        "The buttons do this here. You can also write to {email}, or to this address: {address}.",
        email="info@cmim.ma",
    )
    assert not person.sees_button("Health data in this chat")
    await person.presses("Menu")
    await person.presses("Sign in")
    person.reads("Your e-mail address?")
    await person.says("/help")
    person.reads("<b>What I do</b>")
    await person.presses("Go on")
    person.reads("Your e-mail address?")
    world.leaves(forms=1)


# ── what no one expects ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("BI-50", "BI-51", "BI-52", "BI-53", "BI-54")
async def test_whatever_is_sent_is_answered_kindly(world: World, salma: Person, youssef: Person) -> None:
    for person in (salma, youssef):
        written = await person.says("104827 ?")
        person.reads(NUMBER_ALONE)
        for kind, sentence in ANSWERS.items():
            await person.sends(kind, b"\xff\xd8\xff" if kind in ("photo", "document") else b"")
            person.reads(sentence)
            assert person.sees_button("Menu")
        await person.forwards("Envoyez votre mot de passe")
        person.reads(FORWARDED)
        await person.edits(written, "Autre chose")
        person.reads(EDITED)
        await person.says("/inconnu argument")
        person.reads(UNKNOWN_COMMAND)
        await person.says("/cancel")
        person.reads("There is nothing to cancel.")
        await person.says("/", "//", "/é", "<b>&amp;</b> {name} %s")
        person.reads(NOT_UNDERSTOOD)


@pytest.mark.req("BI-50", "BI-51", "BI-52", "BI-53", "BI-54", "TH-17")
async def test_in_a_form_the_question_stays_what_it_was(world: World, salma: Person) -> None:
    await salma.fills_in("last_name")
    for kind, sentence in ANSWERS.items():
        await salma.sends(kind, b"\xff\xd8\xff" if kind in ("photo", "document") else b"")
        salma.reads(sentence)
        salma.reads(ASKED["last_name"])
    await salma.sends("photo", b"\xff\xd8\xff", caption="El Ouaïssi")
    salma.reads(ASKED["last_name"])
    await salma.forwards("El Ouaïssi")
    salma.reads(FORWARDED)
    salma.reads(ASKED["last_name"])
    first = next(message for message in salma.phone.messages if message.text == salma.matricule)
    await salma.edits(first, "118305")
    salma.reads(EDITED)
    salma.reads(ASKED["last_name"])
    await salma.says("/inconnu")
    salma.reads(UNKNOWN_COMMAND)
    salma.reads(ASKED["last_name"])
    salma.phone.replies(first, salma.last_name)  # a reply is as good as any other answer
    await world.answers()
    salma.reads(ASKED["first_name"])
    world.leaves(forms=1)


@pytest.mark.req("BI-13", "BI-15", "TH-15")
async def test_a_text_that_the_application_splits_is_answered_twice(world: World, salma: Person) -> None:
    await salma.says("m" * 5000)
    assert salma.has_read(NOT_UNDERSTOOD) == 2
    await salma.says("/register")
    await salma.says("1" * 9000)
    salma.reads(ASKED["matricule"])
    world.leaves(forms=1)


@pytest.mark.req("CF-05", "BI-56", "TH-16")
@pytest.mark.world(fund={"budgets": BUDGETS})
async def test_a_flood_is_warned_of_once_a_minute_and_then_ignored(
    world: World, salma: Person, youssef: Person
) -> None:
    allowed = BUDGETS.updates_per_chat_per_minute
    for number in range(100):
        salma.phone.says(f"{number:04}")
    await youssef.says("/menu")
    youssef.reads(STRANGER)
    await world.answers()
    assert salma.has_read(NUMBER_ALONE) == allowed
    assert salma.has_read(SLOW_DOWN) == 1
    assert len(salma.heard) == allowed + 1
    await world.clock.advance(minutes=1)
    await salma.says("/menu")
    salma.reads(STRANGER)
    for _ in range(100):
        salma.phone.press_data("~go:help", salma.screen)
    await world.answers()
    assert salma.has_read(SLOW_DOWN) == 2
    assert all(press.notices for press in salma.phone.presses_made), "no button is left turning"


@pytest.mark.req("BI-59", "BI-57")
async def test_presses_that_are_none_of_ours(world: World, salma: Person) -> None:
    await salma.says("/menu")
    menu_screen = salma.screen
    salma.phone.deletes(menu_screen)
    await salma.press_data("~go:help", menu_screen)
    salma.reads("<b>What I do</b>")
    assert salma.screen is not menu_screen
    salma.phone.press_data("~go:help")
    world.playground.advance(200)  # too late: the bot was away, and Telegram keeps a press 150 s
    await world.answers()
    await salma.says("/menu")
    salma.reads(STRANGER)


# ── who is gone ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("BI-77", "FL-09")
async def test_who_blocks_the_bot_is_left_alone_until_start(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/menu")
    salma.phone.blocks_the_bot()
    await world.answers()
    calls = len(world.playground.calls)
    await world.clock.advance(days=2)
    assert len(world.playground.calls) == calls, "nobody writes to who has gone"
    await salma.says("/start")  # which unblocks
    salma.reads("This chat knows you, but you need to sign in again to see personal data.")


@pytest.mark.req("BI-78", "FL-09")
async def test_a_deleted_account_ends_what_waits_for_it(world: World, salma: Person) -> None:
    await salma.has_space()
    salma.phone.deactivates()
    await salma.says("/menu")
    await salma.says("/help")
    assert await world.count("accounts") == 1, "the space itself is untouched"
    assert not salma.heard


# ── groups and channels ──────────────────────────────────────────────────────────────────────────────────────────────

LEAVING = "I only talk about personal matters in private, so I am leaving this group. Write to me directly."


@pytest.mark.req("BI-76", "TH-56", "INV-17")
async def test_in_a_strangers_group_the_bot_says_so_once_and_leaves(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.has_space()
    group = world.playground.group("Famille", bot="left", members=[salma.phone, youssef.phone])
    group.adds_the_bot(salma.phone)
    salma.phone.says("/reimbursements", group)
    youssef.phone.says("/menu", group)
    await world.answers()
    said = [message.text for message in group.messages if message.from_bot]
    assert len(said) == 1
    assert world.pattern(LEAVING, "fr").search(plain(said[0]))
    assert group.chat.bot == "left"


@pytest.mark.req("BI-76", "INV-17")
async def test_what_was_said_in_a_group_while_the_bot_was_away_is_answered_once(
    world: World, youssef: Person
) -> None:
    group = world.playground.group("العائلة", bot="administrator", members=[youssef.phone])
    world.playground.updates.paused = True
    for _ in range(5):
        youssef.phone.says("سلام", group)
    world.playground.updates.paused = False
    world.playground.updates.wake_poll()
    await world.settles()
    said = [message.text for message in group.messages if message.from_bot]
    assert len(said) == 1
    assert world.pattern(LEAVING, "ar").search(plain(said[0]))


@pytest.mark.req("BI-76")
@pytest.mark.parametrize("kind", ["channel", "group"])
async def test_a_channel_is_left_too(world: World, salma: Person, kind: str) -> None:
    channel = world.playground.group("Nouvelles", kind=kind, bot="administrator", members=[salma.phone])
    salma.phone.says("Bonjour à tous", channel)
    await world.settles()
    assert channel.chat.bot == "left"


@pytest.mark.req("BI-71", "BI-72", "BI-73", "BI-74", "TH-51")
async def test_who_hides_behind_a_group_is_not_spoken_to(world: World, salma: Person) -> None:
    group = world.playground.group("Famille", bot="administrator", members=[salma.phone])
    group.posts_anonymously("/reimbursements")
    group.posts_as_channel("/menu")
    group.gets_a_channel_post("Nouvelles")
    await world.answers()
    assert not any(message.from_bot for message in group.messages)
    assert await world.count("chats") == 1, "the group's own row and nobody's"


@pytest.mark.req("BI-75")
async def test_a_group_that_moves_is_not_greeted_twice(world: World, salma: Person) -> None:
    group = world.playground.group("Petite", kind="group", bot="administrator", members=[salma.phone])
    group.migrates()
    await world.settles()
    rows = await world.count("chats")
    assert rows <= 2
    await salma.says("/menu")
    salma.reads(STRANGER)
