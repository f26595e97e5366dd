"""The pages of a reset's link, where a new password is chosen, and of "It was not me", which locks a space."""

from __future__ import annotations

import unicodedata

from kit.errors import Refused
from kit.sheet import Field, Sheet, Typed
from kit.text import Ltr, Text, t
from services import credentials, not_me, recovery
from services.passwords import policy_words
from services.work import Work
from store.accounts import Account

EMAIL = t("E-mail")


class Reset:
    """The new password, twice. Nobody is signed in by it."""

    name = "reset"
    bad = Sheet(
        t("This link is no longer valid"),
        [
            t("A link to choose a password serves once and for a short time, and its page for ten minutes."),
            t(
                "If you have chosen your new password already, there is nothing more to do: sign in with it in Telegram."
            ),
            t(
                "If not, open the link in the latest mail again, or ask for another one in Telegram with {command}.",
                command=Ltr("/forgot"),
            ),
        ],
    )

    def look(self, work: Work, token: str) -> Sheet | None:
        """The two fields; whose password it is stands there now that the link has proven the mailbox."""
        link = recovery.look(work, token)
        if link is None:
            return None
        return Sheet(
            t("Choose a new password"),
            [t("It replaces the former one, and every chat is signed out.")],
            facts=[(EMAIL, Ltr(link.account.email))],
            fields=[
                Field(
                    "password",
                    t("New password"),
                    "password",
                    [policy_words(work.fund.password_policy)],
                    autocomplete="new-password",
                ),
                Field("repetition", t("The same once more"), "password", autocomplete="new-password"),
            ],
            buttons=[("set", t("Set the new password"))],
            back=False,
            language=link.language,
            username=link.account.email,
        )

    def act(self, work: Work, token: str, typed: Typed) -> Sheet | None:
        """Judge both fields, hash it, spend the link."""
        link, sheet = recovery.look(work, token), self.look(work, token)
        if link is None or sheet is None:
            return None
        faults: dict[str, Text] = {}
        try:
            password = credentials.read_password(work, link.account, typed["password"])
            credentials.refuse_former(work, link.account, password)
        except Refused as refused:
            faults["password"] = refused.text
        first, second = (unicodedata.normalize("NFKC", typed[one]) for one in ("password", "repetition"))
        if first and first != second:
            faults["repetition"] = t("The two passwords are not the same: type both again.")
        if faults:
            return sheet.again(typed, faults)
        recovery.reset(work, token, work.need("hash", password))
        return Sheet(
            t("Your new password is set"),
            [
                t("Every chat is signed out: go back to Telegram and sign in with the new password."),
                t("Keep it to yourself: the fund does not answer for carelessness with it."),
            ],
        )

    def past(self, work: Work, token: str) -> Sheet | None:
        """The page for bad links says it all."""
        return None


class NotMe:
    """ "It was not me", from a mail that told of a change."""

    name = "notme"
    bad = Sheet(
        t("This link is no longer valid"),
        [
            t("A link to lock a space serves once, for some weeks, and its page for ten minutes."),
            t("If you have locked your space already, call the fund to open it again."),
        ],
    )

    def look(self, work: Work, token: str) -> Sheet | None:
        """What the button does, before it is pressed."""
        account = not_me.look(work, token)
        return None if account is None else _asks(account)

    def act(self, work: Work, token: str, _typed: Typed) -> Sheet | None:
        """Lock it."""
        _, *then = not_me.lock(work, token)  # what comes first is the title here
        return Sheet(
            t("Your space is locked"),
            [t("Nobody can sign in to it any more, and no new password can be chosen."), *then],
        )

    def past(self, work: Work, token: str) -> Sheet | None:
        """The page for bad links says it all."""
        return None


def _asks(account: Account) -> Sheet:
    lines: list[Text] = [
        t("Nobody will get into your space any more, you neither, until the fund has checked who you are."),
        t("If the change was yours after all, close this page: nothing happens without the button."),
    ]
    return Sheet(
        t("Lock my space"),
        lines,
        facts=[(EMAIL, Ltr(account.email))],
        buttons=[("lock", t("Yes, lock it"))],
        back=False,
        language=account.language,
    )
