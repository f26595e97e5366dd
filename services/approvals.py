"""Registrations that an agent approves first (the fund's `identity_gate: agent`).

The card in the agents' group masks the identity; Reveal shows it to one agent in private. Each button carries a one-time token of
its own registration, so that an old card can't act on another one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kit.errors import Refused
from kit.screen import Button, Screen
from kit.text import Clock, Code, Ltr, t
from services import agents, desk_log
from services.requests_words import identified, masked
from services.work import Work
from store import directory, registrations, tokens
from store.directory import Participant
from store.registrations import Registration

PURPOSE = "approval"
LIFETIME = dt.timedelta(days=14)


Approved: TypeAlias = "Callable[[Work, Registration, Participant], None]"


@dataclass(frozen=True, slots=True)
class Case:
    """A registration that awaits an agent."""

    registration: Registration
    participant: Participant


def ask(work: Work, registration: Registration, participant: Participant) -> None:
    """Put the card into the agents' group."""
    group = work.desk()
    assert group is not None, "the start refuses this gate without a group"
    work.tell_group(group, card(work, registration, participant))


def card(work: Work, registration: Registration, participant: Participant) -> Screen:
    """The card: what is asked, nothing of who asks."""
    token = tokens.issue(work.db, PURPOSE, registration.id, registration.chat_id, work.now, LIFETIME)
    lines = [
        t("<b>Registration to approve</b>"),
        t(
            "Matricule {matricule}, asked on {date} at {time}.",
            matricule=Code(masked(participant.matricule)),
            date=work.now,
            time=Clock(work.now),
        ),
        t("Check the identity by telephone or at the counter, then decide."),
    ]
    keys = [
        [
            Button(t("Approve"), f"approve:{token}", lasting=True),
            Button(t("Reject"), f"reject:{token}", lasting=True),
        ],
        [Button(t("Show me in private"), f"reveal:{token}", lasting=True)],
    ]
    return Screen(lines, keys=keys)


def press(work: Work, telegram_id: int, verb: str, token: str, approved: Approved) -> Screen:
    """An agent's press on a card: the card as it is now; `approved` is what follows an approval.

    Raises Refused for who is no agent, or a card that is done with.
    """
    agent = agents.acting(work, telegram_id)
    if verb == "reveal":
        revealed = _case(work, tokens.peek(work.db, token, PURPOSE, work.now))
        _reveal(work, telegram_id, revealed)
        desk_log.note(work, telegram_id, verb, revealed.registration.id)
        return Screen((), toast=t("Sent to you in private."))
    case = _case(work, tokens.spend(work.db, token, PURPOSE, work.now))
    desk_log.note(work, telegram_id, verb, case.registration.id)
    matricule = Code(masked(case.participant.matricule))
    if verb == "approve":
        registrations.set_state(work.db, case.registration.id, registrations.WAITING)
        approved(work, case.registration, case.participant)
        return Screen(
            [t("✅ Matricule {matricule}: approved by {agent}.", matricule=matricule, agent=agent.name)],
            edit=True,
        )
    registrations.set_state(work.db, case.registration.id, registrations.VOID)
    fund = work.fund.health_fund
    refused = t(
        "The fund could not confirm your registration. Please contact it: {phone}, {email}.",
        phone=Ltr(fund.phone),
        email=Ltr(fund.email),
    )
    work.tell(case.registration.chat_id, Screen([refused]))
    return Screen(
        [t("❌ Matricule {matricule}: rejected by {agent}.", matricule=matricule, agent=agent.name)],
        edit=True,
    )


def _case(work: Work, found: tokens.Spent | None) -> Case:
    registration = registrations.get(work.db, found.subject) if found is not None else None
    participant = directory.get(work.db, registration.participant_id) if registration is not None else None
    if registration is None or participant is None or registration.state != registrations.TO_APPROVE:
        raise Refused("approval_done", t("This card is done with."))
    return Case(registration, participant)


def _reveal(work: Work, telegram_id: int, case: Case) -> None:
    private = work.chat(telegram_id)
    if private is None or private.unreachable_at is not None:
        raise Refused("no_private_chat", t("Write to me in private first, then press again."))
    work.tell(
        telegram_id, Screen([identified(case.participant)], protect=True, vanish=dt.timedelta(minutes=10))
    )
