"""What a turn's answer puts into its chat: the screen, what goes before it, and the menu when that has changed."""

from __future__ import annotations

from bot.render import Renderer, forget, take_back, wipe
from bot.turn import Turn
from kit.screen import Screen
from store.promises import Lane, Promise


def put(turn: Turn, screen: Screen, renderer: Renderer) -> list[Promise]:
    """The promises that show a private chat its answer."""
    chat, now = turn.chat, turn.work.now
    edited = turn.incoming.message_id if turn.pressed else None
    promises: list[Promise] = []
    if screen.forget and turn.incoming.message_id is not None and not turn.pressed:
        promises.append(forget(chat.id, turn.incoming.message_id, now))
    if screen.wipe:
        promises.extend(wipe(turn.work.db, chat.id, now))
    for moment in turn.taken_back:
        promises.extend(take_back(turn.work.db, chat.id, moment, now, edited if screen.edit else None))
    if turn.knows_who:
        promises.extend(turn.work.house.menu(chat, turn.who.standing, now))
    if screen.lines or screen.paper is not None or screen.venue is not None:
        promises.extend(renderer.draw(screen, chat, Lane.REPLY, now, edited))
    return promises
