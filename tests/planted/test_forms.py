"""A form that forgets to ask again, or takes buttons of old screens: the model of every way must find it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import wiring
from bot.incoming import Incoming
from bot.routing import Router
from bot.turn import Turn
from kit.screen import Screen
from tests.databases import SqliteTemplate
from tests.stories.test_every_way import Registration

FEW = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _ground(sqlite_template: SqliteTemplate, cheap_hashes: None, quick_starts: None) -> None:
    Registration.template = sqlite_template


def test_a_password_that_is_not_asked_again_after_the_address_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register, *others = wiring.FORMS
    steps = [replace(step, depends=()) if step.id == "password" else step for step in register.steps]
    monkeypatch.setattr(
        wiring.App.__init__, "__defaults__", (None, (replace(register, steps=steps), *others))
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Registration, settings=FEW)


def test_old_buttons_that_still_work_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    press = Router._press

    def any_age(router: Router, turn: Turn, incoming: Incoming) -> Screen:
        action = incoming.text.partition(".")[2]
        return press(router, turn, replace(incoming, text=f"{turn.chat.revision}.{action}"))

    monkeypatch.setattr(Router, "_press", any_age)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Registration, settings=FEW)
