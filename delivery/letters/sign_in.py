"""Letters about the sign-in."""

from __future__ import annotations

from delivery.letters.letter import MINUTE, Letter, Occasion, contacts, short, warning
from kit.text import Text, nt, t
from services import limits


def locked(occasion: Occasion) -> Letter:
    """To the owner of an account whose password was typed wrong too often."""
    return warning(
        t("Sign-in to your {fund} participant space is on hold", fund=short(occasion)),
        typed_wrong(limits.FREE_FAILURES),
        nt(
            "To protect your data, sign-in is held for {n} minute; then it opens again by itself.",
            "To protect your data, sign-in is held for {n} minutes; then it opens again by itself.",
            limits.LOCK // MINUTE,
        ),
        yours=t("<b>If it was you:</b> wait a little, then try again."),
        not_yours=[
            t(
                "<b>If it was not you:</b> nobody got in. Keep your password to yourself, and tell us at {phone} or {email}.",
                **contacts(occasion),
            )
        ],
    )


def typed_wrong(times: int) -> Text:
    """Why a sign-in is refused."""
    return nt(
        "The password of your participant space was typed wrong {n} time in a row.",
        "The password of your participant space was typed wrong {n} times in a row.",
        times,
    )
