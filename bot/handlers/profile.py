"""/profile: what the fund holds of a person, the family, the chats that are linked, and who saw the file.

Sent as a new, protected message when it is opened, then edited in place. What is shown is kept with the chat:
    name · view: "profile", "family", "chats", "leaving", "log" · whole: the matricule in full · chats: ids, in the order shown
    chosen: the one to be unlinked · page: of the log
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.conversations import unlinking
from bot.forms.engine import Forms
from bot.handlers import activity_words, profile_words
from bot.handlers.profile_words import NAME, button
from bot.places import Place
from bot.turn import Turn
from kit.screen import Screen
from kit.text import Text, t
from services import activity, profile
from services.access import Standing

PAGE = 8  # entries of the log on a page


def open_profile(turn: Turn) -> Screen:
    """What the fund holds."""
    turn.place = {"name": NAME, "view": "profile"}
    profile.opened(turn.work, turn.who, turn.chat.id)
    return replace(_profile(turn, ""), edit=False)


def _profile(turn: Turn, _: str) -> Screen:
    shown = profile.read(turn.work, turn.who)
    whole = bool(turn.place.get("whole"))
    turn.place["view"] = "profile"
    show = (
        button(t("Hide the matricule"), "matricule:hide")
        if whole
        else button(t("Show the matricule"), "matricule:show")
    )
    keys = [
        [show, button(t("Beneficiaries"), "family")],
        [button(t("Linked chats"), "chats"), button(t("Who saw my file"), "log")],
        [profile_words.go(t("Change my e-mail"), "email"), profile_words.go(t("My password"), "password")],
        [profile_words.go(t("My secret question"), "question")],
        [profile_words.go(t("Language"), "language"), profile_words.go(t("Notifications"), "notifications")],
        [profile_words.go(t("Correct my data"), "rectification")],
        [profile_words.go(t("Privacy"), "privacy"), profile_words.MENU],
    ]
    return Screen(profile_words.profile(shown, whole=whole), keys=keys, edit=True, protect=True)


def _matricule(turn: Turn, value: str) -> Screen:
    turn.place["whole"] = value == "show"
    return _profile(turn, "")


def _family(turn: Turn, _: str) -> Screen:
    turn.place["view"] = "family"
    lines = profile_words.family(profile.family(turn.work, turn.who, turn.chat.id))
    return Screen(lines, keys=[[profile_words.BACK]], edit=True, protect=True)


# ── linked chats ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _chats(turn: Turn, _: str) -> Screen:
    linked = profile.chats(turn.work, turn.who)
    turn.place.update(view="chats", chats=[one.chat_id for one in linked])
    keys = [
        [button(t("Unlink chat {n}", n=number), f"leave:{number}")]
        for number, one in enumerate(linked, start=1)
        if one.chat_id != turn.chat.id
    ]
    keys = [*keys, [profile_words.go(t("Sign out here"), "logout")], [profile_words.BACK]]
    return Screen(profile_words.chats(linked, turn.chat.id), keys=keys, edit=True, protect=True)


def _leave(turn: Turn, value: str) -> Screen:
    """Whether to unlink a chat."""
    linked = {one.chat_id: one for one in profile.chats(turn.work, turn.who)}
    ids: list[int] = turn.place.get("chats", [])
    index = int(value) - 1 if value.isdecimal() and len(value) < 4 else -1
    one = linked.get(ids[index]) if 0 <= index < len(ids) else None
    if one is None or one.chat_id == turn.chat.id:
        return replace(_chats(turn, ""), toast=t("This chat is no longer linked to your space."))
    turn.place.update(view="leaving", chosen=one.chat_id)
    keys = [[button(t("Unlink it"), "unlink")], [button(profile_words.BACK.label, "chats")]]
    return Screen(profile_words.leaving(index + 1, one), keys=keys, edit=True, protect=True)


def _chosen(turn: Turn) -> int | None:
    chosen: int | None = turn.place.get("chosen") if turn.place.get("view") == "leaving" else None
    return chosen


# ── who saw the file ─────────────────────────────────────────────────────────────────────────────────────────────────


def _log(turn: Turn, value: str) -> Screen:
    """A page of the log, the newest first."""
    total = activity.count(turn.work, turn.who.account_id)
    pages = max(1, -(-total // PAGE))
    asked = int(value) if value.isdecimal() and len(value) < 6 else 1
    number = min(max(1, asked), pages)
    rows = activity.recent(turn.work, turn.who.account_id, PAGE, (number - 1) * PAGE)
    linked = [one.chat_id for one in profile.chats(turn.work, turn.who)]
    turn.place.update(view="log", page=number)
    lines: list[Text | None] = [t("<b>Who saw my file</b>")]
    if pages > 1:
        lines.append(t("Page {page} of {pages}, the latest first", page=number, pages=pages))
    for row in rows:
        lines += [None, *activity_words.lines(row, profile.told_apart(turn.chat.id, row.chat_id, linked))]
    turns = [button(t("‹ Newer"), f"log:{number - 1}")] if number > 1 else []
    if number < pages:
        turns.append(button(t("Older ›"), f"log:{number + 1}"))
    return Screen(lines, keys=[turns, [profile_words.BACK]], edit=True, protect=True)


_VERBS: dict[str, Callable[[Turn, str], Screen]] = {
    "matricule": _matricule,
    "family": _family,
    "chats": _chats,
    "leave": _leave,
    "log": _log,
}


def place(forms: Forms) -> Place:
    """The place; unlinking asks for the password in a form."""

    def press(turn: Turn, argument: str) -> Screen:
        """A button of these screens; one that means nothing here shows the profile."""
        if turn.place.get("name") != NAME:
            return open_profile(turn)
        verb, _, value = argument.partition(":")
        chosen = _chosen(turn)
        if verb == "unlink" and chosen is not None:
            return forms.start(turn, unlinking.NAME, answers={unlinking.CHAT: chosen})
        return _VERBS.get(verb, _profile)(turn, value)

    return Place(
        name=NAME,
        label=t("My profile"),
        needs=Standing.SIGNED_IN,
        open=open_profile,
        press=press,
        described=t("Your data, your chats, who saw your file"),
    )
