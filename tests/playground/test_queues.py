"""Updates wait, come in order, come again and grow too old as Telegram's do."""

from __future__ import annotations

import asyncio

import pytest

from playground import Message, Person, Playground
from tests.playground.robot import JSON, Robot


async def with_button(robot: Robot, person: Person) -> Message:
    keyboard = {"inline_keyboard": [[{"text": "Oui", "callback_data": "yes"}]]}
    number = await robot.writes(person.id, "Oui ?", reply_markup=keyboard)
    return person.chat.kept[number]


@pytest.mark.req("TG-05")
async def test_a_chat_is_heard_in_order_one_message_at_a_time(
    pg: Playground, robot: Robot, salma: Person, youssef: Person
) -> None:
    robot.gate = asyncio.Event()
    await robot.listens()
    for word in ("un", "deux", "trois"):
        await salma.says(word)
    await youssef.says("moi")
    await robot.until_seen(2)
    assert sorted(robot.texts) == ["moi", "un"]
    assert len(robot.in_hand) == 2
    robot.gate.set()
    await pg.quiet()
    assert [text for text in robot.texts if text != "moi"] == ["un", "deux", "trois"]
    assert pg.accepted == sorted(pg.accepted, key=lambda i: [u["update_id"] for u in robot.seen].index(i))


@pytest.mark.req("TG-05")
async def test_a_failing_head_blocks_its_own_chat_only(
    pg: Playground, robot: Robot, salma: Person, youssef: Person
) -> None:
    await robot.listens()
    robot.answers.extend([500, (503, {"Retry-After": "30"})])
    await salma.says("un")
    await salma.says("deux")
    await robot.until_seen(2)
    await youssef.says("moi")
    await pg.until(lambda: len(pg.accepted) == 1)
    assert robot.texts == ["un", "un", "moi"]
    await pg.quiet()
    assert robot.texts == ["un", "un", "moi", "un", "deux"]


@pytest.mark.req("TG-05")
async def test_presses_have_a_queue_of_their_own(pg: Playground, robot: Robot, salma: Person) -> None:
    screen = await with_button(robot, salma)
    robot.gate = asyncio.Event()
    await robot.listens()
    await salma.says("un")
    await salma.presses("Oui", screen)
    await salma.presses("Oui", screen)
    await robot.until_seen(2)
    assert {"message", "callback_query"} == {kind for update in robot.in_hand for kind in update} - {
        "update_id"
    }
    robot.gate.set()
    await pg.quiet()
    assert len(robot.seen) == 3


@pytest.mark.req("TG-05")
async def test_no_more_connections_than_the_bot_allows(pg: Playground, robot: Robot) -> None:
    robot.gate = asyncio.Event()
    await robot.listens(max_connections=3)
    for number in range(8):
        await pg.person(f"P{number}").says("bonjour")
    await robot.until_seen(3)
    assert pg.api.intake.webhook is not None
    assert pg.api.intake.webhook.in_flight == 3
    robot.gate.set()
    await pg.quiet()
    assert len(robot.seen) == 8


