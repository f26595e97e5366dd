"""Every form's ways: prompt and re-prompt, progress, Back, Cancel, Skip, Keep, choices, offers, summary with Edit, late refusal,
sealed secrets, stale buttons, expiry, and resuming after a restart, on any replica, under a newer release.

What is kept of an open form (JSON, sealed with the chat's state):
    form: its name · step: the step asked, or "summary", "edit" · answers · former: answers to offer again · offers: (step, values)
    at: when it was last touched, in milliseconds · then: where to go when it is done · leaving: the place asked for meanwhile
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from bot.forms.form import Answers, Choice, Closed, Doubt, Form, Step
from bot.forms.words import (
    BACK,
    CANCEL,
    CONFIRM,
    EDIT,
    FORMATTED,
    GO_ON,
    LEAVE,
    SKIP,
    STOP,
    TYPE_OR_CHOOSE,
    asked_again,
    expired,
    keep,
    progress,
    wrong,
)
from bot.incoming import Kind
from bot.turn import Turn
from kit.clock import from_ms, to_ms
from kit.errors import Refused
from kit.screen import Button, Keys, Screen
from kit.text import Text, t
from services import reminders
from services.work import Work

SUMMARY, EDITING = "summary", "edit"


class Forms:
    """The forms that exist, and the one that is open in a chat."""

    def __init__(self, *forms: Form) -> None:
        self._by_name = {form.name: form for form in forms}

    def start(
        self, turn: Turn, name: str, *, then: str | None = None, answers: Answers | None = None
    ) -> Screen:
        """Open a form, in place of one that was open."""
        form = self._by_name[name]
        turn.form = {"form": name, "step": "", "answers": dict(answers or {}), "former": {}, "then": then}
        reminders.remind(turn.work, "form", turn.chat.id, turn.work.now + lifetime(turn.work, form))
        screen = self._go_on(turn, form)
        if form.intro is not None:
            return _with_lines(screen, [*form.intro(turn), None])
        return screen

    def open(self, turn: Turn) -> Form | None:
        """The form that is open in this chat; one whose release is gone is closed in silence."""
        state = turn.form
        if state is None:
            return None
        form = self._by_name.get(state["form"])
        if form is None:
            turn.form = None
        return form

    def holds_secrets(self, form: Form) -> bool:
        """Whether something typed while the form is open may be a secret."""
        return any(step.secret for step in form.steps)

    def expired(self, turn: Turn, form: Form) -> bool:
        """Whether the open form has waited too long; checked whenever it is used."""
        state = turn.form
        return state is not None and from_ms(state["at"]) + lifetime(turn.work, form) <= turn.work.now

    def expire(self, turn: Turn, form: Form) -> Screen:
        """Close a form that waited too long, and say so."""
        turn.form = None
        return self._expired(form)

    def happen_expired(self, work: Work, chat_id: int) -> None:
        """The moment set when a form was opened has come: close the form and say so, or wait on if it was used since."""
        chat = work.chat(chat_id)
        state = chat.state.get("form") if chat is not None else None
        form = self._by_name.get(state["form"]) if state is not None else None
        if chat is None or state is None or form is None:
            return
        ends = from_ms(state["at"]) + lifetime(work, form)
        if ends > work.now:
            reminders.remind(work, "form", chat_id, ends)
            return
        del chat.state["form"]
        work.save(chat)
        work.tell(chat_id, self._expired(form))

    def _expired(self, form: Form) -> Screen:
        return Screen(
            [expired(form.title)], keys=[[Button(t("Start again"), f"go:{form.name}", lasting=True)]]
        )

    def where(self, turn: Turn, form: Form, *before: Text | None) -> Screen:
        """The screen of the step that is open, after some lines: "here is where you are"."""
        state = _state(turn)
        if state["step"] == SUMMARY:
            screen = self._summary(turn, form)
        elif state["step"] == EDITING:
            screen = self._edit_menu(turn, form)
        else:
            step = form.step(state["step"])
            screen = self._ask(turn, form, step) if step is not None else self._go_on(turn, form)
        return _with_lines(screen, [*before, None]) if before else screen

    def interrupt(self, turn: Turn, form: Form, place: str, label: Text) -> Screen:
        """Something else was asked for: offer to leave the form or to go on."""
        _state(turn)["leaving"] = place
        lines = [
            t("You are in the middle of: {form}.", form=form.title),
            t("Leave it and open “{place}”? What you entered will be erased.", place=label),
        ]
        return Screen(
            lines, keys=[[Button(LEAVE, "form:leave")], [Button(GO_ON, "form:where")]], edit=turn.pressed
        )

    def stop(self, turn: Turn, form: Form) -> Screen:
        """Cancel asks once."""
        lines = [t("Stop here? What you entered for “{form}” will be erased.", form=form.title)]
        return Screen(
            lines, keys=[[Button(STOP, "form:stop")], [Button(GO_ON, "form:where")]], edit=turn.pressed
        )

    # ── what the person did ──────────────────────────────────────────────────────────────────────────────────────────

    def press(self, turn: Turn, form: Form, action: str) -> Screen | str:
        """A bound button of the form. A string is the place that the person leaves for."""
        state = _state(turn)
        verb, _, argument = action.partition(":")
        match verb:
            case "stop":
                turn.form = None
                return Screen(
                    [t("Stopped. Nothing was kept.")],
                    keys=[[Button(t("Menu"), "go:menu", lasting=True)]],
                    edit=True,
                )
            case "leave":
                turn.form = None
                return str(state.get("leaving") or "menu")
            case "cancel":
                return self.stop(turn, form)
            case "back":
                return self._back(turn, form)
            case "edit":
                return self._edit(turn, form, argument)
            case "confirm" if state["step"] == SUMMARY:
                return self._submit(turn, form)
        step = form.step(state["step"])
        if step is None or verb not in ("choose", "keep", "skip", "offer"):
            return self.where(turn, form)
        return self._pressed_answer(turn, form, step, verb, argument)

    def _pressed_answer(self, turn: Turn, form: Form, step: Step, verb: str, argument: str) -> Screen:
        state = _state(turn)
        if verb == "choose":
            choices = step.choices(turn, state["answers"]) if step.choices else ()
            if argument in {choice.id for choice in choices}:
                return self._take(turn, form, step, argument)
        elif verb == "offer":
            of, offers = state.get("offers") or (None, [])
            if of == step.id and argument.isdecimal() and int(argument) < len(offers):
                return self._take(turn, form, step, offers[int(argument)])
        elif verb == "keep":
            known = state["answers"].get(step.id, state["former"].get(step.id))
            if known is not None and step.secret is None:
                return self._take(turn, form, step, known)
        elif step.optional:
            return self._take(turn, form, step, None)
        return self.where(turn, form)

    def text(self, turn: Turn, form: Form) -> Screen:
        """The person wrote: the answer to the step that is open."""
        state = _state(turn)
        step = form.step(state["step"])
        if step is None or step.read is None:
            # Where no text is asked, an impatient hand may have typed the secret of the step before once more.
            return _forgetting(self.where(turn, form, TYPE_OR_CHOOSE), self.holds_secrets(form))
        secret = step.secret is not None
        try:
            if secret and (turn.incoming.formatted or turn.incoming.kind is not Kind.TEXT):
                raise Refused("formatted", FORMATTED)
            value = step.read(turn, state["answers"], turn.incoming.text)
        except Doubt as doubt:
            state["offers"] = [step.id, [value for _, value in doubt.offers]]
            keys = [[Button(label, f"form:offer:{index}")] for index, (label, _) in enumerate(doubt.offers)]
            return Screen(
                [doubt.text],
                keys=[*keys, [Button(BACK, "form:where"), Button(CANCEL, "form:cancel")]],
                forget=secret,
            )
        except Refused as refused:
            return _forgetting(self._refused(turn, form, step, refused), secret)
        return _forgetting(self._take(turn, form, step, value), secret)

    # ── from step to step ────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, turn: Turn, form: Form, step: Step, value: Any) -> Screen:
        """Check a value, keep it, ask what depends on it again, go on."""
        state = _state(turn)
        answers: Answers = state["answers"]
        try:
            if step.check is not None:
                step.check(turn, answers, value)
        except Refused as refused:
            if refused.at is not None and step.secret is None:
                state["former"][step.id] = value  # it was asked last, and may be right
            return self._refused(turn, form, step, refused)
        if step.secret == "hash":
            value = turn.work.need("hash", value)
        elif step.secret == "drop":
            value = True
        changed = answers.get(step.id) != value
        answers[step.id] = value
        state["former"].pop(step.id, None)
        state.pop("offers", None)
        state.pop("edited", None)  # Back leads to the summary only while nothing was changed
        hanging = [other for other in form.steps if step.id in other.depends and other.id in answers]
        for other in hanging if changed else ():
            _set_by(state, other)
        return self._go_on(turn, form, asked_again(step.label) if hanging and changed else None)

    def _go_on(self, turn: Turn, form: Form, before: Text | None = None) -> Screen:
        """To the first step that has no answer yet, else to the summary."""
        state = _state(turn)
        state["at"] = to_ms(turn.work.now)
        for step in form.asked(state["answers"]):
            if step.id not in state["answers"]:
                state["step"] = step.id
                return self._ask(turn, form, step, before)
        if not form.summary:
            return self._submit(turn, form)
        state["step"] = SUMMARY
        return self._summary(turn, form)

    def _refused(self, turn: Turn, form: Form, step: Step, refused: Refused) -> Screen:
        """Say why, and ask the guilty step again; what was answered from there on is offered, not kept."""
        if isinstance(refused, Closed):
            turn.form = None
            return Screen(
                [refused.text],
                keys=[
                    [Button(t("Help"), "go:help", lasting=True), Button(t("Menu"), "go:menu", lasting=True)]
                ],
            )
        state = _state(turn)
        state["at"] = to_ms(turn.work.now)
        guilty = form.step(refused.at) if refused.at else step
        if guilty is None:
            return self.where(turn, form, refused.text)
        if refused.at is not None:
            steps = list(form.steps)
            for between in steps[steps.index(guilty) : steps.index(step) + 1 if step in steps else None]:
                _set_by(state, between)
        state["step"] = guilty.id
        return self._ask(turn, form, guilty, wrong(refused.text))

    def _back(self, turn: Turn, form: Form) -> Screen:
        state = _state(turn)
        state["at"] = to_ms(turn.work.now)
        if state["step"] in (SUMMARY, EDITING) or state.get("edited"):
            state.pop("edited", None)
            return self._go_on(turn, form)
        steps = [step.id for step in form.asked(state["answers"])]
        here = steps.index(state["step"]) if state["step"] in steps else 0
        if here == 0:
            return self.stop(turn, form)
        state["step"] = steps[here - 1]
        return self.where(turn, form)

    def _edit(self, turn: Turn, form: Form, id: str) -> Screen:
        state = _state(turn)
        step = form.step(id)
        if step is None or step not in _editable(form, state["answers"]):
            state["step"] = EDITING
            return self._edit_menu(turn, form)
        state["step"], state["edited"] = step.id, True
        return self._ask(turn, form, step)

    def _submit(self, turn: Turn, form: Form) -> Screen:
        state = _state(turn)
        try:
            screen = form.submit(turn, state["answers"])
        except Refused as refused:
            last = form.asked(state["answers"])[-1]
            keeps_step = refused.at is None and not isinstance(refused, Closed)
            return (
                self.where(turn, form, refused.text)
                if keeps_step
                else self._refused(turn, form, last, refused)
            )
        if turn.form is state:
            turn.form = None
        return screen

    # ── screens ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _ask(self, turn: Turn, form: Form, step: Step, before: Text | None = None) -> Screen:
        state = _state(turn)
        answers: Answers = state["answers"]
        steps = form.asked(answers)
        lines: list[Text | None] = [before, None] if before else []
        if len(steps) > 1:
            lines.append(progress(steps.index(step) + 1, len(steps), step.label))
        lines.extend(step.ask(turn, answers))
        keys: list[list[Button]] = []
        if step.choices is not None:
            keys.extend([_choice(choice)] for choice in step.choices(turn, answers))
        known = answers.get(step.id, state["former"].get(step.id))
        if known is not None and step.show is not None and step.secret is None:
            keys.append([Button(keep(step.show(known)), "form:keep")])
        if step.optional:
            keys.append([Button(SKIP, "form:skip")])
        keys.append([Button(BACK, "form:back"), Button(CANCEL, "form:cancel")])
        return Screen(lines, keys=keys, edit=turn.pressed)

    def _summary(self, turn: Turn, form: Form) -> Screen:
        answers: Answers = _state(turn)["answers"]
        lines: list[Text | None] = [
            t("<b>{form}</b>: please check before you confirm.", form=form.title),
            None,
        ]
        for step in form.asked(answers):
            if step.show is not None:
                lines.append(
                    t("{label}: <b>{value}</b>", label=step.label, value=step.show(answers[step.id]))
                )
            elif step.secret == "hash":
                lines.append(t("{label}: chosen, not shown", label=step.label))
        keys = [
            [Button(form.confirm or CONFIRM, "form:confirm")],
            [Button(EDIT, "form:edit"), Button(CANCEL, "form:cancel")],
        ]
        return Screen(lines, keys=keys, edit=turn.pressed)

    def _edit_menu(self, turn: Turn, form: Form) -> Screen:
        steps = _editable(form, _state(turn)["answers"])
        keys: Keys = [
            [Button(step.label, f"form:edit:{step.id}") for step in steps[row : row + 2]]
            for row in range(0, len(steps), 2)
        ]
        return Screen(
            [t("What would you like to change?")],
            keys=[*keys, [Button(BACK, "form:back")]],
            edit=turn.pressed,
        )


def lifetime(work: Work, form: Form) -> dt.timedelta:
    """How long a form waits for an answer."""
    return form.lifetime or dt.timedelta(days=work.fund.retention_days.form_drafts)


def _state(turn: Turn) -> dict[str, Any]:
    state = turn.form
    assert state is not None, "a form is open here"
    return state


def _editable(form: Form, answers: Answers) -> list[Step]:
    return [step for step in form.asked(answers) if step.editable and step.id in answers]


def _set_by(state: dict[str, Any], step: Step) -> None:
    """Take an answer back; one that is no secret is offered again."""
    value = state["answers"].pop(step.id, None)
    if value is not None and step.secret is None:
        state["former"][step.id] = value


def _choice(choice: Choice) -> Button:
    return Button(choice.label, f"form:choose:{choice.id}")


def _with_lines(screen: Screen, before: list[Text | None]) -> Screen:
    return replace(screen, lines=[*before, *screen.lines])


def _forgetting(screen: Screen, secret: bool) -> Screen:
    return replace(screen, forget=True) if secret else screen
