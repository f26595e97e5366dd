"""The profile: what the fund holds of a person, who saw it, and the chats that are linked; nobody else's."""

from __future__ import annotations

import pytest

from kit.clock import to_ms
from kit.errors import Refused
from kit.speech import FSI, PDI
from services import activity, profile
from services.access import Standing, Who
from services.activity import Event
from services.work import Work
from store import links
from tests.people import Person
from tests.stories.desk import cards, lays_desk, rafiq
from tests.world import World


def second_phone(world: World, owner: Person) -> Person:
    """Another chat of the same person."""
    return world.person(
        owner.first_name,
        "ar" if owner.language == "ar" else "fr",
        matricule=owner.matricule,
        last_name=owner.last_name,
        born=owner.born,
        email=owner.email,
        password=owner.password,
    )


async def test_salma_reads_what_the_fund_holds(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/profile")
    salma.reads("Last name: {name}", name="El Ouaïssi")
    salma.reads("In the other script: {name}", name="سلمى الوعيسي")
    salma.reads("Matricule: {matricule}", matricule="••••27")
    salma.reads("E-mail: {email}", email=salma.email)
    salma.reads("Telephone: {phone}", phone="0661204827")
    salma.reads("I sign in with {email}", email=salma.email)
    assert salma.screen.protect
    await salma.presses("Show the matricule")
    salma.reads("Matricule: {matricule}", matricule="104827")
    await salma.presses("Hide the matricule")
    salma.reads("Matricule: {matricule}", matricule="••••27")
    await salma.presses("Beneficiaries")
    salma.reads("{name}, {relation}", name="Farid Tazi")
    salma.reads("Born on {date}", date="17 mai 2011")
    await salma.presses("‹ Back")
    salma.reads("My profile")


async def test_youssef_reads_his_name_in_his_script_and_each_name_whole(
    world: World, youssef: Person
) -> None:
    """First and last name are one value: isolated one by one, two Latin names would change places among Arabic words."""
    await youssef.has_space()
    await youssef.says("/profile")
    youssef.reads("Last name: {name}", name="بنجلون")
    youssef.reads("First name: {name}", name="يوسف")
    youssef.reads("In the other script: {name}", name="Youssef Benjelloun")
    assert f"{FSI}Youssef Benjelloun{PDI}" in youssef.screen.text
    await youssef.presses("Beneficiaries")
    youssef.reads("{name}, {relation}", name="يوسف بنجلون")


@pytest.mark.req("TH-12")
async def test_the_profile_goes_with_the_lock(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/profile")
    await salma.says("/lock")
    await world.settles()
    assert salma.has_read("Last name: {name}") == 0
    await salma.says("/profile")
    salma.reads("This is personal: please sign in first. You come back here after it.")


async def test_a_stranger_and_a_linked_chat_are_led_to_the_sign_in(
    world: World, salma: Person, youssef: Person
) -> None:
    await salma.has_space(signed_in=False)
    for person in (salma, youssef):
        await person.says("/profile")
        person.reads("This is personal: please sign in first. You come back here after it.")


@pytest.mark.req("TH-01")
async def test_youssef_sees_nothing_of_salma(world: World, salma: Person, youssef: Person) -> None:
    await salma.has_space()
    await youssef.has_space()
    await salma.says("/profile")
    await youssef.says("/profile")
    for label in ("Beneficiaries", "‹ Back", "Linked chats", "‹ Back", "Who saw my file"):
        await youssef.presses(label)
        for word in (salma.last_name, "الوعيسي", "Farid", salma.email, "0661204827", str(salma.id)):
            assert word not in youssef.shown
    heard = "\n".join(youssef.heard)
    assert "104827" not in heard


@pytest.mark.req("TH-01")
@pytest.mark.parametrize("act", ["unlink", "log", "family", "profile"])
async def test_actor_and_object(world: World, salma: Person, youssef: Person, act: str) -> None:
    """Whatever is asked for in a chat is answered from the account that this chat is signed in to."""
    hers, his = await salma.has_space(), await youssef.has_space()

    def as_youssef(work: Work) -> object:
        link = links.of_chat(work.db, youssef.id)
        assert link is not None
        who = Who(Standing.SIGNED_IN, link.account_id, link.participant_id)
        match act:
            case "unlink":
                here = work.chat(youssef.id)
                assert here is not None
                with pytest.raises(Refused, match="proof_too_old"):
                    profile.unlink(work, who, here, salma.id)
                here.state["proven"] = to_ms(work.now)
                with pytest.raises(Refused, match="not_linked"):
                    profile.unlink(work, who, here, salma.id)
                return links.of_chat(work.db, salma.id)
            case "log":
                return [row.chat_id for row in activity.recent(work, who.account_id)]
            case "family":
                return [one.name.fr for one in profile.family(work, who, youssef.id)]
            case _:
                return profile.read(work, who).person.matricule

    found = await world.run(as_youssef)
    assert hers != his
    if act == "unlink":
        assert found is not None, "hers is still linked"
    elif act == "log":
        assert salma.id not in found  # type: ignore[operator]
    else:
        assert found == ("118305" if act == "profile" else ["Youssef Benjelloun"])


@pytest.mark.req("TH-09", "TH-10", "TH-12")
async def test_another_chat_is_unlinked_and_told(world: World, salma: Person) -> None:
    await salma.has_space()
    tablet = second_phone(world, salma)
    await tablet.signs_in()
    await tablet.says("/profile")
    await salma.says("/profile")
    await salma.presses("Linked chats")
    salma.reads("Chat {n}, this one", n="1")
    salma.reads("Chat {n}", n="2")
    assert str(tablet.id) not in salma.shown
    assert "Salma" not in salma.shown, "Telegram's names prove nothing"
    await salma.presses("Unlink chat {n}")
    salma.reads("Unlink chat {n}?", n="2")
    await salma.presses("Unlink it")
    await salma.says("Wrong4711")
    salma.reads("This is not your present password.")
    assert tablet.has_read("Last name: {name}") == 1
    await salma.says(salma.password)
    salma.reads("The chat is unlinked.")
    tablet.reads("This chat is no longer linked to a space: that was ended from another chat.")
    assert tablet.has_read("Last name: {name}") == 0
    await tablet.says("/profile")
    tablet.reads("This is personal: please sign in first. You come back here after it.")
    await salma.presses("My profile")
    await salma.presses("Who saw my file")
    salma.reads("Another chat was unlinked")


async def test_who_saw_my_file(world: World, youssef: Person) -> None:
    """The log in Arabic, by pages, each entry with who and where."""
    account = await youssef.has_space()

    def history(work: Work) -> None:
        for chat_id, actor in (
            (youssef.id, "owner"),
            (99, "owner"),
            (None, "owner"),
            (None, "agent"),
            (None, "operator"),
        ):
            activity.note(work, account, Event.READ_REIMBURSEMENT_LINE, chat_id, "L901", actor=actor)  # type: ignore[arg-type]
        for _ in range(6):
            activity.note(work, account, Event.SIGN_IN_FAILED, 99)

    await world.run(history)
    await youssef.says("/profile")
    await youssef.presses("Who saw my file")
    youssef.reads("The profile was opened")
    youssef.reads("Page {page} of {pages}, the latest first", page="1", pages="2")
    youssef.reads("from a chat that is not linked to your space")
    await youssef.presses("Older ›")
    youssef.reads("A reimbursement was read in full: {detail}", detail="L901")
    youssef.reads("you, in this chat")
    youssef.reads("an agent of the fund")
    assert not youssef.sees_button("Older ›")
    await youssef.presses("‹ Newer")
    youssef.reads("The profile was opened")


async def test_a_mistake_is_put_to_the_fund(world: World, salma: Person) -> None:
    """Without an agents' group the way is the telephone."""
    await salma.has_space()
    await salma.says("/profile")
    await salma.presses("Correct my data")
    salma.reads("The fund answers by telephone, {phone}, and by e-mail, {email}.")


async def test_an_agent_corrects_what_is_wrong(world: World, salma: Person, nadia: Person) -> None:
    await rafiq(world, "agents", "add", str(nadia.id), "Nadia")
    group = await lays_desk(world, nadia, gate="match")
    await nadia.says("/start")
    await salma.has_space()
    await salma.says("/rectification")
    await salma.presses("Last name")
    await salma.says("El Ouaïssi-Tazi")
    salma.reads("{label}: {value}", label="Ce qui est juste", value="El Ouaïssi-Tazi")
    await salma.presses("Confirm")
    salma.reads("Your request {number} has reached the fund’s agents.")
    (card,) = cards(group)
    assert "À corriger" in card.text
    assert "Tazi" not in card.text
    await nadia.presses("Take", card)
    await nadia.presses("Show me in private", cards(group)[-1])
    assert any("El Ouaïssi-Tazi" in text for text in nadia.heard)
    await nadia.presses("Done", cards(group)[-1])
    await salma.says("/profile")
    await salma.presses("Who saw my file")
    salma.reads("A request was read: {detail}")
    salma.reads("an agent of the fund")
    await world.clock.advance(minutes=10)  # what the agent saw is gone
