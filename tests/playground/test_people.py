"""What people do at their phones, and how a test waits for the bot."""

from __future__ import annotations

import pytest

from playground import Link, Person, Playground
from tests.playground.robot import JSON, Robot


async def told(robot: Robot) -> list[JSON]:
    result: list[JSON] = [u["message"] for u in await robot.does("getUpdates") if "message" in u]
    return result


@pytest.mark.req("TG-26", "TG-12", "BI-81")
async def test_what_is_typed_arrives_as_an_application_sends_it(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    await salma.says("  Motdepasse12 \n")
    await salma.says("<b>Mot</b>depasse12", html=True)
    await salma.opens(f"https://t.me/{pg.bot_username}?start=abc_-9")
    await salma.opens(f"https://t.me/{pg.bot_username}?start={'x' * 65}")
    assert await salma.opens("https://example.com") == Link("https://example.com")
    messages = await told(robot)
    assert [m["text"] for m in messages] == ["Motdepasse12", "Motdepasse12", "/start abc_-9", "/start"]
    assert messages[1]["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert messages[2]["entities"][0]["type"] == "bot_command"
    with pytest.raises(ValueError, match="empty"):
        salma.says("   ")


@pytest.mark.req("BI-13")
async def test_a_long_text_comes_in_two_messages(robot: Robot, salma: Person) -> None:
    await salma.says("x" * 5_000)
    assert [len(m["text"]) for m in await told(robot)] == [4_096, 904]


@pytest.mark.req("BI-51", "BI-52")
async def test_edits_forwards_and_replies(robot: Robot, salma: Person) -> None:
    first = await salma.says("premier")
    await salma.replies(first, "second")
    await salma.forwards("lu ailleurs")
    await salma.edits(first, "premier, corrigé")
    updates = await robot.does("getUpdates")
    assert updates[1]["message"]["reply_to_message"]["text"] == "premier"
    assert updates[2]["message"]["forward_origin"]["type"] == "hidden_user"
    assert updates[3]["edited_message"]["text"] == "premier, corrigé"
    assert updates[3]["edited_message"]["message_id"] == first.id
    assert [edit.text for edit in first.edits] == ["premier"]


@pytest.mark.req("BI-53")
async def test_everything_that_is_no_text(robot: Robot, salma: Person) -> None:
    kinds = ["sticker", "voice", "video_note", "location", "contact", "dice", "poll", "photo", "document"]
    for kind in kinds:
        await salma.sends(kind, b"x" if kind == "document" else b"")
    for kind, message in zip(kinds, await told(robot), strict=True):
        assert kind in message
        assert "text" not in message
    with pytest.raises(ValueError, match="nobody can send"):
        salma.sends("smoke")


async def test_a_button_is_pressed_by_its_label(pg: Playground, robot: Robot, salma: Person) -> None:
    link = f"https://t.me/{pg.bot_username}?start=go"
    rows = [
        [
            {"text": "\u2067Mes remboursements\u2069", "callback_data": "r"},
            {"text": "Aide", "url": "https://example.com"},
        ],
        [{"text": "Activer", "url": link}, {"text": "Page", "web_app": {"url": "https://example.com/a"}}],
    ]
    await robot.writes(salma.id, "Menu", reply_markup={"inline_keyboard": rows})
    await salma.presses("Mes remboursements")
    await salma.presses("remboursements")
    assert salma.presses("Aide") == Link("https://example.com")
    assert salma.presses("Page") == Link("https://example.com/a")
    salma.presses("Activer")
    assert salma.messages[-1].text == "/start go"
    queries = [u["callback_query"] for u in await robot.does("getUpdates") if "callback_query" in u]
    assert [q["data"] for q in queries] == ["r", "r"]
    assert queries[0]["message"]["text"] == "Menu"
    with pytest.raises(LookupError, match="no button 'Sortir'; there are"):
        salma.presses("Sortir")


@pytest.mark.req("BI-57")
async def test_a_press_under_a_deleted_message_shows_no_message(robot: Robot, salma: Person) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Oui", "callback_data": "y"}]]}
    number = await robot.writes(salma.id, "Oui ?", reply_markup=keyboard)
    await robot.does("deleteMessage", chat_id=salma.id, message_id=number)
    await salma.press_data("y", salma.messages[0])
    (update,) = await robot.does("getUpdates")
    assert update["callback_query"]["message"] == {
        "chat": salma.chat.payload(),
        "message_id": number,
        "date": 0,
    }


@pytest.mark.req("BI-79", "BI-80")
async def test_a_language_is_the_persons_to_change(robot: Robot, salma: Person) -> None:
    salma.speaks("ar-MA")
    await salma.says("un")
    salma.speaks(None)
    await salma.says("deux")
    first, second = await told(robot)
    assert first["from"]["language_code"] == "ar-MA"
    assert "language_code" not in second["from"]


async def test_waiting_for_the_bot(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.writes(salma.id, "Bienvenue chez nous")
    assert (await salma.sees("Bienvenue")).text == "Bienvenue chez nous"
    with pytest.raises(TimeoutError, match="never saw 'Au revoir' but:\nbot: Bienvenue chez nous"):
        await salma.sees("Au revoir", timeout=0.01)
    await salma.says("bonjour")
    with pytest.raises(TimeoutError, match="updates still wait"):
        await pg.quiet(timeout=0.01)
    with pytest.raises(TimeoutError, match="did not come about"):
        await pg.until(lambda: False, timeout=0.01)


async def test_a_taken_port_is_one_clear_error(pg: Playground) -> None:
    with pytest.raises(OSError, match=f"port {pg.port} of 127.0.0.1 is taken"):
        await Playground(port=pg.port).start()
    with pytest.raises(OSError, match=f"port {pg.smtp_port} of 127.0.0.1 is taken"):
        await Playground(smtp_port=pg.smtp_port).start()
    with pytest.raises(ValueError, match="a token is"):
        Playground(token="nonsense")


async def test_a_long_run_keeps_only_so_much() -> None:
    async with Playground(history=10) as pg:
        robot, salma = Robot(pg), pg.person("Salma")
        for number in range(30):
            await salma.says(str(number))
            await robot.writes(salma.id, str(number))
        assert len(salma.messages) == 10
        assert len(pg.calls) == 10
        assert len(pg.updates.pending) == 30
        await robot.close()
