"""Where there is a public address, secrets are typed on a one-time page, and the form goes on in the chat (SPEC 2.2, CF-02)."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.people import Person
from tests.visitor import Seen, Visitor
from tests.world import World

pytestmark = pytest.mark.world(public=True)

CHOOSE = "Choose a password of {length} with {digits}."
ON_PAGE = "{what}: type it on the page that the button opens, so that it never stands in this chat."
USE_PAGE = (
    "I have deleted your message: this is not asked in the chat. Please use the page that the button opens."
)
QUESTION = "Choose a secret question: it is asked if you forget your password."
FRAMED = "In Telegram Web, press “{button}”: the page opens in a tab of its own."
BAD = "This page is closed"


def says(world: World, who: Person, source: str, text: str) -> bool:
    """Whether a page's words hold a sentence."""
    return world.pattern(source, who.language).search(text) is not None


@pytest.mark.req("CF-02")
async def test_password_and_repetition_stand_on_one_page_and_the_form_goes_on_in_the_chat(
    world: World, salma: Person
) -> None:
    world.leaves(forms=1)
    await salma.fills_in(upto="password")
    salma.reads(ON_PAGE)
    assert salma.sees_button("Open the secure page")
    assert salma.sees_button("‹ Back")
    assert salma.sees_button("Cancel")
    asked = salma.screen
    async with Visitor() as visitor:
        page = await visitor.open(salma.page_link or "")
        assert page.fields == ["password", "repetition"]
        assert says(world, salma, CHOOSE, page.text)
        done = await visitor.send(password=salma.password, repetition=salma.password)
    await world.answers()
    assert (done.status, says(world, salma, "Received", done.text)) == (200, True)
    salma.reads(QUESTION)
    assert salma.phone.chat.get(asked.id) is None, "the button that has served is gone"
    assert salma.password not in repr(world.playground.calls)


@pytest.mark.req("CF-02")
async def test_the_whole_way_by_pages_to_a_space_and_back_into_it(world: World, salma: Person) -> None:
    await salma.fills_in()
    salma.reads("{label}: chosen, not shown")
    await salma.presses("Confirm")
    async with Visitor() as visitor:
        await visitor.open(world.activation_link(salma.email))
        await visitor.send()
    await world.settles()
    await salma.says("/lock", "/login", salma.email)
    wrong = await salma.types_on_page(password="Tagine7bleu8")
    assert wrong.status == 422
    assert says(world, salma, "This e-mail and this password do not go together.", wrong.text)
    await salma.types_on_page(password=salma.password)
    salma.reads("You are signed in. What would you like to see?")


@pytest.mark.req("BI-26", "CF-02")
async def test_what_is_wrong_is_said_on_the_page_and_nothing_of_it_is_kept(
    world: World, youssef: Person
) -> None:
    world.leaves(forms=1)
    await youssef.fills_in(upto="password")
    async with Visitor() as visitor:
        await visitor.open(youssef.page_link or "")
        short = await visitor.send(password="kort1", repetition="kort1")
        assert short.status == 422
        assert b"kort1" not in short.body
        named = await visitor.send(password=f"{youssef.matricule}abc", repetition="")
        assert says(
            world,
            youssef,
            "This password contains your matricule: choose something only you know.",
            named.text,
        )
        differs = await visitor.send(password=youssef.password, repetition="Tagine7bleu8")
        assert says(
            world, youssef, "The two passwords are not the same. Please choose it again.", differs.text
        )
        blank = await visitor.send(password=youssef.password + " ", repetition=youssef.password + " ")
        assert says(
            world, youssef, "A password can't start or end with a space: type it without.", blank.text
        )
        youssef.reads(ON_PAGE)
        done = await visitor.send(password=youssef.password, repetition=youssef.password)
    await world.answers()
    assert done.status == 200
    youssef.reads(QUESTION)


def faulty(page: Seen) -> list[str]:
    """The fields beside which a fault stands, each described by it."""
    found = [name.decode() for name in re.findall(rb'<p class="fault" id="(\w+)-fault">', page.body)]
    for name in found:
        assert re.search(
            rf'id="{name}"[^>]*aria-describedby="[^"]*{name}-fault"[^>]*aria-invalid'.encode(), page.body
        )
    return found


