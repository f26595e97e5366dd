"""Letters that stand in for a notice where no chat can be reached. What is new is never said in them (TH-42)."""

from __future__ import annotations

from delivery.letters.letter import Letter, Occasion, door, short
from kit.text import Ltr, t


def new_reimbursements(occasion: Occasion) -> Letter:
    """To who asked to be told of new reimbursements."""
    return Letter(
        t("There is something new in your {fund} participant space", fund=short(occasion)),
        [
            t("New reimbursements have arrived in your participant space."),
            t("To see them, open the assistant on Telegram and sign in there."),
            *door(occasion),
            t(
                "I could not reach you on Telegram: if you blocked the assistant there, unblock it to hear from it again."
            ),
            t(
                "You get this mail because you asked to be told of new reimbursements; {command} turns that off in the assistant.",
                command=Ltr("/notifications"),
            ),
        ],
    )
