"""Contenders side by side: in turn, several runs, medians and ratios.

python -m benchmarks.registration                                # a b c d e, 1, 50 and 500 chats, five runs
python -m benchmarks.registration --contenders a,b,bare --chats 50 --runs 1
python -m benchmarks.registration --scenario slow-api --out slow-api.json
"""

import os
import platform
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.registration.figures import Figures, medians
from benchmarks.registration.places import Place, Places
from benchmarks.registration.scenarios import BY_LETTER, PEERS, SCENARIOS, Contender, Scenario

SPARE_SECONDS = 120.0
"""What a driver may take beside the measurement: start, warm-up, patience, stop."""
PACKAGES = ("python-telegram-bot", "aiogram", "aiohttp", "uvloop", "sqlalchemy")
console = Console(stderr=True)


class Failed(Exception):
    """A run gave no figures; the message is one line."""


def run(contender: Contender, place: Place, options: Sequence[str], seconds: float) -> Figures:
    """One measurement in a driver of its own. Raises Failed."""
    command = [sys.executable, "-m", "benchmarks.registration.driver", contender.module, *options]
    command += ["--seconds", str(seconds)]
    if place.url:
        command += ["--database", place.url]
    if place.server_pid:
        command += ["--postgres-pid", str(place.server_pid)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=seconds + SPARE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise Failed("the driver took too long") from None
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        raise Failed(said[-1] if said else f"the driver ended with status {ended.returncode}")
    return Figures(**orjson.loads(ended.stdout))


def turns(
    contenders: Sequence[Contender],
    scenario: Scenario,
    chats: int,
    runs: int,
    options: Sequence[str],
    places: Places,
) -> dict[str, list[Figures]]:
    """The contenders' figures by letter, run in turn (a b c d, a b c d …); who fails is told once and left out."""
    measured: dict[str, list[Figures]] = defaultdict(list)
    out: set[str] = set()
    for number in range(1, runs + 1):
        for contender in (c for c in contenders if c.letter not in out):
            with console.status(f"{chats} chats, run {number}/{runs}: {contender.title}"):
                try:
                    with places.fresh(contender.database) as place:
                        figures = run(contender, place, ("--chats", str(chats), *options), scenario.seconds)
                except Failed as failure:
                    console.print(
                        f"[red]{contender.letter} left out:[/red] {failure}", highlight=False, soft_wrap=True
                    )
                    out.add(contender.letter)
                else:
                    measured[contender.letter].append(figures)
    return {letter: figures for letter, figures in measured.items() if letter not in out}


def ratios(found: dict[str, Figures]) -> dict[str, dict[str, float]]:
    """By letter, how many times as many updates/s as each peer."""
    peers = [peer for peer in PEERS if peer in found and found[peer].updates_per_s]
    return {
        letter: {p: round(figures.updates_per_s / found[p].updates_per_s, 2) for p in peers if p != letter}
        for letter, figures in found.items()
    }


def row(f: Figures, runs: list[Figures], compared: dict[str, float]) -> dict[str, str]:
    """A contender's cells by heading; µs are CPU per update, the range is the runs' updates/s."""
    rates = [one.updates_per_s for one in runs]
    cells = {"updates/s": f"{f.updates_per_s:.0f}", "range": f"{min(rates):.0f}-{max(rates):.0f}"}
    cells |= {f"× {peer}": f"{compared[peer]:.2f}" if peer in compared else "" for peer in PEERS}
    cells |= {
        "ack p99": f"{f.ack_p99_ms:.1f}",
        "p50 ms": f"{f.reply_p50_ms:.1f}",
        "p99 ms": f"{f.reply_p99_ms:.1f}",
    }
    cells |= {"hashing p50": f"{f.hashing_p50_ms:.1f}" if f.hashing_p50_ms else ""}
    cells |= {
        "CPU µs": f"{f.cpu_us:.0f}",
        "PostgreSQL µs": f"{f.postgres_cpu_us:.0f}" if f.postgres_cpu_us else "",
    }
    cells |= {"driver µs": f"{f.driver_cpu_us:.0f}", "peak MiB": f"{f.peak_mib:.0f}"}
    wrong = {
        "duplicates": f.duplicates,
        "lost": f.lost,
        "late": f.late,
        "refused": f.refused,
        "astray": f.astray,
    }
    return cells | {name: str(number) if number else "" for name, number in wrong.items()}


def table(name: str, chats: int, found: dict[str, Figures], runs: dict[str, list[Figures]]) -> Table:
    """The medians; columns that would be empty are left out. Below p50 and p99: from the post to the reply."""
    compared = ratios(found)
    rows = {letter: row(figures, runs[letter], compared[letter]) for letter, figures in found.items()}
    named = next(iter(rows.values()), {})
    headings = [heading for heading in named if any(cells[heading] for cells in rows.values())]
    shown = Table("", title=f"{name}: {SCENARIOS[name].about}; {chats} chats", title_justify="left")
    for heading in headings:
        shown.add_column(heading, justify="right")
    for letter, cells in rows.items():
        shown.add_row(letter, *(cells[heading] for heading in headings))
    shown.caption = "; ".join(f"{letter}: {BY_LETTER[letter].title}" for letter in rows)
    return shown


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    models = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": models[0].partition(": ")[2] if models else platform.machine(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {package: version(package) for package in PACKAGES},
    }


