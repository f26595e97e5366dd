"""/about: the fund's history, statute, sectors and benefits, by its file; sentences for the ids that are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Link, Screen
from kit.text import Ltr, Text, t
from services.access import Standing

NATURE: dict[str, Text] = {
    "private_mutual": t("• a private mutual fund;"),
    "non_profit": t("• without profit;"),
    "run_by_members": t("• run by its own members;"),
    "parity_employers_employees": t("• with as many representatives of employers as of employees."),
}
SECTORS: dict[str, Text] = {
    "banks": t("• banks"),
    "oil": t("• oil companies"),
    "other_companies": t("• companies of many other activities"),
}
BENEFITS: dict[str, Text] = {
    "basic_health_cover": t("• basic health cover"),
    "disability": t("• disability cover"),
    "death": t("• death cover"),
    "dental_clinic": t("• a dental clinic"),
}


def open_about(turn: Turn) -> Screen:
    """Who the fund is, for whom, and what it gives."""
    file = turn.work.fund
    fund = file.health_fund
    lines: list[Text | None] = [
        t("<b>{name}</b> ({short})", name=file.name, short=Ltr(fund.short_name)),
        None,
        t(
            "Founded in {year}, under the statute of mutual funds: {law} of {date}.",
            year=Ltr(str(fund.founded)),
            law=fund.statute.law.both,
            date=fund.statute.date,
        ),
        *_told(t("<b>What it is</b>"), fund.nature, NATURE),
        *_told(t("<b>Whose companies are its members</b>"), fund.sectors, SECTORS),
        *_told(t("<b>What it gives</b>"), fund.benefits, BENEFITS),
    ]
    keys: list[list[Button | Link]] = [
        [
            Link(t("The fund’s site"), _address(fund.site)),
            Link(t("Participants’ portal"), _address(fund.portal)),
        ],
        [Button(t("Contact"), "go:contact", lasting=True), MENU_KEY],
    ]
    return Screen(lines, keys=keys, edit=turn.pressed)


def _told(title: Text, ids: Iterable[str], known: Mapping[str, Text]) -> list[Text | None]:
    """A heading with a line for each id; one that the catalogue doesn't know stands as the fund's file has it."""
    lines = [known.get(id) or t("• {title}", title=id.replace("_", " ")) for id in ids]
    return [None, title, *lines] if lines else []


def _address(site: str) -> str:
    return site if "://" in site else f"https://{site}"


PLACE = Place("about", t("About the fund"), Standing.STRANGER, open_about)
