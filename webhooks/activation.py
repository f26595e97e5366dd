"""The activation link of a registration: a page with one button, on the frame of `webhooks.once`."""

from __future__ import annotations

from dataclasses import replace

from kit.sheet import Sheet, Typed
from kit.text import t
from services import registration
from services.access import Standing
from services.registration import ActivationLink
from services.work import Work

ASKS = Sheet(
    t("Activate your participant space"),
    [
        t(
            "Your registration is almost complete. Press the button: your space will be active, "
            "and the Telegram conversation in which you registered will be signed in."
        ),
        t("If it was not you who registered, close this page: nothing is activated without the button."),
    ],
    buttons=[("activate", t("Activate my space"))],
    back=False,
)
DONE = Sheet(
    t("Your participant space is active"),
    [t("Go back to Telegram: you are signed in there and can follow your reimbursements.")],
)
DONE_BEFORE = Sheet(
    t("Your participant space is active already"),
    [t("There is nothing more to do: go back to Telegram.")],
)
BAD_LINK = Sheet(
    t("This link is no longer valid"),
    [
        t("A link serves once and for 24 hours, and its page for ten minutes."),
        t("If your space is active already, there is nothing more to do: go back to Telegram."),
        t(
            "If not, open the link in the latest mail again, or ask for another mail in the Telegram "
            "conversation in which you registered."
        ),
    ],
)


class Activation:
    """It doesn't matter who opens it: what becomes active is the chat that registered."""

    name = "activate"
    bad = BAD_LINK

    def look(self, work: Work, token: str) -> Sheet | None:
        """The button, in the language of the registration."""
        return _speaking(ASKS, registration.look_at_link(work, token))

    def act(self, work: Work, token: str, _typed: Typed) -> Sheet | None:
        """The account, the message in the chat, the confirmation's mail."""
        link = registration.look_at_link(work, token)
        if link is None:
            return None
        # The chat's row first, as everywhere: its own turn may be under way.
        work.chat(link.chat_id)
        chat_id = registration.activate(work, token)
        work.tell(chat_id, registration.activated(), standing=Standing.SIGNED_IN)
        return _speaking(DONE, link)

    def past(self, work: Work, token: str) -> Sheet | None:
        """It is active already."""
        return _speaking(DONE_BEFORE, registration.look_at_used_link(work, token))


def _speaking(sheet: Sheet, link: ActivationLink | None) -> Sheet | None:
    return None if link is None else replace(sheet, language=link.language)
