"""Rafiq's command line: `rafiq run | demo | import | faq | migrate | keys | agents | accounts | audit`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click
import uvloop

import audit_command
import demo_command
from bot.ways import place_names
from delivery.mail import MailRefused
from faq_command import faq
from kit import logs
from kit.clock import Clock
from kit.errors import Refused
from kit.seal import KeyRefused, Keyring, new_key
from services import agents as agent_list
from services import by_the_fund
from services.faq import imports as faq_imports
from services.fund import DEFAULT, Fund, FundFileRefused, load_fund
from services.import_lines import KINDS
from services.import_report import Report
from services.imports import take_in
from services.work import House, Work
from settings import Settings, SettingsRefused, load_settings
from store import outbox
from store.blocking import Blocking
from store.db import Db
from store.migrate import DatabaseUnreachable, migrate
from store.solo import NoPlace, SecondProcess
from wiring import lock, serve

T = TypeVar("T")


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


@contextlib.contextmanager
def _clear_refusals(listen: str = "") -> Iterator[None]:
    """What the operator can mend is one clear line and status 2, never a trace."""
    try:
        yield
    except SecondProcess as error:
        raise _refuse([f"another rafiq runs on {error}"]) from None
    except MailRefused as error:
        raise _refuse([str(error)]) from None
    except FundFileRefused as error:
        raise _refuse(error.lines) from None
    except KeyRefused:
        raise _refuse(["RAFIQ_SECRET_KEY: this database was sealed with another key"]) from None
    except (DatabaseUnreachable, NoPlace) as error:
        raise _refuse([f"RAFIQ_DATABASE_URL: the database does not answer ({error})"]) from None
    except OSError as error:
        raise _refuse([f"{listen}: {error.strerror or error}" if listen else str(error)]) from None


def _migrated(settings: Settings) -> None:
    """Bring the database to this release's tables first."""
    with _clear_refusals():
        _run_loop(lambda: migrate(settings.database_url))


def _alone(database_url: str) -> contextlib.AbstractContextManager[object]:
    """Nobody else runs on an embedded database meanwhile."""
    held = lock(database_url)
    return contextlib.closing(held) if held is not None else contextlib.nullcontext()


@click.group()
@click.version_option(package_name="rafiq")
def main() -> None:
    """Rafiq, the assistant of a mutual fund on Telegram."""
    os.umask(0o077)  # the database, its lock and the rejected lines of a file are their owner's only


main.add_command(faq)


@main.command()
def run() -> None:
    """Run the bot, by polling or by webhook, as the settings say."""
    settings, fund = _load()
    listener = logs.set_up(settings.log_format, settings.log_level)
    try:
        with _clear_refusals(settings.listen), _alone(settings.database_url):
            _run_loop(lambda: serve(settings, fund))
    finally:
        listener.stop()


@main.command()
@click.option(
    "--port",
    default=8080,
    show_default=True,
    help="Where the playground listens; the bot's own pages are one above.",
)
def demo(port: int) -> None:
    """Try the bot: no token, no network, no set-up. A page with the chats side by side, and the mails."""
    listener = logs.set_up("people", "warning")
    try:
        with tempfile.TemporaryDirectory(prefix="rafiq-demo-") as folder:
            _run_loop(lambda: demo_command.play(port, Path(folder)))
    except OSError as error:
        raise _refuse(
            [f"port {port} or {port + 1} is taken ({error.strerror or error}); choose another with --port"]
        ) from None
    finally:
        listener.stop()


