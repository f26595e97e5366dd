"""Calibration: aiohttp on both sides, the state in a dict, nothing else. What it reaches, no contender can hide behind."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson
import uvloop
from aiohttp import web

from benchmarks.registration.contract import (
    CONFIRM_DATA,
    CONFIRM_TEXT,
    DONE,
    PATH,
    QUESTIONS,
    SECRET,
    SECRET_HEADER,
    TOKEN,
    Arguments,
    arguments,
    hashed_aside,
    ready_until_told_to_stop,
)

Call = Callable[[str, dict[str, Any]], Awaitable[None]]
KEYBOARD = {"inline_keyboard": [[{"text": CONFIRM_TEXT, "callback_data": CONFIRM_DATA}]]}
PASSWORD_STEP = 6


class Registrations:
    """Each chat's answers so far, by chat id."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.answers: dict[int, list[str]] = {}

    async def take(self, update: dict[str, Any]) -> None:
        """Note an answer and ask the next question."""
        press = update.get("callback_query")
        message = press["message"] if press else update["message"]
        chat_id = message["chat"]["id"]
        if press:
            await self.call("answerCallbackQuery", {"callback_query_id": press["id"]})
            await self.call("sendMessage", {"chat_id": chat_id, "text": DONE})
            del self.answers[chat_id]
            return
        text = message["text"]
        answers = [] if text == "/start" else self.answers[chat_id]
        self.answers[chat_id] = answers
        if len(answers) == PASSWORD_STEP:
            text = await hashed_aside(text)
            await self.call("deleteMessage", {"chat_id": chat_id, "message_id": message["message_id"]})
        screen: dict[str, Any] = {"chat_id": chat_id, "text": QUESTIONS[len(answers)]}
        if len(answers) == PASSWORD_STEP:
            screen["reply_markup"] = KEYBOARD
        await self.call("sendMessage", screen)
        answers.append(text)


def caller(given: Arguments, session: aiohttp.ClientSession) -> Call:
    """Calls the Bot API's methods with JSON."""

    async def call(method: str, parameters: dict[str, Any]) -> None:
        url = f"{given.api}/bot{TOKEN}/{method}"
        async with session.post(
            url, data=orjson.dumps(parameters), headers={"Content-Type": "application/json"}
        ) as answer:
            orjson.loads(await answer.read())

    return call


def application(call: Call) -> web.Application:
    """The webhook; it acknowledges once the reply has been sent."""
    registrations = Registrations(call)

    async def webhook(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, ""), SECRET):
            return web.Response(status=401)
        await registrations.take(orjson.loads(await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post(PATH, webhook)
    return app


async def main(through: Callable[[Call], Call] = lambda call: call) -> None:
    """Serve until told to stop; `through` may come between the bot and the Bot API (tests make it fail there)."""
    given = arguments()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        runner = web.AppRunner(application(through(caller(given, session))), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", given.port).start()
        await ready_until_told_to_stop()
        await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(main())
