"""The stop-watch of an onlooker: known and unknown take as long (TH-06)."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import permutations
from statistics import median
from typing import Any

import orjson
import pytest

from services.work import Work
from store import accounts, chats, directory
from tests.people import Person
from tests.stories.sentences import CREATED, MISMATCH
from tests.stories.statistics import mann_whitney
from tests.world import World

pytestmark = [pytest.mark.req("TH-06"), pytest.mark.world(on="sqlite")]

TWINS = 60  # of each kind
P = 0.01
WITHIN = 0.05  # of the shorter median (docs/security.md)
SCREENS = ("sendMessage", "editMessageText")
FACTS = {"last_name": "Alami", "first_name": "Amine", "birth_date": "1980-02-01"}


Act = Callable[[Person], object]


async def alike(world: World, twins: dict[str, list[Person]], act: Act, sentence: str) -> None:
    """What two kinds of people do takes as long: so many tries can't tell them apart, or their medians differ by less than WITHIN, which
    no network lets through. Chance is given a second try."""
    smallest, orders = 0.0, list(permutations(twins))
    for attempt in (0, 1):
        took: dict[str, list[float]] = {kind: [] for kind in twins}
        for number in range(attempt * TWINS, (attempt + 1) * TWINS):
            for kind in orders[
                number % len(orders)
            ]:  # whatever drifts, or lingers from the one before, does so for all
                person = twins[kind][number]
                took[kind].append(await timed(world, person, act))
                person.reads(sentence)
        first, *others = took.values()
        smallest = min(mann_whitney(first, other) for other in others)
        medians = [median(one) for one in took.values()]
        if smallest > P or max(medians) <= min(medians) * (1 + WITHIN):
            return
    raise AssertionError(f"{list(twins)} can be told apart: p = {smallest:.4f}")


async def test_a_known_matricule_and_an_unknown_one(world: World) -> None:
    known = tuple(f"{800_000 + n},Alami,Amine,1980-02-01,العلمي,أمين,,," for n in range(2 * TWINS))
    await world.directory(participants=known)
    twins: dict[str, list[Person]] = {}
    for kind, first in (("known", 800_000), ("unknown", 900_000)):
        twins[kind] = [world.person("Stranger") for _ in range(2 * TWINS)]
        for number, person in enumerate(twins[kind]):
            for words in ("/register", str(first + number), "Tazi", "Amine"):
                person.phone.says(words)
    await world.answers()
    await alike(world, twins, lambda person: person.phone.says("01/02/1980"), MISMATCH)
    world.leaves(forms=4 * TWINS)


@pytest.mark.slow
async def test_who_has_a_space_and_whose_address_is_known(world: World, salma: Person) -> None:
    """Confirm: for a participant without a space, for one with, and for an address that opens another's space."""
    kinds = ("new", "has a space", "address in use")
    count = len(kinds) * 2 * TWINS
    known = tuple(f"{800_000 + n},Alami,Amine,1980-02-01,,,,," for n in range(2 * count))
    await world.directory(participants=known)
    await world.run(lambda work: _spaces(work, count))
    await salma.fills_in()
    filled: dict[str, Any] = await world.run(lambda work: _form_of(work, salma.id))
    twins = {kind: [world.person("Stranger") for _ in range(2 * TWINS)] for kind in kinds}
    everyone = [(kind, person) for kind, people in twins.items() for person in people]
    for _, person in everyone:
        person.phone.says("/start")
    await world.answers()
    forms: dict[int, dict[str, Any]] = {}
    for place, (kind, person) in enumerate(everyone):
        owner = f"m{800_000 + place}@example.org"
        mine = {
            "matricule": str(800_000 + place + (0 if kind == "has a space" else count)),
            "email": owner if kind == "address in use" else f"new{place}@example.org",
        }
        forms[person.id] = {**filled, "answers": {**filled["answers"], **FACTS, **mine}}
    revisions = await world.run(lambda work: {id: _put_form(work, id, form) for id, form in forms.items()})

    def confirm(person: Person) -> object:
        return person.phone.press_data(f"{revisions[person.id]}.form:confirm", person.screen)

    await alike(world, twins, confirm, CREATED)
    await world.run(lambda work: [_put_form(work, id, None) for id in forms])  # of who was not needed
    await world.clock.advance(hours=25)  # the links that nobody opened


async def timed(world: World, person: Person, act: Act) -> float:
    """How many seconds until the bot's next screen in that chat."""
    before = len(world.playground.calls)

    def answered() -> bool:
        late = world.playground.calls[before:]
        return any(call.chat == person.id and call.method in SCREENS for call in late)

    start = time.perf_counter()
    act(person)
    await world.playground.until(answered)
    took = time.perf_counter() - start
    await world.answers()
    return took


def _form_of(work: Work, chat_id: int) -> dict[str, Any]:
    chat = chats.find(work.db, chat_id)
    assert chat is not None
    form: dict[str, Any] = orjson.loads(orjson.dumps(chat.state["form"]))
    return form


def _put_form(work: Work, chat_id: int, form: dict[str, Any] | None) -> int:
    chat = chats.find(work.db, chat_id)
    assert chat is not None
    chat.state.pop("form", None)
    if form is not None:
        chat.state["form"] = form
    chats.save(work.db, chat, work.now)
    return chat.revision


def _spaces(work: Work, count: int) -> None:
    for matricule in range(800_000, 800_000 + count):
        participant = directory.by_matricule(work.db, str(matricule))
        assert participant is not None
        data = {
            "email": f"m{matricule}@example.org",
            "password": "-",
            "question": "-",
            "answer": "-",
            "folding": 1,
        }
        accounts.create(work.db, participant.id, data, "fr", work.now)
