"""Contenders (c) and (d): Rafiq, whole: entry, turn, form engine, language, encryption, outbox, sender; on SQLite or PostgreSQL.

Only what the contract asks is changed: the form has the benchmark's questions, hashing is the contract's constant, sending budgets
and the flood limit are lifted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from typing import Any

import uvloop

from benchmarks.registration import contract
from bot.forms.form import Answers, Form, Step
from bot.places import Place
from bot.turn import Turn
from kit import logs
from kit.clock import Clock
from kit.offload import Offload
from kit.screen import Screen
from kit.seal import new_key
from kit.text import Text, t
from services.access import Standing
from services.fund import Fund, load_fund
from settings import Settings
from store.migrate import migrate
from wiring import App, Tuning

_QUESTIONS = tuple(Text(question) for question in contract.QUESTIONS)
_NAMES = ("matricule", "last_name", "first_name", "birth_date", "email", "password")


class _Constant(Offload):
    """Slow work that isn't: the contract's constant, and a real hash for the one password that asks for it."""

    async def compute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if args[-1] == contract.PASSWORD_TO_HASH:
            return await super().compute(fn, *args, **kwargs)
        return contract.CONSTANT_HASH


def _step(name: str, question: Text) -> Step:
    if name == "password":
        return Step(
            name, Text(name), ask=lambda *_: [question], read=lambda _turn, _answers, raw: raw, secret="hash"
        )
    return Step(name, Text(name), ask=lambda *_: [question], read=lambda _turn, _answers, raw: raw, show=str)


def _submit(turn: Turn, _answers: Answers) -> Screen:
    return Screen([Text(contract.DONE)], edit=turn.pressed)


FORM = Form(
    name="start",
    title=Text("Inscription"),
    steps=[_step(name, question) for name, question in zip(_NAMES, _QUESTIONS, strict=False)],
    submit=_submit,
    confirm=Text(contract.CONFIRM_TEXT),
)


def _without_limits() -> Fund:
    fund = load_fund()
    budgets = fund.budgets.model_copy(update={"updates_per_chat_per_minute": 10**9})
    return fund.model_copy(update={"budgets": budgets})


class Contender(App):
    """Rafiq with the benchmark's form in place of its own."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, _without_limits(), Tuning(clock=Clock(), lifted=True), forms=(FORM,))
        self._offload = _Constant()
        self.places = (
            Place("start", t("Start"), Standing.STRANGER, lambda turn: self.forms.start(turn, "start")),
            Place("menu", t("Menu"), Standing.STRANGER, lambda turn: self.forms.start(turn, "start")),
        )


async def main(port: int, api: str, database: str) -> None:
    """Serve until told to stop."""
    settings = Settings.model_validate(
        {
            "telegram_token": contract.TOKEN,
            "telegram_api_url": api,
            "mode": "webhook",
            "public_url": f"http://127.0.0.1:{port}",
            "listen": f"127.0.0.1:{port}",
            "database_url": database,
            "secret_key": os.environ.get("RAFIQ_BENCHMARK_KEY") or new_key(),
        }
    )
    await migrate(database)
    app = Contender(settings)
    app.secret_token = contract.SECRET
    await app.start()
    await contract.ready_until_told_to_stop()
    await app.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--database", required=True)
    options = parser.parse_args()
    sys.setswitchinterval(0.0005)
    listener = logs.set_up(level="warning")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(options.port, options.api, options.database))
    listener.stop()
