"""What the bot says when there is no place to open: what it can't read, what is out of date, what went wrong."""

from __future__ import annotations

from bot.forms.words import GO_ON
from bot.incoming import Kind
from kit.screen import Button, Screen
from kit.text import Code, Text, t

__all__ = ["ALREADY", "GO_ON", "MENU_KEY", "OUT_OF_DATE"]

OUT_OF_DATE = t("This screen is out of date. Here is where you are.")
ALREADY = t("That is being done already.")
MENU_KEY = Button(t("Menu"), "go:menu", lasting=True)

_KINDS: dict[Kind, Text] = {
    Kind.STICKER: t("A nice sticker, but I only understand words."),
    Kind.VOICE: t("I can't listen to voice messages yet: please write to me."),
    Kind.LOCATION: t("I don't need your location: please write to me."),
    Kind.CONTACT: t("I don't need a contact card, and I don't take one as proof of who you are."),
    Kind.FILE: t("I did not ask for a file, so I have not opened it."),
    Kind.FORWARDED: t("I don't read forwarded messages: please write it in your own words."),
    Kind.EDITED: t("I don't see changes to earlier messages: please send a new one."),
    Kind.OTHER: t("I can't read this kind of message: please write to me."),
}


def wants_text(kind: Kind) -> Text:
    """In a form: what came is no answer."""
    return _KINDS.get(kind, _KINDS[Kind.OTHER])


def cannot_read(kind: Kind) -> Screen:
    """Outside a form: what came is no question."""
    return Screen([wants_text(kind), t("The menu shows what I can do for you.")], keys=[[MENU_KEY]])


def unknown_command() -> Screen:
    """A command that doesn't exist."""
    return Screen(
        [t("I don't know this command.")], keys=[[MENU_KEY, Button(t("Help"), "go:help", lasting=True)]]
    )


def nothing_to_cancel() -> Screen:
    """/cancel with no form open."""
    return Screen([t("There is nothing to cancel.")], keys=[[MENU_KEY]])


def nothing_waits() -> Screen:
    """A mail is asked for again, or an address corrected, where no registration waits."""
    return Screen([t("No registration is waiting for its activation here.")], keys=[[MENU_KEY]])


def link_expired() -> Screen:
    """A deep link that opens nothing, for whatever reason: one text for all (CF-04)."""
    return Screen(
        [
            t("This link is no longer valid."),
            t("A link works once, for a short time, and in the chat where it was asked for."),
            t("If you are waiting for an activation mail, ask for a new one."),
        ],
        keys=[
            [Button(t("Send the mail again"), "go:resend", lasting=True)],
            [Button(t("Forgotten password?"), "go:forgot", lasting=True)],
            [MENU_KEY],
        ],
    )


def slow_down() -> Screen:
    """Too many updates in a minute."""
    return Screen([t("That is a lot at once. Please wait a minute before you go on.")])


def apology(incident: str) -> Screen:
    """Something broke on our side."""
    lines = [t("Sorry, something went wrong on our side and it has been noted under {incident}.", incident=Code(incident)),
             t("Please try again in a few minutes; if it happens again, give this reference to the fund.")]  # fmt: skip
    return Screen(lines, keys=[[MENU_KEY]])


def undelivered() -> Screen:
    """A document or a picture that Telegram would not take."""
    return Screen(
        [t("The document could not be sent. Please ask for it again; if it fails again, tell the fund.")],
        keys=[[MENU_KEY]],
    )


def private_only() -> Screen:
    """In a group that isn't the agents'."""
    return Screen(
        [
            t(
                "I only talk about personal matters in private, so I am leaving this group. Write to me directly."
            )
        ]
    )


def own_name() -> Screen:
    """In the agents' group somebody writes as the group or as a channel (BI-71, BI-72)."""
    return Screen(
        [t("Whoever wrote this is hidden, so it counts for nothing here: please answer in your own name.")]
    )


def delete_yourself() -> Screen:
    """A typed secret that Telegram won't let us delete."""
    return Screen(
        [
            t(
                "I could not delete your message with a secret in it: please delete it yourself (hold it, then Delete)."
            )
        ]
    )
