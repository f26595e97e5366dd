"""Passwords and secret answers typed in the chat: gone from it with the very next call, and never kept in the clear (CF-02)."""

from __future__ import annotations

import asyncio

import pytest

from playground import Message
from playground.api import Call
from tests.people import Person
from tests.stories.sentences import ACTIVE, ASKED, SUMMARY
from tests.world import World

pytestmark = pytest.mark.req("CF-02")

FORMATTED = (
    "Your application changed this text (bold, code, a link …), so it may not be what you meant. "
    "Please type it again, plainly."
)
NOT_EDITED = "I don't see changes to earlier messages: please send a new one."
NOT_FORWARDED = "I don't read forwarded messages: please write it in your own words."
DELETE_YOURSELF = (
    "I could not delete your message with a secret in it: please delete it yourself (hold it, then Delete)."
)


async def typed(world: World, salma: Person, words: str) -> tuple[Message, list[Call]]:
    """Type something: the message, and what the bot did in that chat then."""
    before = len(world.playground.calls)
    message = await salma.says(words)
    calls = [call for call in world.playground.calls[before:] if call.chat == salma.id]
    return message, calls


@pytest.mark.req("INV-16", "INV-13")
async def test_each_secret_is_deleted_before_anything_else_is_said(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    secrets = ("bref mot", salma.password, "Tournesol48", salma.password, salma.password)
    for words in secrets:
        message, calls = await typed(world, salma, words)
        assert [call.method for call in calls] == ["deleteMessage", "sendMessage"]
        assert int(calls[0].params["message_id"]) == message.id
        assert message.deleted
        assert words not in salma.shown
    await salma.presses("In which street did you live as a child?")
    for words in ("a", salma.password, "rue des acacias"):
        message, calls = await typed(world, salma, words)
        assert [call.method for call in calls] == ["deleteMessage", "sendMessage"]
        assert message.deleted
    await salma.presses("I agree")
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    kept = [message.text for message in salma.phone.chat.live]
    for secret in {*secrets, salma.answer}:
        assert not any(secret in text for text in kept)
    sent = b"".join(mail.raw for mail in world.mailbox.mails).decode("utf-8", "replace")
    assert not any(secret in sent for secret in secrets)


@pytest.mark.req("INV-16")
@pytest.mark.parametrize("step", ["question", "consent"])
async def test_typed_once_too_often_it_is_deleted_too(world: World, salma: Person, step: str) -> None:
    """The answer was slow, so she typed it again, and the form has gone on to a step with buttons."""
    await salma.fills_in(step)
    message = await salma.says(salma.answer if step == "consent" else salma.password)
    assert message.deleted
    salma.reads(ASKED[step])
    world.leaves(forms=1)


async def test_what_is_no_secret_stays(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    assert not any(message.deleted for message in salma.phone.messages)
    world.leaves(forms=1)


@pytest.mark.parametrize("words", ["Tournesol47", "Wrong4719x"])
async def test_the_sign_in_deletes_the_password_too(world: World, salma: Person, words: str) -> None:
    await salma.has_space(signed_in=False)
    await salma.says("/login", salma.email)
    message, calls = await typed(world, salma, words)
    assert calls[0].method == "deleteMessage"
    assert message.deleted
    world.leaves(forms=int(words != salma.password))


async def test_telegram_is_busy_and_the_deletion_is_tried_again(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    world.playground.faults.add("429", "deleteMessage", salma.id, retry_after=1)
    message = await salma.says(salma.password)
    assert not message.deleted
    assert not salma.has_read(ASKED["repetition"]), "nothing overtakes the deletion"
    await world.clock.advance(seconds=2)
    assert message.deleted
    salma.reads(ASKED["repetition"])
    world.leaves(forms=1)


async def test_a_message_she_deleted_herself_is_no_failure(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    held = world.playground.faults.add("hold", "deleteMessage", salma.id)
    message = salma.phone.says(salma.password)
    await asyncio.wait_for(held.reached.wait(), 10)
    salma.phone.deletes(message)
    held.release()
    await world.settles()
    salma.reads(ASKED["repetition"])
    assert not salma.has_read(DELETE_YOURSELF)
    world.leaves(forms=1)


async def test_telegram_refuses_to_delete_and_she_is_told_to(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    world.playground.faults.add(
        "400", "deleteMessage", salma.id, description="Bad Request: message can't be deleted for everyone"
    )
    await salma.says(salma.password)
    await world.settles()
    assert salma.has_read(DELETE_YOURSELF) == 1
    assert salma.has_read(ASKED["repetition"]) == 1
    world.leaves(forms=1)


async def test_an_old_message_can_not_be_deleted_any_more(world: World, salma: Person) -> None:
    """Telegram deletes nothing older than 48 h (TG-11): the deletion stood still that long, and gives up in words."""
    await salma.fills_in("password")
    world.playground.faults.add("500", "deleteMessage", salma.id)
    message = await salma.says(salma.password)
    await world.clock.advance(hours=49)
    await world.settles()
    assert not message.deleted
    assert salma.has_read(DELETE_YOURSELF) == 1


@pytest.mark.req("BI-22")
@pytest.mark.parametrize("step", ["password", "answer"])
async def test_a_secret_that_the_application_changed(world: World, salma: Person, step: str) -> None:
    await salma.fills_in(step)
    for html in ("<b>Tourne</b>sol47", "<code>Tournesol47</code>", "rue <i>des</i> acacias"):
        message = await salma.says(html, html=True)
        assert message.deleted
        salma.reads(FORMATTED)
        salma.reads(ASKED[step])
    world.leaves(forms=1)


@pytest.mark.req("BI-51", "BI-52", "BI-54", "TH-17")
@pytest.mark.parametrize("step", ["password", "repetition", "answer"])
async def test_a_secret_forwarded_edited_or_under_a_picture(world: World, salma: Person, step: str) -> None:
    await salma.fills_in(step)
    forwarded = await salma.forwards(salma.password)
    assert forwarded.deleted
    salma.reads(NOT_FORWARDED)
    salma.reads(ASKED[step])
    for kind in ("photo", "document"):
        captioned = await salma.sends(kind, b"%PDF-1.7", name="a.pdf", caption=salma.password)
        assert captioned.deleted
        salma.reads(ASKED[step])
    early = next(message for message in salma.phone.messages if message.text == salma.email)
    await salma.edits(early, salma.password)
    assert early.deleted
    salma.reads(NOT_EDITED)
    salma.reads(ASKED[step])
    world.leaves(forms=1)


@pytest.mark.req("BI-51")
async def test_an_edited_secret_of_a_past_step_is_deleted_again(world: World, salma: Person) -> None:
    """The deletion was lost on a device that was offline: the edit brings the message back."""
    await salma.fills_in("question")
    secret = next(message for message in salma.phone.messages if message.text == salma.password)
    assert secret.deleted
    secret.deleted = False
    await salma.edits(secret, "Tournesol99")
    assert secret.deleted
    salma.reads(ASKED["question"])
    world.leaves(forms=1)


@pytest.mark.req("BI-20", "BI-23")
@pytest.mark.world(on="sqlite")
async def test_a_password_that_looks_like_a_command_is_a_command(world: World, salma: Person) -> None:
    await salma.fills_in("password")
    await salma.says("/cancel")
    assert salma.sees_button("Yes, stop")
    await salma.presses("Go on")
    message = await salma.says("/secret4719")
    salma.reads(ASKED["password"])
    assert message.deleted, "it may have been meant as the password"
    world.leaves(forms=1)


@pytest.mark.req("BI-21")
@pytest.mark.world(on="sqlite")
async def test_accents_composed_and_decomposed_are_one_password(world: World, salma: Person) -> None:
    """Some keyboards send é as one character, others as two."""
    composed, decomposed = "\u00c9ventail47", "E\u0301ventail47"
    await salma.fills_in("answer", password=decomposed, repetition=decomposed)
    await salma.presses("‹ Back")
    await salma.presses("‹ Back")
    await salma.says(composed)
    salma.reads(ASKED["answer"])
    await salma.says(decomposed)
    salma.reads("The answer can’t be your password: type another one.")
    await salma.says(salma.answer)
    await salma.presses("I agree")
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    await salma.says("/logout", "/login", salma.email, composed)
    salma.reads("You are signed in. What would you like to see?")


@pytest.mark.world(hashing=True, on="sqlite")
async def test_the_whole_way_with_the_real_parameters(world: World, salma: Person) -> None:
    """19 MiB and two passes: what the other stories replace."""
    await salma.fills_in()
    salma.reads(SUMMARY)
    await salma.presses("Confirm")
    await salma.opens(world.activation_link(salma.email))
    salma.reads(ACTIVE)
    await salma.says("/logout", "/login", salma.email, salma.password)
    salma.reads("You are signed in. What would you like to see?")
