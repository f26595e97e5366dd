"""Starts the bot's own command line in this process, with cheap hashes and short waits for mail; perhaps as a mutant.

`python -m tests.crash.launcher [--mutant NAME] run`
"""

from __future__ import annotations

import sys

from argon2 import PasswordHasher

import delivery.mail
import services.secrets
from tests.crash.mutants import MUTANTS


def main() -> None:
    """Hashes at the real cost would take most of a run; a greylisted mail would come minutes later."""
    arguments = sys.argv[1:]
    services.secrets._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    services.secrets.DECOY = services.secrets.hash_secret("nobody’s")
    delivery.mail.FIRST_WAIT = 1.0
    if arguments[:1] == ["--mutant"]:
        MUTANTS[arguments[1]]()
        del arguments[:2]
    import rafiq  # after the hasher: who imports names from services.secrets gets the cheap ones

    rafiq.main(arguments, prog_name="rafiq")


if __name__ == "__main__":
    main()
