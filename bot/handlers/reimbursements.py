"""/reimbursements: the list, edited in place; a line as a message of its own that vanishes; filters, order and totals.

The list is sent as a new, protected message when it is opened (an edit can't protect one), and stands there while lines are opened
below it: whoever reads three lines need not go back twice. Without the consent to health data in Telegram it is bare of them, and a
line is read on a one-time page (CF-10). What it shows is kept with the chat, so that buttons name places in it:
    name · page, order, beneficiary, act, period: the query · lines: ids of the page's lines, in order
    choosing, choices, part: the filter being chosen, the values that its buttons stand for, and which eight of them are shown
    offer: whether the list asks if new lines are to be told; it does in the first list of all, until it is answered
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from bot import downloads, paging
from bot.downloads import bare as _bare
from bot.handlers import consent, notifications
from bot.handlers import reimbursements_words as words
from bot.places import Place
from bot.turn import Turn
from kit.screen import Button, Link, Screen
from kit.text import Text, t
from services import details, extracts, notices, reimbursements
from services.access import Standing
from services.notices import Kind
from services.reimbursements import Page, Query

NAME = "reimbursements"
CHOICES = 8  # buttons of a filter's menu
LASTS = dt.timedelta(minutes=10)  # how long a line stays in the chat (CF-10)
_ROW = 5  # numbers side by side, at most; two rows are of one length or nearly
Options: TypeAlias = "list[tuple[Any, Text]]"


def open_list(turn: Turn) -> Screen:
    """The latest lines."""
    reimbursements.opened(turn.work, turn.who, turn.chat.id)
    turn.place = {"offer": notices.offer(turn.work, turn.who.account_id, Kind.REIMBURSEMENTS)}
    _keep(turn, Query())
    return replace(_list(turn), edit=False)


def press(turn: Turn, argument: str) -> Screen:
    """A button of the list or of its menus; one that means nothing here shows the list."""
    if turn.place.get("name") != NAME:
        return open_list(turn)
    verb, _, value = argument.partition(":")
    if _bare(turn) and verb in _VERBS.keys() - _BARE:
        return consent.bar(turn, NAME) or _list(turn)
    act = _VERBS.get(verb)
    return act(turn, value) if act is not None else _list(turn)


# ── the list and its lines ───────────────────────────────────────────────────────────────────────────────────────────


def _list(turn: Turn, marked: int | None = None) -> Screen:
    """The page that is open; `marked` is the id of the line that is shown below it."""
    query, bare = _query(turn), _bare(turn)
    page = reimbursements.page(turn.work, turn.who, query)
    _keep(turn, replace(query, page=page.number))
    turn.place["lines"] = [item.id for item in page.items]
    if not page.items:
        return _offered(turn, _empty(turn, query))
    filters = _filters(turn, query)
    lines = [
        *words.heading(page, largest=query.order == "amount"),
        *filters,
        None,
        *words.items(page, marked, bare=bare),
        *((None, words.BARE) if bare else ()),
    ]
    keys = _list_keys(page, query)
    if bare:
        keys = [*keys[:-1], downloads.show_here(turn, NAME), keys[-1]]
    return _offered(turn, Screen(lines, keys=keys, edit=True, protect=True))


def _offered(turn: Turn, screen: Screen) -> Screen:
    """The list with the question whether to tell of new lines, where it is asked."""
    if not turn.place.get("offer"):
        return screen
    answers = [_button(notifications.YES, "tell:yes"), _button(notifications.NO, "tell:no")]
    return replace(screen, lines=[*screen.lines, None, notifications.OFFER], keys=[answers, *screen.keys])


def _tell(turn: Turn, value: str) -> Screen:
    """The answer to that question."""
    turn.place.pop("offer", None)
    wanted = value == "yes"
    notices.set(turn.work, turn.who.account_id, Kind.REIMBURSEMENTS, wanted, turn.chat.id)
    return replace(_list(turn), toast=notifications.TOLD if wanted else notifications.NOT_TOLD)


def _list_keys(page: Page, query: Query) -> list[list[Button]]:
    count = len(page.items)
    keys = paging.numbers(count, f"{NAME}:line", math.ceil(count / math.ceil(count / _ROW)))
    turns = paging.turns(page.number, page.pages, f"{NAME}:previous", f"{NAME}:next")
    order = words.BY_DATE if query.order == "amount" else words.BY_AMOUNT
    keys += [turns, [_button(words.FILTER, "filter"), _button(order, "order")]]
    if query.filtered:
        keys.append([_button(words.CLEAR, "clear")])
    return [*keys, [_button(words.TOTALS, "totals"), _button(words.EXPORT, "export"), words.MENU]]


def _empty(turn: Turn, query: Query) -> Screen:
    if not query.filtered:
        return Screen([words.TITLE, None, words.NONE_YET], keys=[[words.MENU]], edit=True, protect=True)
    keys = [[_button(words.CLEAR, "clear")], [_button(words.FILTER, "filter"), words.MENU]]
    return Screen(
        [words.TITLE, *_filters(turn, query), None, words.NONE_FOUND], keys=keys, edit=True, protect=True
    )


def _line(turn: Turn, value: str) -> Screen:
    """A line below the list, which is drawn again: its buttons serve once, and it says which line is open."""
    ids: list[int] = turn.place.get("lines", [])
    id = paging.at(ids, value)
    if _bare(turn) and id is not None:
        return replace(_list(turn, marked=id), more=(_on_page(turn, id),))
    line = reimbursements.line(turn.work, turn.who, turn.chat.id, id) if id is not None else None
    if line is None:
        return replace(_list(turn), toast=words.GONE)
    detail = Screen(words.line(line, LASTS), protect=True, vanish=LASTS)
    return replace(_list(turn, marked=id), more=(detail,))


def _on_page(turn: Turn, line_id: int) -> Screen:
    """The way to a line's page."""
    url = details.link(turn.work, turn.chat.id, line_id)
    assert url is not None, "without pages nobody comes here without the consent"
    keys = [[Link(words.READ_IT, url, page=True)]]
    if url.startswith("https:"):
        keys.append([Link(words.READ_IN_BROWSER, url)])
    return Screen(words.on_page(details.LASTS, url), keys=keys, protect=True, vanish=details.LASTS)


