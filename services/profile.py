"""What the fund holds of a participant, as its owner sees it: the directory's entry, the family, the space, its chats.

Everything starts from who asks, and only who is signed in may.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kit.errors import Refused
from kit.language import Language
from kit.screen import Button, Screen
from kit.text import Both, t
from services import access, activity, credentials
from services.access import Who
from services.activity import Event
from services.names import full_name
from services.work import Work
from store import accounts, directory, links
from store.chats import Chat
from store.directory import Participant
from store.links import LinkedChat

__all__ = ["LinkedChat", "Participant", "Profile", "Relative"]


@dataclass(frozen=True, slots=True)
class Profile:
    """The directory's entry, and the space that belongs to it."""

    person: Participant
    email: str
    language: Language
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody whose care is reimbursed to a participant; `relation` is "self", "spouse" or "child"."""

    relation: str
    name: Both
    birth_date: dt.date | None


def name_of(person: Participant) -> Both:
    """A participant's name, in the reader's script where the fund holds it."""
    return full_name(person.first_name, person.last_name, person.first_name_ar, person.last_name_ar)


def opened(work: Work, who: Who, chat_id: int) -> None:
    """Note that the profile was opened: once for all that is looked at in it but the family."""
    activity.note(work, who.account_id, Event.READ_PROFILE, chat_id)


def read(work: Work, who: Who) -> Profile:
    """What the fund holds of who asks."""
    account, person = accounts.get(work.db, who.account_id), directory.glance(work.db, who.participant_id)
    assert account is not None, "somebody is signed in to it"
    assert person is not None, "accounts belong to participants"
    return Profile(person, account.email, account.language, accounts.since(work.db, who.account_id))


def family(work: Work, who: Who, chat_id: int) -> Sequence[Relative]:
    """The beneficiaries; that they were read is noted. Of the participant alone the fund holds the name in both scripts."""
    activity.note(work, who.account_id, Event.READ_BENEFICIARIES, chat_id)
    person = directory.glance(work.db, who.participant_id)
    assert person is not None, "accounts belong to participants"
    relatives = []
    for one in directory.family(work.db, who.participant_id):
        said = name_of(person) if one.relation == "self" else full_name(one.first_name, one.last_name)
        relatives.append(Relative(one.relation, said, one.birth_date))
    return relatives


def chats(work: Work, who: Who) -> Sequence[LinkedChat]:
    """The chats linked to the account, the one used last first."""
    return links.listed(work.db, who.account_id, work.now - work.fund.linked)


def unlink(work: Work, who: Who, here: Chat, chat_id: int) -> None:
    """End another chat's sign-in and link, take back what it was shown, and tell it; the password was just typed. Refused where that is
    too long ago, or the chat is none of the account's."""
    credentials.spend_proof(work, here)
    link = links.of_chat(work.db, chat_id)
    if link is None or link.account_id != who.account_id:
        raise Refused("not_linked", t("This chat is no longer linked to your space."))
    access.close(work, chat_id)
    lines = [t("This chat is no longer linked to a space: that was ended from another chat.")]
    work.tell(chat_id, Screen(lines, keys=[[Button(t("Sign in"), "go:login", lasting=True)]], wipe=True))
    activity.note(work, who.account_id, Event.CHAT_UNLINKED, here.id)


def told_apart(here: int, chat_id: int | None, linked: Sequence[int]) -> str:
    """Where something happened, as its owner reads it: "here", "linked" (another chat of theirs), "elsewhere", "page" (no chat)."""
    if chat_id is None:
        return "page"
    return "here" if chat_id == here else "linked" if chat_id in linked else "elsewhere"
