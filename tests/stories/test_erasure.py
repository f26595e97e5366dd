"""A space is erased: nothing of it stays but what the law and the fund keep, and no backup brings it back."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import LargeBinary, func, select

from delivery.erasures import Erasures
from delivery.fates import Fate
from kit.clock import from_ms, to_ms
from services import erasure as erasure_service
from services.requests import Kind
from store import accounts, activity, consents, erasure, schema, set_aside, tombstones
from store.db import Db
from store.promises import Lane, Promise
from tests.people import Person
from tests.stories.desk import rafiq
from tests.stories.test_profile import second_phone
from tests.world import World

KEPT = {"participants", "beneficiaries", "reimbursements", "activity_heads", "activity"}


async def erases(person: Person) -> None:
    """/erasure, with the password and the last press."""
    await person.says("/erasure")
    await person.presses("Go on, I have read it")
    await person.says(person.password)
    await person.presses("Erase my space for good")


async def lives(world: World, person: Person) -> int:
    """A life that leaves its traces everywhere; the account's number."""
    await person.registers()
    await person.says("/profile", "/reimbursements")
    await person.presses("I agree")
    account = await world.read(lambda db: accounts.by_email(db, person.email))
    assert account is not None
    body = {"update_id": 77, "message": {"message_id": 5, "chat": {"id": person.id}, "text": "my secret"}}

    def more(work: Any) -> None:
        db = work.db
        set_aside.keep(db, 77, "text", "a fault", "E-1", body, work.now)
        row = {"text": "my secret", "phone": "", "when": "", "service": ""}
        asked = schema.requests.insert().values(
            year=2026, kind=Kind.MESSAGE, state="open", chat_id=person.id, account_id=account.id, language="fr",
            details_sealed=db.seal(row, "requests.details"), filed_at=work.now,
        )  # fmt: skip
        db.execute(asked)

    await world.run(more)
    return account.id


def sealed(db: Db) -> dict[str, set[bytes]]:
    """Every sealed value and blind index of the tables that are a person's, by table."""
    found: dict[str, set[bytes]] = {}
    for table in schema.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, LargeBinary)]
        if table.name in KEPT or not columns:
            continue
        for row in db.execute(select(*columns)):
            found.setdefault(table.name, set()).update(bytes(value) for value in row if value is not None)
    return found


def on_disk(folder: Path) -> bytes:
    path = folder / "rafiq.db"
    return b"".join(part.read_bytes() for part in (path, path.with_name("rafiq.db-wal")) if part.exists())


def test_every_table_is_told_of() -> None:
    """A new table: say in `FATES` of store/erasure.py what an erasure does with it, and do it."""
    assert set(erasure.FATES) == set(schema.metadata.tables)


@pytest.mark.req("TH-12", "INV-13")
async def test_nothing_stays_of_an_erased_space(world: World, salma: Person, youssef: Person) -> None:
    await youssef.has_space()
    await world.settles()
    others = await world.read(sealed)
    account = await lives(world, salma)
    tablet = second_phone(world, salma)
    await tablet.signs_in()
    await salma.says("/profile")
    await world.settles()
    before = await world.read(sealed)
    await erases(salma)
    salma.reads("Your space is erased. A mail confirms it.")
    assert len(salma.heard) == 1, "all else that the bot wrote there is gone"
    assert [text for text in tablet.heard if "Ouaïssi" in text] == []
    tablet.reads("The space that this chat was linked to has been erased by its owner.")
    assert "effacé" in world.subjects(salma.email)[-1]
    await world.settles()

    for table in ("accounts", "links", "registrations", "tokens", "email_changes"):
        count = select(func.count()).select_from(schema.metadata.tables[table])
        left = await world.read(lambda db, count=count: db.execute(count).scalar_one())  # type: ignore[misc]
        assert left == (1 if table in ("accounts", "links") else 0), table
    request = await world.read(lambda db: db.execute(select(schema.requests)).one())
    assert (request.account_id, request.chat_id, request.state) == (None, 0, "done")
    assert await world.read(lambda db: set_aside.body(db, 77)) is None
    kept = await world.read(lambda db: activity.of_account(db, account, 1))
    assert kept[0].event == "erased"
    assert [one.kind for one in await world.read(lambda db: consents.of_account(db, account))]
    assert (await world.read(lambda db: tombstones.all_of(db)))[0].erased_at == world.clock.at
    if world.app.db.dialect == "sqlite":
        content = on_disk(world.folder)
        for table, values in before.items():
            if table not in ("counters", "papers", "tombstones") and not table.startswith("faq"):
                for value in values - others.get(table, set()):
                    assert len(value) < 16 or value not in content, f"{table} left a trace"
    assert (await rafiq(world, "audit", "verify")).exit_code == 0


