"""/documents: the fund's guides and forms as files, in both languages; sent by Telegram's id, anew when a file was replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground import Message
from services import documents
from services.documents import SPECIMENS
from services.fund import load_fund
from tests.people import Person
from tests.world import World

WHICH = "Which one shall I send you? Each is a PDF, to read or to print."
PDF = b"%PDF-1.7\n%of the fund "


def sent(person: Person) -> list[Message]:
    """The files that came."""
    return [message for message in person.phone.chat.live if message.kind == "document"]


async def with_folder(world: World, folder: Path) -> Path:
    """The operator's own folder, still empty."""
    for language in ("fr", "ar"):
        (folder / language).mkdir(parents=True)
    world.settings = world.settings.model_copy(update={"documents": folder})
    await world.restart()
    return folder


@pytest.mark.parametrize(("who", "language"), [("salma", "fr"), ("youssef", "ar")])
async def test_each_of_them_comes(
    world: World, who: str, language: str, salma: Person, youssef: Person
) -> None:
    """To a stranger too: nobody needs a password for a form."""
    person = {"salma": salma, "youssef": youssef}[who]
    await person.says("/menu")
    await person.presses("Documents")
    person.reads(WHICH)
    for id in world.fund.documents:
        await person.presses(documents.TITLES[id].id)
        await world.settles()
        message = sent(person)[-1]
        assert message.document == (SPECIMENS / language / f"{id}.pdf").read_bytes()
        assert message.file is not None
        called = NAMES.get(id) if language == "fr" else None
        assert message.file.name == f"CMIM-{called or id.replace('_', '-') + '-ar'}.pdf"
        person.reads("This is a specimen: the fund’s own will take its place.")
    assert len(sent(person)) == 5


NAMES = {
    "participant_guide": "guide-de-l-assure",
    "claim_form": "demande-de-remboursement",
    "complaint_form": "formulaire-de-reclamation",
    "ald_list": "liste-des-ald",
    "ald_form": "formulaire-ald",
}


async def test_it_is_uploaded_once(world: World, salma: Person, karim: Person) -> None:
    for person in (salma, karim, salma):
        await person.says("/documents")
        await person.presses("Claim form")
        await world.settles()
    calls = world.playground.called("sendDocument")
    by_id = [isinstance(call.params.get("document"), str) for call in calls]
    assert by_id == [False, True, True]


async def test_a_file_that_was_replaced_goes_anew(world: World, salma: Person, tmp_path: Path) -> None:
    folder = await with_folder(world, tmp_path / "documents")
    claim = folder / "fr" / "claim_form.pdf"
    for content in (PDF + b"1", PDF + b"2"):
        claim.write_bytes(content)
        await salma.says("/documents")
        await salma.presses("Claim form")
        await world.settles()
        assert sent(salma)[-1].document == content
    assert salma.has_read("This is a specimen: the fund’s own will take its place.") == 0


async def test_one_language_stands_in_for_the_other(
    world: World, salma: Person, youssef: Person, tmp_path: Path
) -> None:
    folder = await with_folder(world, tmp_path / "documents")
    (folder / "fr" / "claim_form.pdf").write_bytes(PDF + b"fr")
    (folder / "ar" / "ald_form.pdf").write_bytes(PDF + b"ar")
    await youssef.says("/documents")
    await youssef.presses("Claim form")
    await world.settles()
    assert sent(youssef)[-1].document == PDF + b"fr"
    youssef.reads("It exists in French only.")
    await salma.says("/documents")
    await salma.presses("ALD form")
    await world.settles()
    assert sent(salma)[-1].document == PDF + b"ar"
    salma.reads("It exists in Arabic only.")


async def test_what_is_missing_is_said_with_whom_to_ask(world: World, salma: Person, tmp_path: Path) -> None:
    await with_folder(world, tmp_path / "documents")
    await salma.says("/documents")
    await salma.presses("Participant’s guide")
    salma.reads("“{document}” is not here yet.")
    salma.reads("The fund answers by telephone, {phone}, and by e-mail, {email}.", phone="05 22 20 24 21")
    assert sent(salma) == []
    faults = documents.faults(world.fund, tmp_path / "documents")
    assert len(faults) == 10
    assert documents.faults(world.fund, None) == []


def test_what_telegram_would_not_take_is_told_at_the_start(tmp_path: Path) -> None:
    fund = load_fund()
    for language in ("fr", "ar"):
        (tmp_path / language).mkdir()
        for id in fund.documents:
            (tmp_path / language / f"{id}.pdf").write_bytes(PDF)
    assert documents.faults(fund, tmp_path) == []
    empty, huge = tmp_path / "fr" / "claim_form.pdf", tmp_path / "ar" / "ald_form.pdf"
    empty.write_bytes(b"")
    with huge.open("wb") as file:
        file.truncate((50 << 20) + 1)
    told = documents.faults(fund, tmp_path)
    assert sorted(line.partition(": ")[0] for line in told) == sorted(map(str, (empty, huge)))


@pytest.mark.req("TH-02")
async def test_an_altered_button_names_no_file(world: World, salma: Person) -> None:
    await salma.says("/documents")
    revision = (salma.screen.buttons[0].data or "").partition(".")[0]
    await salma.press_data(f"{revision}.documents:../../etc/passwd")
    salma.reads(WHICH)
    revision = (salma.screen.buttons[0].data or "").partition(".")[0]
    await salma.press_data(f"{revision}.documents:99")
    salma.reads(WHICH)
    assert world.playground.called("sendDocument") == []
