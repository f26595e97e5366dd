"""Attacks on a forgotten password: guesses, floods of mail, the owner locked out; and the stop-watch of an onlooker (CF-05, TH-06)."""

from __future__ import annotations

import datetime as dt

import pytest

from kit.folding import FOLDING_VERSION
from services import recovery, secrets
from services.secret_answers import QUESTIONS
from services.work import Work
from store import accounts, directory
from tests.people import Person
from tests.stories.test_recovery import ON_ITS_WAY, WAIT, forgets, link_of, resets
from tests.stories.test_telling_time import TWINS, alike
from tests.world import World

WRONG = "rue des lilas"
STOPPED = "Too many answers were wrong: only the fund can help you now, at {phone} or {email}."


def stranger(world: World, number: int = 0) -> Person:
    return world.person(f"Inconnu{number}")


# ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("CF-05", "TH-44")
async def test_three_requests_an_hour_for_an_address_whoever_asks(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    for number in range(4):
        await forgets(world, stranger(world, number), salma.email, salma.answer)
    assert resets(world, salma.email) == 3
    await world.clock.advance(hours=1)
    await forgets(world, stranger(world, 5), salma.email, salma.answer)
    assert resets(world, salma.email) == 4
    world.leaves(tokens=1)


@pytest.mark.req("CF-05", "TH-44")
async def test_five_requests_a_day_for_an_address_and_for_a_chat(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    one = stranger(world)
    for _ in range(3):
        for number in range(3):
            await forgets(world, stranger(world, number), salma.email, salma.answer)
        await world.clock.advance(hours=2)
    assert resets(world, salma.email) == 5
    await world.restart()
    await forgets(world, one, salma.email, salma.answer)
    assert resets(world, salma.email) == 5, "the count survives a restart"
    for number in range(5):
        await one.says("/forgot", f"personne{number}@example.com", WRONG)
    await world.clock.advance(hours=18)
    assert resets(world, salma.email) == 5
    await forgets(world, one, salma.email, salma.answer)
    assert resets(world, salma.email) == 5, "this chat has asked often enough, for whomever"
    await forgets(world, stranger(world, 9), salma.email, salma.answer)
    assert resets(world, salma.email) == 6
    world.leaves(tokens=1)


@pytest.mark.req("CF-05", "AS-25")
async def test_strangers_do_not_use_up_what_is_the_owners(world: World, salma: Person) -> None:
    """They ask and answer until nothing is left for strangers; the chat that is linked to the space still gets its link."""
    await salma.has_space(signed_in=False)
    for number in range(12):
        await forgets(world, stranger(world, number), salma.email, WRONG)
        if number % 3 == 2:
            await world.clock.advance(hours=9)
    await forgets(world, salma, salma.email, salma.answer)
    assert resets(world, salma.email) == 1
    world.leaves(tokens=1)


@pytest.mark.req("CF-05")
async def test_only_the_linked_chat_is_told_until_when(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    other = stranger(world)
    for _ in range(3):
        await forgets(world, salma, salma.email, WRONG)
        await forgets(world, other, "personne@example.com", WRONG)
    await salma.says("/forgot", salma.email)
    salma.reads(WAIT)
    await forgets(world, other, "personne@example.com", WRONG)
    await world.clock.advance(hours=1)
    await forgets(world, salma, salma.email, salma.answer)
    assert resets(world, salma.email) == 1
    world.leaves(tokens=1)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("CF-05", "CF-03")
async def test_three_answers_stop_it_for_an_hour_from_the_last(world: World, salma: Person) -> None:
    """At 0, 30 and 59 minutes; the right one at 90 comes too early, at 120 it serves."""
    await salma.has_space(signed_in=False)
    for number, minutes in enumerate((30, 29, 31)):
        await forgets(world, stranger(world, number), salma.email, WRONG)
        await world.clock.advance(minutes=minutes)
    await forgets(world, stranger(world, 4), salma.email, salma.answer)
    assert resets(world, salma.email) == 0
    await world.clock.advance(minutes=30)
    await forgets(world, stranger(world, 5), salma.email, salma.answer)
    assert resets(world, salma.email) == 1
    world.leaves(tokens=1)


@pytest.mark.req("CF-05", "TH-05", "AS-48")
async def test_a_guesser_has_five_wrong_answers_a_day_and_ten_a_month(world: World, salma: Person) -> None:
    """Every hour of forty days, from a chat of their own each time: the right answer is the last of many, and comes too late."""
    await salma.has_space(signed_in=False)
    tried: list[dt.datetime] = []

    def left(work: Work) -> bool:
        asker = recovery._asker(work, 999, salma.email)
        return recovery.limits.wrong_answers.left(work, asker.subject) and (
            recovery.limits.wrong_answers_monthly.left(work, asker.subject)
        )

    number = 0
    for _ in range(35):
        for _ in range(6):
            if await world.run(left):
                tried.append(world.clock.now())
            number += 1
            await forgets(world, stranger(world, number), salma.email, WRONG)
            await world.clock.advance(hours=1)
        await world.clock.advance(hours=18)
    day = dt.timedelta(days=1)
    assert max(sum(first <= one < first + day for one in tried) for first in tried) <= 5
    assert max(sum(first <= one < first + 30 * day for one in tried) for first in tried) <= 10
    await forgets(world, stranger(world, number + 1), salma.email, salma.answer)
    world.leaves(tokens=resets(world, salma.email))


@pytest.mark.req("CF-05", "CF-07")
async def test_after_ten_wrong_ones_its_own_chat_is_led_to_the_fund(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    for number in range(10):
        await forgets(world, salma, salma.email, WRONG)
        await world.clock.advance(hours=12 if number % 2 else 2)
    await salma.says("/forgot", salma.email)
    salma.reads(STOPPED, phone=world.fund.health_fund.phone)
    await world.clock.advance(days=30)
    await salma.says("/forgot", salma.email, salma.answer)
    salma.reads(ON_ITS_WAY)
    await world.settles()
    assert resets(world, salma.email) == 1
    world.leaves(tokens=1)


@pytest.mark.req("CF-05")
async def test_who_gets_through_starts_anew(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await forgets(world, salma, salma.email, WRONG)
    await forgets(world, salma, salma.email, salma.answer)
    await salma.opens(link_of(world, salma.email, "reset"))
    await salma.says("Corniche58", "Corniche58")
    await forgets(world, salma, salma.email, WRONG)
    await forgets(world, salma, salma.email, salma.answer)
    assert resets(world, salma.email) == 2
    world.leaves(tokens=2)


@pytest.mark.req("CF-03")
async def test_asking_changes_nothing_of_the_present_password(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    for number in range(5):
        await forgets(world, stranger(world, number), salma.email, WRONG)
    await salma.says("/login", salma.email, salma.password)
    salma.reads("You are signed in. What would you like to see?")


# ── the stop-watch ───────────────────────────────────────────────────────────────────────────────────────────────────

ASKED = [*QUESTIONS, "Le surnom de mon oncle ?"]


def _spaces(work: Work) -> None:
    """Spaces with each kind of question, in turn."""
    for number in range(4 * TWINS):
        participant = directory.by_matricule(work.db, str(800_000 + number))
        assert participant is not None
        data = {
            "email": f"m{number}@example.org",
            "password": secrets.hash_secret("x"),
            "question": ASKED[number % len(ASKED)],
            "answer": secrets.hash_secret("x"),
            "folding": FOLDING_VERSION,
        }
        accounts.create(work.db, participant.id, data, "fr", work.now)


@pytest.mark.slow
@pytest.mark.req("TH-06", "AS-41")
@pytest.mark.world(on="sqlite")
async def test_no_time_tells_a_known_address_from_an_unknown_one(world: World) -> None:
    """The address, then a wrong answer: known and unknown twins take as long."""
    known = tuple(f"{800_000 + n},Alami,Amine,1980-02-01,,,,," for n in range(4 * TWINS))
    await world.directory(participants=known)
    await world.run(_spaces)
    kinds = {"known": "m", "unknown": "u"}
    for step in (0, 1):
        twins: dict[str, list[Person]] = {kind: [] for kind in kinds}
        for number in range(2 * TWINS):
            for kind, letter in kinds.items():
                person = world.person("Stranger", email=f"{letter}{number + 2 * TWINS * step}@example.org")
                twins[kind].append(person)
                person.phone.says("/forgot")
                if step:
                    person.phone.says(person.email)
        await world.settles()
        if step:
            await alike(world, twins, lambda person: person.phone.says(WRONG), ON_ITS_WAY)
        else:
            await alike(
                world, twins, lambda person: person.phone.says(person.email), "<i>{n}/{total} · {label}</i>"
            )
    await world.clock.advance(hours=25)  # the forms of who was not needed