@pytest.mark.req("TH-01")
async def test_whoever_was_erased_may_come_back_and_inherits_nothing(world: World, salma: Person) -> None:
    former = await lives(world, salma)
    await erases(salma)
    await world.clock.advance(minutes=1)
    await salma.registers()
    account = await world.read(lambda db: accounts.by_email(db, salma.email))
    assert account is not None
    assert account.id != former
    await salma.says("/profile")
    await salma.presses("Who saw my file")
    assert "erased" not in {
        row.event for row in await world.read(lambda db: activity.of_account(db, account.id, 50))
    }
    await world.restart()
    assert await world.read(lambda db: accounts.get(db, account.id)) is not None, "the tombstone is older"
    await salma.says("/profile")
    salma.reads("My profile")


@pytest.mark.req("TH-73")
@pytest.mark.world(on="sqlite")
async def test_a_restored_backup_is_erased_again(world: World, salma: Person, youssef: Person) -> None:
    await lives(world, salma)
    await youssef.has_space()
    backup = world.folder / "backup.db"
    source = sqlite3.connect(world.folder / "rafiq.db")
    target = sqlite3.connect(backup)
    source.backup(target)
    source.close()
    target.close()
    await erases(salma)
    await world.clock.advance(minutes=5)
    await world.stop()
    for name in ("rafiq.db", "rafiq.db-wal", "rafiq.db-shm"):
        (world.folder / name).unlink(missing_ok=True)
    shutil.copyfile(backup, world.folder / "rafiq.db")
    mails = len(world.mailbox.mails)
    await world.start()
    await world.settles()
    assert await world.read(lambda db: accounts.by_email(db, salma.email)) is None
    assert await world.read(lambda db: accounts.by_email(db, youssef.email)) is not None
    assert len(world.mailbox.mails) == mails, "nobody is told a second time"
    await salma.says("/profile")
    salma.reads("This is personal: please sign in first. You come back here after it.")


@pytest.mark.req("TH-73")
@pytest.mark.parametrize("cut", ["ab12", f"{'c' * 64}", f"{'c' * 64} 17"])
async def test_a_line_that_a_crash_cut_off_costs_no_erasure_its_own(tmp_path: Path, cut: str) -> None:
    async def tidy() -> None:
        """Nothing was left about."""

    path = tmp_path / "erasures"
    path.write_text(f"{'g' * 64} 1\n{'a' * 64} {'9' * 400}\n{cut}", "ascii")
    file, now = Erasures(path, tidy), dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
    for letter in "de":
        line = orjson.dumps([letter * 64, to_ms(now)])
        promise = Promise(erasure_service.CHANNEL, erasure_service.CHANNEL, Lane.NOTICE, "keep", line, now)
        assert (await file.send(promise, None)).fate is Fate.SENT
    found = {(stone.matricule_index.hex(), stone.erased_at) for stone in file.read()}
    assert {("d" * 64, now), ("e" * 64, now)} <= found
    assert found <= {("d" * 64, now), ("e" * 64, now), ("c" * 64, from_ms(17))}


@pytest.mark.req("TH-09")
async def test_the_password_is_asked_again_and_not_long_before(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/erasure")
    await salma.presses("Go on, I have read it")
    await salma.says("Wrong4711")
    salma.reads("This is not your present password.")
    await salma.says(salma.password)
    await world.clock.advance(minutes=6)
    await salma.presses("Erase my space for good")
    salma.reads("Too much time has passed since you typed your present password: please type it again.")
    assert await world.count("accounts") == 1
    await salma.says(salma.password)
    await salma.presses("Erase my space for good")
    salma.reads("Your space is erased. A mail confirms it.")


async def test_cancelling_erases_nothing(world: World, youssef: Person) -> None:
    await youssef.has_space()
    await youssef.says("/erasure")
    youssef.reads("What stays")
    await youssef.says("/cancel")
    await youssef.presses("Yes, stop")
    assert await world.count("accounts") == 1
