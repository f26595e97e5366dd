"""What goes wrong on request: between the bot and Telegram, and in the post."""

from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage

import aiohttp
import pytest

from playground import Limits, Person, Playground
from tests.playground.robot import Robot

LOST = (aiohttp.ClientError, ConnectionError)


@pytest.mark.req("FL-01")
async def test_a_429_says_how_long_to_wait(
    pg: Playground, robot: Robot, salma: Person, youssef: Person
) -> None:
    pg.faults.add("429", "sendMessage", chat=salma.id, times=2, retry_after=7)
    for _ in range(2):
        answer = await robot.call("sendMessage", chat_id=salma.id, text="x")
        assert answer["description"] == "Too Many Requests: retry after 7"
        assert answer["parameters"] == {"retry_after": 7}
        await robot.writes(youssef.id)
    await robot.writes(salma.id)
    assert len(salma.messages) == 1


@pytest.mark.req("FL-03", "FL-08", "FL-09")
@pytest.mark.parametrize(
    ("kind", "code"), [("500", 500), ("502", 502), ("401", 401), ("403_kicked", 403), ("409", 409)]
)
async def test_a_refusal_has_no_effect(
    pg: Playground, robot: Robot, salma: Person, kind: str, code: int
) -> None:
    pg.faults.add(kind, "sendMessage")
    assert (await robot.call("sendMessage", chat_id=salma.id, text="x"))["error_code"] == code
    assert salma.messages == []
    assert pg.faults.struck == {kind: 1}


