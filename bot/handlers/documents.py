"""/documents: the fund's guides and forms, as files."""

from __future__ import annotations

from dataclasses import replace

from bot import paging
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Paper, Screen
from kit.text import Text, t
from services import documents, requests
from services.access import Standing

NAME = "documents"
TITLE = t("<b>Documents</b>")
_LANGUAGES: dict[str, Text] = {
    "fr": t("It exists in French only."),
    "ar": t("It exists in Arabic only."),
}


def open_documents(turn: Turn) -> Screen:
    """The list."""
    turn.place = {"name": NAME}
    fund = turn.work.fund
    keys = [[Button(documents.title(id), f"{NAME}:{index}")] for index, id in enumerate(fund.documents)]
    lines = [TITLE, None, t("Which one shall I send you? Each is a PDF, to read or to print.")]
    return Screen(lines, keys=[*keys, [MENU_KEY]], edit=turn.pressed)


def press(turn: Turn, argument: str) -> Screen:
    """A document below the list, which is drawn again: its buttons serve once."""
    known = turn.work.fund.documents
    id = paging.at(known, argument)
    if id is None:
        return open_documents(turn)
    return replace(open_documents(turn), more=(_document(turn, id),))


def _document(turn: Turn, id: str) -> Screen:
    work = turn.work
    found = documents.find(work.fund, work.house.documents, id, turn.chat.language)
    if found is None:
        return Screen(
            [t("“{document}” is not here yet.", document=documents.title(id)), requests.by_phone(work)]
        )
    lines: list[Text | None] = [t("<b>{title}</b>", title=documents.title(id))]
    if found.language != turn.chat.language:
        lines.append(_LANGUAGES[found.language])
    if work.house.documents is None:
        lines.append(t("This is a specimen: the fund’s own will take its place."))
    return Screen(lines, paper=Paper("document", {"id": id, "language": turn.chat.language}))


PLACE = Place(NAME, t("Documents"), Standing.STRANGER, open_documents, press, described=t("Guides and forms"))