def numbers(_: click.Context, __: click.Parameter, given: str | None) -> tuple[int, ...]:
    """`1,50,500` as numbers."""
    try:
        return tuple(int(number) for number in given.split(",")) if given else ()
    except ValueError:
        raise click.BadParameter("numbers with commas, as 1,50,500") from None


def letters(_: click.Context, __: click.Parameter, given: str) -> tuple[Contender, ...]:
    """`a,b` as contenders."""
    unknown = [letter for letter in given.split(",") if letter not in BY_LETTER]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(BY_LETTER)}")
    return tuple(BY_LETTER[letter] for letter in given.split(","))


@click.command(help=__doc__, context_settings={"show_default": True})
@click.option("--scenario", type=click.Choice(list(SCENARIOS)), default="steady")
@click.option("--contenders", default="a,b,c,d,e", callback=letters, help=f"of {', '.join(BY_LETTER)}")
@click.option("--chats", callback=numbers, help="chats at once, as 1,50,500 [default: the scenario's]")
@click.option("--runs", default=5)
@click.option("--conversations", default=2000, help="at most so many a run")
@click.option("--seconds", type=float, help="at most so long a run [default: the scenario's]")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="the disk of the databases")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="write all figures as JSON")
def main(
    scenario: str,
    contenders: tuple[Contender, ...],
    chats: tuple[int, ...],
    runs: int,
    conversations: int,
    seconds: float | None,
    folder: Path | None,
    out: Path | None,
) -> None:
    asked = SCENARIOS[scenario]
    asked = Scenario(asked.about, chats or asked.chats, asked.options, seconds or asked.seconds)
    options = (*asked.options, "--conversations", str(conversations))
    report: dict[str, Any] = {
        "scenario": scenario,
        "about": asked.about,
        "machine": machine(),
        "by_chats": {},
    }
    places = Places(folder)
    try:
        for level in asked.chats:
            measured = turns(contenders, asked, level, runs, options, places)
            found = {letter: medians(figures) for letter, figures in measured.items()}
            Console(width=None if sys.stdout.isatty() else 150).print(table(scenario, level, found, measured))
            report["by_chats"][str(level)] = {
                "medians": {letter: figures.as_dict() for letter, figures in found.items()},
                "ratios": ratios(found),
                "runs": {letter: [f.as_dict() for f in figures] for letter, figures in measured.items()},
            }
    finally:
        places.close()
    if out:
        out.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()