@pytest.mark.req("FL-04", "TG-10")
async def test_after_a_reset_one_cannot_know_whether_it_happened(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    pg.faults.add("lost_answer", "sendMessage")
    with pytest.raises(LOST):
        await robot.call("sendMessage", chat_id=salma.id, text="parti")
    pg.faults.add("reset_before", "sendMessage")
    with pytest.raises(LOST):
        await robot.call("sendMessage", chat_id=salma.id, text="perdu")
    assert [m.text for m in salma.messages] == ["parti"]
    assert [(call.fault, call.ok) for call in pg.called("sendMessage", salma.id)] == [
        ("lost_answer", True),
        ("reset_before", False),
    ]


@pytest.mark.req("FL-05")
@pytest.mark.parametrize("kind", ["invalid_json", "half_body"])
async def test_a_damaged_answer(pg: Playground, robot: Robot, salma: Person, kind: str) -> None:
    pg.faults.add(kind, "sendMessage")
    with pytest.raises((ValueError, *LOST)):
        await robot.call("sendMessage", chat_id=salma.id, text="parti")
    assert [m.text for m in salma.messages] == ["parti"]


async def test_a_held_call_stands_until_it_is_let_go(pg: Playground, robot: Robot, salma: Person) -> None:
    fault = pg.faults.add("hold", "sendMessage")
    call = asyncio.create_task(robot.writes(salma.id))
    await fault.reached.wait()
    assert salma.messages == []
    fault.release()
    await call
    assert len(salma.messages) == 1


async def test_a_share_strikes_by_seeded_chance(pg: Playground, robot: Robot, salma: Person) -> None:
    pg.faults.add("500", "sendMessage", share=0.3)
    outcomes = [(await robot.call("sendMessage", chat_id=salma.id, text="x"))["ok"] for _ in range(100)]
    assert 15 <= outcomes.count(False) <= 45
    assert pg.faults.struck["500"] == outcomes.count(False)
    pg.faults.clear()
    await robot.writes(salma.id)


async def test_the_same_seed_gives_the_same_faults() -> None:
    runs = []
    for _ in range(2):
        faults = Playground(seed=7).faults
        faults.add("500", share=0.5)
        runs.append([faults.strike("sendmessage", 1) is not None for _ in range(50)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {True, False}


async def test_an_unknown_fault_is_refused(pg: Playground) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        pg.faults.add("teapot")
    with pytest.raises(ValueError, match="no such mail fault"):
        pg.mailbox.fail("teapot")


@pytest.mark.req("TG-09")
async def test_sending_limits_per_chat_per_group_and_in_all() -> None:
    async with Playground(limits=Limits()) as pg:
        robot = Robot(pg)
        salma, group = pg.person("Salma"), pg.group("Desk")
        salma.chat.bot = "member"
        for _ in range(4):
            await robot.writes(salma.id)
        for _ in range(3):  # after the burst, one a second and no more
            refused = await robot.call("sendMessage", chat_id=salma.id, text="x")
            assert refused["parameters"]["retry_after"] == 1
            pg.advance(1)
            await robot.writes(salma.id)
        pg.advance(4)
        for _ in range(4):
            await robot.writes(salma.id)
        for number in range(20):
            pg.advance(0.1)
            await robot.writes(group.id, str(number))
        refused = await robot.call("sendMessage", chat_id=group.id, text="x")
        assert 55 <= refused["parameters"]["retry_after"] <= 60
        pg.advance(60)
        crowd = [pg.person(str(number)) for number in range(31)]
        for person in crowd:
            person.chat.bot = "member"
        answers = [await robot.call("sendMessage", chat_id=person.id, text="x") for person in crowd]
        assert [answer["ok"] for answer in answers] == [True] * 30 + [False]
        assert answers[30]["parameters"] == {"retry_after": 1}
        await robot.close()


# The post


def mail(to: str = "salma@example.com") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Fonds <fonds@example.com>",
        to,
        "Activez votre compte",
    )
    message["Message-ID"] = "<42@example.com>"
    message.set_content("Bonjour,\nhttps://t.me/rafiq_demo_bot?start=abc.\nÀ bientôt.\n")
    message.add_alternative(
        '<p>Bonjour, <a href="https://t.me/rafiq_demo_bot?start=abc">activez</a>'
        ' ou <a href="https://example.com/aide">lisez</a>.</p>',
        subtype="html",
    )
    return message


async def post(pg: Playground, message: EmailMessage) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", pg.smtp_port, timeout=5) as client:
            client.send_message(message)

    await asyncio.to_thread(send)


async def test_a_mail_is_kept_with_its_parts_and_links(pg: Playground) -> None:
    await post(pg, mail())
    await post(pg, mail("youssef@example.com"))
    (kept,) = pg.mailbox.to("Salma@example.com")
    assert (kept.subject, kept.message_id) == ("Activez votre compte", "<42@example.com>")
    assert "À bientôt" in kept.text
    assert "<p>Bonjour" in kept.html
    assert kept.links == ["https://t.me/rafiq_demo_bot?start=abc", "https://example.com/aide"]
    assert pg.mailbox.latest is not None
    assert pg.mailbox.latest.to == ["youssef@example.com"]


@pytest.mark.req("FL-12", "FL-15")
@pytest.mark.parametrize("kind", ["450", "451", "550", "552"])
async def test_a_refused_recipient(pg: Playground, kind: str) -> None:
    pg.mailbox.fail(kind, to="salma@example.com")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        await post(pg, mail())
    assert caught.value.recipients["salma@example.com"][0] == int(kind)
    await post(pg, mail())
    assert len(pg.mailbox.mails) == 1


@pytest.mark.req("FL-14")
async def test_a_mail_taken_whose_250_is_lost(pg: Playground) -> None:
    pg.mailbox.fail("lost_answer")
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        await post(pg, mail())
    await post(pg, mail())
    assert [kept.message_id for kept in pg.mailbox.mails] == ["<42@example.com>"] * 2


@pytest.mark.req("FL-11")
async def test_a_connection_cut_and_a_closed_door(pg: Playground) -> None:
    pg.mailbox.fail("refuse")
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        await post(pg, mail())
    port = pg.smtp_port
    await pg.mailbox.close()
    with pytest.raises(ConnectionRefusedError):
        await post(pg, mail())
    await pg.mailbox.open("127.0.0.1", port)
    await post(pg, mail())
    assert len(pg.mailbox.mails) == 1


@pytest.mark.req("TH-45", "FL-13")
async def test_no_starttls_unless_it_was_given(pg: Playground) -> None:
    def greet() -> bool:
        with smtplib.SMTP("127.0.0.1", pg.smtp_port, timeout=5) as client:
            client.ehlo()
            return bool(client.has_extn("starttls"))

    assert not await asyncio.to_thread(greet)
