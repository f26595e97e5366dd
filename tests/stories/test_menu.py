"""The menu: rows of two that fit on a phone, each key a place; everything that has a command is reachable by buttons (SPEC 1)."""

from __future__ import annotations

import pytest

from bot.handlers.start import HELP, MENU
from bot.routing import IN_FRENCH
from kit.language import LANGUAGES
from services.access import Standing
from tests.people import Person
from tests.world import World

WIDEST = 22  # letters of a label, two in a row on a phone
# Reached from another place's buttons, or the menu itself.
ELSEWHERE = {"start", "menu", "privacy"}


@pytest.mark.world(on="sqlite")
async def test_each_key_is_a_place_and_fits(world: World) -> None:
    places = {place.name: place for place in world.app.places}
    for standing, rows in MENU.items():
        for row in rows:
            assert len(row) == 2
            for key in row:
                assert key.lasting
                assert key.action.removeprefix("go:") in places, key.action
                for language in LANGUAGES:
                    label = world.app.voices[language].plain(key.label)
                    assert len(label) <= WIDEST, (standing, label)


@pytest.mark.world(on="sqlite")
async def test_every_place_with_a_command_has_a_button(world: World) -> None:
    shown = {key.action.removeprefix("go:") for rows in MENU.values() for row in rows for key in row}
    described = {place.name for place in world.app.places if place.described is not None}
    assert described - shown <= ELSEWHERE
    strangers = {place.name for place in world.app.places if place.needs is Standing.STRANGER}
    open_to_all = {key.action.removeprefix("go:") for row in MENU[Standing.STRANGER] for key in row}
    assert open_to_all <= strangers


@pytest.mark.world(on="sqlite")
async def test_help_names_every_command(world: World) -> None:
    said = " ".join(world.app.voices["fr"].plain(line) for _, lines in HELP for line in lines)
    described = {place.name for place in world.app.places if place.described is not None}
    assert {name for name in described if f"/{name}" not in said} <= {"start", "menu", "help"}


@pytest.mark.world(on="sqlite")
async def test_a_label_too_long_for_half_a_row_has_a_row_of_its_own(world: World, salma: Person) -> None:
    """“Qui a consulté mon dossier” beside another button ends with “…” on a phone."""
    await salma.has_space()
    for way in ("/profile", "/privacy", "/contact", "/about"):
        await salma.says(way)
        pairs = [
            [key.text.strip("\u2066\u2068\u2069") for key in row]
            for row in salma.screen.keyboard
            if len(row) > 1
        ]
        assert [label for row in pairs for label in row if len(label) > WIDEST] == [], way
        assert pairs, "what fits stays side by side"


@pytest.mark.world(on="sqlite")
async def test_commands_may_be_typed_in_french(world: World, salma: Person) -> None:
    names = {place.name for place in world.app.places}
    assert set(IN_FRENCH.values()) <= names
    assert not set(IN_FRENCH) & names
    await salma.says("/langue")
    assert "العربية" in salma.labels
    await salma.says("/aide")
    salma.reads("<b>What I do</b>")
