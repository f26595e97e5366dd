"""After an import: one message a person who asked for it, with what the chat has proven it may read, never in quiet hours."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from services import consents, news, notices
from services.notices import Kind, Quiet
from services.work import Work
from store import activity, links, outbox, replicas, schema
from store import news as store
from store.promises import Lane
from tests.databases import FUND
from tests.people import Person
from tests.stories.clockwork import passes
from tests.stories.test_replicas import second
from tests.world import World

ARRIVED = "🔔 New reimbursements have arrived: sign in to see them."
COUNTED = "🔔 {n} new reimbursement: <b>{amount}</b>"
MAIL = "new_reimbursements"


def lines(
    *numbers: int, who: str = "104827", paid: str = "2026-03-19", amount: str = "100.00"
) -> tuple[str, ...]:
    """New lines of a participant's own."""
    return tuple(
        f"N{who[::-1]}{number},D2026-{number},{who},{who}-0,{paid},2025-10-01,2025-10-02,DENT,400.00,100.00,{amount}"
        for number in numbers
    )


async def asks(world: World, person: Person, *, consent: bool = True, signed_in: bool = True) -> int:
    """A space whose owner wants to be told."""
    account = await person.has_space(signed_in=signed_in)

    def choose(work: Work) -> None:
        notices.set(work, account, Kind.REIMBURSEMENTS, True, person.id)
        if consent:
            consents.give(work, account, "telegram", person.id)

    await world.run(choose)
    return account


async def imports(world: World, *new: str) -> None:
    """`rafiq import reimbursements`, and the round of the running bot after it."""
    await world.directory(reimbursements=new)
    await world.settles()


def told(person: Person) -> int:
    """How many notices the chat has had."""
    calls = person.world.playground.called("sendMessage", person.id)
    return sum("🔔" in str(call.params.get("text")) and call.fault is None for call in calls)


@pytest.mark.req("SPEC-2.3")
async def test_one_message_however_many_lines(world: World, salma: Person, youssef: Person) -> None:
    account = await asks(world, salma)
    await youssef.has_space()
    await imports(world, *lines(1, 2, 3), *lines(1, who="118305"))
    assert told(salma) == 1
    salma.reads(COUNTED, n="3", amount="300,00 MAD")
    assert "entaires" not in salma.shown, "what for is never said"
    assert salma.screen.protect
    assert told(youssef) == 0, "who didn't ask is told nothing"
    noted = await world.read(lambda db: activity.of_account(db, account, 5, 0))
    assert noted[0].event == "told_of_reimbursements"
    await salma.presses("See my reimbursements")
    salma.reads("{n} reimbursement, {amount} in all", n="26")


async def test_one_line_is_one_line(world: World, salma: Person) -> None:
    await asks(world, salma)
    await imports(world, *lines(7, amount="1234.50"))
    salma.reads(COUNTED, n="1", amount="1 234,50 MAD")


@pytest.mark.req("TH-42")
@pytest.mark.parametrize("why", ["no consent", "not signed in", "page only"])
async def test_without_consent_or_sign_in_nothing_of_it_is_said(
    world: World, salma: Person, why: str
) -> None:
    await asks(world, salma, consent=why != "no consent", signed_in=why != "not signed in")
    if why == "page only":
        world.fund = world.fund.model_copy(update={"health_data_in_chat": "page_only"})
        await world.restart()
    await imports(world, *lines(1, 2))
    assert told(salma) == 1
    salma.reads(ARRIVED)
    assert not any(letter.isdecimal() for letter in salma.shown)
    assert not salma.screen.protect


async def test_the_same_file_and_changed_lines_are_no_news(world: World, salma: Person) -> None:
    await asks(world, salma)
    await imports(world, *lines(1, 2))
    await imports(world, *lines(1, 2))
    await imports(world, *lines(1, 2, amount="90.00"))
    assert told(salma) == 1
    await imports(world, *lines(1, 2, 3))
    assert told(salma) == 2
    salma.reads(COUNTED, n="1")


async def test_old_payments_are_no_news(world: World, salma: Person) -> None:
    await asks(world, salma)
    await imports(world, *lines(1, 2, paid="2025-11-01"))
    assert told(salma) == 0
    await imports(world, *lines(3, paid="2025-11-01"), *lines(4))
    assert told(salma) == 1
    salma.reads(COUNTED, n="1", amount="100,00 MAD")


