"""Groups, topics, commands, files."""

from __future__ import annotations

import struct
import zlib

import aiohttp
import pytest

from playground import Person, Playground
from playground.api.commands import commands_for
from tests.playground.robot import JSON, Robot


def png(width: int, height: int) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = zlib.compress((b"\0" + b"\xff" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


async def upload(robot: Robot, method: str, field: str, content: bytes, **params: str) -> JSON:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in params.items():
        form.add_field(name, value)
    form.add_field(field, content, filename="décompte.pdf" if field == "document" else "a.png")
    url = f"{robot.playground.api_url}/bot{robot.playground.token}/{method}"
    async with robot.session.post(url, data=form) as answer:
        told: JSON = await answer.json()
        return told


async def test_a_topic_is_opened_written_in_and_lost(pg: Playground, robot: Robot) -> None:
    nadia = pg.person("Nadia")
    desk = pg.group("Réclamations", forum=True, members=[nadia])
    thread = (await robot.does("createForumTopic", chat_id=desk.id, name="R-2026-000123"))[
        "message_thread_id"
    ]
    card = await robot.writes(desk.id, "Carte", message_thread_id=thread)
    answer = nadia.replies(desk.chat.kept[card], "Bonjour Madame")
    update = (await robot.does("getUpdates"))[-1]["message"]
    assert (update["message_thread_id"], update["is_topic_message"]) == (thread, True)
    assert update["reply_to_message"]["message_id"] == card
    assert [m.text for m in desk.topic("000123").messages if m.kind == "text"] == ["Carte", "Bonjour Madame"]
    assert answer.thread == thread
    desk.deletes_topic(desk.topic("000123"))
    refusal = await robot.refused("sendMessage", chat_id=desk.id, message_thread_id=thread, text="x")
    assert refusal == "Bad Request: message thread not found"
    assert desk.topics == []


async def test_who_may_open_a_topic(pg: Playground, robot: Robot) -> None:
    plain, weak = pg.group("Sans sujets"), pg.group("Faible", forum=True, bot="member")
    assert "not a forum" in await robot.refused("createForumTopic", chat_id=plain.id, name="x")
    assert "not enough rights" in await robot.refused("createForumTopic", chat_id=weak.id, name="x")


@pytest.mark.req("TG-19", "BI-75")
async def test_a_group_that_became_a_supergroup_says_its_new_id(pg: Playground, robot: Robot) -> None:
    old = pg.group("Desk", kind="group")
    new = old.migrates()
    answer = await robot.call("sendMessage", chat_id=old.id, text="x")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    told = [update["message"] for update in await robot.does("getUpdates")]
    assert told[0]["migrate_to_chat_id"] == new.id
    assert told[1]["migrate_from_chat_id"] == old.id
    await robot.writes(new.id)


@pytest.mark.req("TG-18", "BI-71", "BI-72", "BI-73", "BI-74")
async def test_who_speaks_for_somebody_else(pg: Playground, robot: Robot) -> None:
    group = pg.group("Desk")
    group.posts_anonymously("anonyme")
    group.posts_as_channel("chaîne")
    group.gets_a_channel_post("publication")
    group.bot_speaks("Autre", "bip")
    told = [update["message"] for update in await robot.does("getUpdates")]
    assert [m["from"]["id"] for m in told[:3]] == [1087968824, 136817688, 777000]
    assert told[0]["sender_chat"]["id"] == group.id
    assert told[1]["sender_chat"]["type"] == "channel"
    assert told[2]["is_automatic_forward"]
    assert told[3]["from"]["is_bot"]
    assert "sender_chat" not in told[3]


async def test_what_a_bot_hears_in_a_group_it_does_not_lead(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    group = pg.group("Famille", bot="left")
    await group.adds_the_bot(salma)
    await salma.says("entre nous", group)
    await salma.says("/start", group)
    await salma.says(f"dis, @{pg.bot_username}", group)
    said = await robot.writes(group.id, "Bonjour à tous")
    await salma.says("merci", reply_to=group.chat.kept[said])
    told = [update["message"].get("text") for update in await robot.does("getUpdates") if "message" in update]
    assert told == [None, "/start", f"dis, @{pg.bot_username}", "merci"]


@pytest.mark.req("BI-76")
async def test_a_bot_that_left_or_was_removed_writes_no_more(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    group = pg.group("Famille", bot="member", members=[salma])
    await robot.does("leaveChat", chat_id=group.id)
    refusal = await robot.refused("sendMessage", chat_id=group.id, text="x")
    assert refusal == "Forbidden: bot is not a member of the supergroup chat"
    await group.adds_the_bot(salma)
    group.removes_the_bot(salma)
    refusal = await robot.refused("sendMessage", chat_id=group.id, text="x")
    assert refusal == "Forbidden: bot was kicked from the supergroup chat"
    private = await robot.refused("leaveChat", chat_id=salma.id)
    assert private == "Bad Request: chat member status can't be changed in private chats"


async def test_members_and_their_status(pg: Playground, robot: Robot, salma: Person, youssef: Person) -> None:
    group = pg.group("Desk", members=[salma])
    group.promotes(salma, "creator")
    for person, status in ((salma, "creator"), (youssef, "left")):
        told = await robot.does("getChatMember", chat_id=group.id, user_id=person.id)
        assert told["status"] == status
    assert (await robot.does("getChatMember", chat_id=group.id, user_id=1))["can_manage_topics"]
    chiefs = await robot.does("getChatAdministrators", chat_id=group.id)
    assert [chief["user"]["id"] for chief in chiefs] == [salma.id, 1]
    nobody = await robot.refused("getChatMember", chat_id=group.id, user_id=404)
    assert nobody == "Bad Request: PARTICIPANT_ID_INVALID"
    assert (await robot.does("getChat", chat_id=group.id))["title"] == "Desk"


async def test_menus_by_scope_and_language(pg: Playground, robot: Robot, salma: Person) -> None:
    async def menu(word: str, **params: object) -> None:
        await robot.does("setMyCommands", commands=[{"command": word, "description": word}], **params)

    def seen() -> list[str]:
        return [command["command"] for command in commands_for(pg.world, salma.chat, salma.user)]

    await menu("start")
    assert seen() == ["start"]
    await menu("debut", language_code="fr")
    assert seen() == ["debut"]
    await menu("prive", scope={"type": "all_private_chats"})
    assert seen() == ["prive"]
    await menu("salma", scope={"type": "chat", "chat_id": salma.id})
    assert seen() == ["salma"]
    assert (await robot.does("getMyCommands", language_code="fr"))[0]["command"] == "debut"
    await robot.does("deleteMyCommands", scope={"type": "chat", "chat_id": salma.id})
    assert seen() == ["prive"]
    for params, refusal in (
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "fra"}, "invalid language code specified"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 404}}, "chat not found"),
    ):
        assert await robot.refused("setMyCommands", **params) == f"Bad Request: {refusal}"


