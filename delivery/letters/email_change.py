"""Letters about a change of the login's address, to the new one and to the former one."""

from __future__ import annotations

from delivery.letters.letter import (
    HOUR,
    Block,
    Letter,
    Occasion,
    contacts,
    on_page,
    short,
    warning,
    works_once,
)
from delivery.letters.registration import taken
from kit.screen import Link
from kit.text import Clock, nt, t
from services.email_change import CANCEL_WITHIN, CONFIRM_WITHIN


def email_confirm(occasion: Occasion) -> Letter:
    """To the new address: the link that makes it the login. Raises NotYet."""
    return Letter(
        t("Confirm your new address for your {fund} space", fund=short(occasion)),
        [
            t(
                "Somebody, most likely you, would like to sign in to the assistant of {fund} on Telegram with this address.",
                fund=short(occasion),
            ),
            t("Open the page below and confirm there: from then on you sign in with this address.")
            if on_page(occasion)
            else t(
                "Open the button below on the device where you asked, and press Start there: "
                "from then on you sign in with this address."
            ),
            Link(t("Confirm my new address"), occasion.addresses.link("email", occasion.values["token"])),
            works_once(occasion, CONFIRM_WITHIN),
            t("If you did not ask for anything, ignore this mail: without the link, nothing changes."),
        ],
    )


def email_change_asked(occasion: Occasion) -> Letter:
    """To the present address, at once: a change is asked for. Raises NotYet."""
    return warning(
        t("A new address is asked for at your {fund} space", fund=short(occasion)),
        t("Another e-mail address has been asked for to open your participant space."),
        t("It takes this one’s place once a link sent to it has been opened."),
        yours=t(
            "<b>If it was you:</b> there is nothing to do here. Open the link in the mail to your new address."
        ),
        not_yours=[
            t(
                "<b>If it was not you:</b> cancel the change, then choose a new password: somebody knows yours."
            ),
            *_cancel(occasion),
        ],
    )


def email_changed(occasion: Occasion) -> Letter:
    """To the new address: it is the login now."""
    return Letter(
        t("This address now opens your {fund} space", fund=short(occasion)),
        [
            t("Your new address is confirmed: you sign in to your participant space with it from now on."),
            t(
                "Your password stays the same. We have told your former address, from which the change can be cancelled for a while."
            ),
            t("If you did not ask for this, call {phone} or write to {email} at once.", **contacts(occasion)),
        ],
    )


def email_changed_former(occasion: Occasion) -> Letter:
    """To the former address: another one is the login now. Raises NotYet."""
    return warning(
        t("Another address now opens your {fund} space", fund=short(occasion)),
        t("The address of your participant space has been changed: this one no longer opens it."),
        not_yours=[
            t(
                "<b>If it was not you:</b> take the change back. This address opens your space again, every chat is signed out, "
                "and a new password must be chosen."
            ),
            *_cancel(occasion),
            t("After that time, call {phone} or write to {email}.", **contacts(occasion)),
        ],
    )


def email_restored(occasion: Occasion) -> Letter:
    """To the former address, which is the login again."""
    return Letter(
        t("This address opens your {fund} space again", fund=short(occasion)),
        [
            t(
                "The change of address is taken back: you sign in to your participant space with this one, as before."
            ),
            t(
                "Every chat is signed out, and the former password opens nothing any more, since somebody else may know it."
            ),
            t(
                "Press “Forgotten password?” in the assistant to choose a new one: your secret question will be asked."
            ),
            t("If anything looks strange to you, call {phone} or write to {email}.", **contacts(occasion)),
        ],
    )


def address_wanted(occasion: Occasion) -> Letter:
    """To the owner of an address: another space wanted it as its login."""
    return taken(
        t("Somebody wanted to use your address at {fund}", fund=short(occasion)),
        t("From another participant space, somebody asked to sign in with your e-mail address from now on."),
        t("This address already opens your own space. Nothing was changed, and nothing is asked of you."),
    )


def _cancel(occasion: Occasion) -> tuple[Block, ...]:
    """The link that cancels, and until when. Raises NotYet."""
    until = occasion.at + CANCEL_WITHIN
    return (
        Link(t("Cancel the change"), occasion.addresses.link("keep", occasion.values["token"])),
        nt(
            "The change can be cancelled for {n} hour: until {date} at {time}.",
            "The change can be cancelled for {n} hours: until {date} at {time}.",
            CANCEL_WITHIN // HOUR,
            date=until,
            time=Clock(until),
        ),
    )