@pytest.mark.req("TG-03")
async def test_it_is_sent_again_at_once_then_after_2_4_8_seconds(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    await robot.listens()
    robot.answers.extend([500, 502, 404, 503])
    await salma.says("bonjour")
    await pg.quiet()
    assert robot.texts == ["bonjour"] * 5
    assert len({update["update_id"] for update in robot.seen}) == 1
    waits = [later - earlier for earlier, later in zip(robot.times, robot.times[1:], strict=False)]
    for wait, least in zip(waits, [0.0, 0.02, 0.04, 0.08], strict=True):
        assert wait >= least * 0.99


@pytest.mark.req("TG-03")
async def test_retry_after_is_honoured(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.listens()
    robot.answers.append((503, {"Retry-After": "10"}))
    await salma.says("bonjour")
    await pg.quiet()
    assert robot.times[1] - robot.times[0] >= 0.099


@pytest.mark.req("TG-03")
async def test_retry_after_counts_for_an_hour_at_most(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.listens()
    robot.answers.append((503, {"Retry-After": "999999"}))
    await salma.says("bonjour")
    await pg.until(lambda: pg.api.intake.webhook and pg.api.intake.webhook.last_error)
    pg.advance(3_599)
    assert robot.texts == ["bonjour"]
    pg.advance(2)
    await pg.quiet()
    assert robot.texts == ["bonjour"] * 2


@pytest.mark.req("TG-04")
async def test_a_press_is_kept_150_seconds_and_a_message_a_day(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    screen = await with_button(robot, salma)
    press = salma.press_data("yes", screen)
    await salma.says("bonjour")
    pg.advance(149)
    assert len(pg.updates.pending) == 2
    pg.advance(2)
    assert pg.updates.expired == [press.update_id]
    pg.advance(86_400)
    assert pg.updates.idle
    assert len(pg.updates.expired) == 2
    assert pg.accepted == []


@pytest.mark.req("TG-04", "TG-05")
async def test_what_expires_behind_an_update_in_flight_does_not_send_that_again(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    screen = await with_button(robot, salma)
    robot.gate = asyncio.Event()
    await robot.listens()
    first, second = salma.press_data("1", screen), salma.press_data("2", screen)
    third = salma.press_data("3", screen)
    await robot.until_seen(1)
    pg.advance(151)
    assert pg.updates.expired == [second.update_id, third.update_id]
    assert pg.api.intake.webhook is not None
    assert pg.api.intake.webhook.in_flight == 1
    robot.gate.set()
    await pg.quiet()
    assert pg.accepted == [first.update_id]
    assert len(robot.seen) == 1


@pytest.mark.req("TG-04")
async def test_a_press_that_keeps_failing_expires_in_its_own_time(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    screen = await with_button(robot, salma)
    await robot.listens()
    robot.answers.extend([500] * 50)
    await salma.presses("Oui", screen)
    await pg.quiet()
    assert pg.accepted == []
    # At once, then after 2, 4, 8, 16, 32 and 64 seconds; the next would come after the 150 seconds are over.
    assert len(robot.seen) == 8


@pytest.mark.req("FL-21")
async def test_a_lost_200_brings_the_same_update_again(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.listens()
    pg.faults.lost_200_times = 1
    await salma.says("bonjour")
    await pg.quiet()
    assert [update["update_id"] for update in robot.seen] == pg.accepted * 2
    assert pg.faults.struck["lost_200"] == 1


@pytest.mark.req("FL-21")
async def test_an_accepted_update_can_be_sent_once_more(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.listens()
    await salma.says("bonjour")
    await pg.quiet()
    pg.updates.again(pg.accepted[0])
    await pg.quiet()
    assert robot.seen[0] == robot.seen[1]
    assert len(pg.accepted) == 1
    with pytest.raises(LookupError):
        pg.updates.again(1)


@pytest.mark.req("TG-08", "FL-23")
async def test_ids_grow_by_one_and_jump_on_request(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.listens()
    await salma.says("un")
    await salma.says("deux")
    await pg.quiet()
    pg.updates.jump(1_000)
    await salma.says("trois")
    await pg.quiet()
    first, second, third = pg.accepted
    assert second == first + 1
    assert third == 1_000


@pytest.mark.req("TG-01")
async def test_the_secret_comes_with_each_update(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.listens(secret_token="s3cret_-")
    await salma.says("bonjour")
    await pg.quiet()
    assert robot.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "s3cret_-"
    assert "unallowed" in await robot.refused("setWebhook", url=robot.url, secret_token="sé")
    assert "too long" in await robot.refused("setWebhook", url=robot.url, secret_token="s" * 257)


@pytest.mark.req("TG-20")
async def test_a_webhook_elsewhere_must_be_https_on_a_known_port(robot: Robot) -> None:
    assert "HTTPS" in await robot.refused("setWebhook", url="http://example.com/telegram")
    assert "ports" in await robot.refused("setWebhook", url="https://example.com:9000/telegram")


@pytest.mark.req("TG-06")
async def test_23_hours_of_410_remove_the_webhook(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.listens()
    robot.answers.extend([410] * 3)
    await salma.says("bonjour")
    await pg.until(lambda: pg.api.intake.webhook and pg.api.intake.webhook.last_error)
    pg.advance(23 * 3_600 + 60)
    await pg.until(lambda: pg.api.intake.webhook is None)
    assert (await robot.does("getWebhookInfo"))["url"] == ""
    assert len(pg.updates.pending) == 1


async def test_what_the_bot_did_not_take_is_kept_for_its_return(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    await salma.says("tu es là ?")
    await robot.listens()
    await pg.quiet()
    assert robot.texts == ["tu es là ?"]
    assert (await robot.call("setWebhook", url=robot.url))["description"] == "Webhook is already set"
    assert (await robot.call("deleteWebhook"))["description"] == "Webhook was deleted"
    await salma.says("et maintenant ?")
    info = await robot.does("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == ("", 1)
    await robot.does("deleteWebhook", drop_pending_updates=True)
    assert pg.updates.idle


async def test_the_last_failure_is_told(pg: Playground, robot: Robot, salma: Person) -> None:
    await robot.listens()
    robot.answers.append(500)
    await salma.says("bonjour")
    await pg.quiet()
    info = await robot.does("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


# getUpdates


async def taken(robot: Robot, **params: object) -> list[JSON]:
    result: list[JSON] = await robot.does("getUpdates", **params)
    return result


@pytest.mark.req("TG-07")
async def test_an_offset_deletes_what_lies_below_it(pg: Playground, robot: Robot, salma: Person) -> None:
    for word in ("un", "deux", "trois"):
        await salma.says(word)
    batch = await taken(robot)
    assert [update["message"]["text"] for update in batch] == ["un", "deux", "trois"]
    assert await taken(robot) == batch
    rest = await taken(robot, offset=batch[1]["update_id"])
    assert rest == batch[1:]
    assert pg.accepted == [batch[0]["update_id"]]
    assert await taken(robot, offset=batch[2]["update_id"] + 1) == []
    assert pg.updates.idle


@pytest.mark.req("TG-07")
async def test_a_negative_offset_keeps_the_last_ones(pg: Playground, robot: Robot, salma: Person) -> None:
    for word in ("un", "deux", "trois"):
        await salma.says(word)
    assert [update["message"]["text"] for update in await taken(robot, offset=-1)] == ["trois"]
    assert len(pg.updates.pending) == 1


@pytest.mark.req("TG-07")
async def test_a_batch_is_100_updates_and_4_megabytes_at_most(
    pg: Playground, robot: Robot, salma: Person
) -> None:
    for _ in range(120):
        await salma.says("é" * 4_096)
    assert len(await taken(robot)) == 100
    assert len(await taken(robot, limit=7)) == 7
    assert len(await taken(robot, limit=500)) == 100


@pytest.mark.req("TG-07")
async def test_a_long_poll_ends_with_the_first_update(pg: Playground, robot: Robot, salma: Person) -> None:
    poll = asyncio.create_task(taken(robot, timeout=30))
    await pg.until(lambda: pg.updates.polled)
    await salma.says("bonjour")
    assert [update["message"]["text"] for update in await poll] == ["bonjour"]


@pytest.mark.req("TG-07", "FL-06")
async def test_a_second_poll_ends_the_first(pg: Playground, robot: Robot, salma: Person) -> None:
    first = asyncio.create_task(robot.call("getUpdates", timeout=30))
    await pg.until(lambda: pg.updates.polled)
    second = asyncio.create_task(robot.call("getUpdates", timeout=30))
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    await salma.says("bonjour")
    assert len((await second)["result"]) == 1


@pytest.mark.req("TG-07")
async def test_no_polling_beside_a_webhook(robot: Robot) -> None:
    await robot.listens()
    answer = await robot.call("getUpdates")
    assert answer["error_code"] == 409
    assert "while webhook is active" in answer["description"]


@pytest.mark.req("TG-21", "BI-83")
async def test_only_what_was_asked_for_is_kept(pg: Playground, robot: Robot, salma: Person) -> None:
    group = pg.group("Desk", members=[salma])
    nadia = pg.person("Nadia")
    await group.joins(nadia)
    kinds = [set(update) - {"update_id"} for update in await taken(robot, offset=0)]
    assert kinds == [{"message"}]
    await taken(robot, offset=pg.updates.next_id, allowed_updates=["chat_member"])
    await group.leaves(nadia)
    assert [set(update) - {"update_id"} for update in await taken(robot)] == [{"chat_member"}]
