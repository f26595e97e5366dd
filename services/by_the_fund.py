"""What the fund does for an owner whom it has checked, at the counter or by a call back: open a locked space, put another address."""

from __future__ import annotations

from kit.errors import Refused
from kit.readers import read_email
from kit.text import Ltr, t
from services import activity, email_change, not_me, one_time
from services.activity import Event
from services.work import Work
from store import accounts, directory, email_changes


def open_again(work: Work, matricule: str, email: str = "") -> bool:
    """The space of a matricule opens again, by a password that its owner chooses with /forgot; with an `email`, at that address.

    The former address is told, and can take a change of address back for a day. False: there is no such space, or nothing to do.
    Raises Refused for an address that is none, or that opens another space.
    """
    address = read_email(email).address if email else ""
    person = directory.by_matricule(work.db, matricule)
    account = accounts.by_participant(work.db, person.id) if person is not None else None
    if account is None or not (account.locked or address):
        return False
    if address and accounts.by_email(work.db, address) is not None:
        raise Refused("email_in_use", t("This address opens a space already."))
    one_time.void(work, account.id)
    accounts.set_locked(work.db, account.id, None)
    accounts.disable(work.db, account.id, work.now)
    activity.note(work, account.id, Event.SPACE_UNLOCKED, actor="operator")
    if address:
        change_id = email_changes.open_one(work.db, account.id, 0, account.email, address, work.now)
        email_changes.set_state(work.db, change_id, email_changes.TAKEN)
        accounts.set_email(work.db, account.id, address)
        activity.note(work, account.id, Event.EMAIL_CHANGED, actor="operator")
        email_change.offer_cancel(work, "email_changed_former", account.email, account, change_id)
        said = t("The e-mail address of your space is now {email}.", email=Ltr(address))
        not_me.tell_chats(work, account, [said])
    work.mail("space_unlocked", address or account.email, account.language)
    return True
