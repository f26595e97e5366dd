"""`rafiq audit verify` and `rafiq erasures list`: whether the activity log is whole, and what no backup may bring back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import click

from delivery import erasures
from services import audit, erasure
from services.work import Work

WithWork: TypeAlias = "Callable[[Callable[[Work], Any]], Any]"


def groups(with_work: WithWork) -> Sequence[click.Group]:
    """The commands; `with_work` runs a use case in a transaction of its own."""

    @click.group("audit")
    def audit_group() -> None:
        """The activity log: who did what with whose data."""

    @audit_group.command("verify")
    def verify() -> None:
        """Walk the log's chains. Exit status: 0 whole, 1 rows were changed, removed or put in (each is named)."""
        after, rows, unchained, faults = 0, 0, 0, 0
        while (report := with_work(lambda work: audit.verify(work, after))).accounts:  # noqa: B023
            after, rows, unchained = report.last, rows + report.rows, unchained + report.unchained
            for fault in report.faults:
                click.echo(f"account {fault.account_id}, entry {fault.seq}: {fault.what}")
                faults += 1
        click.echo(f"{rows} entries, {unchained} of them from before the chain, {faults} faults")
        raise SystemExit(1 if faults else 0)

    @click.group("erasures")
    def erasures_group() -> None:
        """Spaces that were erased: what a backup must not bring back."""

    @erasures_group.command("list")
    def listed() -> None:
        """Write out all that are known, as RAFIQ_ERASURES_FILE holds them: keep it beside the backups."""
        click.echo(erasures.written(with_work(erasure.all_of)), nl=False)

    return audit_group, erasures_group
