"""How a form looks: the question that is open, the summary, the Edit menu, and its ends."""

from __future__ import annotations

from dataclasses import replace

from bot.forms.form import Answers, Choice, Form, Step
from bot.forms.state import editable, state_of
from bot.forms.words import BACK, CANCEL, CONFIRM, EDIT, GO_ON, LEAVE, SKIP, STOP, expired, keep, progress
from bot.turn import Turn
from kit.screen import Button, Keys, Screen
from kit.text import Text, t

WAYS_OUT = (Button(BACK, "form:back"), Button(CANCEL, "form:cancel"))


def question(turn: Turn, form: Form, step: Step, before: Text | None = None) -> Screen:
    """A step as it is asked in the chat."""
    state = state_of(turn)
    answers: Answers = state["answers"]
    keys: list[list[Button]] = []
    if step.choices is not None:
        keys.extend([_choice(choice)] for choice in step.choices(turn, answers))
    keys.extend([button] for button in step.beside)
    known = answers.get(step.id, state["former"].get(step.id))
    if known is not None and step.show is not None and step.secret is None:
        keys.append([Button(keep(step.show(known)), "form:keep")])
    if step.optional:
        keys.append([Button(SKIP, "form:skip")])
    lines = [*heading(form, step, answers, before), *step.ask(turn, answers), *step.in_chat]
    return Screen(lines, keys=[*keys, WAYS_OUT], edit=turn.pressed)


def heading(form: Form, step: Step, answers: Answers, before: Text | None = None) -> list[Text | None]:
    """What stands over a question: what was wrong, and "3/10 · Birth date"."""
    steps = form.asked(answers)
    lines: list[Text | None] = [before, None] if before else []
    return [*lines, progress(steps.index(step) + 1, len(steps), step.label)] if len(steps) > 1 else lines


def summary(turn: Turn, form: Form) -> Screen:
    """The answers, to be confirmed."""
    answers: Answers = state_of(turn)["answers"]
    lines: list[Text | None] = [
        t("<b>{form}</b>: please check before you confirm.", form=form.title),
        None,
    ]
    for step in form.asked(answers):
        if step.show is not None and not (step.veiled and turn.work.house.public_url is not None):
            lines.append(t("{label}: <b>{value}</b>", label=step.label, value=step.show(answers[step.id])))
        elif step.secret == "hash":
            lines.append(t("{label}: chosen, not shown", label=step.label))
    keys = [
        [Button(form.confirm or CONFIRM, "form:confirm")],
        [Button(EDIT, "form:edit"), Button(CANCEL, "form:cancel")],
    ]
    return Screen(lines, keys=keys, edit=turn.pressed)


def edit_menu(turn: Turn, form: Form) -> Screen:
    """Which answer to change."""
    steps = editable(form, state_of(turn)["answers"])
    keys: Keys = [
        [Button(step.label, f"form:edit:{step.id}") for step in steps[row : row + 2]]
        for row in range(0, len(steps), 2)
    ]
    return Screen(
        [t("What would you like to change?")],
        keys=[*keys, [Button(BACK, "form:back")]],
        edit=turn.pressed,
    )


def leaving(turn: Turn, form: Form, label: Text) -> Screen:
    """Something else was asked for: leave the form or go on."""
    lines = [
        t("You are in the middle of: {form}.", form=form.title),
        t("Leave it and open “{place}”? What you entered will be erased.", place=label),
    ]
    return Screen(
        lines, keys=[[Button(LEAVE, "form:leave")], [Button(GO_ON, "form:where")]], edit=turn.pressed
    )


def stopping(turn: Turn, form: Form) -> Screen:
    """Cancel asks once."""
    lines = [t("Stop here? What you entered for “{form}” will be erased.", form=form.title)]
    return Screen(lines, keys=[[Button(STOP, "form:stop")], [Button(GO_ON, "form:where")]], edit=turn.pressed)


def stopped() -> Screen:
    """It was stopped."""
    return Screen(
        [t("Stopped. Nothing was kept.")], keys=[[Button(t("Menu"), "go:menu", lasting=True)]], edit=True
    )


def timed_out(form: Form) -> Screen:
    """It waited too long."""
    return Screen([expired(form.title)], keys=[[Button(t("Start again"), f"go:{form.name}", lasting=True)]])


def closed(reason: Text) -> Screen:
    """A refusal ended it."""
    keys = [[Button(t("Help"), "go:help", lasting=True), Button(t("Menu"), "go:menu", lasting=True)]]
    return Screen([reason], keys=keys)


def with_lines(screen: Screen, before: list[Text | None]) -> Screen:
    """The screen with lines above its own."""
    return replace(screen, lines=[*before, *screen.lines])


def forgetting(screen: Screen, secret: bool) -> Screen:
    """The screen, and what was typed goes where it may be a secret."""
    return replace(screen, forget=True) if secret else screen


def _choice(choice: Choice) -> Button:
    return Button(choice.label, f"form:choose:{choice.id}")