@pytest.mark.req("CF-02")
async def test_all_that_is_wrong_on_a_page_is_said_at_once(
    world: World, salma: Person, youssef: Person
) -> None:
    world.leaves(forms=2, tokens=1)
    for person in (salma, youssef):
        await person.fills_in(upto="password")
        async with Visitor() as visitor:
            await visitor.open(person.page_link or "")
            both = await visitor.send(password="kort1", repetition="kort2")
            assert faulty(both) == ["password", "repetition"]
            assert both.body.count(b"autofocus") == 1
            await visitor.send(password=person.password, repetition=person.password)
        await world.answers()
        await person.presses("A question of my own")
        async with Visitor() as visitor:
            await visitor.open(person.page_link or "")
            both = await visitor.send(own_question="Quoi ?", answer="x")
            assert faulty(both) == ["own_question", "answer"]
            assert b"Quoi ?" in both.body
            one = await visitor.send(own_question="Comment s'appelait ma chèvre ?", answer="x")
            assert faulty(one) == ["answer"]
            if person is salma:
                assert (
                    await visitor.send(own_question="Comment s'appelait ma chèvre ?", answer="Blanchette")
                ).status == 200
    await world.answers()


@pytest.mark.req("CF-02", "TH-09")
async def test_who_fails_the_proof_is_told_nothing_of_the_rest(world: World, salma: Person) -> None:
    """“This is your present password” would confirm a guess that nobody counts."""
    world.leaves(forms=1, tokens=1)
    await salma.has_space()
    await salma.says("/password")
    async with Visitor() as visitor:
        await visitor.open(salma.page_link or "")
        guess = await visitor.send(present="Wrong4711", password=salma.password, repetition=salma.password)
        assert faulty(guess) == ["present"]
        empty = await visitor.send(present="Wrong4711", password="", repetition="")
        assert faulty(empty) == ["present", "password"]
        await world.clock.advance(minutes=1)
        known = await visitor.send(present=salma.password, password="kort1", repetition="kort2")
        assert faulty(known) == ["password", "repetition"]


@pytest.mark.req("CF-02", "BI-22")
async def test_what_is_typed_into_the_chat_instead_is_deleted_and_the_page_offered_anew(
    world: World, salma: Person
) -> None:
    world.leaves(forms=1, tokens=1)
    await salma.fills_in(upto="password")
    first, asked = salma.page_link, salma.screen
    typed = await salma.says(salma.password)
    assert salma.phone.chat.get(typed.id) is None
    salma.reads(USE_PAGE)
    assert salma.phone.chat.get(asked.id) is None
    bold = await salma.says(salma.password, entities=[{"type": "bold", "offset": 0, "length": 3}])
    assert salma.phone.chat.get(bold.id) is None
    salma.reads(USE_PAGE)
    async with Visitor() as visitor:
        assert says(world, salma, BAD, (await visitor.open(first or "")).text)


async def test_a_question_in_ones_own_words_is_worded_on_the_page_only(world: World, salma: Person) -> None:
    own = "Comment s'appelait ma chèvre ?"
    world.leaves(forms=1)
    await salma.fills_in(upto="question")
    await salma.presses("A question of my own")
    async with Visitor() as visitor:
        page = await visitor.open(salma.page_link or "")
        assert page.fields == ["own_question", "answer"]
        again = await visitor.send(own_question=own, answer="x")
        assert (again.status, "chèvre" in again.text or b"ch\xc3\xa8vre" in again.body) == (422, True)
        same = await visitor.send(own_question=own, answer=salma.password)
        assert same.status == 422
        done = await visitor.send(own_question=own, answer="Blanchette")
    await world.answers()
    assert done.status == 200
    await salma.presses("I agree")
    salma.reads("a question of my own")
    for call in world.playground.calls:
        assert "chèvre" not in repr(call)
    await salma.presses("Edit")
    await salma.presses("Answer")
    async with Visitor() as visitor:
        page = await visitor.open(salma.page_link or "")
        assert "chèvre" in page.text
        await visitor.send(answer="Noiraude")
    await world.answers()
    salma.reads("a question of my own")


