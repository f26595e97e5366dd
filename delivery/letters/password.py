"""Letters about a password: the link that chooses a new one, and what its owner must hear of."""

from __future__ import annotations

from delivery.letters.letter import MINUTE, Block, Letter, Occasion, contacts, door, on_page, short, warning
from delivery.letters.sign_in import typed_wrong
from kit.screen import Link
from kit.text import Clock, nt, t
from services.recovery import AFTER_ACCEPTANCE, LONGEST_LIFE
from services.sign_in import MAX_FAILURES


def password_link(occasion: Occasion) -> Letter:
    """The link to choose a new password. Raises NotYet."""
    link = occasion.addresses.link("reset", occasion.values["token"])
    until = occasion.at + LONGEST_LIFE
    return Letter(
        t("Choose a new password for your {fund} space", fund=short(occasion)),
        [
            t(
                "Somebody, most likely you, has answered your secret question in the assistant of {fund} on Telegram, "
                "and would like a new password for your participant space.",
                fund=short(occasion),
            ),
            t("Open the page below and choose it there, twice.")
            if on_page(occasion)
            else t(
                "Open the button below on the device where you asked: press Start there, and choose it in the chat."
            ),
            Link(t("Choose a new password"), link),
            nt(
                "The link works once, for {n} minute after this mail left, and until {time} at the latest.",
                "The link works once, for {n} minutes after this mail left, and until {time} at the latest.",
                AFTER_ACCEPTANCE // MINUTE,
                time=Clock(until),
            ),
            t("Once the new password is chosen, every chat is signed out, and you sign in again with it."),
            t(
                "<b>If it was not you:</b> do not use the link. Your password stays as it is, but somebody knows your secret answer: "
                "change your secret question, and tell us at {phone} or {email}.",
                **contacts(occasion),
            ),
        ],
        until=until,
    )


def password_changed(occasion: Occasion) -> Letter:
    """To the owner: the password is another one. Raises NotYet."""
    return warning(
        t("The password of your {fund} space has been changed", fund=short(occasion)),
        t("The password of your participant space has just been changed."),
        t("Chats that were linked to your space were signed out of it."),
        yours=t(
            "<b>If it was you:</b> there is nothing to do. Keep the new password to yourself: "
            "the fund does not answer for carelessness with it."
        ),
        not_yours=_lock(occasion),
    )


def question_changed(occasion: Occasion) -> Letter:
    """To the owner: the secret question is another one. Raises NotYet."""
    return warning(
        t("The secret question of your {fund} space has been changed", fund=short(occasion)),
        t("The secret question of your participant space, or its answer, has just been changed."),
        not_yours=_lock(occasion),
    )


def _lock(occasion: Occasion) -> tuple[Block, ...]:
    """What an owner can do at once about a change that was somebody else's. Raises NotYet."""
    return (
        t(
            "<b>If it was not you:</b> lock your space at once. Nobody gets in any more, until the fund has spoken with you."
        ),
        Link(t("It was not me: lock my space"), occasion.addresses.link("notme", occasion.values["token"])),
    )


def password_disabled(occasion: Occasion) -> Letter:
    """To the owner of an account whose password was typed wrong so often that it opens nothing any more."""
    return Letter(
        t("The password of your {fund} space opens it no longer", fund=short(occasion)),
        [
            typed_wrong(MAX_FAILURES),
            t("So that nobody can guess it, it no longer opens your space, even if it is typed right."),
            t(
                "To choose a new one, press “Forgotten password?” in the assistant: your secret question will be asked."
            ),
            *door(occasion),
            t("If you no longer know the answer, call {phone} or write to {email}.", **contacts(occasion)),
        ],
    )


def space_locked(occasion: Occasion) -> Letter:
    """To the owner who said "It was not me"."""
    return Letter(
        t("Your {fund} participant space is locked", fund=short(occasion)),
        [
            t("Somebody, most likely you, has pressed “It was not me”: your participant space is locked."),
            t(
                "Nobody can sign in to it any more, no new password can be chosen, and every chat is signed out."
            ),
            t(
                "To open it again with you, we must check who you are: call {phone} or write to {email}, "
                "with your membership card at hand.",
                **contacts(occasion),
            ),
        ],
    )


def space_unlocked(occasion: Occasion) -> Letter:
    """To the owner: the fund has opened the space again."""
    return Letter(
        t("Your {fund} participant space can be opened again", fund=short(occasion)),
        [
            t("We have checked who you are: your participant space is no longer locked."),
            t(
                "Its former password opens nothing. Press “Forgotten password?” in the assistant to choose a new one."
            ),
            *door(occasion),
            t(
                "If you did not ask us for this, call {phone} or write to {email} at once.",
                **contacts(occasion),
            ),
        ],
    )
