"""A copy of all that is held of a person, for them to keep: JSON whose form docs/export.md tells, and their statements as PDF.

It is gathered when it is sent, for who was signed in, and had just typed the password, when it was asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from kit.clock import from_ms, to_ms
from kit.screen import Paper
from services import access, activity, consents, credentials, notices, statements
from services.access import Who
from services.activity import Event
from services.notices import Kind
from services.reimbursements import Line
from services.work import Work
from store import accounts, directory, links, requests
from store.chats import Chat
from store.reimbursements import Wanted

PAPER = "export"
FORM = "rafiq-export/1"  # of the JSON; a change that a reader must know of takes another number


def paper(work: Work, who: Who, chat: Chat, year: int | None) -> Paper:
    """The copy as it is sent, of everything or with the reimbursements of one year; that is noted and told by mail. Refused where the
    password was typed too long ago."""
    credentials.spend_proof(work, chat)
    activity.note(work, who.account_id, Event.EXPORTED, chat.id, None if year is None else str(year))
    account = credentials.get(work, who.account_id)
    work.mail("exported", account.email, account.language)
    return Paper(PAPER, {**access.signed(who), "at": to_ms(work.now), "year": year})


def years(work: Work, who: Who) -> list[int]:
    """The years that have statements, the latest first."""
    shelf = statements.shelf(work, who)
    return [] if shelf is None else list(shelf.years)


def gathered(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    """All that is held, as the JSON has it. Moments are UTC; amounts are dirhams, as text with two decimals."""
    who, year = access.signatory(values), values["year"]
    account, person = accounts.get(work.db, who.account_id), directory.glance(work.db, who.participant_id)
    assert account is not None, "it was asked for by its owner"
    assert person is not None, "accounts belong to participants"
    span = Wanted() if year is None else Wanted(since=dt.date(year, 1, 1), until=dt.date(year, 12, 31))
    return {
        "form": FORM,
        "made_at": _moment(from_ms(values["at"])),
        "year": year,
        "fund": work.fund.health_fund.short_name,
        "person": {
            "matricule": person.matricule,
            "last_name": person.last_name,
            "first_name": person.first_name,
            "last_name_ar": person.last_name_ar,
            "first_name_ar": person.first_name_ar,
            "birth_date": person.birth_date.isoformat(),
            "email": person.email,
            "phone": person.phone,
            "left_on": None if person.left_on is None else person.left_on.isoformat(),
        },
        "beneficiaries": [
            {
                "relation": one.relation,
                "last_name": one.last_name,
                "first_name": one.first_name,
                "birth_date": None if one.birth_date is None else one.birth_date.isoformat(),
            }
            for one in directory.family(work.db, who.participant_id)
        ],
        "space": {
            "email": account.email,
            "language": account.language,
            "since": _moment(accounts.since(work.db, account.id)),
            "notices_of_reimbursements": notices.wants(work, account.id, Kind.REIMBURSEMENTS),
        },
        "chats": [
            {
                "telegram_chat": one.chat_id,
                "linked_at": _moment(one.linked_at),
                "used_at": _moment(one.used_at),
            }
            for one in links.listed(work.db, account.id, work.now - work.fund.linked)
        ],
        "consents": [
            {
                "kind": one.kind,
                "wording": one.version,
                "given_at": _moment(one.given_at),
                "withdrawn_at": None if one.revoked_at is None else _moment(one.revoked_at),
            }
            for one in consents.listed(work, account.id)
        ],
        "requests": [
            {
                "number": one.number,
                "kind": one.kind,
                "state": one.state,
                "filed_at": _moment(one.filed_at),
                **{name: value for name, value in one.details.items() if value},
            }
            for one in requests.of_account(work.db, account.id)
        ],
        "activity": [
            {
                "at": _moment(row.at),
                "event": row.event,
                "by": row.actor,
                "telegram_chat": row.chat_id,
                "reference": row.detail,
            }
            for row in activity.recent(work, account.id, activity.count(work, account.id))
        ],
        "reimbursements": [_line(number, line) for number, line in statements.lines(work, who, span)],
    }


def _line(number: str, line: Line) -> dict[str, Any]:
    return {
        "statement": number,
        "payment_date": line.payment_date.isoformat(),
        "beneficiary": line.name.fr,
        "relation": line.beneficiary.relation,
        "care_start": line.care_start.isoformat(),
        "care_end": line.care_end.isoformat(),
        "act_code": line.act.code,
        "act": None if line.act.label is None else line.act.label.fr,
        "amount_claimed": str(line.claimed.dirhams),
        "amount_paid_by_scheme": str(line.paid_by_scheme.dirhams),
        "amount_reimbursed": str(line.reimbursed.dirhams),
    }


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
