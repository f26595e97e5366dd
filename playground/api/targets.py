"""The chat and the message that a call is about, or Telegram's refusal."""

from __future__ import annotations

from playground.api.args import Args
from playground.api.errors import ApiError, bad, forbidden, too_many
from playground.chats import Chat, User
from playground.messages import Message
from playground.world import World


def known_chat(world: World, args: Args) -> Chat:
    """The chat of `chat_id`, wherever the bot stands in it. Raises ApiError."""
    if args.values.get("chat_id") in (None, ""):
        raise bad("chat_id is empty")
    chat = world.chats.get(args.integer("chat_id"))
    if chat is None or chat.bot == "stranger":
        raise bad("chat not found")
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    return chat


def open_chat(world: World, args: Args) -> Chat:
    """The chat of `chat_id`, where the bot may write. Raises ApiError."""
    chat = known_chat(world, args)
    if chat.deactivated:
        raise forbidden("user is deactivated")
    if chat.bot == "kicked" and chat.private:
        raise forbidden("bot was blocked by the user")
    if chat.bot in ("kicked", "left"):
        kind = chat.type if chat.type != "supergroup" else "supergroup"
        reason = "was kicked from" if chat.bot == "kicked" else "is not a member of"
        raise forbidden(f"bot {reason} the {kind} chat")
    return chat


def counted(world: World, chat: Chat) -> None:
    """One more message to this chat; raises 429 where the sending limits are on and reached."""
    if world.limits is not None and (wait := world.limits.refuse(chat.id, world.clock.now())):
        raise too_many(wait)


def thread_of(chat: Chat, args: Args) -> int | None:
    """The topic that `message_thread_id` names. Raises ApiError."""
    thread = args.integer("message_thread_id")
    if not thread:
        return None
    topic = chat.topics.get(thread)
    if topic is None or topic.deleted:
        raise bad("message thread not found")
    return thread


def replied(chat: Chat, args: Args) -> Message | None:
    """The message that this one answers. Raises ApiError."""
    raw = args.structure("reply_parameters")
    parameters = raw if isinstance(raw, dict) else {}
    message_id = parameters.get("message_id") or args.integer("reply_to_message_id")
    if not message_id:
        return None
    message = chat.get(int(message_id))
    if message is None:
        if parameters.get("allow_sending_without_reply") or args.flag("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")
    return message


def member(world: World, args: Args) -> User:
    """The user of `user_id`. Raises ApiError."""
    user = world.users.get(args.integer("user_id"))
    if user is None:
        raise bad("invalid user_id specified" if not args.integer("user_id") else "PARTICIPANT_ID_INVALID")
    return user
