"""sendMessage, sendVenue, edits, deletions, answers to presses, reactions."""

from __future__ import annotations

import html as stdhtml
from typing import Any

from playground import html
from playground.api.args import Args
from playground.api.errors import bad
from playground.api.markup import read_markup
from playground.api.targets import counted, known_chat, open_chat, replied, thread_of
from playground.chats import Chat
from playground.html import units
from playground.messages import Message, Notice
from playground.text import formatted
from playground.world import World

JSON = dict[str, Any]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT_BYTES = 32_768
NOTICE_LIMIT = 200
ANSWER_WITHIN = 150.0
DELETE_WITHIN = 48 * 3_600
# The emoji that anybody may react with.
_EMOJI = """
    ❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳
    ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈
    😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀
    😡
"""
REACTIONS = frozenset(_EMOJI.split())


def read_text(args: Args, name: str, limit: int) -> tuple[str, list[JSON], str]:
    """Visible text, its entities, and the HTML it was written in. Raises ApiError."""
    raw = args.string(name)
    mode = args.string("parse_mode").lower()
    if mode not in ("", "html"):
        known = mode in ("markdown", "markdownv2")
        raise bad("the playground reads the HTML parse mode only" if known else "unsupported parse_mode")
    if len(raw.encode(errors="replace")) > RAW_LIMIT_BYTES:
        raise bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    listed = args.structure("entities" if name == "text" else "caption_entities")
    try:
        text, entities = formatted(raw, mode, listed if isinstance(listed, list) and not mode else [])
    except html.BadMarkup as refusal:
        raise bad(f"can't parse entities: {refusal}") from None
    if units(text) > limit:
        raise bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    return text, entities, raw if mode else stdhtml.escape(raw, quote=False)


def preview(args: Args) -> JSON | None:
    raw = args.structure("link_preview_options")
    if isinstance(raw, dict):
        return raw
    return {"is_disabled": True} if args.flag("disable_web_page_preview") else None


def post(world: World, chat: Chat, args: Args, **fields: Any) -> Message:
    """Send, once all has been checked: the new message with its thread, reply and keyboard. Raises
    ApiError."""
    markup = read_markup(world, args)
    reply_to = replied(chat, args)
    thread = thread_of(chat, args)
    if thread is None and reply_to is not None and chat.forum:
        thread = reply_to.thread
    counted(world, chat)
    message = world.add_message(
        chat,
        world.bot,
        from_bot=True,
        markup=markup,
        reply_to=reply_to,
        thread=thread,
        protect=args.flag("protect_content"),
        **fields,
    )
    if markup and ("keyboard" in markup or markup.get("remove_keyboard")):
        chat.reply_keyboard = message.reply_keyboard
        keyboard = markup.get("keyboard") or []
        world.changes.emit("keyboard", lambda: {"chat": chat.id, "keyboard": keyboard})
    return message


def send_message(world: World, args: Args) -> JSON:
    chat = open_chat(world, args)
    text, entities, source = read_text(args, "text", TEXT_LIMIT)
    if not text:
        raise bad("message text is empty")
    message = post(world, chat, args, text=text, entities=entities, html=source, link_preview=preview(args))
    return message.payload()


def send_venue(world: World, args: Args) -> JSON:
    chat = open_chat(world, args)
    try:
        location = {
            "latitude": float(args.string("latitude")),
            "longitude": float(args.string("longitude")),
        }
    except ValueError:
        raise bad("wrong latitude or longitude specified") from None
    title, address = args.string("title"), args.string("address")
    if not title or not address:
        raise bad(f"venue {'address' if title else 'title'} must be non-empty")
    venue = {"venue": {"location": location, "title": title, "address": address}, "location": location}
    return post(world, chat, args, kind="venue", extra=venue).payload()


def send_chat_action(world: World, args: Args) -> bool:
    chat = open_chat(world, args)
    action = args.string("action")
    if action not in (
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    ):  # fmt: skip
        raise bad("wrong parameter action in request")
    world.changes.emit("action", lambda: {"chat": chat.id, "action": action})
    return True


