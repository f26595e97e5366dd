"""/statements: the archived statements by year, edited in place; the chosen one, or a whole year, below as a PDF.

What the list shows is kept with the chat, so that buttons name places in it:
    name · year, page · numbers: of the page's statements, in order · years: those of the menu
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot import downloads, paging
from bot.forms.words import BACK
from bot.handlers import reimbursements_words as words
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Screen
from kit.text import Ltr, Short, Text, nt, t
from services import extracts, statements
from services.access import Standing
from services.reimbursements import Query
from services.statements import Shelf

NAME = "statements"
_ROW = 4  # numbers, or years, side by side

TITLE = t("<b>My statements</b>")
NONE_YET = t(
    "The fund has not archived any statement for you yet. As soon as a reimbursement is paid, you will find its statement here."
)
GONE = t("This is no longer there.")
ON_PAGES = t(
    "What the care was is not shown in this chat: press a number to download the statement from a page of its own."
)


def open_shelf(turn: Turn) -> Screen:
    """The latest year's statements."""
    statements.opened(turn.work, turn.who, turn.chat.id)
    turn.place = {"name": NAME}
    return replace(_shelf(turn), edit=False)


def press(turn: Turn, argument: str) -> Screen:
    """A button of the list; one that means nothing here shows the list."""
    if turn.place.get("name") != NAME:
        return open_shelf(turn)
    verb, _, value = argument.partition(":")
    act = _VERBS.get(verb)
    return act(turn, value) if act is not None else _shelf(turn)


def _shelf(turn: Turn) -> Screen:
    kept = turn.place
    shelf = statements.shelf(turn.work, turn.who, kept.get("year"), kept.get("page", 1))
    if shelf is None:
        return Screen([TITLE, None, NONE_YET], keys=[[MENU_KEY]], edit=True, protect=True)
    turn.place = {
        "name": NAME,
        "year": shelf.year,
        "page": shelf.number,
        "numbers": [one.number for one in shelf.statements],
        "years": list(shelf.years),
    }
    if not downloads.bare(turn):
        last = t("Press a number to receive the statement as a PDF.")
        return Screen([*_lines(shelf), None, last], keys=_keys(shelf), edit=True, protect=True)
    keys = _keys(shelf)
    keys[-1:-1] = [downloads.show_here(turn, NAME)]
    return Screen([*_lines(shelf), None, ON_PAGES], keys=keys, edit=True, protect=True)


def _lines(shelf: Shelf) -> list[Text | None]:
    lines: list[Text | None] = [
        TITLE,
        nt(
            "Year {year}: {n} statement, {amount} reimbursed",
            "Year {year}: {n} statements, {amount} reimbursed",
            shelf.of_year,
            year=Ltr(str(shelf.year)),
            amount=shelf.reimbursed,
        ),
    ]
    lines += [*paging.heading(shelf.number, shelf.pages), None]
    for number, one in enumerate(shelf.statements, 1):
        lines.append(
            t("<b>{n}.</b> {date} · No. {number}", n=number, date=Short(one.paid_on), number=Ltr(one.number))
        )
        lines.append(
            nt(
                "{n} reimbursement: <b>{amount}</b>",
                "{n} reimbursements: <b>{amount}</b>",
                one.lines,
                amount=one.reimbursed,
            )
        )
    return lines


def _keys(shelf: Shelf) -> list[list[Button]]:
    before, after = (f"{NAME}:page:{number}" for number in (shelf.number - 1, shelf.number + 1))
    keys = paging.numbers(len(shelf.statements), f"{NAME}:send", _ROW)
    keys.append(paging.turns(shelf.number, shelf.pages, before, after))
    year = Ltr(str(shelf.year))
    whole = [_button(t("All of {year} in one PDF", year=year), "year")] if shelf.of_year > 1 else []
    keys.append([*whole, _button(t("{year} as a CSV file", year=year), "file")])
    last = [_button(t("Another year"), "years")] if len(shelf.years) > 1 else []
    return [*keys, [*last, MENU_KEY]]


def _page(turn: Turn, value: str) -> Screen:
    paging.turn_to(turn.place, value)
    return _shelf(turn)


def _years(turn: Turn, _: str) -> Screen:
    """The years that there are."""
    shown = turn.place.get("year")
    years: list[int] = turn.place.get("years", [])
    buttons = [_button(_year(year, chosen=year == shown), f"of:{index}") for index, year in enumerate(years)]
    keys = [*paging.rows(buttons, _ROW), [_button(BACK, "list")]]
    return Screen([t("Statements of which year?")], keys=keys, edit=True, protect=True)


def _year(year: int, *, chosen: bool) -> Text:
    label = t("{year}", year=Ltr(str(year)))
    return t("✓ {label}", label=label) if chosen else label


def _of(turn: Turn, value: str) -> Screen:
    years: list[int] = turn.place.get("years", [])
    year = paging.at(years, value)
    if year is not None:
        turn.place.update(year=year, page=1)
    return _shelf(turn)


def _send(turn: Turn, value: str) -> Screen:
    """A statement below the list, which is drawn again: its buttons serve once."""
    numbers: list[str] = turn.place.get("numbers", [])
    number = paging.at(numbers, value)
    if number is None:
        return replace(_shelf(turn), toast=GONE)
    return _with(turn, t("Statement No. {number}", number=Ltr(number)), number=number)


def _whole_year(turn: Turn, _: str) -> Screen:
    year = turn.place.get("year")
    if year is None:
        return _shelf(turn)
    return _with(turn, t("Your statements of {year}", year=Ltr(str(year))), year=year)


def _file(turn: Turn, _: str) -> Screen:
    """The lines of the year's statements, as a file for a spreadsheet."""
    year = turn.place.get("year")
    if year is None:
        return _shelf(turn)
    query = Query(period=str(year))
    if downloads.bare(turn):
        paper = extracts.file_for_a_page(turn.work, turn.who, query)
        return replace(_shelf(turn), more=(downloads.offer(turn, words.FILE_TITLE, paper),))
    paper = extracts.file(turn.work, turn.who, turn.chat.id, query)
    of_year = words.active("period", t("{year}", year=Ltr(str(year))))
    caption = [words.FILE_TITLE, of_year, None, *words.FILE]
    return replace(_shelf(turn), more=(Screen(caption, protect=True, paper=paper),))


def _with(turn: Turn, caption: Text, *, number: str | None = None, year: int | None = None) -> Screen:
    if downloads.bare(turn):
        paper = statements.paper_for_a_page(turn.who, number=number, year=year)
        return replace(_shelf(turn), more=(downloads.offer(turn, caption, paper),))
    paper = statements.paper(turn.work, turn.who, turn.chat.id, number=number, year=year)
    return replace(_shelf(turn), more=(Screen([caption], protect=True, paper=paper),))


def _again(turn: Turn, _: str) -> Screen:
    return _shelf(turn)


def _button(label: Text, action: str) -> Button:
    return Button(label, f"{NAME}:{action}")


_VERBS: dict[str, Callable[[Turn, str], Screen]] = {
    "list": _again,
    "page": _page,
    "years": _years,
    "of": _of,
    "send": _send,
    "year": _whole_year,
    "file": _file,
}

PLACE = Place(
    name=NAME,
    label=t("My statements"),
    needs=Standing.SIGNED_IN,
    consent=True,
    on_page=True,
    open=open_shelf,
    press=press,
    described=t("Your statements, by year, as PDF"),
)
