"""The pages of a change of address: to confirm it at the new one, and to cancel it from the former one."""

from __future__ import annotations

import datetime as dt

from kit.sheet import Sheet, Typed
from kit.text import nt, t
from services import email_change
from services.work import Work

_HOUR = dt.timedelta(hours=1)


class ConfirmEmail:
    """From the mail to the new address. A scanner of mails that opens the link changes nothing: a button does."""

    name = "email"
    bad = Sheet(
        t("This link is no longer valid"),
        [
            nt(
                "A link to confirm an address serves once, within {n} hour, and its page for ten minutes.",
                "A link to confirm an address serves once, within {n} hours, and its page for ten minutes.",
                email_change.CONFIRM_WITHIN // _HOUR,
            ),
            t(
                "If you have confirmed already, there is nothing more to do: you sign in with the new address."
            ),
        ],
    )

    def look(self, work: Work, token: str) -> Sheet | None:
        """The button."""
        account = email_change.look(work, token)
        if account is None:
            return None
        return Sheet(
            t("Confirm my new address"),
            [
                t(
                    "Press the button: from then on you sign in to your participant space with the address that got this link."
                )
            ],
            buttons=[("confirm", t("Confirm my new address"))],
            back=False,
            language=account.language,
        )

    def act(self, work: Work, token: str, _typed: Typed) -> Sheet | None:
        """It is the login now."""
        email_change.confirm(work, token)
        return Sheet(
            t("Your new address is confirmed"),
            [t("You sign in with it from now on. Your password stays the same.")],
        )

    def past(self, work: Work, token: str) -> Sheet | None:
        """The page for bad links says it all."""
        return None


class KeepEmail:
    """From the mail to the former address: the change is cancelled, or taken back."""

    name = "keep"
    bad = Sheet(
        t("This link is no longer valid"),
        [
            nt(
                "A link to cancel a change of address serves once, within {n} hour, and its page for ten minutes.",
                "A link to cancel a change of address serves once, within {n} hours, and its page for ten minutes.",
                email_change.CANCEL_WITHIN // _HOUR,
            ),
            t("If the change was not yours and can no longer be cancelled here, call the fund."),
        ],
    )

    def look(self, work: Work, token: str) -> Sheet | None:
        """What the button does, before it is pressed."""
        account = email_change.look_at_cancel(work, token)
        if account is None:
            return None
        return Sheet(
            t("Cancel the change of address"),
            [
                t("The address that got this link stays the one that opens your participant space."),
                t(
                    "If the new address is in use already, every chat is signed out and a new password must be chosen."
                ),
            ],
            buttons=[("cancel", t("Cancel the change"))],
            back=False,
            language=account.language,
        )

    def act(self, work: Work, token: str, _typed: Typed) -> Sheet | None:
        """It is off."""
        return Sheet(t("The change is cancelled"), email_change.cancel(work, token))

    def past(self, work: Work, token: str) -> Sheet | None:
        """The page for bad links says it all."""
        return None