def _editable(world: World, args: Args) -> Message:
    chat = open_chat(world, args)
    message = chat.get(args.integer("message_id"))
    if message is None:
        if not args.integer("message_id"):
            raise bad("message identifier is not specified")
        raise bad("message to edit not found")
    # A message that put a keyboard below the chat can't be edited any more, nor can another's.
    if not message.from_bot or (message.markup and "inline_keyboard" not in message.markup):
        raise bad("message can't be edited")
    return message


def _changed(world: World, message: Message, new: JSON) -> JSON:
    if all(getattr(message, name) == value for name, value in new.items()):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same"
            " as a current content and reply markup of the message"
        )
    counted(world, message.chat)
    message.keep_former(world.clock.now())
    for name, value in new.items():
        setattr(message, name, value)
    return message.payload()


def edit_message_text(world: World, args: Args) -> JSON:
    message = _editable(world, args)
    text, entities, source = read_text(args, "text", TEXT_LIMIT)
    if not text:
        raise bad("message text is empty")
    if message.kind != "text":
        raise bad("there is no text in the message to edit")
    markup = read_markup(world, args, inline_only=True)
    answer = _changed(world, message, {"text": text, "entities": entities, "markup": markup})
    message.html, message.link_preview = source, preview(args)
    world.edited(message)
    return answer


def edit_message_caption(world: World, args: Args) -> JSON:
    message = _editable(world, args)
    text, entities, source = read_text(args, "caption", CAPTION_LIMIT)
    if message.file is None:
        raise bad("there is no caption in the message to edit")
    markup = read_markup(world, args, inline_only=True)
    answer = _changed(world, message, {"text": text, "entities": entities, "markup": markup})
    message.html = source
    world.edited(message)
    return answer


def edit_message_reply_markup(world: World, args: Args) -> JSON:
    message = _editable(world, args)
    answer = _changed(world, message, {"markup": read_markup(world, args, inline_only=True)})
    world.edited(message)
    return answer


def delete_message(world: World, args: Args) -> bool:
    chat = open_chat(world, args)
    message = chat.get(args.integer("message_id"))
    if message is None:
        raise bad("message to delete not found")
    old = world.clock.now() - message.date > DELETE_WITHIN
    others = not chat.private and not message.from_bot and chat.bot != "administrator"
    if old or others:
        raise bad("message can't be deleted")
    world.delete(message)
    return True


def answer_callback_query(world: World, args: Args) -> bool:
    text = args.string("text")
    if units(text) > NOTICE_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    press = world.presses.get(args.string("callback_query_id"))
    if press is None or press.notices or world.clock.now() - press.date > ANSWER_WITHIN:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    url = args.string("url") or None
    if url and not url.startswith(f"https://t.me/{world.bot.username}?start="):
        raise bad("URL_INVALID")
    notice = Notice(text, args.flag("show_alert"), press.data, url)
    press.notices.append(notice)
    press.message.notices.append(notice)
    world.changes.emit(
        "notice",
        lambda: {
            "chat": press.message.chat.id,
            "person": press.who.id,
            "id": press.message.id,
            "text": text,
            "alert": notice.alert,
            "url": url,
        },
    )
    return True


def set_message_reaction(world: World, args: Args) -> bool:
    chat = known_chat(world, args)
    message = chat.get(args.integer("message_id"))
    if message is None:
        raise bad("message to react not found")
    raw = args.structure("reaction") or []
    reactions = [r.get("emoji", "") for r in raw if isinstance(r, dict) and r.get("type") == "emoji"]
    if len(raw) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if len(reactions) != len(raw) or not set(reactions) <= REACTIONS:
        raise bad("REACTION_INVALID")
    message.reactions = reactions
    world.edited(message)
    return True


METHODS = {
    "sendMessage": send_message,
    "sendVenue": send_venue,
    "sendChatAction": send_chat_action,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
}
