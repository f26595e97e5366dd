"""`python -m tests.crash`: the crash test at any length, and a failing seed again."""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
from pathlib import Path

import click

from tests.crash.mutants import MUTANTS
from tests.crash.places import Place, Postgres, Sqlite
from tests.crash.run import Outcome, Plan, Run


@click.command()
@click.option("--seed", type=int, help="Play this seed only, as it was printed.")
@click.option("--seeds", default=1, show_default=True, help="How many seeds, drawn anew.")
@click.option("--kills", default=10, show_default=True, help="SIGKILLs in a run.")
@click.option("--chats", default=12, show_default=True)
@click.option(
    "--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True
)
@click.option("--mode", type=click.Choice(["webhook", "polling", "both"]), default="both", show_default=True)
@click.option(
    "--replicas", type=int, help="Replicas behind the balancer (PostgreSQL by webhook: 2 unless told)."
)
@click.option("--cuts/--no-cuts", default=True, show_default=True, help="Cut PostgreSQL's connections too.")
@click.option("--importing/--no-importing", default=True, show_default=True, help="An import beside the bot.")
@click.option("--mutant", type=click.Choice(sorted(MUTANTS)), help="Start the bot without this safeguard.")
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), default=Path("out/crash"), show_default=True
)
def main(
    seed: int | None,
    seeds: int,
    kills: int,
    chats: int,
    database: str,
    mode: str,
    replicas: int | None,
    cuts: bool,
    importing: bool,
    mutant: str | None,
    keep: Path,
) -> None:
    """Kill the bot while people talk to it, and look whether anything is missing or double afterwards.

    The history of a failed run, its logs and its database are kept under --keep.
    """
    drawn = [seed] if seed is not None else [random.randrange(1_000_000) for _ in range(seeds)]
    failed = False
    postgres = Postgres() if database != "sqlite" else None
    try:
        for one in drawn:
            for place in ([Sqlite()] if database != "postgresql" else []) + ([postgres] if postgres else []):
                for way in ("webhook", "polling") if mode == "both" else (mode,):
                    pg = place.dialect == "postgresql"
                    count = replicas or (2 if pg and way == "webhook" else 1)
                    plan = Plan(one, way, count, chats, kills, importing, cuts and pg, mutant)
                    outcome = play(plan, place, keep)
                    failed |= bool(outcome.faults)
    finally:
        if postgres is not None:
            postgres.close()
    raise SystemExit(failed)


def play(plan: Plan, place: Place, keep: Path) -> Outcome:
    """One run, told on the standard output. What it left is kept when it failed."""
    print(f"seed {plan.seed}: {place.dialect}, {plan.mode}, {plan.mutant or 'as it is'} …", flush=True)
    keep.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{plan.seed}-{place.dialect}-{plan.mode}-", dir=keep.resolve()))
    outcome = asyncio.run(Run(plan, place, folder).play())
    print(json.dumps(outcome.figures), flush=True)
    for fault in outcome.faults[:20]:
        print("  FAULT", fault, flush=True)
    if len(outcome.faults) > 20:
        print(f"  … and {len(outcome.faults) - 20} more", flush=True)
    if outcome.faults:
        print("  kept in", folder, flush=True)
    else:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    return outcome


if __name__ == "__main__":
    main()