def _again(turn: Turn, _: str) -> Screen:
    return _list(turn)


def _previous(turn: Turn, _: str) -> Screen:
    return _turn_to(turn, _query(turn).page - 1)


def _next(turn: Turn, _: str) -> Screen:
    return _turn_to(turn, _query(turn).page + 1)


def _turn_to(turn: Turn, number: int) -> Screen:
    _keep(turn, replace(_query(turn), page=number))
    return _list(turn)


def _order(turn: Turn, _: str) -> Screen:
    query = _query(turn)
    _keep(turn, replace(query, page=1, order="date" if query.order == "amount" else "amount"))
    return _list(turn)


def _totals(turn: Turn, _: str) -> Screen:
    query = _query(turn)
    totals = reimbursements.totals(turn.work, turn.who, query)
    bare = _bare(turn)
    picture = [[_button(words.PICTURE, "picture")]] if totals.lines and not bare else []
    return Screen(
        [words.TOTALS_TITLE, *_filters(turn, query), *words.totals(totals, bare=bare)],
        keys=[*picture, [_back("list"), words.MENU]],
        edit=True,
        protect=True,
    )


def _picture(turn: Turn, _: str) -> Screen:
    """The totals as a picture, with their figures, below the totals in words."""
    query = _query(turn)
    paper, chart = extracts.picture(turn.work, turn.who, query)
    if not chart.months:
        return replace(_list(turn), toast=words.GONE)
    caption = [words.TOTALS_TITLE, *_filters(turn, query), *words.caption(chart)]
    return replace(_totals(turn, ""), more=(Screen(caption, protect=True, paper=paper),))


def _export(turn: Turn, _: str) -> Screen:
    """What the list shows, as a file below it."""
    query = _query(turn)
    if _bare(turn):
        paper = extracts.file_for_a_page(turn.work, turn.who, query)
        return replace(_list(turn), more=(downloads.offer(turn, words.FILE_TITLE, paper),))
    paper = extracts.file(turn.work, turn.who, turn.chat.id, query)
    caption = [words.FILE_TITLE, *(_filters(turn, query) or [words.UNFILTERED]), None, *words.FILE]
    return replace(_list(turn), more=(Screen(caption, protect=True, paper=paper),))


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _filter(turn: Turn, _: str) -> Screen:
    query = _query(turn)
    kinds = [[_button(words.KINDS[kind], f"by:{kind}")] for kind in _kinds(turn)]
    clear = [[_button(words.CLEAR, "clear")]] if query.filtered else []
    lines = [words.FILTER_TITLE, *(_filters(turn, query) or [words.UNFILTERED])]
    keys = [*kinds, *clear, [_back("list")]]
    return Screen(lines, keys=keys, edit=True, protect=True)


def _kinds(turn: Turn) -> list[str]:
    """What can be filtered by: acts are health data."""
    return [kind for kind in words.KINDS if kind != "act" or not _bare(turn)]


def _by(turn: Turn, kind: str) -> Screen:
    """The menu of one filter."""
    if kind not in _kinds(turn):
        return _list(turn)
    turn.place.update(choosing=kind, part=0, choices=[value for value, _ in _options(turn, kind)])
    return _menu(turn)


def _more(turn: Turn, value: str) -> Screen:
    """The next, or the former, eight of a filter's menu."""
    if "choices" not in turn.place or turn.place["choosing"] not in _kinds(turn):
        return _list(turn)
    last = (len(turn.place["choices"]) - 1) // CHOICES
    turn.place["part"] = min(max(0, turn.place["part"] + (1 if value == "next" else -1)), last)
    return _menu(turn)


