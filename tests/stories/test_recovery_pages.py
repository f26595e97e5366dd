"""The pages of links from mails: a new password, a new address, the former one kept, a space locked (SPEC 2.2, CF-04, TH-32)."""

from __future__ import annotations

import asyncio

import pytest

from services import recovery
from store import accounts, tokens
from tests.people import Person
from tests.stories.test_recovery import CHANGED, NEW, ON_ITS_WAY, SIGNED_IN, link_of
from tests.visitor import Visitor
from tests.world import World

pytestmark = pytest.mark.world(public=True)

OVER = "This link is no longer valid"
WANTED = "salma.b@example.net"


def says(world: World, who: Person, source: str, text: str, **values: str) -> bool:
    """Whether a page's words hold a sentence."""
    return world.pattern(source, who.language, **values).search(text) is not None


async def forgets(world: World, person: Person, email: str, answer: str) -> None:
    """/forgot, the answer on its page, and what follows a moment later."""
    await person.says("/forgot", email)
    assert (await person.types_on_page(answer=answer)).status == 200
    person.reads(ON_ITS_WAY, email=email)
    await world.settles()


async def presses_once(link: str, **typed: str) -> tuple[str, str]:
    """Open a link and press its button: the page's words before and after."""
    async with Visitor() as visitor:
        page = await visitor.open(link)
        assert page.status == 200, page.text
        return page.text, (await visitor.send(**typed)).text


@pytest.mark.req("CF-03", "CF-04", "BI-20", "BI-25", "BI-26")
async def test_a_new_password_is_chosen_on_the_page(world: World, salma: Person) -> None:
    await salma.has_space()
    await forgets(world, salma, salma.email, salma.answer)
    link = link_of(world, salma.email, "reset")
    assert link.startswith(f"{world.url}/reset/")
    async with Visitor() as visitor:
        page = await visitor.open(link)
        assert page.fields == ["password", "repetition"]
        assert salma.email in page.text
        for password, repetition, refusal in (
            (
                "court1",
                "court1",
                "This password is too short, with {n} character: type {minimum} to {maximum}.",
            ),
            (f"{NEW} ", f"{NEW} ", "A password can't start or end with a space: type it without."),
            (salma.password, salma.password, "This is the password that you have: choose another one."),
            (NEW, "Corniche59", "The two passwords are not the same: type both again."),
        ):
            again = await visitor.send(password=password, repetition=repetition)
            assert again.status == 422
            assert says(world, salma, refusal, again.text), again.text
            assert password.strip() not in again.text
        done = await visitor.send(password=NEW, repetition=NEW)
        assert (done.status, says(world, salma, "Your new password is set", done.text)) == (200, True)
        assert (await visitor.send(password=NEW, repetition=NEW)).status == 404
    await world.settles()
    assert salma.has_read(CHANGED) == 1
    await salma.says("/login", salma.email)
    await salma.types_on_page(password=NEW)
    salma.reads(SIGNED_IN)
    world.leaves(tokens=2)


@pytest.mark.req("TH-32", "CF-04")
async def test_a_scanner_of_mails_changes_nothing(world: World, salma: Person) -> None:
    await salma.has_space()
    await forgets(world, salma, salma.email, salma.answer)
    link = link_of(world, salma.email, "reset")
    for _ in range(3):
        async with Visitor() as scanner:
            for method in ("HEAD", "GET"):
                assert (await scanner.ask(method, link)).status == 303
            await scanner.open(link)
            posted = await scanner.ask("POST", scanner.address, {"password": NEW, "repetition": NEW})
            assert posted.status == 403
    _, after = await presses_once(link, password=NEW, repetition=NEW)
    assert says(world, salma, "Your new password is set", after)
    world.leaves(tokens=2)


@pytest.mark.req("CF-04", "INV-08")
async def test_twenty_posts_at_once_have_one_effect(world: World, salma: Person) -> None:
    await salma.has_space()
    await forgets(world, salma, salma.email, salma.answer)
    async with Visitor() as visitor:
        await visitor.open(link_of(world, salma.email, "reset"))
        statuses = [
            seen.status
            for seen in await asyncio.gather(
                *(visitor.send(password=f"Corniche{n}", repetition=f"Corniche{n}") for n in range(10, 30))
            )
        ]
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 404, 503}
    await world.settles()
    assert salma.has_read(CHANGED) == 1
    assert len([s for s in world.subjects(salma.email) if "a été changé" in s]) == 1
    world.leaves(tokens=2)


