"""Who takes part, and under which conditions."""

from dataclasses import dataclass

from benchmarks.registration.places import Kind


@dataclass(frozen=True)
class Contender:
    """A contender: its letter on the command line, its module, the database it is given."""

    letter: str
    module: str
    title: str
    database: Kind = "none"


CONTENDERS = (
    Contender("a", "ptb", "python-telegram-bot, ConversationHandler, PicklePersistence"),
    Contender("b", "aiogram_bot", "aiogram 3, FSM, MemoryStorage"),
    Contender("c", "rafiq_bot", "Rafiq, SQLite, synchronous=FULL", "sqlite"),
    Contender("d", "rafiq_bot", "Rafiq, PostgreSQL", "postgres"),
    Contender("e", "ptb_by_chat", "as a, chats side by side"),
    Contender("bare", "bare", "bare aiohttp, state in a dict"),
)
BY_LETTER = {contender.letter: contender for contender in CONTENDERS}
PEERS = ("a", "b", "e")
"""Whom the others are compared with."""


@dataclass(frozen=True)
class Scenario:
    """What a driver is told beside the contender's name, and with how many chats at once."""

    about: str
    chats: tuple[int, ...]
    options: tuple[str, ...] = ()
    seconds: float = 8.0


SCENARIOS = {
    "steady": Scenario("everybody as fast as they are answered", (1, 50, 500)),
    "calm": Scenario("200 updates/s", (50,), ("--rate", "200")),
    "slow-api": Scenario(
        "a Bot API that takes 50 ms, 40 webhook connections",
        (500,),
        ("--api-delay", "0.05", "--connections", "40"),
    ),
    "slow-neighbour": Scenario(
        "100 updates/s, 1 % of them hash a password (their time is apart)",
        (50,),
        ("--rate", "100", "--hashing", "0.01"),
        20.0,
    ),
    "twice": Scenario("5 % of updates are delivered twice", (50,), ("--twice", "0.05")),
}
