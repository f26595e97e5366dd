"""Contender (a): python-telegram-bot, its Application, ConversationHandler and PicklePersistence.

The webhook is PTB's documented custom one: a handler puts the update into `application.update_queue` and acknowledges.
Updates are processed one by one, which is the default and what ConversationHandler's documentation asks for; over
loopback it is also PTB's fastest setting. As the Bot API answers, everybody waits: ptb_by_chat.py mends that.
Persistence is written every 60 s (the default), so a short run meets no flush. uvloop, though PTB doesn't ask for it.
Answers are stored without being checked, which favours it.
"""

import hmac
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from warnings import filterwarnings

import orjson
import uvloop
from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.warnings import PTBUserWarning

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

PtbApplication = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE
Handler = Callable[[Update, Context], Coroutine[Any, Any, int]]
MATRICULE, LAST_NAME, FIRST_NAME, BIRTH_DATE, EMAIL, PASSWORD, CONFIRM = range(7)
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton(CONFIRM_TEXT, callback_data=CONFIRM_DATA)]])


async def start(update: Update, context: Context) -> int:
    assert update.message
    await update.message.reply_text(QUESTIONS[MATRICULE])
    return MATRICULE


def plain(name: str, following: int) -> Handler:
    """The handler of a step that stores its answer and asks the next question."""

    async def take(update: Update, context: Context) -> int:
        assert update.message
        assert context.user_data is not None
        context.user_data[name] = update.message.text
        await update.message.reply_text(QUESTIONS[following])
        return following

    return take


async def password(update: Update, context: Context) -> int:
    assert update.message
    assert context.user_data is not None
    context.user_data["password"] = await hashed_aside(update.message.text or "")
    await update.message.delete()
    await update.message.reply_text(QUESTIONS[CONFIRM], reply_markup=KEYBOARD)
    return CONFIRM


async def confirm(update: Update, context: Context) -> int:
    assert update.callback_query
    assert update.effective_chat
    assert context.user_data is not None
    context.user_data.clear()
    await update.callback_query.answer()
    await update.effective_chat.send_message(DONE)
    return ConversationHandler.END


def conversation() -> ConversationHandler[Context]:
    text = filters.TEXT & ~filters.COMMAND
    filterwarnings("ignore", message=".*CallbackQueryHandler", category=PTBUserWarning)
    return ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={
            MATRICULE: [MessageHandler(text, plain("matricule", LAST_NAME))],
            LAST_NAME: [MessageHandler(text, plain("last_name", FIRST_NAME))],
            FIRST_NAME: [MessageHandler(text, plain("first_name", BIRTH_DATE))],
            BIRTH_DATE: [MessageHandler(text, plain("birth_date", EMAIL))],
            EMAIL: [MessageHandler(text, plain("email", PASSWORD))],
            PASSWORD: [MessageHandler(text, password)],
            CONFIRM: [CallbackQueryHandler(confirm, pattern=f"^{CONFIRM_DATA}$")],
        },
        fallbacks=[],
        name="registration",
        persistent=True,
    )


def application(given: Arguments, pickle: Path, processor: BaseUpdateProcessor | None) -> PtbApplication:
    built = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{given.api}/bot")
        .updater(None)
        .persistence(PicklePersistence(pickle))
        .concurrent_updates(processor or False)
        .build()
    )
    built.add_handler(conversation())
    return built


def webhook(app: PtbApplication) -> web.Application:
    async def take(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, ""), SECRET):
            return web.Response(status=401)
        await app.update_queue.put(Update.de_json(orjson.loads(await request.read()), app.bot))
        return web.Response()

    served = web.Application()
    served.router.add_post(PATH, take)
    return served


async def main(processor: BaseUpdateProcessor | None = None) -> None:
    """Serve until told to stop; without a processor of updates they are taken one by one."""
    given = arguments()
    with tempfile.TemporaryDirectory() as folder:
        app = application(given, Path(folder) / "state.pickle", processor)
        async with app:
            await app.start()
            runner = web.AppRunner(webhook(app), access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", given.port).start()
            await ready_until_told_to_stop()
            await runner.cleanup()
            await app.stop()


if __name__ == "__main__":
    uvloop.run(main())
