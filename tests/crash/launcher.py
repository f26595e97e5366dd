"""Starts the bot's own command line in this process, with cheap hashes and short waits for mail; perhaps as a mutant.

`python -m tests.crash.launcher [--mutant NAME] run`
"""

from __future__ import annotations

import sys
from typing import Any

import structlog
from argon2 import PasswordHasher

import delivery.mail
import rafiq
import services.secrets
from bot.entry import Entry, Verdict
from bot.incoming import Incoming
from tests.crash.mutants import MUTANTS

log = structlog.get_logger("crash")


def main() -> None:
    """Hashes at the real cost would take most of a run; a greylisted mail would come minutes later."""
    arguments = sys.argv[1:]
    services.secrets._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    delivery.mail.FIRST_WAIT = 1.0
    if arguments[:1] == ["--mutant"]:
        MUTANTS[arguments[1]]()
        del arguments[:2]
    tell_states()
    rafiq.main(arguments, prog_name="rafiq")


def tell_states() -> None:
    """Say with each turn that fails what the database called it: the state tells more than the error's type, and nothing of anybody."""
    failed = Entry._failed

    async def told(self: Entry, incoming: Incoming, update: dict[str, Any], error: Exception) -> Verdict:
        cause = getattr(error, "orig", error)
        log.warning("turn.state", state=str(getattr(cause, "sqlstate", "")), error=type(cause).__name__)
        return await failed(self, incoming, update, error)

    Entry._failed = told  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