async def test_nobody_is_told_while_the_import_goes_on(world: World, salma: Person) -> None:
    """A person's lines may stand at both ends of a long file."""
    account = await asks(world, salma)
    now = world.clock.now()

    def first_slice(work: Work) -> None:
        participant = links.of_chat(work.db, salma.id)
        assert participant is not None
        assert store.note(work.db, [participant.participant_id], now)
        store.hold(work.db, 77, now + news.SILENCE)

    await world.run(first_slice)
    await world.sweeper.round()
    await world.answers()
    assert told(salma) == 0
    world.spoilt = True
    await passes(world, seconds=31)
    assert told(salma) == 1, "an import that says nothing any more has died"
    assert await world.count("news") == 0
    assert account


async def test_turned_off_is_off_at_once(world: World, salma: Person) -> None:
    await asks(world, salma, signed_in=False)
    await imports(world, *lines(1))
    await salma.presses("🔕 Turn these notices off")
    salma.reads("Agreed, I will not write to you unasked. You can change this with /notifications.")
    await imports(world, *lines(2))
    assert told(salma) == 1
    await salma.presses("🔔 Tell me of new reimbursements")
    await imports(world, *lines(3))
    assert told(salma) == 2


async def test_the_button_leads_through_the_sign_in_to_the_list(world: World, salma: Person) -> None:
    await asks(world, salma, signed_in=False)
    await imports(world, *lines(1))
    await salma.presses("See my reimbursements")
    await salma.presses("Sign in")
    await salma.says(salma.email, salma.password)
    salma.reads("{n} reimbursement, {amount} in all", n="24")


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_in_quiet_hours_it_waits_for_their_end(world: World, salma: Person, youssef: Person) -> None:
    await asks(world, salma)
    other = await asks(world, youssef)
    await world.run(lambda work: notices.set_hours(work, other, Quiet(0, 0), youssef.id))
    await passes(world, hours=12)  # 22:00 at the fund's seat, or 23:00
    await imports(world, *lines(1, paid="2026-03-20"), *lines(1, who="118305", paid="2026-03-20"))
    assert told(salma) == 0
    assert told(youssef) == 1, "who chose none is told at any hour"
    await imports(world, *lines(2, paid="2026-03-20"))
    await passes(world, hours=8)
    assert told(salma) == 0
    await passes(world, hours=3)
    assert told(salma) == 1, "one message for both imports"
    salma.reads(ARRIVED)
    await world.settles()


@pytest.mark.req("FL-01", "FL-03")
async def test_a_notice_that_failed_in_the_evening_comes_in_the_morning(world: World, salma: Person) -> None:
    await asks(world, salma)
    account = await world.read(lambda db: db.execute(select(schema.accounts.c.id)).scalar_one())
    seat = world.clock.now().astimezone(dt.timezone(dt.timedelta(hours=0)))
    begins = (seat.hour + 1) % 24  # quiet soon, whatever the seat's time zone is today
    hours = Quiet(begins * 60 + 30, ((begins + 5) % 24) * 60)
    await world.run(lambda work: notices.set_hours(work, account, hours, salma.id))
    at = await world.run(lambda work: notices.awake(work, account))
    assert at == world.clock.now()
    away = world.playground.faults.add("429", "sendMessage", salma.id, retry_after=7200)
    await imports(world, *lines(1))
    assert told(salma) == 0
    away.times = 0
    await passes(world, hours=2, minutes=1)
    assert told(salma) == 0, "its time has come, and so have the quiet hours"
    await salma.says("/help")
    salma.reads("<b>What I do</b>")
    await passes(world, hours=7)
    assert told(salma) == 1


# ── to whom ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_each_linked_chat_is_told_what_it_may_read(world: World, salma: Person) -> None:
    await asks(world, salma)
    other = world.person("Salma", email=salma.email, password=salma.password)
    await other.signs_in()
    await other.says("/lock")
    await imports(world, *lines(1, 2))
    assert (told(salma), told(other)) == (1, 1)
    salma.reads(COUNTED, n="2")
    other.reads(ARRIVED)


async def test_a_chat_that_was_left_is_told_nothing(world: World, salma: Person) -> None:
    await asks(world, salma)
    await salma.says("/logout")
    await imports(world, *lines(1))
    assert told(salma) == 0
    assert not world.subjects(salma.email)


