"""A copy of all one's data: everything of hers, nothing of his, for who has just typed the password."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest

from services import consents
from tests.house import ROOT
from tests.people import Person
from tests.world import World


async def agrees(world: World, person: Person) -> int:
    account = await person.has_space()
    await world.run(lambda work: consents.give(work, account, "telegram", person.id))
    return account


async def exports(person: Person, which: str = "Everything") -> None:
    await person.says("/export")
    await person.presses(which)
    await person.says(person.password)


def files(person: Person) -> dict[str, bytes]:
    """What is in the newest zip of the chat."""
    document = next(message for message in person.phone.chat.backwards() if message.from_bot and message.file)
    with zipfile.ZipFile(io.BytesIO(document.file.content)) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


@pytest.mark.req("TH-01", "TH-10")
@pytest.mark.slow
async def test_everything_of_hers_and_nothing_of_his(world: World, salma: Person, youssef: Person) -> None:
    await agrees(world, salma)
    await agrees(world, youssef)
    await exports(salma)
    found = files(salma)
    data: dict[str, Any] = json.loads(found.pop("data.json"))
    assert data["person"]["matricule"] == salma.matricule
    assert data["person"]["last_name_ar"] == "الوعيسي"
    assert data["person"]["phone"] == "0661204827"
    assert [one["first_name"] for one in data["beneficiaries"]] == ["Salma", "Farid", "Inès"]
    assert data["space"]["email"] == salma.email
    assert len(data["reimbursements"]) == 23
    assert data["reimbursements"][0]["amount_reimbursed"] == "120.40"
    assert {one["kind"] for one in data["consents"]} == {"processing", "telegram"}
    assert data["activity"][0]["event"] == "exported"
    assert [chat["telegram_chat"] for chat in data["chats"]] == [salma.id]
    assert len(found) == 1
    assert all(content.startswith(b"%PDF-") for content in found.values())
    whole = json.dumps(data, ensure_ascii=False)
    for word in ("118305", "Benjelloun", "بنجلون", youssef.email, str(youssef.id), "L901"):
        assert word not in whole
    assert "copie" in world.subjects(salma.email)[-1]
    told = re.findall(r"`(\w+)`", (ROOT / "docs/export.md").read_text("utf-8"))
    fields = {*data, *(key for part in data.values() if isinstance(part, list) and part for key in part[0])}
    assert fields <= {*told, "last_name", "first_name"}


@pytest.mark.slow
async def test_a_year_at_a_time(world: World, youssef: Person) -> None:
    await agrees(world, youssef)
    await exports(youssef, "2026")
    found = files(youssef)
    data = json.loads(found["data.json"])
    assert data["year"] == 2026
    assert len(data["reimbursements"]) == 3
    assert [name for name in found if name.endswith(".pdf")]


@pytest.mark.req("TH-09")
async def test_a_wrong_password_and_none_get_nothing(world: World, salma: Person) -> None:
    await agrees(world, salma)
    await salma.says("/export")
    await salma.presses("Everything")
    await salma.says("Wrong4711")
    salma.reads("This is not your present password.")
    assert world.subjects(salma.email) == []
    await salma.says("/cancel")
    await salma.presses("Yes, stop")


async def test_without_the_consent_it_is_asked_for_first(world: World, salma: Person) -> None:
    await salma.has_space()
    await salma.says("/export")
    salma.reads("May I show your health data in this chat?")
    await salma.presses("I agree")
    salma.reads("Everything at once, or with the reimbursements of one year?")
    await salma.says("/cancel")
    await salma.presses("Yes, stop")
