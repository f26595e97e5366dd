"""Registration: who says to be a participant, the promise of an account, its activation by mail.

What is answered never tells whether a matricule or an address is known (TH-06): one path, one text, one reply and one mail, whoever
the mail goes to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.errors import Refused
from kit.folding import FOLDING_VERSION, same_name
from kit.language import Language
from kit.screen import Button, Screen
from kit.text import Ltr, t
from services import access, activity, approvals, consents, limits
from services.activity import Event
from services.work import Work
from store import accounts, directory, registrations, tokens
from store.directory import Participant
from store.registrations import Registration

ACTIVATION = "activation"
ACTIVATION_LIFETIME = dt.timedelta(hours=24)

# Nobody: compared with where the matricule is unknown, so that it takes as long.
_NOBODY = Participant(0, "", "Personne", "Personne", dt.date(1900, 1, 1), "لا أحد", "لا أحد", "", None)


@dataclass(frozen=True, slots=True)
class Identity:
    """The four facts on the membership card."""

    matricule: str
    last_name: str
    first_name: str
    birth_date: dt.date


def may_begin(work: Work, chat_id: int) -> None:
    """Raises Refused when this chat has had its mismatches or registrations for today."""
    if not (
        limits.mismatches_of_chat.left(work, chat_id) and limits.registrations_of_chat.left(work, chat_id)
    ):
        raise _stopped(work)


def identify(work: Work, chat_id: int, identity: Identity) -> None:
    """Compare with the directory; Refused with one neutral text, whatever is wrong, and counted for the chat and the matricule."""
    if not _may_try(work, chat_id, identity):
        raise _stopped(work)
    if _match(work, identity) is None:
        limits.mismatches_of_chat.take(work, chat_id)
        limits.mismatches_of_matricule.take(work, identity.matricule)
        if not _may_try(work, chat_id, identity):
            raise _stopped(work)
        raise Refused(
            "identity_mismatch",
            t(
                "These four elements together do not match the fund’s records. Please check them against your membership card, one by one."
            ),
            at="matricule",
        )


def _may_try(work: Work, chat_id: int, identity: Identity) -> bool:
    return limits.mismatches_of_chat.left(work, chat_id) and limits.mismatches_of_matricule.left(
        work, identity.matricule
    )


def _match(work: Work, identity: Identity) -> Participant | None:
    found = directory.by_matricule(work.db, identity.matricule)
    person = found or _NOBODY
    last = same_name(identity.last_name, person.last_name) | same_name(
        identity.last_name, person.last_name_ar or person.last_name
    )
    first = same_name(identity.first_name, person.first_name) | same_name(
        identity.first_name, person.first_name_ar or person.first_name
    )
    born = identity.birth_date == person.birth_date
    stays = person.left_on is None or person.left_on > work.now.date()
    return found if (last & first & born & stays) else None


def _stopped(work: Work) -> Refused:
    fund = work.fund.health_fund
    return Refused(
        "registration_stopped",
        t(
            "Registration is stopped for today from here. The fund can help you: {phone}, {email}.",
            phone=Ltr(fund.phone),
            email=Ltr(fund.email),
        ),
    )


def confirm(work: Work, chat_id: int, identity: Identity, data: Mapping[str, Any]) -> None:
    """Keep the registration and send its mail. `data`: email, password and answer (PHC), question, language, consent."""
    allowed = limits.registrations_of_chat.take(work, chat_id) & limits.registrations_of_matricule.take(
        work, identity.matricule
    )
    if not allowed:
        raise _stopped(work)
    participant = _match(work, identity)
    if participant is None:
        raise Refused(
            "identity_mismatch",
            t(
                "These four elements together do not match the fund’s records. Please check them against your membership card, one by one."
            ),
            at="matricule",
        )
    kept = {**data, "folding": FOLDING_VERSION}
    state = registrations.TO_APPROVE if work.fund.identity_gate == "agent" else registrations.WAITING
    registration_id = registrations.open_one(work.db, chat_id, participant.id, kept, state, work.now)
    registration = registrations.get(work.db, registration_id)
    assert registration is not None
    on_file = participant.email
    if (
        _send(work, registration, participant)
        and on_file
        and work.fund.identity_gate != "directory_email"
        and on_file.casefold() != str(data["email"]).casefold()
        and limits.owner_warnings.take(work, participant.id)
    ):
        language = registration.data["language"]
        work.mail("registration_notice", on_file, language, name=participant.called(language))


def resend(work: Work, chat_id: int) -> Registration | None:
    """Send the activation mail again (the former link is void), at most five a day; None when nothing waits here."""
    registration = registrations.waiting_in(work.db, chat_id)
    if registration is None or registration.state == registrations.TO_APPROVE:
        return registration
    if not limits.activation_mails.take(work, chat_id):
        raise Refused(
            "activation_mails_used_up",
            t(
                "You have asked for the mail five times today. Please try again tomorrow, or contact the fund."
            ),
        )
    participant = directory.get(work.db, registration.participant_id)
    assert participant is not None
    _send(work, registration, participant)
    return registration


def correct_address(work: Work, chat_id: int, email: str) -> Registration | None:
    """Correct a mistyped address before the activation, and send the mail there; None when nothing waits here."""
    registration = registrations.waiting_in(work.db, chat_id)
    if registration is None:
        return None
    registrations.set_email(work.db, registration, email)
    return resend(work, chat_id)


def waiting(work: Work, chat_id: int) -> Registration | None:
    """The registration of this chat that waits for its activation."""
    return registrations.waiting_in(work.db, chat_id)


def awaits_agent(registration: Registration) -> bool:
    """Whether an agent has yet to approve."""
    return registration.state == registrations.TO_APPROVE


def approved(work: Work, registration: Registration, participant: Participant) -> None:
    """An agent approved: the activation mail leaves, and the chat is told."""
    work.mail(
        ACTIVATION,
        registration.data["email"],
        registration.data["language"],
        **_activation(work, registration),
    )
    lines = [
        t(
            "The fund has confirmed your identity: the activation mail is on its way to {email}.",
            email=Ltr(registration.data["email"]),
        )
    ]
    work.tell(registration.chat_id, Screen(lines))


def _send(work: Work, registration: Registration, participant: Participant) -> bool:
    """One mail: to who owns the account or the address already, else the activation, as the fund's gate wants it.

    Whether a space may come of it: where none can, nobody is told that one is being created.
    """
    typed, language = str(registration.data["email"]), registration.data["language"]
    owner = accounts.by_participant(work.db, participant.id)
    namesake = accounts.by_email(work.db, typed)
    may_come = owner is None and namesake is None
    on_file = work.fund.identity_gate == "directory_email"
    to = participant.email if on_file else typed
    activates = may_come and bool(to) and registration.state != registrations.TO_APPROVE
    # Each case asks as much of the database (TH-06): a link is made, though it may be dead, and a warning counted, though of nobody.
    link = _activation(work, registration, ACTIVATION_LIFETIME if activates else dt.timedelta())
    warned = f"account {namesake.id}" if owner is None and namesake is not None else participant.id
    may_warn = limits.owner_warnings.take(work, f"nobody {warned}" if may_come else warned)
    if owner is not None:
        if may_warn:
            work.mail("already_registered", owner.email, owner.language)
    elif namesake is not None:
        if may_warn:
            work.mail("address_in_use", namesake.email, namesake.language)
    elif registration.state == registrations.TO_APPROVE:
        approvals.ask(work, registration, participant)
    elif activates:
        work.mail(ACTIVATION, to, language, **link)
    else:
        work.mail("no_address_on_file", typed, language)
    return may_come


def _activation(
    work: Work, registration: Registration, lifetime: dt.timedelta = ACTIVATION_LIFETIME
) -> dict[str, str]:
    """The values of an activation mail, with a new token; former ones are void."""
    token = tokens.issue(work.db, ACTIVATION, registration.id, registration.chat_id, work.now, lifetime)
    return {"token": token, "registration": str(registration.id)}


def peek(work: Work, token: str) -> int | None:
    """The chat that an activation link belongs to, while it is good."""
    found = tokens.peek(work.db, token, ACTIVATION, work.now)
    return None if found is None else found.chat_id


def activate(work: Work, token: str) -> int:
    """Spend an activation token (24 h, once): the account is made, the chat that registered is linked and signed in; that chat's id.

    Raises Refused with one text for every token that isn't good.
    """
    spent = tokens.spend(work.db, token, ACTIVATION, work.now)
    registration = registrations.get(work.db, spent.subject) if spent is not None else None
    if registration is None or registration.state != registrations.WAITING:
        raise expired_link()
    participant = directory.get(work.db, registration.participant_id)
    data = registration.data
    taken = (
        participant is None
        or accounts.by_participant(work.db, participant.id)
        or accounts.by_email(work.db, data["email"])
    )
    if participant is None or taken:
        registrations.set_state(work.db, registration.id, registrations.VOID)
        raise expired_link()
    account_id = accounts.create(work.db, participant.id, data, data["language"], work.now)
    registrations.set_state(work.db, registration.id, registrations.ACTIVATED)
    access.sign_in(work, registration.chat_id, account_id)
    consents.give(work, account_id, "processing", registration.chat_id)
    activity.note(work, account_id, Event.ACTIVATED, registration.chat_id)
    work.mail("confirmation", data["email"], data["language"], name=participant.called(data["language"]))
    return registration.chat_id


def expired_link() -> Refused:
    """The one answer to every link that isn't good (CF-04)."""
    return Refused("link_expired", t("This link is no longer valid."))


