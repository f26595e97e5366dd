"""A forgotten password: the question, the one answer to all, the link by mail, and what follows (SPEC 2.2, CF-03, CF-05)."""

from __future__ import annotations

import pytest

import rafiq as command_line
from playground.text import plain
from services import recovery
from services.secret_answers import QUESTIONS
from store import links, tokens
from store.db import Db
from tests.people import Person
from tests.stories.desk import cards, lays_desk, rafiq
from tests.world import World

ASKS_ADDRESS = "Which e-mail address do you sign in with?"
ASKS_ANSWER = "Your answer to: {question}"
ASKS_OWN = "Your answer to your own question, which only you know?"
ON_ITS_WAY = "If the address and the answer are right, a mail is on its way to {email}, with a link to choose a new password."
OVER = "This link is no longer valid."
DONE = "✅ <b>Your new password is set.</b>"
ELSEWHERE = "⚠️ From another Telegram account, somebody says to have forgotten the password of your space."
CHANGED = "🔑 The password of your space has been changed, and this chat is no longer linked to it."
WAIT = "You have asked several times. Please try again on {date} at {time}."
SIGNED_IN = "You are signed in. What would you like to see?"
NEW = "Corniche58"
LINK_MAIL = "Choisissez un nouveau mot de passe pour votre espace CMIM"
CHANGED_MAIL = "Le mot de passe de votre espace CMIM a été changé"


async def forgets(world: World, person: Person, email: str, answer: str) -> None:
    """/forgot to its one reply, and what follows a moment later."""
    await person.says("/forgot", email, answer)
    person.reads(ON_ITS_WAY, email=email)
    await world.settles()


def link_of(world: World, address: str, purpose: str) -> str:
    """The latest link of a purpose in the mails to an address."""
    for mail in reversed(world.mailbox.to(address)):
        for link in mail.links:
            if f"start={purpose}_" in link or f"/{purpose}/" in link:
                return link
    raise AssertionError(f"no {purpose} link for {address}")


def resets(world: World, address: str) -> int:
    """How many mails with a link to choose a password went to an address."""
    return world.subjects(address).count(LINK_MAIL)


