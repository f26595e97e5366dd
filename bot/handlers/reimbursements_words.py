"""What the list of reimbursements says: its lines, a line in full, totals, and the names of filters.

Labels are cut where many stand together, so that no screen outgrows a message (4 000 UTF-16 units).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot import paging
from bot.forms.words import BACK, in_a_frame, open_for
from bot.forms.words import BROWSER as READ_IN_BROWSER
from bot.words import MENU_KEY as MENU
from kit.money import Money
from kit.text import Both, Ltr, Month, Short, Text, Value, nt, t
from services.extracts import Chart
from services.reimbursements import Act, Beneficiary, Item, Line, Page, Totals

__all__ = ["BACK", "MENU", "READ_IN_BROWSER"]

TITLE = t("<b>My reimbursements</b>")
TOTALS_TITLE = t("<b>My reimbursements: totals</b>")
FILTER_TITLE = t("<b>Which reimbursements do you want to see?</b>")
UNFILTERED = t("All of them are shown now.")
NONE_YET = t(
    "The fund has not recorded any reimbursement for you yet. As soon as one is paid, you will find it here."
)
NONE_FOUND = t("No reimbursement matches your choice. Try a longer period, or show them all.")
GONE = t("This is no longer there.")
FILTER = t("Choose which")
CLEAR = t("Show all")
BY_AMOUNT = t("Largest first")
BY_DATE = t("Latest first")
TOTALS = t("Totals")
PICTURE = t("As a picture")
EXPORT = t("CSV file")
FILE_TITLE = t("<b>Your reimbursements as a file</b>")
FILE = (
    t("It opens in Excel or LibreOffice."),
    t("It holds health data: keep it where only you can read it."),
)
KINDS: dict[str, Text] = {"beneficiary": t("Beneficiary"), "act": t("Type of care"), "period": t("Period")}
ALL: dict[str, Text] = {
    "beneficiary": t("All beneficiaries"),
    "act": t("All types of care"),
    "period": t("All dates"),
}
WHICH: dict[str, Text] = {
    "beneficiary": t("Whose reimbursements?"),
    "act": t("Which type of care?"),
    "period": t("Paid when?"),
}
YOURSELF = t("yourself")

_LIST_LABEL = 44  # characters of an act's label in a list or on a button
_ACTS = 12  # acts named in the totals; the others are one sum
_CAPTION_LABEL, _CAPTION_MONTHS = 36, 12  # the same of a picture's caption
_MONTHS = 24  # months named in the totals; the earlier ones are one sum


def heading(page: Page, *, largest: bool) -> list[Text | None]:
    """What stands over the list."""
    lines: list[Text | None] = [TITLE, counted(page.lines, page)]
    if largest:
        lines.append(t("The largest amounts first."))
    return [*lines, *paging.heading(page.number, page.pages)]


def counted(n: int, sums: Page | Totals) -> Text:
    """How many, and how much."""
    return nt(
        "{n} reimbursement, {amount} in all", "{n} reimbursements, {amount} in all", n, amount=sums.reimbursed
    )


BARE = t(
    "What the care was is not shown in this chat: press a number to read a reimbursement on a page of its own."
)
READ_IT = t("Read it on its page")


def items(page: Page, marked: int | None, *, bare: bool) -> Iterator[Text]:
    """The lines of a page, numbered as their buttons; `marked` is the id of the one that is open. `bare`: without health data (CF-10)."""
    for number, item in enumerate(page.items, 1):
        if bare:
            yield t(
                "<b>{n}.</b> {date} · {beneficiary}: <b>{amount}</b>",
                n=number,
                date=Short(item.payment_date),
                beneficiary=masked(item.beneficiary),
                amount=item.reimbursed,
            )
            continue
        yield _item(number, item, marked=item.id == marked)
        yield t("{act}: <b>{amount}</b>", act=_short(item.act), amount=item.reimbursed)


def _item(number: int, item: Item, *, marked: bool) -> Text:
    values: dict[str, Value] = {
        "n": number,
        "date": Short(item.payment_date),
        "beneficiary": masked(item.beneficiary),
    }
    return (
        t("▸ <b>{n}.</b> {date} · {beneficiary}", **values)
        if marked
        else t("<b>{n}.</b> {date} · {beneficiary}", **values)
    )


def line(line: Line, lasts: dt.timedelta) -> list[Text | None]:
    """A line in full: its seven fields, and how long the message stays."""
    return [
        t("<b>Reimbursement of {date}</b>", date=line.payment_date),
        None,
        t("Payment date: <b>{date}</b>", date=Short(line.payment_date)),
        t(
            "Beneficiary: <b>{name}</b> ({relation})",
            name=line.name,
            relation=_relation(line.beneficiary.relation),
        ),
        _care(line),
        t("Type of care: <b>{act}</b>", act=line.act.label or Ltr(line.act.code)),
        t("Amount claimed: <b>{amount}</b>", amount=line.claimed),
        t("Paid to the provider by the mandatory scheme: <b>{amount}</b>", amount=line.paid_by_scheme),
        t("Reimbursed to you: <b>{amount}</b>", amount=line.reimbursed),
        None,
        _minutes(int(lasts / dt.timedelta(minutes=1))),
    ]


def on_page(lasts: dt.timedelta, url: str) -> list[Text | None]:
    """What leads to a line's page."""
    return [
        t("All of this reimbursement is on a page of its own, outside Telegram."),
        open_for(lasts),
        *in_a_frame(url),
    ]