@main.command("import")
@click.argument("kind", type=click.Choice([*KINDS, "faq"]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option(
    "--yes", is_flag=True, help="Don't ask before a change of more than a fifth of the known lines."
)
def import_command(kind: str, file: Path, dry_run: bool, yes: bool) -> None:
    """Take in a file of the fund. Exit status: 0 all lines, 1 some rejected (see FILE.rejects.csv), 2 not imported."""
    settings, fund = _load()
    _migrated(settings)

    def confirm(report: Report | faq_imports.Report) -> bool:
        click.echo("\n".join(report.sentences()))
        return click.confirm("Go on?")

    from rich.console import Console  # nor these
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    keyring = Keyring(settings.secret_key.get_secret_value())
    with (
        Progress(*columns, console=console, disable=not console.is_terminal) as bar,
        Blocking(settings.database_url, keyring) as database,
    ):
        task = bar.add_task(kind)
        options = {"dry_run": dry_run, "yes": yes, "confirm": confirm if sys.stdin.isatty() else None}
        report: Report | faq_imports.Report
        if kind == "faq":
            report = faq_imports.run_import(file, database, place_names(), **options)  # type: ignore[arg-type]
        else:
            progress = lambda done, total: bar.update(task, completed=done, total=total)  # noqa: E731
            report = take_in(kind, file, database, fund, Clock().now, progress=progress, **options)
    click.echo("\n".join(report.sentences()))
    raise SystemExit(report.status)


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database to this release's tables."""
    settings, _ = _load()
    _migrated(settings)
    click.echo("The database is up to date.")


@main.group()
def keys() -> None:
    """The keys that seal what is personal."""


@keys.command("new")
def keys_new() -> None:
    """Make a key for RAFIQ_SECRET_KEY."""
    click.echo(new_key())


@main.group()
def agents() -> None:
    """The fund's list of agents: who may approve and answer, by their Telegram id."""


@agents.command("add")
@click.argument("telegram_id", type=int)
@click.argument("name")
@click.option("--supervisor", is_flag=True, help="May also see and transfer what others have in hand.")
def agents_add(telegram_id: int, name: str, supervisor: bool) -> None:
    """Add an agent, or change one's name and role."""
    _with_work(lambda work: agent_list.add(work, telegram_id, name, "supervisor" if supervisor else "agent"))
    click.echo(f"{telegram_id} is on the list.")


@agents.command("remove")
@click.argument("telegram_id", type=int)
def agents_remove(telegram_id: int) -> None:
    """End an agent's rights, from their next press on."""
    if not _with_work(lambda work: agent_list.remove(work, telegram_id)):
        raise _refuse([f"{telegram_id} is not on the list"])
    click.echo(f"{telegram_id} is off the list.")


@agents.command("list")
def agents_list() -> None:
    """Show the list."""
    for agent in _with_work(agent_list.everyone):
        click.echo(
            f"{agent.telegram_id}  {agent.role:<10}  {'active' if agent.active else 'left':<6}  {agent.name}"
        )


@main.group()
def accounts() -> None:
    """Spaces of participants."""


@accounts.command("unlock")
@click.argument("matricule")
@click.option(
    "--email", default="", help="Who has lost the mailbox too: the address that opens the space from now on."
)
def accounts_unlock(matricule: str, email: str) -> None:
    """Open a space again, once you know who asks: its owner chooses a new password by /forgot."""
    if not _with_work(lambda work: by_the_fund.open_again(work, matricule, email)):
        raise _refuse([f"no locked space has matricule {matricule}"])
    click.echo("It can be opened again; its owner gets a mail.")


def _with_work(act: Callable[[Work], T]) -> T:
    settings, fund = _load()
    _migrated(settings)
    house = House(fund, lambda *_: [])

    def transaction(db: Db) -> T:
        work = Work(db, Clock().now(), house)
        value = act(work)
        outbox.insert_all(db, work.promises, None, work.now)  # the running bot sends them
        return value

    with Blocking(settings.database_url, Keyring(settings.secret_key.get_secret_value())) as database:
        try:
            return database.run(transaction)
        except Refused as refused:
            raise _refuse([refused.text.id]) from None


for group in audit_command.groups(_with_work):
    main.add_command(group)


if __name__ == "__main__":
    main()
