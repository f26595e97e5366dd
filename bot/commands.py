"""Telegram's command menus, by language and by who the person is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import orjson
import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden

from bot.places import Place
from bot.render import destination
from kit.language import LANGUAGES
from kit.speech import Speech, Voices
from kit.text import t
from services.access import Standing
from store.chats import Chat
from store.promises import Lane, Promise

DESK = (
    ("requests", t("Requests that wait for an agent")),
    ("unanswered", t("Questions that found no answer")),
)
CANCEL = ("cancel", t("Stop what is under way"))
log = structlog.get_logger("bot")
_STRANGERS_ONLY = frozenset({"register", "login", "forgot"})


def listed(places: Iterable[Place], speech: Speech, standing: Standing) -> list[tuple[str, str]]:
    """The commands of a menu: what this standing can use, in its words."""
    commands = [
        (place.name, speech.plain(place.described))
        for place in places
        if place.described is not None and (standing > Standing.STRANGER or place.needs is Standing.STRANGER)
        and not (standing is Standing.SIGNED_IN and place.name in _STRANGERS_ONLY)
    ]  # fmt: skip
    return [*commands, (CANCEL[0], speech.plain(CANCEL[1]))]


async def publish(bot: Bot, places: Iterable[Place], voices: Voices) -> None:
    """The menus that everyone starts with: French by default, Arabic for who uses Telegram in Arabic."""
    places = tuple(places)
    for language in LANGUAGES:
        commands = [
            BotCommand(name, words) for name, words in listed(places, voices[language], Standing.STRANGER)
        ]
        scope = BotCommandScopeAllPrivateChats()
        await bot.set_my_commands(commands, scope=scope, language_code=None if language == "fr" else language)


async def publish_desk(bot: Bot, group: int, desk: Speech) -> None:
    """The menu of the agents' group, in the desk's language. Whoever isn't let in there says so in the log, and nothing else fails."""
    commands = [BotCommand(name, desk.plain(words)) for name, words in DESK]
    try:
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(group))
    except (BadRequest, Forbidden) as error:
        log.warning("desk.unreachable", error=type(error).__name__)


def follow(
    places: Iterable[Place], voices: Voices, chat: Chat, standing: Standing, now: dt.datetime
) -> list[Promise]:
    """The promise to set one chat's menu, when its language or what it has proven changed: they win over the defaults."""
    shown = f"{chat.language}{int(standing)}"
    if chat.state.get("menu", "") == shown:
        return []
    chat.state["menu"] = shown
    commands = [
        {"command": name, "description": words}
        for name, words in listed(places, voices[chat.language], standing)
    ]
    body = {"scope": {"type": "chat", "chat_id": chat.id}, "commands": commands}
    return [Promise("telegram", destination(chat.id), Lane.NOTICE, "setMyCommands", orjson.dumps(body), now)]