@pytest.mark.req("FL-09", "TH-42")
@pytest.mark.parametrize("known", [False, True])
async def test_who_blocked_the_bot_gets_a_mail_once(world: World, salma: Person, known: bool) -> None:
    await asks(world, salma)
    other = world.person("Salma", email=salma.email, password=salma.password)
    await other.signs_in()
    for person in (salma, other):
        person.phone.blocks_the_bot()
    await world.settles()
    if not known:  # Telegram said nothing when they blocked it
        await world.run(lambda work: work.db.execute(schema.chats.update().values(unreachable_at=None)))
    await imports(world, *lines(1, 2))
    mails = world.mailbox.to(salma.email)
    assert len(mails) == 1
    assert "Dentaires" not in mails[0].text
    assert not any(word in mails[0].text for word in ("200,00", "100,00", "104827", "DENT"))
    await passes(world, hours=1)
    assert len(world.mailbox.to(salma.email)) == 1


async def test_a_month_of_silence_leaves_the_mail(world: World, salma: Person) -> None:
    await asks(world, salma)
    await passes(world, days=31)
    await imports(world, *lines(1, paid="2026-04-20"))
    assert told(salma) == 0
    assert len(world.mailbox.to(salma.email)) == 1


# ── crashes and replicas ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("INV-06")
async def test_a_crash_tells_nobody_twice(world: World, salma: Person, youssef: Person) -> None:
    for person in (salma, youssef):
        await asks(world, person)
    await world.run(lambda work: store.hold(work.db, 77, work.now + news.SILENCE))
    await world.directory(reimbursements=(*lines(1), *lines(1, who="118305")))
    await world.restart(kill=True)
    assert (told(salma), told(youssef)) == (0, 0)
    await world.run(lambda work: store.let_go(work.db, 77))
    await world.settles()
    assert (told(salma), told(youssef)) == (1, 1)
    await world.restart(kill=True)
    assert (told(salma), told(youssef)) == (1, 1)


@pytest.mark.req("FL-25")
@pytest.mark.world(on="postgresql", mode="webhook")
async def test_two_replicas_tell_once(world: World) -> None:
    people = [await _participant(world, number) for number in range(12)]
    async with second(world) as other:
        await world.directory(
            reimbursements=tuple(line for number in range(12) for line in lines(1, who=str(130000 + number)))
        )
        for _ in range(3):
            await asyncio.gather(world.sweeper.round(), other.sweeper.round())
        await world.settles()
        await other.sender.idle.wait()
        assert [told(person) for person in people] == [1] * 12


async def _participant(world: World, number: int) -> Person:
    matricule = str(130000 + number)
    await world.directory(
        participants=(f"{matricule},Alami,Nour,1990-05-05,,,,,",),
        beneficiaries=(f"{matricule}-0,{matricule},Alami,Nour,self,1990-05-05",),
    )
    person = world.person(
        "Nour",
        last_name="Alami",
        matricule=matricule,
        born="05/05/1990",
        email=f"nour{number}@example.com",
    )
    await asks(world, person)
    return person


async def test_a_reply_does_not_wait_behind_a_notice_of_another_replica(world: World, salma: Person) -> None:
    """What goes out in bulk holds nothing up: neither in memory nor in the table."""
    await asks(world, salma)

    def elsewhere(work: Work) -> Any:
        work.tell(salma.id, news.arrived(), Lane.BULK)
        outbox.insert_all(work.db, work.promises, 4242, work.now)
        replicas.join(work.db, 4242, "elsewhere", work.now)
        work.promises.clear()

    await world.run(elsewhere)
    await salma.says("/help")
    salma.reads("<b>What I do</b>")
    await passes(world, seconds=15)
    assert told(salma) == 1, "the other replica died, and this one took it over"


@pytest.mark.world(
    budgets=True, fund={"budgets": FUND.budgets.model_copy(update={"overall_per_second": 2.5})}
)
async def test_people_are_told_a_few_at_a_time(world: World) -> None:
    """No more is promised ahead than goes out in some seconds."""
    people = [await _participant(world, number) for number in range(8)]
    await world.directory(
        reimbursements=tuple(line for number in range(8) for line in lines(1, who=str(130000 + number)))
    )

    await world.sweeper.round()
    ahead = await world.read(lambda db: outbox.bulk_pending(db, world.clock.now()))
    assert ahead <= 7, "three seconds' worth"
    assert await world.read(store.count) >= 1
    await world.settles()
    assert [told(person) for person in people] == [1] * 8
