"""The facts of the fund's file that an answer may name in braces: a number that changes is changed in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kit.text import Both, Ltr, Value
from services import opening_hours
from services.fund import Fund
from services.secret_answers import QUESTIONS

_NAME = re.compile(r"\{([^{}]*)\}")

FACTS: Mapping[str, Callable[[Fund], Value]] = {
    "fund": lambda fund: Ltr(fund.health_fund.short_name),
    "fund_name": lambda fund: fund.name,
    "phone": lambda fund: Ltr(fund.health_fund.phone),
    "fax": lambda fund: Ltr(fund.health_fund.fax),
    "email": lambda fund: Ltr(fund.health_fund.email),
    "site": lambda fund: Ltr(fund.health_fund.site),
    "portal": lambda fund: Ltr(fund.health_fund.portal),
    "address": lambda fund: Ltr(_head_office(fund)),
    "hours": opening_hours.of_a_day,
    "activation_contact": lambda fund: Ltr(fund.health_fund.activation_contact),
    "minimum": lambda fund: fund.password_policy.minimum,
    "maximum": lambda fund: fund.password_policy.maximum,
    "digits": lambda fund: fund.password_policy.digits,
    "pension_fund": lambda fund: Ltr(fund.pension_fund.short_name),
    "pension_site": lambda fund: Ltr(fund.pension_fund.site),
    "agency_address": lambda fund: Ltr(_agency(fund)),
    "agency_email": lambda fund: Ltr(fund.pension_fund.virtual_agency.email),
    "agency_addressee": lambda fund: fund.pension_fund.virtual_agency.addressee.both,
    "notice_hours": lambda fund: fund.pension_fund.subscription_notice_hours,
    "samu": lambda fund: Ltr(fund.emergency_numbers.samu),
    "civil_protection": lambda fund: Ltr(fund.emergency_numbers.civil_protection),
    "founded": lambda fund: Ltr(str(fund.health_fund.founded)),  # a year is not counted: no thousands in it
    "letter_password": lambda fund: _letter(fund, "delegate_password"),
    "letter_email": lambda fund: _letter(fund, "delegate_email"),
    "letter_resubscription": lambda fund: _letter(fund, "resubscription"),
    "linked_days": lambda fund: fund.sessions.linked_days,
    "signed_in_hours": lambda fund: fund.sessions.signed_in_hours,
    "idle_minutes": lambda fund: fund.sessions.idle_minutes,
    "question_count": lambda _: len(QUESTIONS),
}


def named(text: str) -> list[str]:
    """The facts that a text names, in order."""
    return _NAME.findall(text)


def of(fund: Fund, text: str) -> dict[str, Value]:
    """The values of the facts that a text names. Unknown ones are left out: they can't have passed the import."""
    return {name: FACTS[name](fund) for name in named(text) if name in FACTS}


def _head_office(fund: Fund) -> str:
    office = fund.health_fund.head_office
    return f"{office.building}, {office.street}, {office.postcode} {office.city}"


def _agency(fund: Fund) -> str:
    agency = fund.pension_fund.virtual_agency
    return f"{agency.street}, {agency.postcode} {agency.city}"


def _letter(fund: Fund, name: str) -> Both:
    words = fund.pension_fund.letters.get(name)
    return words.both if words is not None else Both(name, name)
