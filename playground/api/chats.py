"""getMe, getChat, getChatMember, leaveChat, createForumTopic."""

from __future__ import annotations

from typing import Any

from playground.api.args import Args
from playground.api.errors import bad
from playground.api.targets import known_chat, member, open_chat
from playground.html import units
from playground.world import World, member_payload

JSON = dict[str, Any]

ICON_COLOURS = {7322096, 16766590, 13338331, 9367192, 16749490, 16478047}


def get_me(world: World, args: Args) -> JSON:
    return {
        **world.bot.payload(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, args: Args) -> JSON:
    chat = known_chat(world, args)
    return {
        **chat.payload(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_chat_member(world: World, args: Args) -> JSON:
    chat = open_chat(world, args)
    user = member(world, args)
    if user is world.bot:
        return member_payload(user, chat.bot)
    default = "member" if chat.private else "left"
    return member_payload(user, chat.members.get(user.id, default))


def get_chat_administrators(world: World, args: Args) -> list[JSON]:
    chat = open_chat(world, args)
    if chat.private:
        raise bad("there are no administrators in the private chat")
    chiefs = [
        member_payload(world.users[user_id], status)
        for user_id, status in chat.members.items()
        if status in ("creator", "administrator")
    ]
    return chiefs + ([member_payload(world.bot, chat.bot)] if chat.bot == "administrator" else [])


def leave_chat(world: World, args: Args) -> bool:
    chat = open_chat(world, args)
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    old, chat.bot = chat.bot, "left"
    world.changes.emit("left", lambda: {"chat": chat.id})
    world.tell_membership(chat, world.bot, world.bot, old, "left")
    return True


def create_forum_topic(world: World, args: Args) -> JSON:
    chat = open_chat(world, args)
    name = args.string("name").strip()
    if not chat.forum:
        raise bad("the chat is not a forum")
    if chat.bot != "administrator":
        raise bad("not enough rights to create a topic")
    if not 1 <= units(name) <= 128:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    colour = args.integer("icon_color", 7322096)
    if colour not in ICON_COLOURS:
        raise bad("invalid icon color specified")
    topic = world.new_topic(chat, name)
    return {"message_thread_id": topic.id, "name": name, "icon_color": colour}


METHODS = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "createForumTopic": create_forum_topic,
}
