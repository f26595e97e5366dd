"""Letters of a participant space: the link that makes it, and what it is for once it exists."""

from __future__ import annotations

from delivery.letters.letter import Letter, Occasion, door, on_page, phone, short, works_once
from kit.screen import Link
from kit.text import Ltr, Text, t
from services.registration import ACTIVATION_LIFETIME


def activation(occasion: Occasion) -> Letter:
    """The link that makes the space. Raises NotYet."""
    return Letter(
        t("Activate your {fund} participant space", fund=short(occasion)),
        [
            t(
                "Somebody, most likely you, has asked for a secure participant space in the assistant of {fund} on Telegram.",
                fund=short(occasion),
            ),
            t("Open the page below and confirm there: your space is then created.")
            if on_page(occasion)
            else t("The button below opens Telegram: press Start there, and your space is created."),
            Link(t("Activate my space"), occasion.addresses.link("activate", occasion.values["token"])),
            works_once(occasion, ACTIVATION_LIFETIME),
            t("After that, ask for a new mail in the chat where you registered."),
            t("Once your space is active, you can, at any hour:"),
            _possibilities(),
            t("If you did not ask for anything, ignore this mail: without the link, no space is created."),
            t(
                "Does the activation not work? Write to {contact}.",
                contact=Ltr(occasion.fund.activation_contact),
            ),
        ],
    )


def confirmation(occasion: Occasion) -> Letter:
    """The space exists."""
    return Letter(
        t("Your {fund} participant space is active", fund=short(occasion)),
        [
            t(
                "Your secure participant space is created. Whenever you like, in the assistant of {fund} on Telegram, you can:",
                fund=short(occasion),
            ),
            _possibilities(),
            *door(occasion),
            t(
                "Your e-mail address and your password open this space: you will be asked for them each time you sign in."
            ),
            t(
                "Keep them to yourself and lend them to nobody: the fund does not answer for carelessness with them."
            ),
            t(
                "If this space was not created by you, tell us at once at {phone}.",
                phone=phone(occasion.fund),
            ),
        ],
        occasion.values.get("name", ""),
    )


def erased(occasion: Occasion) -> Letter:
    """The space is gone, as its owner wished."""
    return Letter(
        t("Your {fund} participant space is erased", fund=short(occasion)),
        [
            t(
                "As you asked in the assistant of {fund} on Telegram, your participant space is erased.",
                fund=short(occasion),
            ),
            t(
                "Its chats are signed out, and what was written there in the last two days is deleted. "
                "Your cover and your reimbursements stay with the fund and go on as before."
            ),
            t("You can create a space again at any time, in the assistant."),
            t(
                "If it was not you who asked for this, tell us at once at {phone}.",
                phone=phone(occasion.fund),
            ),
        ],
    )


def exported(occasion: Occasion) -> Letter:
    """To the owner: a copy of all the data left the house."""
    return Letter(
        t("A copy of your {fund} data was asked for", fund=short(occasion)),
        [
            t(
                "A copy of all the data that {fund} holds of you was asked for in your space, with your password, "
                "and sent to the chat that asked.",
                fund=short(occasion),
            ),
            t(
                "If it was you, there is nothing to do. If not, change your password at once and tell us at {phone}.",
                phone=phone(occasion.fund),
            ),
        ],
    )


def _possibilities() -> tuple[Text, ...]:
    """What an active space is for."""
    return (
        t("see which personal data we hold about you"),
        t("follow each of your reimbursements as soon as it is made"),
        t("know what your guarantees cover"),
    )
