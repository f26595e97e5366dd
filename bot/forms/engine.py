"""Every form's ways: prompt and re-prompt, progress, Back, Cancel, Skip, Keep, choices, offers, summary with Edit, late refusal,
sealed secrets, stale buttons, expiry, and resuming after a restart, on any replica, under a newer release.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.forms import pages, screens
from bot.forms.form import Answers, Aside, Closed, Doubt, Form, Step
from bot.forms.screens import WAYS_OUT, forgetting, with_lines
from bot.forms.state import EDITING, SUMMARY, editable, keep, lifetime, set_by, state_of, touch
from bot.forms.words import (
    BACK,
    FORMATTED,
    LEAVING,
    NOT_AN_ANSWER,
    STAYING,
    TYPE_OR_CHOOSE,
    USE_PAGE,
    asked_again,
    wrong,
)
from bot.incoming import Kind
from bot.turn import Turn
from kit.clock import from_ms
from kit.errors import Refused
from kit.readers import read_yes_no
from kit.screen import Button, Screen
from kit.sheet import Typed
from kit.text import Text
from services import asking, reminders
from services.work import Work


class Forms:
    """The forms that exist, and the one that is open in a chat."""

    def __init__(self, *forms: Form, aside: Aside | None = None, cry: Aside | None = None) -> None:
        """`aside` answers what a step has refused, where it is a question rather than an answer; `cry` whatever tells of a danger to
        somebody's life, though a step may take it: nobody is asked for a first name and nothing else then."""
        self._by_name = {form.name: form for form in forms}
        self._aside = aside or (lambda _: None)
        self._cry = cry or (lambda _: None)

    def start(
        self, turn: Turn, name: str, *, then: str | None = None, answers: Answers | None = None
    ) -> Screen:
        """Open a form, in place of one that was open."""
        form = self._by_name[name]
        turn.form = {"form": name, "step": "", "answers": dict(answers or {}), "former": {}, "then": then}
        reminders.remind(turn.work, "form", turn.chat.id, turn.work.now + lifetime(turn.work, form))
        screen = self._go_on(turn, form)
        if form.intro is not None:
            return with_lines(screen, [*form.intro(turn), None])
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

    def takes(self, turn: Turn, form: Form) -> bool:
        """Whether what came is text to the open step."""
        return form.takes(state_of(turn)["step"], turn.incoming)

    def expired(self, turn: Turn, form: Form) -> bool:
        """Whether the open form has waited too long; checked whenever it is used."""
        state = turn.form
        return state is not None and from_ms(state["at"]) + lifetime(turn.work, form) <= turn.work.now

    def expire(self, turn: Turn, form: Form) -> Screen:
        """Close a form that waited too long, and say so."""
        turn.form = None
        return screens.timed_out(form)

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
        asking.void(work, chat_id)
        work.save(chat)
        work.tell(chat_id, screens.timed_out(form))

    def where(self, turn: Turn, form: Form, *before: Text | None) -> Screen:
        """The screen of the step that is open, after some lines: "here is where you are"."""
        state = state_of(turn)
        state.pop("doubt", None)
        if state["step"] == SUMMARY:
            screen = self._summary(turn, form)
        elif state["step"] == EDITING:
            screen = self._edit_menu(turn, form)
        else:
            step = form.step(state["step"])
            screen = pages.question(turn, form, step) if step is not None else self._go_on(turn, form)
        return with_lines(screen, [*before, None]) if before else screen

    def interrupt(self, turn: Turn, form: Form, place: str, label: Text) -> Screen:
        """Something else was asked for: offer to leave the form or to go on."""
        state_of(turn).update(leaving=place, doubt="leave")
        return screens.leaving(turn, form, label)

    def stop(self, turn: Turn, form: Form) -> Screen:
        """Cancel asks once."""
        state_of(turn)["doubt"] = "stop"
        return screens.stopping(turn, form)

    def settle(self, turn: Turn) -> None:
        """Something else was shown than whether to leave: what is typed next answers the step again."""
        if turn.form is not None:
            turn.form.pop("doubt", None)

    # ── what the person did ──────────────────────────────────────────────────────────────────────────────────────────

    def press(self, turn: Turn, form: Form, action: str) -> Screen | str:
        """A bound button of the form. A string is the place that the person leaves for."""
        state = state_of(turn)
        verb, _, argument = action.partition(":")
        state.pop("doubt", None)
        match verb:
            case "stop":
                turn.form = None
                return screens.stopped()
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
        state = state_of(turn)
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

    def text(self, turn: Turn, form: Form) -> Screen | str:
        """The person wrote: the answer to the step that is open, or to whether to leave. A string is the place left for."""
        state = state_of(turn)
        step = form.step(state["step"])
        if "doubt" in state:
            return self._in_doubt(turn, form, step)
        if step is None or step.read is None:
            # Where no text is asked, an impatient hand may have typed the secret of the step before once more.
            answered = self._aside(turn)
            here = self.where(turn, form, *(answered or [TYPE_OR_CHOOSE]))
            return forgetting(here, self.holds_secrets(form) and not answered)
        secret = step.secret is not None
        if pages.together(turn.work, form, state["answers"], step):
            return forgetting(self.where(turn, form, USE_PAGE), True)
        try:
            if secret and (turn.incoming.formatted or turn.incoming.kind is not Kind.TEXT):
                raise Refused("formatted", FORMATTED)
            value = step.read(turn, state["answers"], turn.incoming.text)
        except Doubt as doubt:
            state["offers"] = [step.id, [value for _, value in doubt.offers]]
            keys = [[Button(label, f"form:offer:{index}")] for index, (label, _) in enumerate(doubt.offers)]
            return Screen(
                [doubt.text],
                keys=[*keys, [Button(BACK, "form:where"), WAYS_OUT[1]]],
                forget=secret,
            )
        except Refused as refused:
            answered = None if secret else self._aside(turn)
            if answered:
                return self.where(turn, form, *answered)
            return forgetting(self._refused(turn, form, step, refused), secret)
        taken = forgetting(self._take(turn, form, step, value), secret)
        numbers = None if secret else self._cry(turn)
        return replace(taken, more=(*taken.more, Screen(numbers))) if numbers else taken

    def _in_doubt(self, turn: Turn, form: Form, step: Step | None) -> Screen | str:
        """Yes or no to "leave it?". All else answers nothing: no step takes a text that was written under another question."""
        verb = str(state_of(turn)["doubt"])
        said = read_yes_no(turn.incoming.text, yes=LEAVING, no=STAYING)
        if said is not None:
            return self.press(turn, form, verb if said else "where")
        told = self._cry(turn) or self._aside(turn) or [NOT_AN_ANSWER]
        secret = self.holds_secrets(form) if step is None or step.read is None else step.secret is not None
        return forgetting(self.where(turn, form, *told), secret or (step is not None and step.veiled))

    def on_page(self, turn: Turn) -> tuple[Form, list[Step]] | None:
        """The form that is open and what its page asks; None where no page is."""
        state = turn.form
        form = self._by_name.get(state["form"]) if state is not None else None
        if state is None or form is None or "page" not in state or self.expired(turn, form):
            return None
        steps = pages.together(turn.work, form, state["answers"], form.step(state["step"]))
        return (form, steps) if steps else None

    def take_page(self, turn: Turn, form: Form, steps: list[Step], typed: Typed) -> Screen | dict[str, Text]:
        """What was typed on the page: the screen that follows in the chat, or what was wrong with which field, and all is as before
        but for what was found right."""
        state = touch(turn)
        answers: Answers = state["answers"]
        known = set(answers)
        try:
            faults = pages.judge(turn, form, steps, typed)
        except pages.NotOfThePage as other:
            return self._refused(turn, form, other.step, other.refused)
        if faults:
            return faults
        lost = known - set(answers) - {step.id for step in steps}
        return self._go_on(turn, form, asked_again(steps[0].label) if lost else None)

    # ── from step to step ────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, turn: Turn, form: Form, step: Step, value: Any) -> Screen:
        """Check a value, keep it, ask what depends on it again, go on."""
        try:
            asks_again = keep(turn, form, step, value)
        except Refused as refused:
            if refused.at is not None and step.secret is None:
                state_of(turn)["former"][step.id] = value  # it was asked last, and may be right
            return self._refused(turn, form, step, refused)
        return self._go_on(turn, form, asked_again(step.label) if asks_again else None)

    def _go_on(self, turn: Turn, form: Form, before: Text | None = None) -> Screen:
        """To the first step that has no answer yet, else to the summary."""
        state = touch(turn)
        for step in form.asked(state["answers"]):
            if step.id not in state["answers"]:
                state["step"] = step.id
                return pages.question(turn, form, step, before)
        if not form.summary:
            return self._submit(turn, form)
        state["step"] = SUMMARY
        return self._summary(turn, form)

    def _refused(self, turn: Turn, form: Form, step: Step, refused: Refused) -> Screen:
        """Say why, and ask the guilty step again; what was answered from there on is offered, not kept."""
        if isinstance(refused, Closed):
            turn.form = None
            return screens.closed(refused.text)
        state = touch(turn)
        guilty = form.step(refused.at) if refused.at else step
        if guilty is None:
            return self.where(turn, form, refused.text)
        if refused.at is not None:
            steps = list(form.steps)
            for between in steps[steps.index(guilty) : steps.index(step) + 1 if step in steps else None]:
                set_by(state, between)
        state["step"] = guilty.id
        return pages.question(turn, form, guilty, wrong(refused.text))

    def _back(self, turn: Turn, form: Form) -> Screen:
        state = touch(turn)
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
        state = state_of(turn)
        step = form.step(id)
        if step is None or step not in editable(form, state["answers"]):
            state["step"] = EDITING
            return self._edit_menu(turn, form)
        state["step"], state["edited"] = step.id, True
        return pages.question(turn, form, step)

    def _submit(self, turn: Turn, form: Form) -> Screen:
        state = state_of(turn)
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

    def _summary(self, turn: Turn, form: Form) -> Screen:
        turn.leave_page()
        return screens.summary(turn, form)

    def _edit_menu(self, turn: Turn, form: Form) -> Screen:
        turn.leave_page()
        return screens.edit_menu(turn, form)
