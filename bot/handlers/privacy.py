"""/privacy: what is kept and why, in plain words, the consents, and the rights with the way to use each (law 09-08)."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversations import erasure, export, rectification
from bot.forms.engine import Forms
from bot.forms.words import BACK
from bot.handlers import privacy_words as words
from bot.places import Place
from bot.turn import Turn
from bot.words import MENU_KEY
from kit.screen import Button, Screen
from kit.text import Text, t
from services import consents, requests
from services.access import Standing

NAME = "privacy"


def open_privacy(turn: Turn) -> Screen:
    """The notice."""
    return _notice(turn)


def press(turn: Turn, argument: str) -> Screen:
    """A chapter of the notice."""
    return _CHAPTERS.get(argument, _notice)(turn)


def _notice(turn: Turn) -> Screen:
    keys = [
        [_button(t("What is kept, and how long"), "kept")],
        [_button(t("Who receives it"), "receivers")],
    ]
    if turn.who.signed_in:
        keys += [
            [_button(t("My consents"), "consents"), _go(t("Health data in this chat"), "consent")],
            [_go(t("A copy of all my data"), "export")],
            [_go(t("Correct my data"), "rectification"), _go(t("Erase my space"), "erasure")],
        ]
    elif turn.who.standing >= Standing.LINKED:
        keys.append([_go(t("Sign in"), "login")])
    return Screen(words.notice(turn.work.fund), keys=[*keys, [MENU_KEY]], edit=turn.pressed)


def _kept(turn: Turn) -> Screen:
    return Screen(words.kept(turn.work.fund), keys=[[_BACK]], edit=True)


def _receivers(turn: Turn) -> Screen:
    keys = [[_go(t("Health data in this chat"), "consent")]] if turn.who.signed_in else []
    return Screen(words.receivers(turn.work.fund), keys=[*keys, [_BACK]], edit=True)


def _consents(turn: Turn) -> Screen:
    if not turn.who.signed_in:
        return _notice(turn)
    given = consents.listed(turn.work, turn.who.account_id)
    keys = [
        [_go(t("Health data in this chat"), "consent")],
        [_button(t("Object to the processing"), "objection")],
        [_BACK],
    ]
    return Screen(words.consents(given), keys=keys, edit=True)


def _objection(turn: Turn) -> Screen:
    keys = [[_go(t("Erase my space"), "erasure")], [_go(t("Correct my data"), "rectification")]]
    return Screen(words.objection(), keys=[*keys, [_button(BACK, "consents")]], edit=True)


def _button(label: Text, chapter: str) -> Button:
    return Button(label, f"{NAME}:{chapter}")


def _go(label: Text, name: str) -> Button:
    return Button(label, f"go:{name}", lasting=True)


_BACK = _button(BACK, "notice")
_CHAPTERS: dict[str, Callable[[Turn], Screen]] = {
    "kept": _kept,
    "receivers": _receivers,
    "consents": _consents,
    "objection": _objection,
}


def places(forms: Forms) -> tuple[Place, ...]:
    """The notice, and the rights that it leads to."""

    def correct(turn: Turn) -> Screen:
        if not requests.possible(turn.work):
            return Screen([requests.by_phone(turn.work)], keys=[[MENU_KEY]], edit=turn.pressed)
        return forms.start(turn, rectification.NAME)

    return (
        Place(
            NAME,
            t("Privacy"),
            Standing.STRANGER,
            open_privacy,
            press,
            described=t("Your data and your consents"),
        ),
        Place(
            erasure.NAME,
            t("Erase my space"),
            Standing.SIGNED_IN,
            lambda turn: forms.start(turn, erasure.NAME),
        ),
        Place(
            export.NAME,
            t("A copy of all my data"),
            Standing.SIGNED_IN,
            lambda turn: forms.start(turn, export.NAME),
            consent=True,
            on_page=True,
        ),
        Place(rectification.NAME, t("Correct my data"), Standing.SIGNED_IN, correct),
    )
