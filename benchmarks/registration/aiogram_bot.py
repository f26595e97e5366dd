"""Contender (b): aiogram 3, its FSM with MemoryStorage, its own aiohttp webhook; nothing is durable.

Left as its documentation has it: SimpleRequestHandler acknowledges at once and handles in the background, chats side
by side. uvloop, as its `fast` extra brings. Answers are stored without being checked, which favours it.
"""

from typing import Any

import uvloop
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from benchmarks.registration.contract import (
    CONFIRM_DATA,
    CONFIRM_TEXT,
    DONE,
    PATH,
    QUESTIONS,
    SECRET,
    TOKEN,
    Arguments,
    arguments,
    hashed_aside,
    ready_until_told_to_stop,
)


class Registration(StatesGroup):
    matricule = State()
    last_name = State()
    first_name = State()
    birth_date = State()
    email = State()
    password = State()
    confirm = State()


KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text=CONFIRM_TEXT, callback_data=CONFIRM_DATA)]]
)
PLAIN_STEPS = (
    (Registration.matricule, "matricule", Registration.last_name, QUESTIONS[1]),
    (Registration.last_name, "last_name", Registration.first_name, QUESTIONS[2]),
    (Registration.first_name, "first_name", Registration.birth_date, QUESTIONS[3]),
    (Registration.birth_date, "birth_date", Registration.email, QUESTIONS[4]),
    (Registration.email, "email", Registration.password, QUESTIONS[5]),
)


async def start(message: Message, state: FSMContext) -> None:
    await state.set_state(Registration.matricule)
    await message.answer(QUESTIONS[0])


def plain(name: str, following: State, question: str) -> Any:
    """The handler of a step that stores its answer and asks the next question."""

    async def take(message: Message, state: FSMContext) -> None:
        await state.update_data({name: message.text})
        await state.set_state(following)
        await message.answer(question)

    return take


async def password(message: Message, state: FSMContext) -> None:
    await state.update_data(password=await hashed_aside(message.text or ""))
    await state.set_state(Registration.confirm)
    await message.delete()
    await message.answer(QUESTIONS[6], reply_markup=KEYBOARD)


async def confirm(press: CallbackQuery, state: FSMContext) -> None:
    await state.clear()
    await press.answer()
    if press.message:
        await press.message.answer(DONE)


def routes() -> Router:
    router = Router()
    router.message.register(start, CommandStart())
    for state, name, following, question in PLAIN_STEPS:
        router.message.register(plain(name, following, question), state, F.text)
    router.message.register(password, Registration.password, F.text)
    router.callback_query.register(confirm, Registration.confirm, F.data == CONFIRM_DATA)
    return router


def application(given: Arguments) -> web.Application:
    session = AiohttpSession(api=TelegramAPIServer.from_base(given.api))
    bot = Bot(TOKEN, session=session)
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(routes())
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path=PATH)
    setup_application(app, dispatcher, bot=bot)
    return app


async def main() -> None:
    given = arguments()
    runner = web.AppRunner(application(given), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", given.port).start()
    await ready_until_told_to_stop()
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(main())
