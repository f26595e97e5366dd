"""The fund's file: every fact and every policy value that the fund owns. Its form is services/data/fund.yaml, which is the default."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from kit import plain_yaml
from kit.text import Both

DEFAULT = Path(__file__).parent / "data" / "fund.yaml"


class FundFileRefused(ValueError):
    """The fund's file can't be used; `lines` says why, one fault a line."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Part(BaseModel):
    """A part of the file: unknown keys are refused, nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Part):
    """A fact in words. The Arabic may be missing: the French then stands in for it."""

    fr: str
    ar: str | None = None

    @property
    def both(self) -> Both:
        return Both(self.fr, self.ar or self.fr)


def _words(value: object) -> object:
    return {"fr": value} if isinstance(value, str) else value


class Statute(Part):
    """The law may stand in French only: a plain text."""

    law: Annotated[Words, BeforeValidator(_words)]
    date: dt.date


class HeadOffice(Part):
    building: str
    street: str
    postcode: str
    city: str
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)


class HealthFund(Part):
    short_name: str
    name: Words
    founded: int
    statute: Statute
    nature: list[str]
    sectors: list[str]
    benefits: list[str]
    information_system: str
    portal: str
    site: str
    head_office: HeadOffice
    phone: str
    fax: str
    email: str
    activation_contact: str


class VirtualAgency(Part):
    street: str
    postcode: str
    city: str
    email: str
    addressee: Words


class PensionFund(Part):
    short_name: str
    site: str
    slogan: Words
    virtual_agency: VirtualAgency
    subscription_notice_hours: int = Field(gt=0)
    letters: dict[str, Words]


class Service(Part):
    """A service to be reached; without a `name` it goes by the catalogue's words for its id."""

    id: str
    name: Words | None = None
    email: str | None = None
    phone: str | None = None


def _hours(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value) or value[:5] >= value[6:]:
        raise ValueError("must be HH:MM-HH:MM, the first before the second")
    return value


def _month_day(value: str) -> str:
    dt.date.fromisoformat(f"2024-{value}")
    return value


class OpeningHours(Part):
    timezone: str
    monday_to_friday: list[Annotated[str, AfterValidator(_hours)]] = Field(min_length=1)


class Holidays(Part):
    fixed: list[Annotated[str, AfterValidator(_month_day)]]
    moving: list[dt.date]


class EmergencyNumbers(Part):
    samu: str
    civil_protection: str


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is no pattern: {error}") from error
    return value


class Identifiers(Part):
    matricule: Annotated[str, AfterValidator(_pattern)]
    adherent_number: Annotated[str, AfterValidator(_pattern)]


class PasswordRules(Part):
    minimum: int = Field(ge=4, le=128)
    maximum: int = Field(ge=4, le=128)
    digits: int = Field(ge=0, le=128)

    @model_validator(mode="after")
    def _in_order(self) -> PasswordRules:
        if self.minimum > self.maximum or self.digits > self.maximum:
            raise ValueError("minimum and digits can't be above maximum")
        return self


class SecretQuestions(Part):
    participant: int = Field(ge=1, le=1)
    teleservice_user: tuple[int, int]


class Budgets(Part):
    private_chat_per_second: float = Field(gt=0)
    group_per_minute: float = Field(gt=0)
    overall_per_second: float = Field(gt=0)
    updates_per_chat_per_minute: int = Field(gt=0)


class Sessions(Part):
    linked_days: int = Field(gt=0)
    signed_in_hours: int = Field(gt=0)
    idle_minutes: int = Field(gt=0)


def _span(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value) or value[:5] == value[6:]:
        raise ValueError("must be HH:MM-HH:MM, two different times; it may pass midnight")
    return value


class Notices(Part):
    """Notices to participants: when none is sent unless they choose otherwise, and how old a payment is no news any more."""

    quiet_hours: Annotated[str, AfterValidator(_span)] | None = "21:00-08:00"
    news_days: int = Field(default=60, gt=0)


class Requests(Part):
    """Requests to the agents: after how much working time the group is reminded of one that nobody has taken."""

    reminder_hours: int = Field(default=4, gt=0)


class ComplaintCategory(Part):
    id: str
    first_answer_hours: int = Field(gt=0)
    resolution_hours: int = Field(gt=0)


class RetentionDays(Part):
    seen_updates: int = Field(gt=1)
    set_aside_updates: int = Field(gt=0)
    form_drafts: int = Field(gt=0)
    used_tokens: int = Field(gt=0)
    outbox_payloads: int = Field(gt=0)
    outbox_rows: int = Field(gt=0)
    complaints_after_closing: int = Field(gt=0)
    activity_log: int = Field(gt=0)
    ended_links: int = Field(90, gt=0)  # after a chat's link ran out
    faq_questions: int = Field(180, gt=0)  # since a question that had no answer was asked last
    idle_chats: int = Field(365, gt=0)  # without a link, since the last word


class Cndp(Part):
    authorisation: str | None
    transfer_abroad: str | None


class Fund(Part):
    """The whole file."""

    health_fund: HealthFund
    pension_fund: PensionFund
    documents: list[str]
    services: list[Service]
    opening_hours: OpeningHours
    holidays: Holidays
    emergency_numbers: EmergencyNumbers
    identifiers: Identifiers
    password_policy: PasswordRules
    secret_questions: SecretQuestions
    identity_gate: Literal["match", "directory_email", "agent"]
    health_data_in_chat: Literal["with_consent", "page_only"]
    four_eyes: bool
    budgets: Budgets
    sessions: Sessions
    notices: Notices = Notices()
    requests: Requests = Requests()
    complaint_categories: list[ComplaintCategory]
    retention_days: RetentionDays
    cndp: Cndp

    @property
    def name(self) -> Both:
        """The health fund's full name, in both languages."""
        return self.health_fund.name.both

    @property
    def idle(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.sessions.idle_minutes)

    @property
    def signed_in(self) -> dt.timedelta:
        return dt.timedelta(hours=self.sessions.signed_in_hours)

    @property
    def linked(self) -> dt.timedelta:
        return dt.timedelta(days=self.sessions.linked_days)


def load_fund(path: Path = DEFAULT) -> Fund:
    """The fund's file at `path`, or FundFileRefused with one line for each fault."""
    try:
        raw: Any = plain_yaml.load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FundFileRefused([f"{path}: {error.strerror}"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FundFileRefused([f"{path}: not YAML in UTF-8: {str(error).splitlines()[0]}"]) from error
    try:
        return Fund.model_validate(raw)
    except ValidationError as error:
        raise FundFileRefused(
            [f"{path}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        ) from error
