"""A change of the login's address: the new one confirms, the former one is told and can cancel, also after it took effect (TH-43).

asked ──the new address confirms (24 h)──▶ taken ──the former address cancels (24 h)──▶ taken back
  └────────────the former address cancels (24 h)──────────▶ cancelled
"""

from __future__ import annotations

import datetime as dt

from kit.errors import Refused
from kit.text import Ltr, Text, t
from services import access, activity, credentials, limits, not_me, one_time
from services.activity import Event
from services.one_time import EMAIL, EMAIL_CANCEL
from services.registration import expired_link
from services.work import Work
from store import accounts, email_changes, tokens
from store.accounts import Account
from store.chats import Chat
from store.email_changes import CANCELLED, TAKEN, WAITING, EmailChange

CONFIRM_WITHIN = dt.timedelta(hours=24)
CANCEL_WITHIN = dt.timedelta(hours=24)  # of the request, and once more of its taking effect


def ask(work: Work, chat: Chat, account_id: int, wanted: str) -> None:
    """Ask for another address. Whether it is somebody's login already is not told; its owner is.

    Raises Refused: `email_same`, `email_changes_used_up`, or for want of a fresh proof.
    """
    account = credentials.get(work, account_id)
    if wanted.casefold() == account.email.casefold():
        raise Refused("email_same", t("This is your address already: type the new one."), at="email")
    credentials.spend_proof(work, chat)
    if not limits.address_changes.take(work, account.id):
        raise Refused(
            "email_changes_used_up", t("You have asked for several changes today. Please try again tomorrow.")
        )
    one_time.void(work, account.id)
    change_id = email_changes.open_one(work.db, account.id, chat.id, account.email, wanted, work.now)
    owner = accounts.by_email(work.db, wanted)
    if owner is None:
        token = tokens.issue(work.db, EMAIL, change_id, chat.id, work.now, CONFIRM_WITHIN)
        work.mail("email_confirm", wanted, account.language, token=token)
    elif limits.owner_warnings.take(work, f"account {owner.id}"):
        work.mail("address_wanted", owner.email, owner.language)
    offer_cancel(work, "email_change_asked", account.email, account, change_id)
    activity.note(work, account.id, Event.EMAIL_CHANGE_ASKED, chat.id)
    said = t("✉️ A change of the e-mail address of your space has been asked for.")
    not_me.tell_chats(work, account, [said], here=chat.id)


def offer_cancel(work: Work, template: str, to: str, account: Account, change_id: int) -> None:
    """A mail with the link that cancels or takes back."""
    token = tokens.add(work.db, EMAIL_CANCEL, change_id, 0, work.now, CANCEL_WITHIN)
    work.mail(template, to, account.language, token=token)


def _change(work: Work, token: str, purpose: str, here: int | None) -> tuple[EmailChange, Account] | None:
    """What a token would change, while it is good. `here`: the chat that a link opened in, which must be the one that asked."""
    found = tokens.peek(work.db, token, purpose, work.now)
    change = email_changes.get(work.db, found.subject, locked=False) if found is not None else None
    account = accounts.get(work.db, change.account_id) if change is not None else None
    if found is None or change is None or account is None:
        return None
    if here is not None and found.chat_id not in (0, here):
        return None
    return change, account


def look(work: Work, token: str, here: int | None = None) -> Account | None:
    """Whose address a link would confirm, while it is good; nothing changes."""
    found = _change(work, token, EMAIL, here)
    return found[1] if found is not None and found[0].state == WAITING and not found[1].locked else None


def confirm(work: Work, token: str, here: int | None = None) -> Account:
    """Spend a link: the new address is the login, the former one can cancel for 24 h. The account as it was before.

    `here` is the turn's own chat. Raises Refused with one text for every link that isn't good.
    """
    account = look(work, token, here)
    spent = tokens.spend(work.db, token, EMAIL, work.now) if account is not None else None
    change = email_changes.get(work.db, spent.subject) if spent is not None else None
    if account is None or change is None or change.state != WAITING:
        raise expired_link()
    if accounts.by_email(work.db, change.wanted) is not None:
        raise expired_link()  # somebody registered with it meanwhile
    email_changes.set_state(work.db, change.id, TAKEN)
    accounts.set_email(work.db, account.id, change.wanted)
    one_time.void(work, account.id)
    activity.note(work, account.id, Event.EMAIL_CHANGED, here)
    work.mail("email_changed", change.wanted, account.language)
    offer_cancel(work, "email_changed_former", change.former, account, change.id)
    said = t("The e-mail address of your space is now {email}.", email=Ltr(change.wanted))
    not_me.tell_chats(work, account, [said], here=here)
    return account


def look_at_cancel(work: Work, token: str) -> Account | None:
    """Whose change a link would cancel, while it is good; nothing changes."""
    found = _change(work, token, EMAIL_CANCEL, None)
    return found[1] if found is not None and found[0].state in (WAITING, TAKEN) else None


def cancel(work: Work, token: str, here: int | None = None) -> list[Text]:
    """Spend a cancel: what was asked for is off; what took effect is taken back, with all sessions. What is said of it.

    A thief who changed the address knew the password, so it opens nothing any more either. Later changes fall with this one, and
    earlier ones can still be cancelled: so the first owner has the last word. Raises Refused for every link that isn't good.
    """
    account = look_at_cancel(work, token)
    spent = tokens.spend(work.db, token, EMAIL_CANCEL, work.now) if account is not None else None
    change = email_changes.get(work.db, spent.subject) if spent is not None else None
    if account is None or change is None or change.state not in (WAITING, TAKEN):
        raise expired_link()
    one_time.void(work, account.id)
    tokens.void(work.db, EMAIL_CANCEL, change.id, work.now)
    email_changes.set_state(work.db, change.id, CANCELLED)
    activity.note(work, account.id, Event.EMAIL_CHANGE_CANCELLED, here)
    if change.state == WAITING:
        said = [
            t("The change of address is cancelled: your address stays {email}.", email=Ltr(change.former))
        ]
        not_me.tell_chats(work, account, said, here=here, doubt=False)
        return said
    return _take_back(work, account, change, here)


def _take_back(work: Work, account: Account, change: EmailChange, here: int | None) -> list[Text]:
    for later in email_changes.void_after(work.db, account.id, change.id):
        tokens.void(work.db, EMAIL_CANCEL, later, work.now)
    owner = accounts.by_email(work.db, change.former)
    if owner is None or owner.id == account.id:
        accounts.set_email(work.db, account.id, change.former)
    else:
        accounts.set_locked(
            work.db, account.id, work.now
        )  # somebody registered with it meanwhile: the fund must sort it out
    accounts.disable(work.db, account.id, work.now)
    said = [
        t("The change of address is taken back: your address is {email} again.", email=Ltr(change.former)),
        t(
            "Every chat is signed out, and the password opens nothing any more: choose a new one with {command}.",
            command=Ltr("/forgot"),
        ),
    ]
    not_me.tell_chats(work, account, said, here=here, unlink=True, doubt=False)
    if here is not None:
        access.unlink(work, here)
    work.mail("email_restored", change.former, account.language)
    return said