@pytest.mark.req("CF-04", "TH-33")
async def test_links_that_are_not_good_have_one_page_each(world: World, salma: Person) -> None:
    """Expired, void, of another purpose, altered, never issued: the same bytes."""
    await salma.has_space()
    await forgets(world, salma, salma.email, salma.answer)
    former = link_of(world, salma.email, "reset")
    await forgets(world, salma, salma.email, salma.answer)
    link = link_of(world, salma.email, "reset")
    token = link.rpartition("/")[2]
    for name in ("reset", "email", "keep", "notme"):
        bad = [
            f"{world.url}/{name}/{'A' * 43}",
            f"{world.url}/{name}/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        ]
        bad += [former] if name == "reset" else [f"{world.url}/{name}/{token}"]
        pages = []
        for one in bad:
            async with Visitor() as visitor:
                seen = await visitor.open(one)
                assert seen.status == 404
                assert says(world, salma, OVER, seen.text)
                pages.append(seen.body)
        assert len(set(pages)) == 1
    await world.clock.advance(minutes=16)
    async with Visitor() as visitor:
        assert (await visitor.open(link)).status == 404


@pytest.mark.req("CF-03", "TH-06")
async def test_a_question_in_ones_own_words_is_worded_on_the_page_only(
    world: World, salma: Person, youssef: Person
) -> None:
    """A stranger who asks for Salma's address and one that draws such a question see the same kind of page."""
    account = await salma.has_space(signed_in=False)
    words = "Le surnom de mon grand-père ?"

    def put(work: object) -> None:
        phc = accounts.get(work.db, account)  # type: ignore[attr-defined]
        assert phc is not None
        accounts.set_question(work.db, account, words, phc.password, 1)  # type: ignore[attr-defined]

    await world.run(put)

    def draws(work: object) -> str:
        return next(
            address
            for address in (f"personne{n}@example.com" for n in range(100))
            if recovery.question(work, address) == recovery.OWN  # type: ignore[arg-type]
        )

    unknown = await world.run(draws)
    said = []
    for email in (salma.email, unknown):
        visitor = world.person("Inconnu")
        since = len(world.playground.calls)
        await visitor.says("/forgot", email)
        chat = [str(call.params.get("text")) for call in list(world.playground.calls)[since:]]
        assert words not in " ".join(chat)
        async with Visitor() as browser:
            page = await browser.open(visitor.page_link or "")
        assert page.fields == ["answer"]
        found = world.pattern("“{question}”", "fr").search(page.text)
        assert found is not None
        if email == salma.email:
            assert words in page.text
        said.append((page.text.replace(found[0], "…"), [text.replace(email, "…") for text in chat]))
    assert said[0] == said[1]
    await world.settles()
    world.leaves(forms=2, tokens=2)


@pytest.mark.req("CF-03", "TH-10", "TH-32")
async def test_the_mail_of_a_change_locks_the_space_by_a_press(world: World, salma: Person) -> None:
    account = await salma.has_space()
    await salma.says("/password")
    done = await salma.types_on_page(present=salma.password, password=NEW, repetition=NEW)
    assert done.status == 200, done.text
    await world.settles()
    link = link_of(world, salma.email, "notme")
    before, after = await presses_once(link)
    assert salma.email in before
    assert says(world, salma, "Your space is locked", after)
    await world.settles()
    found = await world.read(lambda db: accounts.get(db, account))
    assert found is not None
    assert found.locked
    await salma.says("/reimbursements")
    salma.reads("This is personal: please sign in first. You come back here after it.")
    async with Visitor() as visitor:
        assert (await visitor.open(link)).status == 404


@pytest.mark.req("TH-43", "TH-32")
async def test_an_address_is_confirmed_and_taken_back_by_pages(world: World, salma: Person) -> None:
    account = await salma.has_space()
    await salma.says("/email")
    await salma.types_on_page(present=salma.password)
    await salma.says(WANTED)
    await world.settles()
    _, after = await presses_once(link_of(world, WANTED, "email"))
    assert says(world, salma, "Your new address is confirmed", after)
    await world.settles()
    found = await world.read(lambda db: accounts.get(db, account))
    assert found is not None
    assert found.email == WANTED
    _, after = await presses_once(link_of(world, salma.email, "keep"))
    assert says(world, salma, "The change is cancelled", after)
    await world.settles()
    found = await world.read(lambda db: accounts.get(db, account))
    assert found is not None
    assert (found.email, found.disabled) == (salma.email, True)
    assert await world.read(lambda db: tokens.live(db, world.clock.now())) == 1
    world.leaves(tokens=1)


async def test_pages_in_arabic(world: World, youssef: Person) -> None:
    await youssef.has_space()
    await forgets(world, youssef, youssef.email, youssef.answer)
    async with Visitor() as visitor:
        page = await visitor.open(link_of(world, youssef.email, "reset"))
        assert b'<html lang="ar" dir="rtl"' in page.body
        done = await visitor.send(password="قرنفل5821", repetition="قرنفل5821")
    assert says(world, youssef, "Your new password is set", done.text), done.text
    world.leaves(tokens=2)
