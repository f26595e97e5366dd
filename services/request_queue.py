"""`/requests` in the agents' group: those that aren't done, page by page. A list names neither the person nor what they wrote; a
number in it opens the request's card below."""

from __future__ import annotations

from dataclasses import replace

from kit.errors import Refused
from kit.screen import Screen
from kit.text import t
from services import agents, desk_log
from services import requests_words as words
from services.requests import LIFETIME, PURPOSE
from services.work import Work
from store import requests, tokens
from store.requests import DONE

PAGE = 5  # requests of a page: more buttons than that side by side are too small for a thumb
LIST, CARD = "request_list", "request_card"
VERBS = (LIST, CARD)


def listed(work: Work, telegram_id: int, page: int = 1) -> Screen:
    """A page of the requests that aren't done, the oldest first. Raises Refused for who is no agent."""
    agents.acting(work, telegram_id)
    total, free = requests.undone(work.db)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    shown = requests.waiting(work.db, PAGE, (page - 1) * PAGE)
    return words.queue(work, shown, total=total, free=free, page=page, pages=pages)


def press(work: Work, telegram_id: int, verb: str, argument: str) -> Screen:
    """A button of a list: another page in its place, or a request's card below it."""
    number = int(argument) if argument.isdecimal() and len(argument) < 16 else 0
    if verb == LIST:
        return replace(listed(work, telegram_id, number), edit=True)
    agents.acting(work, telegram_id)
    request = requests.get(work.db, number)
    if request is None or request.state == DONE:
        raise Refused("request_done", t("This request has been dealt with."))
    desk_log.note(work, telegram_id, verb, request.id)
    token = tokens.add(work.db, PURPOSE, request.id, request.chat_id, work.now, LIFETIME)
    return replace(words.card(work, request, token), edit=False)
