"""Rafiq's command line: `rafiq run | demo | import | migrate | keys`."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import click
import uvloop
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from kit import logs
from kit.clock import Clock
from kit.seal import Keyring, new_key
from playground import Layout, Person, Playground
from services import sample
from services.fund import DEFAULT, Fund, FundFileRefused, load_fund
from services.import_lines import KINDS
from services.import_report import Report
from services.imports import run_import
from settings import Settings, SettingsRefused, load_settings
from store.blocking import Blocking
from store.migrate import migrate
from store.solo import SecondProcess
from wiring import App, Tuning, lock, serve


def _refuse(lines: Sequence[str]) -> SystemExit:
    """Say why, a line each, and give the exit to raise."""
    for line in lines:
        click.echo(f"rafiq: {line}", err=True)
    return SystemExit(2)


def _load() -> tuple[Settings, Fund]:
    """Settings and the fund's file, or one clear line for each fault and status 2."""
    faults: list[str] = []
    settings, fund = None, None
    try:
        settings = load_settings()
        fund = load_fund(settings.fund_file or DEFAULT)
    except (SettingsRefused, FundFileRefused) as refused:
        faults.extend(refused.lines)
    if settings is None or fund is None:
        raise _refuse(faults)
    return settings, fund


def _run_loop(main: Callable[[], Awaitable[None]]) -> None:
    """Run on uvloop; short switch intervals keep the loop quick beside the writer's thread (DESIGN 5)."""
    sys.setswitchinterval(0.0005)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())  # type: ignore[arg-type]


def _alone(database_url: str) -> contextlib.AbstractContextManager[object]:
    """Nobody else runs on an embedded database meanwhile."""
    held = lock(database_url)
    return contextlib.closing(held) if held is not None else contextlib.nullcontext()


@click.group()
@click.version_option(package_name="rafiq")
def main() -> None:
    """Rafiq, the assistant of a mutual fund on Telegram."""


@main.command()
def run() -> None:
    """Run the bot, by polling or by webhook, as the settings say."""
    settings, fund = _load()
    listener = logs.set_up(settings.log_format, settings.log_level)
    try:
        with _alone(settings.database_url):
            _run_loop(lambda: serve(settings, fund))
    except SecondProcess as error:
        raise _refuse([f"another rafiq runs on {error}"]) from None
    except OSError as error:
        raise _refuse([f"{settings.listen}: {error.strerror or error}"]) from None
    finally:
        listener.stop()


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database to this release's tables."""
    settings, _ = _load()
    _run_loop(lambda: migrate(settings.database_url))
    click.echo("The database is up to date.")


@main.group()
def keys() -> None:
    """The keys that seal what is personal."""


@keys.command("new")
def keys_new() -> None:
    """Make a key for RAFIQ_SECRET_KEY."""
    click.echo(new_key())