def activated() -> Screen:
    """What the chat that registered is told."""
    lines = [
        t("✅ <b>Your participant space is active</b>, and you are signed in here."),
        t(
            "You can follow your reimbursements at any time. Keep your password to yourself: "
            "nobody at the fund will ask you for it, and the fund does not answer for carelessness."
        ),
    ]
    keys = [
        [Button(t("My reimbursements"), "go:reimbursements", lasting=True)],
        [Button(t("Menu"), "go:menu", lasting=True)],
    ]
    return Screen(lines, keys=keys)


def mail_late(work: Work, values: Mapping[str, str]) -> None:
    """The mail can't leave now: told once, so that nobody looks for it in vain (FL-11)."""
    registration = registrations.get(work.db, int(values["registration"]))
    if registration is not None and registration.state == registrations.WAITING:
        lines = [
            t(
                "The activation mail is late: it will leave as soon as our mail service answers. You need do nothing."
            )
        ]
        work.tell(registration.chat_id, Screen(lines))


def mail_refused(work: Work, values: Mapping[str, str]) -> None:
    """The relay refused the address of an activation: the person is told in the chat and can correct it."""
    registration = registrations.get(work.db, int(values["registration"]))
    if registration is None or registration.state != registrations.WAITING:
        return
    if work.fund.identity_gate == "directory_email":
        lines = [
            t(
                "The activation mail could not be delivered to the address that the fund has. Please contact it: {phone}.",
                phone=Ltr(work.fund.health_fund.phone),
            )
        ]
        work.tell(registration.chat_id, Screen(lines))
        return
    lines = [
        t(
            "The activation mail could not be delivered: the address {email} was refused.",
            email=Ltr(registration.data["email"]),
        )
    ]
    keys = [
        [Button(t("Correct the address"), "go:address", lasting=True)],
        [Button(t("Send the mail again"), "go:resend", lasting=True)],
    ]
    work.tell(registration.chat_id, Screen(lines, keys=keys))


@dataclass(frozen=True, slots=True)
class ActivationLink:
    """Whose link it is: the chat that registered, and the language it registered in."""

    chat_id: int
    language: Language


def look_at_link(work: Work, token: str) -> ActivationLink | None:
    """Whose activation link this is, while it is good; nothing changes and nothing is locked."""
    return _link(work, tokens.peek(work.db, token, ACTIVATION, work.now), registrations.WAITING)


def look_at_used_link(work: Work, token: str) -> ActivationLink | None:
    """Whose activation link this was, if its registration has been activated."""
    return _link(work, tokens.past(work.db, token, ACTIVATION), registrations.ACTIVATED)


def _link(work: Work, found: tokens.Spent | None, state: str) -> ActivationLink | None:
    registration = registrations.glance(work.db, found.subject) if found is not None else None
    if registration is None or registration.state != state:
        return None
    return ActivationLink(registration.chat_id, registration.data["language"])
