"""What every contender keeps to, so that the same driver can talk to each of them.

A contender is started as `python -m benchmarks.registration.NAME --port P --api http://127.0.0.1:Q [--database URL]`,
calls the Bot API at `Q/bot<TOKEN>/<method>`, takes updates at `POST /telegram` on P with the secret header, prints
`READY <pid>` once it does, and stops on SIGTERM. It answers each update with one screen (`sendMessage` or
`editMessageText`), deletes the password's message, acknowledges the press, and asks the questions below in that order;
the last but one screen has a button with callback data whose text says "confirm". There are no sending budgets.

Hashing is a constant in all contenders (`hashed`), but for the one password that asks for real work.
"""

import argparse
import asyncio
import os
import signal
from dataclasses import dataclass

from argon2 import PasswordHasher

TOKEN = "1234567890:AAbenchmark-benchmark-benchmark-000"
SECRET = "bench-secret"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/telegram"

QUESTIONS = (
    "1/6 Votre matricule, tel qu'il figure sur votre carte ?",
    "2/6 Votre nom ?",
    "3/6 Votre prénom ?",
    "4/6 Votre date de naissance (JJ/MM/AAAA) ?",
    "5/6 Votre adresse e-mail ?",
    "6/6 Choisissez un mot de passe.",
    "Tout est exact ?",
)
DONE = "Votre compte est créé."
CONFIRM_TEXT, CONFIRM_DATA = "Confirmer", "confirm"

PASSWORD = "Soleil2719"
PASSWORD_TO_HASH = "Lumiere3862"
CONSTANT_HASH = "$argon2id$v=19$m=19456,t=2,p=1$YmVuY2htYXJrc2FsdA$Y29uc3RhbnQtaW4tcGxhY2Utb2YtYS1oYXNo"
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True)
class Arguments:
    """Where a contender listens, which Bot API it calls (no trailing slash) and where it keeps its data, if anywhere."""

    port: int
    api: str
    database: str | None


def arguments() -> Arguments:
    """Read the contender's command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--database")
    given = parser.parse_args()
    return Arguments(given.port, given.api.rstrip("/"), given.database)


def hashed(password: str) -> str:
    """The password's Argon2id hash: a constant, or 20-50 ms of real work for PASSWORD_TO_HASH."""
    return _hasher.hash(password) if password == PASSWORD_TO_HASH else CONSTANT_HASH


async def hashed_aside(password: str) -> str:
    """`hashed` as a careful asyncio programmer calls it: real work happens in a thread."""
    if password == PASSWORD_TO_HASH:
        return await asyncio.to_thread(hashed, password)
    return hashed(password)


async def ready_until_told_to_stop() -> None:
    """Say READY, then wait for SIGTERM."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    print("READY", os.getpid(), flush=True)
    await told.wait()
