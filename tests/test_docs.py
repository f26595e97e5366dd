"""What the docs say of names, paths, settings, columns, rights and events is what the code has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rafiq
from bot.commands import CANCEL
from kit.seal import new_key
from services.access import Standing
from services.fund import load_fund
from services.import_lines import KINDS
from settings import Settings
from tests import house
from wiring import App

ROOT = house.ROOT
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
STANDINGS = {"nothing": Standing.STRANGER, "linked": Standing.LINKED, "signed in": Standing.SIGNED_IN}


def text(name: str) -> str:
    """A doc's text."""
    return (ROOT / name).read_text("utf-8")


def rows(name: str, heading: str) -> Iterator[list[str]]:
    """The cells of the first table below a heading, without its head."""
    lines = iter(text(name).partition(heading)[2].splitlines())
    table = [line for line in iter(lambda: next(lines, "## "), "## ") if not line.startswith("#")]
    start = next(index for index, line in enumerate(table) if line.startswith("|"))
    for line in table[start + 2 :]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def code(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)
def test_links_and_paths_lead_somewhere(doc: Path) -> None:
    said = doc.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", said) if not link.startswith("http")]
    rooms = "|".join([*house.ROOMS, "tests", "benchmarks", "docs"])
    paths = re.findall(rf"`((?:{rooms})/[\w./-]+)`", said)
    missing = [link for link in links if not (doc.parent / link).exists()]
    missing += [path for path in paths if not any((root / path).exists() for root in (ROOT, ROOT / "tests"))]
    assert not missing


def test_the_settings_are_those_of_the_table() -> None:
    told = {code(name)[0]: code(default) for name, default, _ in rows("README.md", "## Settings")}
    assert told.keys() == {f"RAFIQ_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = told[f"RAFIQ_{name.upper()}"]
        if isinstance(field.default, str):
            assert default == [field.default]
        else:
            assert default == (["services/data/fund.yaml"] if name == "fund_file" else [])


def test_every_command_of_the_operator_is_told() -> None:
    said = text("README.md") + text("docs/operations.md")
    assert [name for name in rafiq.main.commands if f"rafiq {name}" not in said] == []


def test_the_columns_of_import_files_are_those_of_the_table() -> None:
    told = {code(kind)[0]: tuple(code(columns)) for kind, columns, _ in rows("docs/operations.md", "## 8.")}
    assert told == {name: kind.columns for name, kind in KINDS.items()}


@pytest.mark.req("TH-08")
async def test_every_way_in_needs_what_the_table_says(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "telegram_token": "1000001:AAplayground-of-the-stories-0123456789ab",
            "database_url": f"sqlite+aiosqlite:///{tmp_path / 'rafiq.db'}",
            "secret_key": new_key(),
        }
    )
    app = App(settings, load_fund())
    await app.db.close()
    told = {
        name.removeprefix("/"): STANDINGS[needs]
        for places, needs, _ in rows("docs/security.md", "## 3.")
        if needs in STANDINGS
        for name in code(places)
    }
    assert told == {place.name: place.needs for place in app.places}
    listed = set(re.search(r"Commands in the chat: `([^`]+)`", text("README.md"))[1].split())  # type: ignore[index]
    described = {place.name for place in app.places if place.described is not None}
    assert listed == {f"/{name}" for name in (*described, CANCEL[0])}


def test_the_tests_that_hold_a_threat_do_cite_it() -> None:
    for id, words, files in rows("docs/security.md", "## 9."):
        assert words
        for file in code(files):
            assert f'"{id}"' in (ROOT / "tests" / file).read_text("utf-8"), f"{file} does not cite {id}"


def test_every_event_of_the_log_is_told() -> None:
    told = {name for names, _ in rows("docs/operations.md", "## 11.") for name in code(names) if "." in name}
    assert told == {event for file in house.files() for event in _events(file)}


def _events(file: house.File) -> Iterator[str]:
    if file.path.startswith("playground/"):
        return
    for node in ast.walk(file.tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="log"), attr=level),
                args=[ast.Constant(value=str(event))],
            ) if level in LEVELS:
                yield event