def _care(line: Line) -> Text:
    start, end = Short(line.care_start), Short(line.care_end)
    if start == end:
        return t("Care: on <b>{day}</b>", day=start)
    return t("Care: from <b>{start}</b> to <b>{end}</b>", start=start, end=end)


def _minutes(n: int) -> Text:
    return nt(
        "<i>For your privacy, this message will be deleted in {n} minute.</i>",
        "<i>For your privacy, this message will be deleted in {n} minutes.</i>",
        n,
    )


def totals(totals: Totals, *, bare: bool) -> list[Text | None]:
    """Totals in all, by act (not where they are `bare`) and by month; every figure is exact, and each part adds up to the whole."""
    if not totals.lines:
        return [NONE_FOUND]
    return [
        counted(totals.lines, totals),
        *(() if bare else (None, t("<b>By type of care</b>"), *_by_act(totals.by_act, _ACTS, _LIST_LABEL))),
        *(None, t("<b>By month</b>"), *_by_month(totals.by_month, _MONTHS)),
    ]


def caption(chart: Chart) -> list[Text | None]:
    """The figures of the picture, for who can't see it, as many as a caption takes."""
    acts = [(act, amount) for act, amount in zip(chart.acts, chart.by_act, strict=True) if act is not None]
    others = chart.by_act[len(acts) :]
    months = [pair for pair in zip(chart.months, chart.by_month, strict=True) if pair[1].centimes]
    lines: list[Text | None] = [t("{amount} in all", amount=chart.total)]
    if chart.earlier:
        lines.append(nt("The last {n} month.", "The last {n} months.", len(chart.months)))
    return [
        *lines,
        None,
        *_by_act([*acts, *((acts[-1][0], amount) for amount in others)], len(acts), _CAPTION_LABEL),
        None,
        *_by_month(months[::-1], _CAPTION_MONTHS),
    ]


def _by_act(sums: Sequence[tuple[Act, Money]], most: int, longest: int) -> Iterator[Text]:
    """Sums by act; what follows the first is one sum, whatever its acts."""
    for act, amount in sums[:most]:
        yield t("{act}: <b>{amount}</b>", act=_short(act, longest), amount=amount)
    if others := [amount for _, amount in sums[most:]]:
        yield t("Other types of care: <b>{amount}</b>", amount=sum(others, Money(0)))


def _by_month(sums: Sequence[tuple[dt.date, Money]], most: int) -> Iterator[Text]:
    for month, amount in sums[:most]:
        yield t("{month}: <b>{amount}</b>", month=Month(month), amount=amount)
    if earlier := [amount for _, amount in sums[most:]]:
        yield t("Earlier months: <b>{amount}</b>", amount=sum(earlier, Money(0)))


def masked(beneficiary: Beneficiary) -> Text:
    """Who was cared for, as lists and menus say it."""
    match beneficiary.relation:
        case "self":
            return YOURSELF
        case "spouse":
            return t("{mask} – spouse", mask=beneficiary.mask)
        case _:
            return t("{mask} – child", mask=beneficiary.mask)


def _relation(relation: str) -> Text:
    match relation:
        case "self":
            return YOURSELF
        case "spouse":
            return t("spouse")
        case _:
            return t("child")


def act_label(act: Act) -> Text:
    """An act as a button or a filter says it."""
    return t("{act}", act=_short(act))


def _short(act: Act, longest: int = _LIST_LABEL) -> Value:
    if act.label is None:
        return Ltr(act.code)
    return Both(_cut(act.label.fr, longest), _cut(act.label.ar, longest))


def _cut(label: str, longest: int) -> str:
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def period(name: str, today: dt.date) -> Text:
    """A period by its name (services.reimbursements.Query)."""
    match name:
        case "month":
            return t("This month")
        case "three_months":
            return t("The last three months")
        case "year":
            return t("This year ({year})", year=Ltr(str(today.year)))
        case "last_year":
            return t("Last year ({year})", year=Ltr(str(today.year - 1)))
        case _:
            return t("Year {year}", year=Ltr(name))


def active(kind: str, value: Text) -> Text:
    """A filter that is on."""
    match kind:
        case "beneficiary":
            return t("Beneficiary: {value}", value=value)
        case "act":
            return t("Type of care: {value}", value=value)
        case _:
            return t("Period: {value}", value=value)


def chosen(label: Text) -> Text:
    """The button of what is chosen now."""
    return t("✓ {label}", label=label)
