"""How the fund is reached: its services by need, their telephone and e-mail, the head office."""

from __future__ import annotations

from kit.errors import Refused
from kit.readers import read_phone
from kit.text import Text, t
from services.fund import Fund, Service

# The titles of the services that are known by their id; a service with a name in the fund's file goes by that.
TITLES: dict[str, Text] = {
    "reimbursements": t("Reimbursement of care"),
    "long_term_illness": t("Long-term illness (ALD)"),
    "membership": t("Membership and rights"),
    "dental_clinic": t("Dental clinic"),
    "teleservices": t("Teleservices for companies"),
}


def service(fund: Fund, id: str) -> Service | None:
    """A service of the fund's file, by its id."""
    return next((one for one in fund.services if one.id == id), None)


def title(fund: Fund, id: str) -> Text:
    """What a service is called: by the fund's file, else by the catalogue, else by its id."""
    found = service(fund, id)
    if found is not None and found.name is not None:
        return t("{title}", title=found.name.both)
    return TITLES.get(id) or t("{title}", title=id)


def phone(fund: Fund, id: str) -> str:
    """A service's telephone, or the fund's."""
    found = service(fund, id)
    return (found.phone if found is not None else None) or fund.health_fund.phone


def email(fund: Fund, id: str) -> str:
    """A service's e-mail, or the fund's."""
    found = service(fund, id)
    return (found.email if found is not None else None) or fund.health_fund.email


def dialled(phone: str) -> str | None:
    """A number as it is dialled from anywhere, "+212522202421": Telegram's applications make that tappable. None for what is no number."""
    try:
        return read_phone(phone)
    except Refused:
        return None


def address(fund: Fund) -> str:
    """Where the head office is."""
    office = fund.health_fund.head_office
    return f"{office.building}, {office.street}, {office.postcode} {office.city}"
