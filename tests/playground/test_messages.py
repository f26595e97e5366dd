"""What a bot may send, change and delete, and Telegram's own words where it may not."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from playground import Person, Playground
from tests.playground.robot import Robot

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def key(**action: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Oui", **action}]]}


async def test_a_message_is_what_the_person_sees(robot: Robot, salma: Person) -> None:
    told = await robot.does(
        "sendMessage",
        chat_id=salma.id,
        text="<b>Bonjour</b> Salma &amp; toi",
        parse_mode="HTML",
        protect_content=True,
        link_preview_options={"is_disabled": True},
        reply_markup=key(callback_data="yes"),
    )
    assert told["text"] == "Bonjour Salma & toi"
    assert told["entities"] == [{"type": "bold", "offset": 0, "length": 7}]
    assert told["has_protected_content"]
    assert told["from"]["is_bot"]
    assert told["chat"] == {"id": salma.id, "first_name": "Salma", "type": "private"}
    screen = salma.screen
    assert screen is not None
    assert (screen.text, screen.html) == ("Bonjour Salma & toi", "<b>Bonjour</b> Salma &amp; toi")
    assert screen.labels == ["Oui"]
    assert screen.keyboard[0][0].data == "yes"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "  \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "é" * 4_097}, "message is too long"),
        ({"text": "😀" * 2_049}, "message is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, 'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
        ({"text": "x", "parse_mode": "XML"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": 404}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "chat_id": None}, "chat_id is empty"),
        ({"text": "x", "reply_parameters": {"message_id": 404}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 404}, "message thread not found"),
        ({"text": "x", "reply_markup": key(callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": key(callback_data="")}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "reply_markup": key()},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
            'can\'t parse inline keyboard button: can\'t find field "text"',
        ),
        (
            {"text": "x", "reply_markup": key(web_app={"url": "http://example.com"})},
            "inline keyboard button Web App URL 'http://example.com' is invalid: Only HTTPS links are allowed",
        ),
        (
            {"text": "x", "reply_markup": key(url="http://localhost/x")},
            "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
        ),
        ({"text": "x", "reply_markup": {"inline_keyboard": [["x"]]}}, "can't parse inline keyboard button: "),
        ({"text": "x", "reply_markup": {"inline_keyboard": "x"}}, 'field "inline_keyboard" must be an Array of Arrays'),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}},
            "reply markup is too long",
        ),
    ],
)  # fmt: skip
@pytest.mark.req("TG-13", "TG-15")
async def test_what_cannot_be_sent(robot: Robot, salma: Person, params: dict[str, Any], refusal: str) -> None:
    description = await robot.refused("sendMessage", **{"chat_id": salma.id, **params})
    assert description.startswith(f"Bad Request: {refusal}")
    assert salma.messages == []


@pytest.mark.req("TG-15")
async def test_limits_count_what_is_visible(robot: Robot, salma: Person) -> None:
    await robot.writes(salma.id, "<b>" + "&amp;" * 4_096 + "</b>", parse_mode="HTML")
    await robot.writes(salma.id, "😀" * 2_048, reply_markup=key(callback_data="é" * 32))
    assert "too long" in await robot.refused(
        "sendMessage", chat_id=salma.id, text="<b></b>" * 5_000, parse_mode="HTML"
    )


async def test_nobody_is_written_to_first(pg: Playground, robot: Robot) -> None:
    stranger = pg.person("Hind")
    assert await robot.refused("sendMessage", chat_id=stranger.id, text="x") == "Bad Request: chat not found"
    await stranger.says("/start")
    await robot.writes(stranger.id)


@pytest.mark.req("FL-09", "BI-77", "BI-78")
async def test_who_blocked_the_bot_or_left_telegram_gets_nothing(
    pg: Playground, robot: Robot, salma: Person, youssef: Person
) -> None:
    salma.blocks_the_bot()
    youssef.deactivates()
    for person, words in ((salma, "bot was blocked by the user"), (youssef, "user is deactivated")):
        answer = await robot.call("sendMessage", chat_id=person.id, text="x")
        assert (answer["error_code"], answer["description"]) == (403, f"Forbidden: {words}")
    await salma.says("/start")
    await robot.writes(salma.id)
    told = [
        u["my_chat_member"]["new_chat_member"]["status"]
        for u in await robot.does("getUpdates")
        if "my_chat_member" in u
    ]
    assert told == ["kicked", "member"]


async def test_an_edit_changes_the_message_and_keeps_what_it_was(robot: Robot, salma: Person) -> None:
    number = await robot.writes(salma.id, "un", reply_markup=key(callback_data="a"))
    told = await robot.does(
        "editMessageText", chat_id=salma.id, message_id=number, text="<i>deux</i>", parse_mode="HTML"
    )
    assert told["text"] == "deux"
    assert told["edit_date"]
    assert "reply_markup" not in told
    message = salma.messages[0]
    assert (message.text, message.labels) == ("deux", [])
    assert [(edit.text, edit.keyboard[0][0].data) for edit in message.edits] == [("un", "a")]
    await robot.does(
        "editMessageReplyMarkup", chat_id=salma.id, message_id=number, reply_markup=key(callback_data="b")
    )
    assert message.keyboard[0][0].data == "b"


async def test_what_cannot_be_edited(robot: Robot, salma: Person) -> None:
    number = await robot.writes(salma.id, "<b>un</b>", parse_mode="HTML", reply_markup=key(callback_data="a"))
    same = {"text": "<b>un</b>", "parse_mode": "HTML", "reply_markup": key(callback_data="a")}
    below = await robot.writes(salma.id, "clavier", reply_markup={"keyboard": [["Moi"]]})
    hers = salma.says("bonjour")
    tries: list[tuple[dict[str, Any], str]] = [
        ({"message_id": number, **same}, NOT_MODIFIED),
        ({"message_id": 404, "text": "x"}, "Bad Request: message to edit not found"),
        ({"text": "x"}, "Bad Request: message identifier is not specified"),
        ({"message_id": hers.id, "text": "x"}, "Bad Request: message can't be edited"),
        ({"message_id": below, "text": "x"}, "Bad Request: message can't be edited"),
        (
            {"message_id": number, "text": "x", "reply_markup": {"keyboard": [["x"]]}},
            "Bad Request: inline keyboard expected",
        ),
        ({"message_id": number, "text": ""}, "Bad Request: message text is empty"),
    ]
    for params, refusal in tries:
        assert await robot.refused("editMessageText", chat_id=salma.id, **params) == refusal
    unchanged = {"chat_id": salma.id, "message_id": number, "reply_markup": key(callback_data="a")}
    assert await robot.refused("editMessageReplyMarkup", **unchanged) == NOT_MODIFIED


@pytest.mark.req("TG-11")
async def test_what_can_be_deleted_and_what_cannot(pg: Playground, robot: Robot, salma: Person) -> None:
    secret = salma.says("Secret12")
    await robot.does("deleteMessage", chat_id=salma.id, message_id=secret.id)
    assert secret.deleted
    again = await robot.refused("deleteMessage", chat_id=salma.id, message_id=secret.id)
    assert again == "Bad Request: message to delete not found"
    old = salma.says("Secret34")
    pg.advance(48 * 3_600 + 1)
    late = await robot.refused("deleteMessage", chat_id=salma.id, message_id=old.id)
    assert late == "Bad Request: message can't be deleted"
    group = pg.group("Ailleurs", bot="member", members=[salma])
    said = salma.says("bonjour", group)
    others = await robot.refused("deleteMessage", chat_id=group.id, message_id=said.id)
    assert others == "Bad Request: message can't be deleted"


@pytest.mark.req("TG-14")
async def test_a_press_is_answered_once_and_in_time(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.writes(salma.id, "Oui ?", reply_markup=key(callback_data="yes"))
    first, second = salma.press_data("yes"), salma.press_data("forged")
    await robot.does("answerCallbackQuery", callback_query_id=first.id, text="C’est fait", show_alert=True)
    assert [(n.text, n.alert, n.data) for n in salma.notices] == [("C’est fait", True, "yes")]
    assert salma.messages[0].alerts == ["C’est fait"]
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await robot.refused("answerCallbackQuery", callback_query_id=first.id) == too_old
    assert await robot.refused("answerCallbackQuery", callback_query_id="12") == too_old
    long = await robot.refused("answerCallbackQuery", callback_query_id=second.id, text="x" * 201)
    assert long == "Bad Request: MESSAGE_TOO_LONG"
    pg.advance(151)
    assert await robot.refused("answerCallbackQuery", callback_query_id=second.id) == too_old


async def test_reactions_are_those_that_anybody_may_use(robot: Robot, salma: Person) -> None:
    said = salma.says("merci")
    react = {"chat_id": salma.id, "message_id": said.id}
    await robot.does("setMessageReaction", **react, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert said.reactions == ["👍"]
    bad = await robot.refused("setMessageReaction", **react, reaction=[{"type": "emoji", "emoji": "🧵"}])
    assert bad == "Bad Request: REACTION_INVALID"


async def test_a_venue_and_a_chat_action(robot: Robot, salma: Person) -> None:
    place = {"chat_id": salma.id, "latitude": 33.5, "longitude": -7.6, "title": "Siège", "address": "12, rue"}
    assert (await robot.does("sendVenue", **place))["venue"]["title"] == "Siège"
    await robot.does("sendChatAction", chat_id=salma.id, action="typing")
    wrong = await robot.refused("sendChatAction", chat_id=salma.id, action="thinking")
    assert wrong == "Bad Request: wrong parameter action in request"


async def test_the_keyboard_below_the_chat(robot: Robot, salma: Person) -> None:
    await robot.writes(salma.id, "Qui ?", reply_markup={"keyboard": [["Moi"], [{"text": "Mon enfant"}]]})
    assert [[k.text for k in row] for row in salma.chat.reply_keyboard] == [["Moi"], ["Mon enfant"]]
    await salma.presses("Mon enfant")
    assert salma.messages[-1].text == "Mon enfant"
    await robot.writes(salma.id, "Merci", reply_markup={"remove_keyboard": True})
    with pytest.raises(LookupError, match="no button 'Moi'"):
        salma.presses("Moi")


async def test_a_form_and_a_query_are_read_like_json(pg: Playground, robot: Robot, salma: Person) -> None:
    url = f"{pg.api_url}/bot{pg.token}/sendmessage"
    values = {
        "chat_id": str(salma.id),
        "text": "bonjour",
        "reply_markup": '{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}',
    }
    async with robot.session.post(url, data=values) as answer:
        assert answer.status == 200
    async with robot.session.get(url, params=values) as answer:
        assert answer.status == 200
    form = aiohttp.FormData(values)
    form.add_field("x", b"", filename="x")
    async with robot.session.post(url, data=form) as answer:
        assert answer.status == 200
    assert [m.labels for m in salma.messages] == [["a"]] * 3
    async with robot.session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400


async def test_wrong_tokens_and_methods(pg: Playground, robot: Robot) -> None:
    for path, status, words in (
        ("bot2:other/getMe", 401, "Unauthorized"),
        ("botnonsense/getMe", 404, "Not Found"),
        (f"bot{pg.token}/sendNonsense", 404, "Not Found: method not found"),
    ):
        async with robot.session.get(f"{pg.api_url}/{path}") as answer:
            body = await answer.json()
            assert (answer.status, body["description"]) == (status, words)
    me = await robot.does("getMe")
    assert (me["id"], me["username"]) == (1, pg.bot_username)
