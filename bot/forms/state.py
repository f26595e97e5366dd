"""What is kept of an open form, and the few ways it changes.

JSON, sealed with the chat's state:
    form: its name · step: the step asked, or "summary", "edit" · answers · former: answers to offer again · offers: (step, values)
    at: when it was last touched, in milliseconds · then: where to go when it is done · leaving: the place asked for meanwhile
    doubt: "leave" or "stop" while the form itself is in question: what is typed then answers that, and no step
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.forms.form import Answers, Form, Step
from bot.turn import Turn
from kit.clock import to_ms
from services.work import Work

SUMMARY, EDITING = "summary", "edit"


def state_of(turn: Turn) -> dict[str, Any]:
    """The open form's state."""
    state = turn.form
    assert state is not None, "a form is open here"
    return state


def touch(turn: Turn) -> dict[str, Any]:
    """The open form's state, used now: its time begins anew."""
    state = state_of(turn)
    state["at"] = to_ms(turn.work.now)
    return state


def lifetime(work: Work, form: Form) -> dt.timedelta:
    """How long a form waits for an answer."""
    return form.lifetime or dt.timedelta(days=work.fund.retention_days.form_drafts)


def editable(form: Form, answers: Answers) -> list[Step]:
    """The steps that the Edit menu offers."""
    return [step for step in form.asked(answers) if step.editable and step.id in answers]


def set_by(state: dict[str, Any], step: Step) -> None:
    """Take an answer back; one that is no secret is offered again."""
    value = state["answers"].pop(step.id, None)
    if value is not None and step.secret is None:
        state["former"][step.id] = value


def keep(turn: Turn, form: Form, step: Step, value: Any) -> bool:
    """Check a value, seal it where it is secret, keep it, and take back what depends on it; whether anything was. Raises Refused."""
    state = state_of(turn)
    answers: Answers = state["answers"]
    if step.check is not None:
        step.check(turn, answers, value)
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
        set_by(state, other)
    return bool(hanging) and changed
