"""The same, from another process: people, acts, faults and what came of them, over HTTP."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from playground import Person, Playground
from tests.playground.robot import JSON, Robot


class Remote:
    """A program that knows the playground's address only."""

    def __init__(self, robot: Robot) -> None:
        self.session, self.url = robot.session, f"{robot.playground.api_url}/play"

    async def post(self, path: str, status: int = 200, **body: Any) -> JSON:
        async with self.session.post(f"{self.url}/{path}", json=body) as answer:
            told: JSON = await answer.json()
            assert answer.status == status, told
            return told

    async def get(self, path: str) -> Any:
        async with self.session.get(f"{self.url}/{path}") as answer:
            assert answer.status == 200
            return await answer.json()

    async def events(self) -> AsyncIterator[JSON]:
        async with self.session.get(f"{self.url}/events") as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    yield orjson.loads(line[6:])


@pytest.fixture
def remote(robot: Robot) -> Remote:
    return Remote(robot)


async def test_a_conversation_from_outside(pg: Playground, robot: Robot, remote: Remote) -> None:
    salma = (await remote.post("people", first_name="Salma", language_code="ar", hint={"ar": "جرب"}))["id"]
    said = await remote.post("say", person=salma, text="/start")
    keyboard = {"inline_keyboard": [[{"text": "Oui", "callback_data": "y"}]]}
    screen = await robot.writes(salma, "Bonjour", reply_markup=keyboard)
    await remote.post("press", person=salma, message=screen, data="y")
    await remote.post("press", person=salma, label="Oui")
    await remote.post("edit", person=salma, message=said["id"], text="/menu")
    scan = base64.b64encode(b"scan").decode()
    await remote.post("send", person=salma, kind="document", name="a.pdf", content=scan, caption="voici")
    await remote.post("open", person=salma, url=f"https://t.me/{pg.bot_username}?start=abc")
    await remote.post("language", person=salma, language_code="fr")
    await remote.post("block", person=salma)
    state = await remote.get("state")
    assert [m["text"] for m in state["chats"][0]["messages"]] == ["/menu", "Bonjour", "voici", "/start abc"]
    assert state["people"][0] == {
        "id": salma,
        "name": "Salma",
        "initials": "S",
        "language": "fr",
        "hint": {"ar": "جرب"},
        "blocked": True,
    }
    updates = await robot.does("getUpdates")
    kinds = [next(iter(update.keys() - {"update_id"})) for update in updates]
    assert kinds == [
        "message",
        "callback_query",
        "callback_query",
        "edited_message",
        "message",
        "message",
        "my_chat_member",
    ]
    await robot.does("getUpdates", offset=-1)
    assert len(await remote.get("accepted")) == 6
    assert [call["method"] for call in await remote.get("calls")] == ["sendMessage"]
    assert (await remote.post("quiet", timeout=0.01))["quiet"] is False


async def test_a_group_from_outside(robot: Robot, remote: Remote) -> None:
    nadia = (await remote.post("people", first_name="Nadia"))["id"]
    desk = (await remote.post("groups", title="Desk", forum=True, members=[nadia]))["id"]
    topic = (await robot.does("createForumTopic", chat_id=desk, name="R-1"))["message_thread_id"]
    card = await robot.writes(desk, "Carte", message_thread_id=topic)
    await remote.post("say", person=nadia, chat=desk, topic=topic, reply_to=card, text="Bonjour")
    (update,) = await robot.does("getUpdates")
    assert update["message"]["reply_to_message"]["message_id"] == card
    assert update["message"]["message_thread_id"] == topic


async def test_faults_mail_faults_and_the_clock_from_outside(
    pg: Playground, robot: Robot, remote: Remote, salma: Person
) -> None:
    await remote.post("faults", kind="500", method="sendMessage", times=2)
    await remote.post("faults", kind="lost_200", share=0.05)
    await remote.post("mailfaults", kind="450", to="salma@example.com")
    assert (await robot.call("sendMessage", chat_id=salma.id, text="x"))["error_code"] == 500
    assert pg.faults.lost_200 == 0.05
    assert pg.mailbox.rules[0].kind == "450"
    async with robot.session.delete(f"{remote.url}/faults") as answer:
        assert answer.status == 200
    await robot.writes(salma.id)
    assert pg.mailbox.rules == []
    before = pg.now()
    await remote.post("advance", seconds=3_600)
    assert (pg.now() - before).total_seconds() >= 3_600


async def test_events_tell_what_happens(pg: Playground, robot: Robot, remote: Remote, salma: Person) -> None:
    events = remote.events()
    first = asyncio.ensure_future(anext(events))
    await pg.until(lambda: pg.world.changes.listeners)
    number = await robot.writes(salma.id, "un")
    await robot.does("editMessageText", chat_id=salma.id, message_id=number, text="deux")
    await robot.does("deleteMessage", chat_id=salma.id, message_id=number)
    told = [await first, await anext(events), await anext(events)]
    assert [event["type"] for event in told] == ["message", "edit", "delete"]
    assert told[1]["message"]["text"] == "deux"
    assert told[2]["id"] == number
    await pg.stop()
    assert [event async for event in events] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", {"person": 404, "text": "x"}),
        ("say", {}),
        ("press", {"person": 700000001, "message": 404, "data": "x"}),
        ("press", {"person": 700000001, "label": "Nulle part"}),
        ("send", {"person": 700000001, "kind": "smoke"}),
        ("faults", {"kind": "teapot"}),
        ("faults", {"kind": "500", "colour": "red"}),
    ],
)
async def test_nonsense_is_one_clear_line(salma: Person, remote: Remote, path: str, body: JSON) -> None:
    assert (await remote.post(path, status=400, **body))["error"]


async def test_another_site_in_the_same_browser_has_no_way_in(
    robot: Robot, remote: Remote, salma: Person
) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        async with robot.session.post(f"{remote.url}/say", json={}, headers=headers) as answer:
            assert answer.status == 403
    async with robot.session.post(f"{remote.url}/say", data=b"{}") as answer:
        assert answer.status == 400
    async with robot.session.get(f"{remote.url}/nothing") as answer:
        assert answer.status == 404
