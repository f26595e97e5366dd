"""A password kept in the clear in the form's state, or a state kept unsealed, is found on disk; the real thing leaves nothing there."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select

from kit.seal import Keyring
from services import secrets
from store.schema import chats
from tests.people import Person
from tests.world import World

pytestmark = pytest.mark.world(on="sqlite")


def on_disk(world: World) -> bytes:
    """The database file and its journal, as a thief would copy them."""
    path = world.folder / "rafiq.db"
    parts = (path, path.with_name("rafiq.db-wal"), path.with_name("rafiq.db-shm"))
    return b"".join(part.read_bytes() for part in parts if part.exists())


@pytest.mark.req("INV-13", "CF-02")
async def test_nothing_that_was_typed_is_found_on_disk(world: World, salma: Person) -> None:
    await salma.fills_in()
    for word in (salma.password, salma.answer, salma.email, salma.last_name, salma.matricule, "1984-03-14"):
        assert word.encode() not in on_disk(world)
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    assert salma.password.encode() not in on_disk(world)


async def test_an_unsealed_state_is_found(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = Keyring.seal
    monkeypatch.setattr(
        Keyring,
        "seal",
        lambda keys, clear, place: clear if place == b"chats.state" else sealed(keys, clear, place),
    )
    opened = Keyring.open
    monkeypatch.setattr(
        Keyring,
        "open",
        lambda keys, kept, place: kept if place == b"chats.state" else opened(keys, kept, place),
    )
    await salma.fills_in("question")
    assert salma.email.encode() in on_disk(world)
    assert salma.password.encode() not in on_disk(world), "it is hashed before it is kept"
    with pytest.raises(AssertionError, match="in the clear on disk"):
        world._database_holds_nothing()
    world._words = set  # type: ignore[method-assign]
    world.leaves(forms=1)


async def test_a_password_that_is_not_hashed_is_found_in_the_opened_state(
    world: World, salma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealing hides it from the thief of the file, not from who holds the key: only a hash may be kept."""
    await salma.fills_in("repetition")
    assert salma.password not in await state_of(world, salma)
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
    monkeypatch.setitem(entry_computations(), "hash", lambda clear: clear)
    await salma.fills_in("repetition")
    assert salma.password in await state_of(world, salma)
    world.leaves(forms=1)


def entry_computations() -> dict[str, object]:
    """What a turn may have computed for it, as a dictionary that a test can plant in."""
    assert isinstance(secrets.COMPUTATIONS, dict)
    return secrets.COMPUTATIONS


async def state_of(world: World, person: Person) -> str:
    """The chat's state, opened with the key."""
    sealed = select(chats.c.state_sealed).where(chats.c.id == person.id)
    state = await world.read(lambda db: db.open(db.execute(sealed).scalar_one(), "chats.state"))
    return orjson.dumps(state).decode()
