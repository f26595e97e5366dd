"""What a chat without health data shows in place of a paper: the way to the page that hands it over (CF-10)."""

from __future__ import annotations

from bot.forms.words import open_for
from bot.turn import Turn
from kit.screen import Button, Link, Paper, Screen
from kit.text import Text, t
from services import consents, downloads

SHOW_HERE = t("Show everything in this chat")


def bare(turn: Turn) -> bool:
    """Whether no health data may be shown here and pages take their place. Where there are none, nobody comes without the consent."""
    if turn.work.house.public_url is None:
        return False
    return not consents.shows_in_chat(turn.work, turn.who.account_id)


def show_here(turn: Turn, then: str) -> list[Button]:
    """The button that asks for the consent, and what follows it; none where the fund shows nothing of the kind in chats."""
    if turn.work.fund.health_data_in_chat == "page_only":
        return []
    return [Button(SHOW_HERE, f"consent:for:{then}")]


def offer(turn: Turn, what: Text, paper: Paper) -> Screen:
    """The way to a paper's page, as a message that goes when the page is closed. A browser opens it: not every Telegram saves files."""
    url = downloads.link(turn.work, turn.chat, paper)
    assert url is not None, "without pages nobody comes here without the consent"
    lines = [
        what,
        t("You download it from a page outside Telegram, in your browser."),
        open_for(downloads.LASTS),
    ]
    return Screen(lines, keys=[[Link(t("Open its page"), url)]], protect=True, vanish=downloads.LASTS)