def _menu(turn: Turn) -> Screen:
    kind, values, part = turn.place["choosing"], turn.place["choices"], turn.place["part"]
    labels = dict(_options(turn, kind))
    now = _chosen(_query(turn), kind)
    keys = [[_button(words.chosen(words.ALL[kind]) if now is None else words.ALL[kind], "pick:all")]]
    for index, value in list(enumerate(values))[part * CHOICES : (part + 1) * CHOICES]:
        if value in labels:
            keys.append(
                [_button(words.chosen(labels[value]) if value == now else labels[value], f"pick:{index}")]
            )
    parts = math.ceil(len(values) / CHOICES)
    turns = paging.turns(part + 1, parts, f"{NAME}:more:previous", f"{NAME}:more:next")
    return Screen([words.WHICH[kind]], keys=[*keys, turns, [_back("filter")]], edit=True, protect=True)


def _pick(turn: Turn, value: str) -> Screen:
    """A choice of the filter's menu."""
    kind, values = turn.place.get("choosing", ""), turn.place.get("choices", [])
    one = paging.at(values, value)
    if one is not None:
        _choose(turn, kind, one)
    elif value == "all" and kind in words.KINDS:
        _choose(turn, kind, None)
    return _list(turn)


def _clear(turn: Turn, _: str) -> Screen:
    _keep(turn, Query(order=_query(turn).order))
    return _list(turn)


def _options(turn: Turn, kind: str) -> Options:
    """What a filter can be set to, by the value that is kept."""
    work, who = turn.work, turn.who
    match kind:
        case "beneficiary":
            return [(one.id, words.masked(one)) for one in reimbursements.beneficiaries(work, who)]
        case "act":
            return [(one.code, words.act_label(one)) for one in reimbursements.acts(work, who)]
        case _:
            today = reimbursements.present_day(work)
            return [(one, words.period(one, today)) for one in reimbursements.periods(work, who)]


def _filters(turn: Turn, query: Query) -> list[Text | None]:
    """The active filters, a line each."""
    if not query.filtered:
        return []
    beneficiary, act = reimbursements.chosen(turn.work, turn.who, query)
    lines: list[Text | None] = []
    if query.beneficiary_id is not None:
        lines.append(
            words.active("beneficiary", words.masked(beneficiary) if beneficiary is not None else words.GONE)
        )
    if act is not None:
        lines.append(words.active("act", words.act_label(act)))
    if query.period != "all":
        lines.append(
            words.active("period", words.period(query.period, reimbursements.present_day(turn.work)))
        )
    return lines


def _chosen(query: Query, kind: str) -> int | str | None:
    match kind:
        case "beneficiary":
            return query.beneficiary_id
        case "act":
            return query.act_code
        case _:
            return None if query.period == "all" else query.period


def _choose(turn: Turn, kind: str, value: Any) -> None:
    query = replace(_query(turn), page=1)
    match kind:
        case "beneficiary":
            query = replace(query, beneficiary_id=value)
        case "act":
            query = replace(query, act_code=value)
        case _:
            query = replace(query, period=value or "all")
    _keep(turn, query)


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _query(turn: Turn) -> Query:
    kept = turn.place
    act = None if _bare(turn) else kept["act"]
    return Query(kept["beneficiary"], act, kept["period"], kept["order"], kept["page"])


def _keep(turn: Turn, query: Query) -> None:
    turn.place = {
        "name": NAME,
        "beneficiary": query.beneficiary_id,
        "act": query.act_code,
        "period": query.period,
        "order": query.order,
        "page": query.page,
        "offer": turn.place.get("offer", False),
    }


def _button(label: Text, action: str) -> Button:
    return Button(label, f"{NAME}:{action}")


def _back(action: str) -> Button:
    return _button(words.BACK, action)


_VERBS: dict[str, Callable[[Turn, str], Screen]] = {
    "list": _again,
    "line": _line,
    "previous": _previous,
    "next": _next,
    "order": _order,
    "totals": _totals,
    "picture": _picture,
    "export": _export,
    "filter": _filter,
    "by": _by,
    "more": _more,
    "pick": _pick,
    "clear": _clear,
    "tell": _tell,
}

# Once they are bare of health data; any other button is for who agreed to them.
_BARE = frozenset(
    ["list", "line", "previous", "next", "order", "totals", "filter", "by", "more", "pick", "clear", "tell", "export"]
)  # fmt: skip

PLACE = Place(
    name=NAME,
    label=t("My reimbursements"),
    needs=Standing.SIGNED_IN,
    consent=True,
    on_page=True,
    open=open_list,
    press=press,
    described=t("Your latest reimbursements"),
)
