"""The one-time page on which the open form asks for its secrets, handed to whoever serves pages (`Once` of webhooks/once.py).

What is typed there is read and checked by the very same steps as in the chat; then the form goes on in the chat.
"""

from __future__ import annotations

from dataclasses import replace

from bot.forms import pages
from bot.forms.engine import Forms
from bot.incoming import Incoming, Kind
from bot.render import Renderer
from bot.routing import Router
from bot.showing import put
from bot.turn import Turn
from kit.sheet import Sheet, Typed
from kit.text import t
from services import asking
from services.work import Work
from store.chats import Chat

_ANSWERED = "answered"  # in the chat's state: the mark of the page that was answered last

BACK_TO_THE_CHAT = t("The conversation in Telegram goes on: go back to it.")
DONE = Sheet(t("Received"), [BACK_TO_THE_CHAT], close=True)
DONE_BEFORE = Sheet(t("Received already"), [BACK_TO_THE_CHAT])
BAD_LINK = Sheet(
    t("This page is closed"),
    [
        t("A page serves once and for ten minutes, and only for the question that the conversation is at."),
        t("Go back to Telegram: the newest message there has another link, or leads on."),
    ],
)


class SecretPage:
    """It is bound to the chat, to the form and to the step: once the form has moved on, its link is no longer good."""

    name = asking.NAME
    bad = BAD_LINK

    def __init__(self, router: Router, forms: Forms, renderer: Renderer) -> None:
        self._router = router
        self._forms = forms
        self._renderer = renderer

    def look(self, work: Work, token: str) -> Sheet | None:
        """The fields of the open step, and of those that are asked with it."""
        chat = asking.whose(work, token)
        turn = _turn(work, chat, token) if chat is not None else None
        open_ = self._forms.on_page(turn) if turn is not None else None
        return None if turn is None or open_ is None else pages.sheet(turn, *open_)

    def act(self, work: Work, token: str, typed: Typed) -> Sheet | None:
        """Take the answers: the page again where one was refused, else the next question in the chat."""
        found = asking.whose(work, token)
        chat = work.chat(found.id) if found is not None else None
        turn = _turn(work, chat, token) if chat is not None else None
        open_ = self._forms.on_page(turn) if turn is not None else None
        if chat is None or turn is None or open_ is None:
            return None
        shown = pages.sheet(turn, *open_)
        taken = self._forms.take_page(turn, *open_, typed)
        if isinstance(taken, dict):
            work.save(chat)
            return shown.again(typed, taken)
        chat.state[_ANSWERED] = asking.mark(token)  # whatever came next has closed this page
        screen = self._router.follow(turn, taken)
        work.promises.extend(put(turn, screen, self._renderer))
        work.save(chat)
        return DONE

    def past(self, work: Work, token: str) -> Sheet | None:
        """It was answered, and nothing has been since."""
        chat = asking.whose_once(work, token)
        if chat is None or chat.state.get(_ANSWERED) != asking.mark(token):
            return None
        return replace(DONE_BEFORE, language=chat.language)


def _turn(work: Work, chat: Chat, token: str) -> Turn | None:
    """The chat's turn, where the token is that of the question which is open there."""
    page = (chat.state.get("form") or {}).get("page")
    if page is None or page[0] != asking.mark(token):
        return None
    return Turn(Incoming(0, Kind.TEXT, chat.id, "private", chat.id, chat.language), chat, work)