async def test_files_go_both_ways(pg: Playground, robot: Robot, salma: Person) -> None:
    sent = await upload(
        robot, "sendDocument", "document", b"%PDF-1.7", chat_id=str(salma.id), caption="Décompte"
    )
    assert sent["result"]["document"]["file_name"] == "décompte.pdf"
    assert salma.screen is not None
    assert (salma.screen.document, salma.screen.text) == (b"%PDF-1.7", "Décompte")
    again = await robot.does("sendDocument", chat_id=salma.id, document=sent["result"]["document"]["file_id"])
    assert again["document"]["file_id"] == sent["result"]["document"]["file_id"]

    await salma.sends("document", b"scan", name="carte.pdf", caption="ma carte")
    received = (await robot.does("getUpdates"))[-1]["message"]
    assert received["caption"] == "ma carte"
    path = (await robot.does("getFile", file_id=received["document"]["file_id"]))["file_path"]
    url = f"{pg.api_url}/file/bot{pg.token}/{path}"
    async with robot.session.get(url) as answer:
        assert await answer.read() == b"scan"
    pg.advance(3_601)
    async with robot.session.get(url) as answer:
        assert answer.status == 404


@pytest.mark.req("TG-16", "FL-33")
async def test_files_that_telegram_refuses(robot: Robot, salma: Person) -> None:
    chat = {"chat_id": str(salma.id)}
    picture = await upload(robot, "sendPhoto", "photo", png(4, 3), **chat)
    assert picture["result"]["photo"][0]["width"] == 4
    for content, refusal in (
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(900, 4), "PHOTO_INVALID_DIMENSIONS"),
        (b"", "file must be non-empty"),
    ):
        assert (await upload(robot, "sendPhoto", "photo", content, **chat))[
            "description"
        ] == f"Bad Request: {refusal}"
    long = await upload(robot, "sendDocument", "document", b"x", caption="é" * 1_025, **chat)
    assert long["description"] == "Bad Request: message caption is too long"
    assert await robot.refused("getFile", file_id="nothing") == "Bad Request: invalid file_id"
    big = salma.sends("document", b"\0" * (20 << 20) + b"x", name="big.zip")
    assert big.file is not None
    assert await robot.refused("getFile", file_id=big.file.id) == "Bad Request: file is too big"
