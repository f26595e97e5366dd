"""Letters about a registration that meets another: to the owner of a space, of an address, or of a membership."""

from __future__ import annotations

from delivery.letters.letter import Letter, Occasion, contacts, door, short, warning
from kit.text import Text, t


def already_registered(occasion: Occasion) -> Letter:
    """To the owner of a space: somebody tried to register with the same membership."""
    return Letter(
        t("You already have a {fund} participant space", fund=short(occasion)),
        [
            t(
                "Somebody, perhaps you, tried to register with your membership in the assistant of {fund} on Telegram.",
                fund=short(occasion),
            ),
            t("You already have a participant space. Nothing was created, and nothing has changed."),
            t(
                "<b>If it was you:</b> there is no need to register again. Sign in with the address that receives this mail."
            ),
            *door(occasion),
            t(
                "Can you no longer get in? Call {phone} or write to {email}: we will help you.",
                **contacts(occasion),
            ),
            t(
                "<b>If it was not you:</b> your space stays closed to whoever does not know your password, but do tell us."
            ),
        ],
    )


def address_in_use(occasion: Occasion) -> Letter:
    """To the owner of an address: somebody tried to register with it."""
    return taken(
        t("Somebody tried to register with your address at {fund}", fund=short(occasion)),
        t(
            "Somebody tried to create a participant space with your e-mail address in the assistant of {fund} on Telegram.",
            fund=short(occasion),
        ),
        t("This address already opens your own space. Nothing was created, and nothing has changed."),
    )


def taken(subject: Text, *happened: Text) -> Letter:
    """A warning to the owner of an address that somebody else's space was to have."""
    return warning(
        subject,
        *happened,
        yours=t(
            "<b>If it was you,</b> for somebody in your family perhaps: use another address, since each space has one of its own."
        ),
        not_yours=[
            t(
                "<b>If it was not you:</b> nobody gets into your space without your password. If it happens again, tell us."
            )
        ],
    )


def registration_notice(occasion: Occasion) -> Letter:
    """To the address on file: a space is being created with another one."""
    return Letter(
        t("A {fund} participant space is being created in your name", fund=short(occasion)),
        [
            t(
                "A participant space is being created with your membership in the assistant of {fund} on Telegram.",
                fund=short(occasion),
            ),
            t(
                "It is being created with another e-mail address than this one, which is the one that we have on file for you."
            ),
            t("<b>If it is you:</b> there is nothing to do."),
            t(
                "<b>If it is not you:</b> call us without delay at {phone}, or write to {email}, so that your data stay yours.",
                **contacts(occasion),
            ),
        ],
        occasion.values.get("name", ""),
    )


def no_address_on_file(occasion: Occasion) -> Letter:
    """To the address that was typed: the fund activates by the address on file only, and has none."""
    return Letter(
        t("Your {fund} registration is not complete", fund=short(occasion)),
        [
            t(
                "Somebody, most likely you, has asked for a secure participant space in the assistant of {fund} on Telegram.",
                fund=short(occasion),
            ),
            t(
                "For your safety, activation links go only to the e-mail address that we have on file. For this membership we have none."
            ),
            t(
                "To have your address added, call {phone} or write to {email}, with your membership card at hand.",
                **contacts(occasion),
            ),
            t(
                "Then register once more in the assistant: the activation mail will reach you. Until then, no space is created."
            ),
            t("If you did not ask for anything, ignore this mail."),
        ],
    )
