"""What every form says."""

from __future__ import annotations

import datetime as dt

from kit.text import Text, Value, nt, t

BACK = t("‹ Back")
CANCEL = t("Cancel")
CONFIRM = t("Confirm")
EDIT = t("Edit")
SKIP = t("Skip")
STOP = t("Yes, stop")
LEAVE = t("Leave it")
GO_ON = t("Go on")
# What also says yes or no to leaving, as the buttons do.
LEAVING = "quitter quitte arreter arrete annuler stop خروج اخرج الغاء"
STAYING = "continuer continue rester reste متابعه متابعة اكمل كمل نكمل"
NOT_AN_ANSWER = t(
    "I have not taken this for an answer. What you entered is still here, and this is where you were."
)
TYPE_OR_CHOOSE = t("Please choose with the buttons.")
PAGE = t("Open the secure page")
BROWSER = t("In my browser")
ANOTHER_LINK = t("Another link")
SEND = t("Send")
DIFFER = t("The two passwords are not the same. Please choose it again.")
USE_PAGE = t(
    "I have deleted your message: this is not asked in the chat. Please use the page that the button opens."
)
FORMATTED = t(
    "Your application changed this text (bold, code, a link …), so it may not be what you meant. Please type it again, plainly."
)


def keep(value: Value) -> Text:
    """The button that answers as before."""
    return t("Keep: {value}", value=value)


def progress(n: int, of: int, label: Text) -> Text:
    """ "3/10 · Birth date"."""
    return t("<i>{n}/{total} · {label}</i>", n=n, total=of, label=label)


def on_page(what: Text) -> Text:
    """Where a secret is asked instead of the chat."""
    return t(
        "<b>{what}</b>: type it on the page that the button opens, so that it never stands in this chat.",
        what=what,
    )


def in_a_frame(url: str) -> list[Text]:
    """How else to open a page where Telegram itself runs in a browser: it would show the page in a frame, which our pages refuse
    (TH-34). Nothing where the page is no Mini App: its button opens the browser already."""
    if not url.startswith("https:"):
        return []
    return [
        t("<i>In Telegram Web, press “{button}”: the page opens in a tab of its own.</i>", button=BROWSER)
    ]


def open_for(span: dt.timedelta) -> Text:
    """How long the page is open."""
    minutes = span // dt.timedelta(minutes=1)
    return nt(
        "<i>The page is for you alone: don’t pass its link on. It closes after {n} minute.</i>",
        "<i>The page is for you alone: don’t pass its link on. It closes after {n} minutes.</i>",
        minutes,
    )


def wrong(reason: Text) -> Text:
    """Why an answer was not taken, as it stands over the question asked again."""
    return t("⚠️ {reason}", reason=reason)


def asked_again(label: Text) -> Text:
    """Why answers are asked for that were given before."""
    return t("You changed “{label}”: the answers that depend on it are asked again.", label=label)


def expired(form: Text) -> Text:
    """What a form says that waited too long."""
    return t(
        "Too much time has passed since your last answer: “{form}” was closed and what you had entered was erased.",
        form=form,
    )
