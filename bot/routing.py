"""Where an update goes: to the open form, to a place, or to the words for what we can't read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot import words
from bot.forms.engine import Forms
from bot.incoming import FACELESS, TELEGRAM, Incoming, Kind
from bot.places import Place
from bot.render import LASTING
from bot.turn import Turn
from kit.errors import Refused
from kit.screen import Button, Screen
from services import desk_log, flood
from services.access import Standing
from store import chats

Opened = Callable[[Turn, str], Screen]
# What people type who call a place as they would in French: typed only, the menu shows each place once.
IN_FRENCH = {
    "accueil": "start",
    "aide": "help",
    "langue": "language",
    "inscription": "register",
    "connexion": "login",
    "deconnexion": "logout",
    "verrouiller": "lock",
    "oubli": "forgot",
    "remboursements": "reimbursements",
    "releves": "statements",
    "garanties": "guarantees",
    "profil": "profile",
    "confidentialite": "privacy",
    "ecrire": "write",
    "rappel": "callback",
    "mutuelle": "about",
}


class Router:
    """The places, the forms, what deep links open, who asks for the consent, whose presses are by verb (the desk's cards, and `tokens`,
    buttons in private chats that carry a one-time token), and what answers a message that no form awaits, by its kind."""

    def __init__(
        self,
        places: Sequence[Place],
        forms: Forms,
        *,
        deep_links: Mapping[str, Opened],
        sign_in: Callable[[Turn, str], Screen],
        consent: Callable[[Turn, str], Screen | None],
        desk: Mapping[str, Callable[[Turn, str, str], Screen]],
        unasked: Mapping[Kind, Callable[[Turn], Screen]],
        tokens: Mapping[str, Opened] | None = None,
        question: Callable[[Turn], Screen],
        desk_commands: Mapping[str, Callable[[Turn, str], Screen]] | None = None,
        desk_replies: Callable[[Turn], Screen | None] = lambda _: None,
    ) -> None:
        """`desk_replies` reads what is written in reply to a card of the desk; `question` answers a free text."""
        self._places = {place.name: place for place in places}
        self._forms = forms
        self._deep_links = deep_links
        self._sign_in = sign_in
        self._consent = consent
        self._desk = desk
        self._unasked = unasked
        self._tokens = tokens or {}
        self._desk_commands = desk_commands or {}
        self._desk_replies = desk_replies
        self._question = question

    def answer(self, turn: Turn) -> Screen | None:
        """The answer to an update in a private chat, or None where nobody awaits one."""
        if turn.incoming.kind in (Kind.IGNORED, Kind.SERVICE):
            return None
        if turn.incoming.kind is Kind.MEMBERSHIP:
            turn.chat.unreachable_at = None if turn.incoming.member else turn.work.now
            return None
        turn.chat.unreachable_at = None
        match flood.judge(turn.work, turn.chat):
            case flood.Verdict.WARN:
                return words.slow_down()
            case flood.Verdict.IGNORE:
                return None
        return self.follow(turn, self._answer(turn))

    def follow(self, turn: Turn, screen: Screen) -> Screen:
        """The answer with the place that it leads to, where it names one."""
        if turn.next is not None:
            # A press named it: it may be anything.
            follows = turn.next if turn.next in self._places else "menu"
            there = replace(self.enter(turn, follows), edit=False)
            if not screen.lines:
                return replace(there, forget=screen.forget)
            screen = replace(screen, more=(*screen.more, there))
        return screen

    def _answer(self, turn: Turn) -> Screen:
        form = self._forms.open(turn)
        before: Screen | None = None
        if form is not None and self._forms.expired(turn, form):
            before, form = self._forms.expire(turn, form), None
            if turn.incoming.kind is not Kind.COMMAND:
                return before
        screen = self._by_kind(turn)
        return replace(screen, lines=[*before.lines, None, *screen.lines]) if before is not None else screen

    def _by_kind(self, turn: Turn) -> Screen:
        form = self._forms.open(turn)
        incoming = turn.incoming
        match incoming.kind:
            case Kind.PRESS:
                return self._press(turn, incoming)
            case Kind.COMMAND:
                return self._command(turn, incoming)
            case _ if form is not None and self._forms.takes(turn, form):
                return self._step(turn, self._forms.text(turn, form))
            case Kind.TEXT:
                return self._question(turn)
            case kind if form is not None:
                screen = self._forms.where(turn, form, words.wants_text(kind))
                return replace(screen, forget=self._forms.holds_secrets(form))
            case kind:
                unasked = self._unasked.get(kind)
                return unasked(turn) if unasked is not None else words.cannot_read(kind)

    # ── commands and places ──────────────────────────────────────────────────────────────────────────────────────────

    def _command(self, turn: Turn, incoming: Incoming) -> Screen:
        form = self._forms.open(turn)
        if incoming.command == "start" and incoming.text:
            purpose, _, token = incoming.text.partition("_")
            opened = self._deep_links.get(purpose)
            if opened is not None:
                return opened(turn, token)
            if incoming.text in self._places:
                return self.ask_for(turn, incoming.text)
            return words.link_expired()
        if incoming.command == "cancel":
            return self._forms.stop(turn, form) if form is not None else words.nothing_to_cancel()
        place = self._places.get(IN_FRENCH.get(incoming.command, incoming.command))
        if place is None:
            screen = words.unknown_command()
            if form is None:
                return screen
            # It may have been meant as a password (BI-23).
            return replace(
                self._forms.where(turn, form, *screen.lines), forget=self._forms.holds_secrets(form)
            )
        return self.ask_for(turn, place.name)

    def ask_for(self, turn: Turn, name: str) -> Screen:
        """A place was asked for: open it, or offer to leave the open form first."""
        form = self._forms.open(turn)
        place = self._places[name]
        if form is None:
            return self.enter(turn, name)
        if place.passing:
            self._forms.settle(turn)
            screen = self.enter(turn, name)
            return replace(screen, keys=[*screen.keys, [Button(words.GO_ON, "form:where")]])
        if form.name == name:
            return self._forms.where(turn, form)
        return self._forms.interrupt(turn, form, name, place.label)

    def enter(self, turn: Turn, name: str) -> Screen:
        """Open a place to who may enter it; lead others to the sign-in, or to the consent, and back."""
        place = self._places[name]
        refusal = self._barred(turn, place)
        return refusal if refusal is not None else place.open(turn)

    def _barred(self, turn: Turn, place: Place) -> Screen | None:
        if place.needs > Standing.STRANGER and turn.who.standing < place.needs:
            return self._sign_in(turn, place.name)
        if not place.consent or (place.on_page and turn.work.house.public_url is not None):
            return None
        return self._consent(turn, place.name)

    def at_desk(self, turn: Turn) -> Screen | None:
        """A press, a command or a reply in the agents' group; who may do it is asked there. None: nobody awaits it.

        What is tried in vain is answered, a press over the chat, and noted (TH-50).
        """
        incoming, replies = turn.incoming, self._desk_replies
        verb, _, argument = incoming.text.removeprefix(LASTING).partition(":")
        try:
            match incoming.kind:
                case Kind.PRESS if verb in self._desk:
                    return self._desk[verb](turn, verb, argument)
                case Kind.PRESS:
                    return Screen((), toast=words.OUT_OF_DATE)
                case Kind.COMMAND if incoming.command in self._desk_commands:
                    verb = incoming.command
                    return self._desk_commands[verb](turn, incoming.text)
                case Kind.TEXT if incoming.reply_to is not None:
                    verb = "reply"
                    return replies(turn)
        except Refused as refused:
            desk_log.note_refusal(turn.work, incoming.user_id, verb, refused.code)
            pressed = incoming.kind is Kind.PRESS
            return Screen((), toast=refused.text, alert=True) if pressed else Screen([refused.text])
        return None

    # ── presses ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _press(self, turn: Turn, incoming: Incoming) -> Screen:
        """A lasting button opens its place at any age. All others must be of the chat's present revision."""
        if incoming.text.startswith(LASTING):
            verb, _, name = incoming.text[1:].partition(":")
            if verb == "go" and name in self._places:
                return self.ask_for(turn, name)
            held = self._tokens.get(verb)
            return held(turn, name) if held is not None else self._stale(turn)
        revision, _, action = incoming.text.partition(".")
        if not revision.isascii() or not revision.isdecimal() or int(revision) != turn.chat.revision:
            return self._stale(turn, again=revision == str(turn.chat.state.get("pressed")))
        turn.chat.state["pressed"] = turn.chat.revision
        turn.chat.revision += 1  # a button serves once; what is drawn next takes the new number
        name, _, argument = action.partition(":")
        if name == "form":
            form = self._forms.open(turn)
            return (
                self._step(turn, self._forms.press(turn, form, argument))
                if form is not None
                else self._stale(turn)
            )
        place = self._places.get(name)
        if place is None or place.press is None:
            return self._stale(turn)
        barred = self._barred(turn, place)
        if barred is not None:
            return barred
        screen, form = place.press(turn, argument), self._forms.open(turn)
        return self._forms.where(turn, form, *screen.lines) if place.passing and form is not None else screen

    def _step(self, turn: Turn, outcome: Screen | str) -> Screen:
        return outcome if isinstance(outcome, Screen) else self.enter(turn, outcome)

    def _stale(self, turn: Turn, *, again: bool = False) -> Screen:
        """A button of an older screen: say so, and show where the person is. The same button twice is one press."""
        if again:
            return Screen((), toast=words.ALREADY)
        form = self._forms.open(turn)
        place = str(turn.place.get("name"))
        screen = (
            self._forms.where(turn, form)
            if form is not None
            else self.enter(turn, place if place in self._places else "menu")
        )
        return replace(screen, edit=False, toast=words.OUT_OF_DATE)


def faceless(incoming: Incoming) -> bool:
    """Whether nobody in particular speaks: an anonymous admin, a channel, Telegram itself."""
    return incoming.user_id in FACELESS


def hides(incoming: Incoming) -> bool:
    """Whether a person speaks as somebody else: as the group, or as a channel. Telegram itself hides nobody (BI-73)."""
    return incoming.user_id in FACELESS - {TELEGRAM}


def move_chat(turn: Turn) -> None:
    """The group became a supergroup: the old one says so, and so does the new one, which may be heard first."""
    if turn.incoming.moved_to is not None:
        turn.chat.state["moved_to"] = turn.incoming.moved_to
    if turn.incoming.moved_from is not None:
        chats.move(turn.work.db, turn.incoming.moved_from, turn.chat.id, turn.work.now)