@pytest.mark.req("CF-04", "TH-39")
@pytest.mark.parametrize("how", ["another", "back", "cancelled", "done", "expired", "truncated", "chat"])
async def test_a_page_whose_question_is_asked_no_more_is_the_one_bad_page(
    world: World, salma: Person, how: str
) -> None:
    await salma.fills_in(upto="password")
    link = salma.page_link or ""
    match how:
        case "another":
            world.leaves(forms=1, tokens=1)
            await salma.presses("Another link")
            assert salma.page_link not in (None, link)
        case "back":
            world.leaves(forms=1)
            await salma.presses("‹ Back")
        case "cancelled":
            await salma.presses("Cancel")
            await salma.presses("Yes, stop")
        case "done":
            world.leaves(forms=1)
            await salma.types_on_page(password=salma.password, repetition=salma.password)
        case "expired":
            world.leaves(forms=1)
            await world.clock.advance(minutes=11)
        case "truncated":
            world.leaves(forms=1, tokens=1)
            link = link[:-1]
        case "chat":
            world.leaves(forms=1)
            await world.clock.advance(hours=25)
            await salma.fills_in(upto="email")
    async with Visitor(headers={"Accept-Language": "fr"}) as visitor, Visitor() as stranger:
        bad = await visitor.open(link)
        unknown = await stranger.open(f"{world.url}/answer/{'A' * 43}")
        assert (bad.status, bad.body) == (404, unknown.body)
        assert says(world, salma, BAD, bad.text)
        assert (await visitor.send(password="Tagine7bleu9", repetition="Tagine7bleu9")).status == 403


@pytest.mark.req("CF-04")
async def test_twenty_posts_at_once_move_the_form_once(world: World, salma: Person) -> None:
    world.leaves(forms=1)
    await salma.fills_in(upto="password")
    async with Visitor() as visitor:
        await visitor.open(salma.page_link or "")
        typed = {"password": salma.password, "repetition": salma.password}
        answers = await asyncio.gather(*(visitor.send(**typed) for _ in range(20)))
        while {answer.status for answer in answers} == {503}:
            answers = [await visitor.send(**typed)]
        late = await visitor.send(**typed)
    await world.answers()
    assert {answer.status for answer in answers} <= {200, 503}
    assert says(world, salma, "Received already", late.text)
    assert salma.has_read(QUESTION) == 1


async def test_the_page_waits_out_a_restart(world: World, salma: Person) -> None:
    world.leaves(forms=1)
    await salma.fills_in(upto="password")
    link = salma.page_link
    await world.restart(kill=True)
    await salma.types_on_page(link, password=salma.password, repetition=salma.password)
    salma.reads(QUESTION)


@pytest.mark.req("TH-31", "CF-02")
async def test_what_is_typed_and_the_link_stand_in_no_log(world: World, salma: Person) -> None:
    world.leaves(forms=1)
    await salma.fills_in(upto="password")
    token = (salma.page_link or "").rpartition("/")[2]
    await salma.types_on_page(password=salma.password, repetition=salma.password)
    assert token not in world.log.all()
    assert salma.password not in world.log.all()


async def test_who_is_asked_for_a_page_can_stop_and_sign_in_later(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/login", salma.email)
    await salma.says("/help")
    await salma.presses("Go on")
    await salma.types_on_page(password=salma.password)
    salma.reads("You are signed in. What would you like to see?")


@pytest.mark.req("TH-34")
async def test_where_telegram_would_frame_the_page_the_other_button_is_named(
    world: World, salma: Person, youssef: Person
) -> None:
    """Our pages refuse to be framed, as web.telegram.org does with Mini Apps; the button beside opens a tab."""
    world.leaves(forms=2, tokens=2)
    await salma.fills_in(upto="password")
    assert not says(world, salma, FRAMED, salma.shown), "without https there is no Mini App"
    await salma.says("/cancel")
    object.__setattr__(world.app.house, "public_url", "https://rafiq.example")
    await salma.presses("Go on")
    await youssef.fills_in(upto="password")
    for person in (salma, youssef):
        person.reads(FRAMED)
        assert person.sees_button("In my browser")
