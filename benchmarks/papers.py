"""Papers: how long one takes, from gathered facts to bytes, and what its process needs.

    python -m benchmarks.papers [--runs 5]

Statements of 3, 30, 300 and 2 000 lines (the most that one file takes) and the picture of 24 months, in both languages: the median of
the seconds that a sender's thread waits, the CPU of the process that draws, its peak of memory, and the file's size.
"""

from __future__ import annotations

import datetime as dt
import resource
import statistics
import time
from typing import Any

import click

from delivery.papers import statement as paper
from delivery.papers import totals as picture
from delivery.papers.typesetting import set_paper
from kit.language import LANGUAGES
from kit.money import Money
from kit.speech import Speech, Voices
from kit.text import Both, Ltr, t
from services.extracts import Chart
from services.fund import load_fund
from services.reimbursements import Act, Beneficiary, Line
from services.statements import Contents, Holder, Statement
from services.work import House, Work
from store.db import Db

DAY = dt.date(2026, 3, 25)
LINES = (3, 30, 300, 2_000)
ACTS = tuple(
    Act(code, Both(fr, ar))
    for code, fr, ar in (
        ("CONS-GEN", "Consultation de médecin généraliste", "استشارة طبيب عام"),
        ("DENT-ORTHO", "Orthodontie (moins de 16 ans)", "تقويم الأسنان (لمن هم دون 16 سنة)"),
        ("PHARM", "Médicaments", "أدوية"),
        ("ALD", "Soins liés à une affection de longue durée", "علاجات الأمراض طويلة الأمد"),
    )
)
NAMES = (
    Both("Salma El Ouaïssi", "سلمى الوعيسي"),
    Both("Fatima-Zahra Benjelloun Touimi", "فاطمة الزهراء بنجلون التويمي"),
)


def contents(many: int) -> Contents:
    """A statement of so many lines."""
    lines = [
        Line(
            DAY,
            Beneficiary(1, "self", "S•••"),
            NAMES[n % 2],
            DAY - dt.timedelta(40 + n % 30),
            DAY - dt.timedelta(40),
            ACTS[n % 4],
            Money(123_450 + 37 * n),
            Money(60_000 if n % 4 == 0 else 0),
            Money(63_450 + 29 * n),
        )
        for n in range(many)
    ]
    total = Money(sum(line.reimbursed.centimes for line in lines))
    return Contents(
        Holder(NAMES[0].fr, NAMES[0].ar, "••••27"), [(Statement("D2026-00094", DAY, many, total), lines)]
    )


def chart() -> Chart:
    """Two years of four acts."""
    months = [dt.date(2024 + n // 12, n % 12 + 1, 1) for n in range(24)]
    return Chart(
        months, ACTS, [[Money(10_000 * (n % 7) + 5_000 * i) for i in range(4)] for n in range(24)], False
    )


def measured(name: str, runs: int, template: str, facts: Any, format: Any) -> None:
    """Draw it, and print what it took."""
    waits, cpus, content = [], [], b""
    for _ in range(runs):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        content = set_paper(template, facts, facts["at"], format)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        waits.append(time.perf_counter() - began)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024  # of all so far: they grow
    click.echo(
        f"{name:<28} {statistics.median(waits) * 1000:6.0f} ms {statistics.median(cpus) * 1000:6.0f} ms CPU"
        f" {peak:5} MiB {len(content) / 1024:8.0f} KiB"
    )


@click.command()
@click.option("--runs", default=5)
def main(runs: int) -> None:
    """Draw each paper some times."""
    voices, fund = Voices(), load_fund()
    none: Db = None  # type: ignore[assignment]
    work = Work(none, dt.datetime.now(dt.UTC), House(fund, lambda *_: []))

    def speech_of(language: Any) -> Speech:
        return voices[language]

    for language in LANGUAGES:
        facts = picture._facts(work, speech_of(language), chart())
        measured(f"picture, 24 months, {language}", runs, "totals", facts, "png")
    title = t("Statement of reimbursements No. {number}", number=Ltr("D2026-00094"))
    for many in LINES:
        for language in LANGUAGES:
            facts = paper._facts(work, speech_of(language), contents(many), title, whole_year=False)
            measured(f"statement, {many} lines, {language}", runs, "statement", facts, "pdf")


if __name__ == "__main__":
    main()
