"""/contact: how the fund is reached, by need: telephone, e-mail, hours, the head office; to be called back, and to write.

name · service: the service that is open, by its id; none where all are shown
"""

from __future__ import annotations

from dataclasses import replace

from bot import paging
from bot.conversations.contact import CALLBACK, CALLBACK_FORM, WRITE, WRITE_FORM
from bot.forms.engine import Forms
from bot.forms.words import BACK
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Screen, Venue
from kit.text import Ltr, Text, t
from services import contact, opening_hours, requests
from services.access import Standing

NAME = "contact"
TITLE = t("<b>Contact the fund</b>")
# Lasting, for who asked something else meanwhile and scrolls up to them.
REACH_ME = [
    Button(t("📞 Call me back"), f"go:{CALLBACK}", lasting=True),
    Button(t("✉️ Write"), f"go:{WRITE}", lasting=True),
]


def places(forms: Forms) -> tuple[Place, ...]:
    """The place itself, and the two forms that it opens."""

    def call_me(turn: Turn) -> Screen:
        return _ask(turn, CALLBACK, _chosen(turn))

    def write(turn: Turn) -> Screen:
        return _ask(turn, WRITE, _chosen(turn))

    def _ask(turn: Turn, form: str, service: str) -> Screen:
        if not requests.possible(turn.work):
            return Screen([requests.by_phone(turn.work)], keys=[[MENU_KEY]], edit=turn.pressed)
        return forms.start(turn, form, answers={"service": service, "known": turn.who.signed_in})

    def press(turn: Turn, argument: str) -> Screen:
        verb, _, value = argument.partition(":")
        services = turn.work.fund.services
        match verb:
            case "service" if value.isdecimal() and len(value) < 3 and int(value) < len(services):
                return _service(turn, services[int(value)].id)
            case "all":
                return _all(turn)
            case "office":
                return _office(turn)
            case _:
                return open_contact(turn)

    return (
        Place(
            NAME,
            t("Contact"),
            Standing.STRANGER,
            open_contact,
            press,
            described=t("Telephone, e-mail, to be called back"),
        ),
        Place(CALLBACK, CALLBACK_FORM.title, Standing.STRANGER, call_me),
        Place(WRITE, WRITE_FORM.title, Standing.STRANGER, write),
    )


def open_contact(turn: Turn) -> Screen:
    """Whether the fund is open, and the choice of a service."""
    turn.place = {"name": NAME}
    fund = turn.work.fund
    buttons = [
        _button(contact.title(fund, service.id), f"service:{index}")
        for index, service in enumerate(fund.services)
    ]
    keys = [
        *paging.rows(buttons, 2),
        [_button(t("All services"), "all"), _button(t("Head office"), "office")],
        [MENU_KEY],
    ]
    lines = [TITLE, None, *_hours(turn), None, t("What is it about?")]
    return Screen(lines, keys=keys, edit=turn.pressed)


def _service(turn: Turn, id: str) -> Screen:
    """How a service is reached, and the ways to be reached by it."""
    turn.place = {"name": NAME, "service": id}
    fund = turn.work.fund
    lines: list[Text | None] = [
        t("<b>{title}</b>", title=contact.title(fund, id)),
        None,
        _phone(contact.phone(fund, id)),
        t("✉️ {email}", email=Ltr(contact.email(fund, id))),
        None,
        *_hours(turn),
    ]
    keys = [[_button(BACK, "back"), MENU_KEY]]
    if requests.possible(turn.work):
        keys.insert(0, REACH_ME)
    return Screen(lines, keys=keys, edit=turn.pressed)


def _all(turn: Turn) -> Screen:
    """Every service, with what is its own; what all share is said once."""
    turn.place = {"name": NAME}
    fund = turn.work.fund
    lines: list[Text | None] = [TITLE, None]
    lines += [_phone(fund.health_fund.phone), t("✉️ {email}", email=Ltr(fund.health_fund.email))]
    for service in fund.services:
        if service.phone is None and service.email is None:
            continue
        lines += [None, t("<b>{title}</b>", title=contact.title(fund, service.id))]
        lines += [_phone(service.phone)] if service.phone else []
        lines += [t("✉️ {email}", email=Ltr(service.email))] if service.email else []
    shared = [one.id for one in fund.services if one.phone is None and one.email is None]
    if shared:
        lines += [None, t("By the same number and address:")]
        lines += [t("• {title}", title=contact.title(fund, id)) for id in shared]
    lines += [
        None,
        t(
            "In an emergency: SAMU {samu}, civil protection {protection}.",
            samu=Ltr(fund.emergency_numbers.samu),
            protection=Ltr(fund.emergency_numbers.civil_protection),
        ),
    ]
    keys = [[_button(BACK, "back"), MENU_KEY]]
    if requests.possible(turn.work):
        keys.insert(0, REACH_ME)
    return Screen(lines, keys=keys, edit=turn.pressed)


def _office(turn: Turn) -> Screen:
    """The head office: on the map where the fund's file says where it lies, its address in any case."""
    turn.place = {"name": NAME}
    fund = turn.work.fund
    office, health = fund.health_fund.head_office, fund.health_fund
    lines: list[Text | None] = [
        t("<b>Head office</b>"),
        None,
        t("📍 {address}", address=contact.address(fund)),
        _phone(health.phone),
        t("📠 Fax {fax}", fax=Ltr(health.fax)),
        t("✉️ {email}", email=Ltr(health.email)),
        None,
        *_hours(turn),
    ]
    screen = Screen(lines, keys=[[_button(BACK, "back"), MENU_KEY]], edit=turn.pressed)
    if office.latitude is None or office.longitude is None:
        return screen
    venue = Venue(office.latitude, office.longitude, t("{fund}", fund=fund.name), contact.address(fund))
    return replace(screen, venue=venue)


def _chosen(turn: Turn) -> str:
    return str(turn.place.get("service", "")) if turn.place.get("name") == NAME else ""


def _hours(turn: Turn) -> list[Text | None]:
    fund = turn.work.fund
    return [opening_hours.status(fund, turn.work.now), t("🕑 {hours}", hours=opening_hours.week(fund))]


def _phone(number: str) -> Text:
    """A number as the fund writes it, and as it is dialled, which can be tapped."""
    dialled = contact.dialled(number)
    if dialled is None or dialled == number:
        return t("📞 {phone}", phone=Ltr(number))
    return t("📞 {phone} ({dialled})", phone=Ltr(number), dialled=Ltr(dialled))


def _button(label: Text, action: str) -> Button:
    return Button(label, f"{NAME}:{action}")
