"""Which notices a person gets: asked once, chosen at /notifications, with hours in which none comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kit.zones import zone
from services import notices
from services.notices import Kind, Quiet
from services.work import Work
from store import activity
from tests.people import Person
from tests.world import World

OFFER = "🔔 Shall I tell you when a new reimbursement arrives?"
ON = "🔔 New reimbursements: <b>on</b>. One message for all that arrive together."
OFF = "🔕 New reimbursements: <b>off</b>."
QUIET = "Quiet hours: <b>from {begins} to {ends}</b>. What arrives meanwhile is told afterwards."
NEVER_QUIET = "Quiet hours: <b>none</b>. A notice may come at any time."


async def wants(world: World, account: int) -> bool:
    return await world.run(lambda work: notices.wants(work, account, Kind.REIMBURSEMENTS))


async def sees_the_list(person: Person) -> None:
    """Into the space, with the consent, to the first look at the list."""
    await person.says("/reimbursements")
    await person.presses("I agree")


async def test_the_first_list_asks_once_whether_to_tell(world: World, salma: Person) -> None:
    account = await salma.has_space()
    assert not await wants(world, account), "nothing is assumed"
    await sees_the_list(salma)
    salma.reads(OFFER)
    await salma.presses("Next ›")
    salma.reads(OFFER)
    await salma.presses("Yes, tell me")
    assert salma.noticed("Agreed, I will tell you. You can change this with /notifications.")
    assert not salma.has_read(OFFER)
    salma.reads("Page {page} of {pages}", page="2")
    assert await wants(world, account)
    await salma.says("/reimbursements")
    assert not salma.has_read(OFFER)


async def test_who_does_not_answer_is_not_asked_again(world: World, salma: Person) -> None:
    account = await salma.has_space()
    await sees_the_list(salma)
    await salma.says("/reimbursements")
    assert salma.has_read(OFFER) == 1, "in the first list only"
    assert not await wants(world, account)


async def test_a_no_is_a_no(world: World, youssef: Person) -> None:
    account = await youssef.has_space()
    await sees_the_list(youssef)
    await youssef.presses("No, thank you")
    assert not await wants(world, account)
    assert youssef.has_read(OFFER) == 0


async def test_notifications_are_switched(world: World, salma: Person) -> None:
    account = await salma.has_space()
    await salma.says("/notifications")
    salma.reads(OFF)
    salma.reads("🔒 The security of your space: <b>always on</b>.")
    salma.reads(QUIET, begins="21:00", ends="08:00")
    await salma.presses("Turn on new reimbursements")
    salma.reads(ON)
    assert await wants(world, account)
    await salma.presses("Turn off new reimbursements")
    salma.reads(OFF)
    assert not await wants(world, account)
    noted = await world.read(lambda db: activity.of_account(db, account, 9, 0))
    details = [row.detail for row in noted if row.event == "notices_changed"]
    assert details == ["reimbursements off", "reimbursements on"]
    await sees_the_list(salma)
    assert not salma.has_read(OFFER), "who chose is not asked"


async def test_quiet_hours_are_chosen(world: World, youssef: Person) -> None:
    account = await youssef.has_space()
    await youssef.says("/notifications")
    await youssef.presses("Quiet hours")
    await youssef.presses("Choose my hours")
    youssef.reads("From what time shall it be quiet?")
    await youssef.presses("13:00")
    youssef.reads("Quiet from {begins}, until what time?", begins="13:00")
    assert "13:00" not in youssef.labels
    await youssef.presses("15:00")
    youssef.reads(QUIET, begins="13:00", ends="15:00")
    assert await world.run(lambda work: notices.own_hours(work, account)) == Quiet(13 * 60, 15 * 60)
    await youssef.presses("Quiet hours")
    await youssef.presses("No quiet hours")
    youssef.reads(NEVER_QUIET)
    await youssef.presses("Quiet hours")
    await youssef.presses("From {begins} to {ends}")
    youssef.reads(QUIET, begins="21:00", ends="08:00")
    assert await world.run(lambda work: notices.own_hours(work, account)) is None


def test_quiet_hours_pass_midnight_or_not() -> None:
    casablanca = zone("Africa/Casablanca")

    def over(quiet: Quiet, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
        return quiet.over(dt.datetime(2026, 3, 20, hour, minute, second, tzinfo=casablanca))

    night, noon, none = Quiet(21 * 60, 8 * 60), Quiet(12 * 60, 14 * 60), Quiet(0, 0)
    morning = dt.datetime(2026, 3, 20, 8, tzinfo=casablanca)
    assert over(night, 21) == morning + dt.timedelta(days=1)
    assert over(night, 23, 59, 59) == morning + dt.timedelta(days=1)
    assert over(night, 0) == over(night, 7, 59, 59) == morning
    assert over(night, 8) == morning, "the end is not quiet any more"
    assert over(night, 20, 59, 59).hour == 20
    assert over(noon, 12).hour == over(noon, 13, 59).hour == 14
    assert [over(noon, hour).hour for hour in (11, 14, 23)] == [11, 14, 23]
    assert [over(none, hour).hour for hour in range(24)] == list(range(24))


async def test_security_is_never_switched_off(world: World, salma: Person) -> None:
    account = await salma.has_space()

    def switch(work: Work) -> Any:
        notices.set(work, account, Kind.SECURITY, False, salma.id)
        return notices.wants(work, account, Kind.SECURITY)

    assert await world.run(switch)


async def test_the_place_needs_a_sign_in(world: World, salma: Person) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/notifications")
    assert not salma.has_read(OFF)
    assert salma.sees_button("Sign in")