async def test_who_knows_the_answer_gets_a_link_and_a_new_password(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/forgot")
    salma.reads(ASKS_ADDRESS)
    await salma.says(salma.email)
    salma.reads(ASKS_ANSWER, question="Dans quelle rue avez-vous grandi ?")
    typed = await salma.says("RUE DES ACACIAS")
    assert typed.deleted
    salma.reads(ON_ITS_WAY, email=salma.email)
    await world.settles()
    assert world.subjects(salma.email) == [LINK_MAIL]
    await salma.opens(link_of(world, salma.email, "reset"))
    typed = await salma.says(NEW)
    assert typed.deleted
    await salma.says(NEW)
    salma.reads(DONE)
    assert world.subjects(salma.email) == [LINK_MAIL, CHANGED_MAIL]
    await salma.says("/menu")
    salma.reads("Is it your first time? Create your space. Do you have one? Sign in.")
    await salma.says("/login", salma.email, salma.password)
    salma.reads("This e-mail and this password do not go together.")
    await salma.says(NEW)
    salma.reads(SIGNED_IN)
    world.leaves(tokens=1)  # "it was not me", in the mail


async def test_in_arabic_too(world: World, youssef: Person) -> None:
    await youssef.has_space(signed_in=False)
    await forgets(world, youssef, youssef.email, youssef.answer)
    await youssef.opens(link_of(world, youssef.email, "reset"))
    await youssef.says("قرنفل5821", "قرنفل5821")
    youssef.reads(DONE)
    world.leaves(tokens=1)


async def test_the_way_is_offered_at_the_sign_in(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/login", salma.email)
    assert salma.sees_button("Forgotten password?")
    await salma.says("Mauvais4719")
    await salma.presses("Forgotten password?")
    salma.reads(ASKS_ADDRESS)
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    stranger = world.person("Inconnu")
    await stranger.says("/menu")
    await stranger.presses("Forgotten password?")
    stranger.reads(ASKS_ADDRESS)
    world.leaves(forms=1)


@pytest.mark.req("TH-06", "AS-41")
@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_right_wrong_and_unknown_are_answered_alike(world: World, salma: Person, language: str) -> None:
    """Same calls, same words but for the address and the question, same mails to the chat; a mail for the right answer alone."""
    await salma.has_space()
    told = {}
    for number, (email, answer) in enumerate(
        [
            (salma.email, salma.answer),
            (salma.email, "rue des lilas"),
            ("personne@example.com", "rue des acacias"),
        ]
    ):
        visitor = world.person(f"V{number}", language)
        since = len(world.playground.calls)
        await visitor.says("/forgot", email, answer)
        await world.settles()
        calls = [call for call in list(world.playground.calls)[since:] if call.chat == visitor.id]
        words = [str(call.params.get("text")) for call in calls]
        said = [text.replace(email, "…") for text in words if "?" not in text and "؟" not in text]
        told[email, answer] = ([call.method for call in calls], said)
    assert len({str(heard) for heard in told.values()}) == 1, told
    assert len(world.mailbox.mails) == 1
    world.leaves(tokens=1)


@pytest.mark.req("CF-03", "TH-06")
async def test_an_unknown_address_has_a_question_always_the_same_and_as_often_ones_own(world: World) -> None:
    def ask(number: int) -> str:
        return f"personne{number}@example.com"

    drawn = await world.run(lambda work: [recovery.question(work, ask(n)) for n in range(700)])
    again = await world.run(lambda work: [recovery.question(work, ask(n).upper()) for n in range(700)])
    assert drawn == again
    assert set(drawn) == {*QUESTIONS, recovery.OWN}
    assert all(60 <= drawn.count(one) <= 140 for one in set(drawn)), "each of seven about as often"
    worded = await world.run(lambda work: [recovery.wording(work, ask(n)) for n in range(700)])
    assert worded == await world.run(lambda work: [recovery.wording(work, ask(n)) for n in range(700)])
    assert len(set(worded)) > 20


@pytest.mark.req("CF-03")
async def test_a_question_in_ones_own_words_is_never_worded_in_the_chat(world: World, salma: Person) -> None:
    words = "Le surnom de mon grand-père ?"
    await salma.fills_in("question")
    await salma.presses("A question of my own")
    salma.reads("If you forget your password, I will ask for its answer without wording it: remember both.")
    await salma.says(words, "Bibiche")
    await salma.presses("I agree")
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    stranger = world.person("Inconnu")
    for asker in (salma, stranger):
        since = len(asker.heard)
        await asker.says("/forgot", salma.email)
        asker.reads(ASKS_OWN)
        assert words not in " ".join(asker.heard[since:])
    await salma.says("bibiche")
    await world.settles()
    assert resets(world, salma.email) == 1
    world.leaves(forms=1, tokens=1)


# ── who is told ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("CF-03", "TH-10")
async def test_a_request_from_elsewhere_is_told_to_the_linked_chats_at_once(
    world: World, salma: Person
) -> None:
    await salma.has_space()
    stranger = world.person("Inconnu")
    await stranger.says("/forgot", salma.email)
    await world.settles()
    assert salma.has_read(ELSEWHERE) == 1
    await salma.says("/forgot", salma.email)
    await world.settles()
    assert salma.has_read(ELSEWHERE) == 1, "her own request is no news"
    world.leaves(forms=2)


@pytest.mark.req("CF-03", "TH-10", "AS-39")
async def test_a_reset_ends_every_session_and_says_so_everywhere(world: World, salma: Person) -> None:
    account = await salma.has_space()
    tablet = world.person("Salma", email=salma.email, password=salma.password)
    await tablet.signs_in()
    tablet.reads(SIGNED_IN)
    phone = world.person("Salma")
    await forgets(world, phone, salma.email, salma.answer)
    await phone.opens(link_of(world, salma.email, "reset"))
    await phone.says(NEW, NEW)
    phone.reads(DONE)
    await world.settles()
    for chat in (salma, tablet):
        assert chat.has_read(CHANGED) == 1
        assert chat.sees_button("It was not me")
        await chat.says("/reimbursements")
        chat.reads("This is personal: please sign in first. You come back here after it.")
    assert await world.read(lambda db: links.chats_of(db, account)) == []
    assert CHANGED_MAIL in world.subjects(salma.email)
    world.leaves(tokens=3)  # "it was not me": one for each chat, one in the mail


@pytest.mark.req("CF-03", "TH-10")
async def test_it_was_not_me_locks_the_space(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await salma.has_space()
    thief = world.person("Voleur")
    await forgets(world, thief, salma.email, salma.answer)
    await thief.opens(link_of(world, salma.email, "reset"))
    await thief.says(NEW, NEW)
    await thief.says("/login", salma.email, NEW)
    thief.reads(SIGNED_IN)
    await salma.presses("It was not me")
    salma.reads("<b>Lock the space of {email}?</b>", email=salma.email)
    await salma.presses("Yes, lock it")
    await world.settles()
    salma.reads(
        "🔒 <b>Your space is locked.</b> Nobody can sign in to it any more, and no new password can be chosen."
    )
    thief.reads(
        "🔒 <b>Your space is locked.</b> Nobody can sign in to it any more, and no new password can be chosen."
    )
    assert "Votre espace participant CMIM est verrouillé" in world.subjects(salma.email)
    for password in (NEW, salma.password):
        await thief.says("/login", salma.email, password)
        thief.reads("This e-mail and this password do not go together.")
        await thief.says("/cancel")
        await thief.presses("Yes, stop")
    mails = resets(world, salma.email)
    await world.clock.advance(days=2)
    await forgets(world, thief, salma.email, salma.answer)
    assert resets(world, salma.email) == mails, "a locked space gives no link"

    monkeypatch.setattr(command_line, "Clock", lambda: world.clock)
    assert (await rafiq(world, "accounts", "unlock", "999999")).exit_code == 2
    assert (await rafiq(world, "accounts", "unlock", salma.matricule)).exit_code == 0
    await world.clock.advance(seconds=1)
    assert "Votre espace participant CMIM peut être rouvert" in world.subjects(salma.email)
    await forgets(world, salma, salma.email, salma.answer)
    await salma.opens(link_of(world, salma.email, "reset"))
    await salma.says("Mimosas372", "Mimosas372")
    salma.reads(DONE)
    world.leaves(tokens=1)


@pytest.mark.req("CF-03", "TH-10")
async def test_it_was_not_me_is_put_before_the_agents(world: World, salma: Person, nadia: Person) -> None:
    group = await lays_desk(world, nadia, gate="match")
    await rafiq(world, "agents", "add", str(nadia.id), "Nadia")
    await salma.has_space()
    await forgets(world, world.person("Voleur"), salma.email, salma.answer)
    thief = world.persons[-1]
    await thief.opens(link_of(world, salma.email, "reset"))
    await thief.says(NEW, NEW)
    await salma.presses("It was not me")
    await salma.presses("Yes, lock it")
    await world.settles()
    number = salma.reads("Your request {number} has reached the fund’s agents.")
    assert number
    [card] = cards(group)
    assert world.pattern("“It was not me”", "fr").search(plain(card.text))
    for word in (salma.matricule, salma.last_name, salma.email):
        assert word not in card.text
    await nadia.presses("Take", card)
    assert salma.has_read("An agent of the fund has taken up your request {number}.") == 1
    world.leaves(tokens=1)  # of the card


async def test_the_button_of_a_chat_is_good_there_only_and_once(world: World, salma: Person) -> None:
    await salma.has_space()
    await forgets(world, salma, salma.email, salma.answer)
    tablet = world.person("Salma", email=salma.email, password=salma.password)
    await tablet.signs_in()
    await salma.opens(link_of(world, salma.email, "reset"))
    await salma.says(NEW, NEW)
    await world.settles()
    data = tablet.screen.buttons[0].data
    stranger = world.person("Inconnu")
    await stranger.says("/start")
    await stranger.press_data(data)
    stranger.reads(OVER)
    await tablet.press_data(data)
    await tablet.presses("Yes, lock it")
    await tablet.press_data(data)
    tablet.reads(OVER)


# ── the link ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TH-33", "CF-04")
async def test_a_stolen_link_opens_in_no_other_chat(world: World, salma: Person, youssef: Person) -> None:
    await salma.has_space(signed_in=False)
    await forgets(world, salma, salma.email, salma.answer)
    link = link_of(world, salma.email, "reset")
    await youssef.opens(link)
    youssef.reads(OVER)
    await salma.opens(link)
    await salma.says(NEW, NEW)
    salma.reads(DONE)
    await salma.opens(link)
    salma.reads(OVER)
    world.leaves(tokens=1)


@pytest.mark.req("CF-04", "FL-12")
async def test_the_link_lives_a_quarter_of_an_hour_from_the_relays_acceptance(
    world: World, salma: Person
) -> None:
    await salma.has_space(signed_in=False)
    await forgets(world, salma, salma.email, salma.answer)
    link = link_of(world, salma.email, "reset")
    await world.clock.advance(minutes=14, seconds=59)
    await salma.opens(link)
    salma.reads("Choose a password of {length} with {digits}.")
    await world.clock.advance(seconds=2)
    await salma.says(NEW)
    salma.reads("This link is no longer valid. Ask for another one with {command}.")
    await salma.opens(link)
    salma.reads(OVER)


@pytest.mark.req("FL-12")
async def test_greylisting_takes_nothing_off_it_and_sixty_minutes_are_the_end(
    world: World, salma: Person
) -> None:
    """Refused at 0, 5 and 15 minutes, taken at 35: good until 50. The next one is refused for an hour: it never leaves."""
    await salma.has_space(signed_in=False)
    world.mailbox.fail("451", times=3)
    await forgets(world, salma, salma.email, salma.answer)
    assert resets(world, salma.email) == 0
    for minutes in (5, 10, 20):
        await world.clock.advance(minutes=minutes)
    assert resets(world, salma.email) == 1
    await world.clock.advance(minutes=14)
    await salma.opens(link_of(world, salma.email, "reset"))
    await salma.says(NEW, NEW)
    salma.reads(DONE)
    await world.clock.advance(hours=1)
    world.mailbox.fail("451", times=5)
    await forgets(world, salma, salma.email, salma.answer)
    for minutes in (5, 10, 20, 40, 60):
        await world.clock.advance(minutes=minutes)
    assert resets(world, salma.email) == 1, "its link would have been dead on arrival"
    world.leaves(tokens=1)


@pytest.mark.req("FL-12")
async def test_taken_late_it_ends_with_the_hour(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    world.mailbox.fail("451", times=3)
    await forgets(world, salma, salma.email, salma.answer)
    for minutes in (5, 10):
        await world.clock.advance(minutes=minutes)
    await world.clock.advance(minutes=37)
    link = link_of(world, salma.email, "reset")
    await world.clock.advance(minutes=7, seconds=30)
    await salma.opens(link)
    await world.clock.advance(seconds=31)
    await salma.says(NEW)
    salma.reads("This link is no longer valid. Ask for another one with {command}.")


@pytest.mark.req("FL-15")
async def test_an_address_that_is_refused_is_told_to_the_linked_chats_alone(
    world: World, salma: Person
) -> None:
    await salma.has_space()
    stranger = world.person("Inconnu")
    world.mailbox.fail("550", salma.email)
    await forgets(world, stranger, salma.email, salma.answer)
    refused = "The mail to choose a new password could not be delivered: your address {email} was refused. The fund can help you: {phone}."
    assert salma.has_read(refused, email=salma.email) == 1
    assert stranger.has_read(refused) == 0


@pytest.mark.req("BI-24", "BI-25", "BI-26", "CF-01")
async def test_the_new_password_is_judged_as_at_the_registration(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await forgets(world, salma, salma.email, salma.answer)
    await salma.opens(link_of(world, salma.email, "reset"))
    for typed, refusal in {
        "court1": "This password is too short, with {n} character: type {minimum} to {maximum}.",
        "Ouaissi47x": "This password contains your name: choose something only you know.",
        "x14031984": "This password contains your birth date: choose something only you know.",
        salma.password: "This is the password that you have: choose another one.",
    }.items():
        await salma.says(typed)
        salma.reads(refusal)
    await salma.says(NEW, "Corniche59")
    salma.reads("The two passwords are not the same. Please choose it again.")
    await salma.says(NEW, NEW)
    salma.reads(DONE)
    world.leaves(tokens=1)


@pytest.mark.req("CF-04")
async def test_a_new_link_voids_the_former(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await forgets(world, salma, salma.email, salma.answer)
    former = link_of(world, salma.email, "reset")
    await forgets(world, salma, salma.email, salma.answer)
    await salma.opens(former)
    salma.reads(OVER)
    assert await world.read(lambda db: _live(db, world)) == 1
    world.leaves(tokens=1)


def _live(db: Db, world: World) -> int:
    return tokens.live(db, world.clock.now())
