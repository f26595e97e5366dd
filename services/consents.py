"""Consents under law 09-08: to the processing of health data, at registration; to their being shown in Telegram, before the first."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

from services import activity
from services.activity import Event
from services.work import Work
from store import consents
from store.consents import Given

__all__ = ["VERSIONS", "Given", "Kind"]

Kind: TypeAlias = Literal["processing", "telegram"]

# The wording that is asked today. A new wording takes a new version, and is asked anew of everyone.
VERSIONS: dict[Kind, str] = {"processing": "2026-1", "telegram": "2026-1"}


def give(work: Work, account_id: int, kind: Kind, chat_id: int) -> None:
    """Record the consent to today's wording; once is enough."""
    if has(work, account_id, kind):
        return
    consents.add(work.db, account_id, kind, VERSIONS[kind], work.now)
    activity.note(work, account_id, Event.CONSENT_GIVEN, chat_id, f"{kind} {VERSIONS[kind]}")


def revoke(work: Work, account_id: int, kind: Kind, chat_id: int) -> None:
    """Take the consent back, whatever its wording; it holds no longer from this moment."""
    if consents.revoke(work.db, account_id, kind, work.now):
        activity.note(work, account_id, Event.CONSENT_REVOKED, chat_id, kind)


def has(work: Work, account_id: int, kind: Kind) -> bool:
    """Whether the consent to today's wording holds."""
    return since(work, account_id, kind) is not None


def shows_in_chat(work: Work, account_id: int) -> bool:
    """Whether health data may stand in the chat: the fund shows them there, and the person agreed."""
    return work.fund.health_data_in_chat != "page_only" and has(work, account_id, "telegram")


def since(work: Work, account_id: int, kind: Kind) -> dt.datetime | None:
    """When the consent that holds was given."""
    return consents.since(work.db, account_id, kind, VERSIONS[kind])


def listed(work: Work, account_id: int) -> list[Given]:
    """All that an account agreed to, the latest first, with what was taken back."""
    return consents.of_account(work.db, account_id)
