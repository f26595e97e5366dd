"""Where there is a public address, secrets are asked on a one-time page: what the chat shows instead, and what the page does.

Secrets that follow each other are asked together, and so is what is veiled for their sake (a question in one's own words). The form's
state keeps `page`: the mark of the token that opens it, and when its button was shown, so that the button goes when it has served.
"""

from __future__ import annotations

from dataclasses import replace

from bot.forms import screens
from bot.forms.form import Answers, Closed, Form, Step
from bot.forms.state import keep, set_by, state_of
from bot.forms.words import ANOTHER_LINK, BROWSER, DIFFER, PAGE, SEND, in_a_frame, on_page, open_for
from bot.turn import Turn
from kit.clock import to_ms
from kit.errors import Refused
from kit.screen import Button, Keys, Link, Screen
from kit.sheet import Field, Sheet, Typed
from kit.text import Text
from services import asking
from services.work import Work


def together(work: Work, form: Form, answers: Answers, first: Step | None) -> list[Step]:
    """The steps that the page asks at once, beginning with the one that is open; none where it is asked in the chat."""
    if work.house.public_url is None or first is None:
        return []
    steps = form.asked(answers)
    found: list[Step] = []
    for step in steps[steps.index(first) :] if first in steps else []:
        if step.secret is None and not step.veiled:
            break
        found.append(step)
    return found if any(step.secret for step in found) else []


def question(turn: Turn, form: Form, step: Step, before: Text | None = None) -> Screen:
    """A step as it is asked: on a page of its own where it is secret and may be, else in the chat."""
    turn.leave_page()
    state = state_of(turn)
    steps = together(turn.work, form, state["answers"], step)
    if not steps:
        return screens.question(turn, form, step, before)
    token = asking.issue(turn.work, turn.chat.id)
    url = turn.work.page(asking.NAME, token)
    assert url is not None, "there is a public address"
    state["page"] = [asking.mark(token), to_ms(turn.work.now)]
    lines = [
        *screens.heading(form, step, state["answers"], before),
        on_page(step.label),
        open_for(asking.LASTS),
        *in_a_frame(url),
    ]
    another = Button(ANOTHER_LINK, "form:where")
    beside: list[Button | Link] = [Link(BROWSER, url), another] if url.startswith("https:") else [another]
    elsewhere = [[button] for button in step.beside]
    keys: Keys = [[Link(PAGE, url, page=True)], beside, *elsewhere, screens.WAYS_OUT]
    return Screen(lines, keys=keys, edit=turn.pressed, brief=True)


def sheet(turn: Turn, form: Form, steps: list[Step]) -> Sheet:
    """The page of these steps."""
    answers: Answers = state_of(turn)["answers"]
    return Sheet(
        form.title,
        fields=[_field(turn, answers, step) for step in steps],
        buttons=[("send", SEND)],
        language=turn.chat.language,
        owner=turn.chat.id,
        username=str(answers.get("email", "")),
    )


class NotOfThePage(Exception):
    """What was typed ended the form, or is the fault of a step that the page doesn't ask."""

    def __init__(self, step: Step, refused: Refused) -> None:
        super().__init__(refused.code)
        self.step = step
        self.refused = refused


def judge(turn: Turn, form: Form, steps: list[Step], typed: Typed) -> dict[str, Text]:
    """Take what was typed on the page: all that was wrong with it, by field; what stands before the first fault is kept.

    A step whose ground was refused is read but not checked. To who failed to prove who they are nothing is said of the other fields but
    that they are empty: "this is your present password" would be an answer to a guess that nobody counts.
    """
    state = state_of(turn)
    faults: dict[str, Text] = {}
    for step in steps:
        turn.incoming = replace(turn.incoming, text=typed[step.id])
        try:
            _take(turn, form, step, typed, faults)
        except Refused as refused:
            guilty = refused.at or step.id
            if isinstance(refused, Closed) or guilty not in {one.id for one in steps}:
                raise NotOfThePage(step, refused) from None
            faults.setdefault(guilty, refused.text)
    unsound = False
    for step in steps:
        unsound = unsound or step.id in faults
        if unsound:
            set_by(state, step)
    return faults


def _take(turn: Turn, form: Form, step: Step, typed: Typed, faults: dict[str, Text]) -> None:
    assert step.read is not None, "a secret is typed"
    text, answers = typed[step.id], state_of(turn)["answers"]
    unproven = any(one.proof and one.id in faults for one in form.steps)
    ground = [id for id in step.depends if id in faults]
    if unproven and text:
        return
    if not unproven and not ground:
        keep(turn, form, step, step.read(turn, answers, text))
        return
    step.read(turn, {**answers, **{id: typed[id] for id in ground}}, text)
    if step.repeats in ground and text != typed[step.repeats or ""]:
        raise Refused("passwords_differ", DIFFER)


def _field(turn: Turn, answers: Answers, step: Step) -> Field:
    beside = step.on_page(turn, answers) if callable(step.on_page) else step.on_page
    lines = [line for line in (*step.ask(turn, answers), *beside) if line is not None]
    value = "" if step.secret else str(answers.get(step.id, ""))
    return Field(
        step.id,
        step.label,
        "password" if step.secret else "text",
        lines,
        value=value,
        autocomplete=step.autocomplete,
    )
