"""setMyCommands, getMyCommands, deleteMyCommands, by scope and language; and which of them a person sees."""

from __future__ import annotations

import re
from typing import Any

from playground.api.args import Args
from playground.api.errors import bad
from playground.chats import Chat, User
from playground.world import World

JSON = dict[str, Any]

_NAME = re.compile(r"[a-z0-9_]{1,32}$")
_BROAD = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_OF_CHAT = {"chat", "chat_administrators", "chat_member"}


def _key(world: World, args: Args) -> tuple[str, int, int, str]:
    language = args.string("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    scope = args.structure("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _BROAD:
        return str(kind), 0, 0, language
    if kind not in _OF_CHAT:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    chat = world.chats.get(int(scope.get("chat_id") or 0))
    if chat is None or chat.bot == "stranger":
        raise bad("chat not found")
    if kind != "chat" and chat.private:
        raise bad("can't use this scope in a private chat")
    member = int(scope.get("user_id") or 0) if kind == "chat_member" else 0
    if kind == "chat_member" and member not in world.users:
        raise bad("invalid user_id specified")
    return str(kind), chat.id, member, language


def set_my_commands(world: World, args: Args) -> bool:
    key = _key(world, args)
    raw = args.structure("commands")
    if not isinstance(raw, list):
        raise bad("can't parse commands: expected an Array of BotCommand")
    if len(raw) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    commands = []
    for item in raw:
        name = str(item.get("command", "")).removeprefix("/") if isinstance(item, dict) else ""
        if not _NAME.match(name):
            raise bad("BOT_COMMAND_INVALID")
        description = str(item.get("description", "")).strip()
        if not 1 <= len(description) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": name, "description": description})
    if commands:
        world.commands[key] = commands
    else:
        world.commands.pop(key, None)
    world.changes.emit("commands", dict)
    return True


def get_my_commands(world: World, args: Args) -> list[JSON]:
    return world.commands.get(_key(world, args), [])


def delete_my_commands(world: World, args: Args) -> bool:
    world.commands.pop(_key(world, args), None)
    world.changes.emit("commands", dict)
    return True


def commands_for(world: World, chat: Chat, user: User) -> list[JSON]:
    """The menu that this person has in this chat: the narrowest scope first, the own language before none."""
    language = (user.language_code or "")[:2]
    scopes: list[tuple[str, int, int]] = [("chat", chat.id, 0)]
    if chat.private:
        scopes += [("all_private_chats", 0, 0)]
    else:
        scopes.insert(0, ("chat_member", chat.id, user.id))
        chief = chat.members.get(user.id) in ("creator", "administrator")
        if chief:
            scopes.insert(1, ("chat_administrators", chat.id, 0))
            scopes += [("all_chat_administrators", 0, 0)]
        scopes += [("all_group_chats", 0, 0)]
    for kind, chat_id, member in [*scopes, ("default", 0, 0)]:
        for code in dict.fromkeys((language, "")):
            if found := world.commands.get((kind, chat_id, member, code)):
                return found
    return []


METHODS = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}
