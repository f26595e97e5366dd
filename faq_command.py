"""`rafiq faq match | evaluate`: the FAQ's matcher on the command line. It needs no token, no database and no settings."""

from __future__ import annotations

import gc
import io
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from services.faq.matcher import Matcher

_TOPICS = click.option(
    "--topics",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file of topics instead of the one that ships (its form is services/faq/data/faq_topics.yaml).",
)


@click.group()
def faq() -> None:
    """What people ask, and the answer that fits."""


@faq.command()
@_TOPICS
def match(topics: Path | None) -> None:
    """Answer questions line by line.

    In: {"id": …, "text": …}, and "role" if known. Out: {"id", "topic" or null, "top3", "kind", "writing", "confidence", "body" or null}.
    """
    matcher = _matcher(topics)
    gc.collect()
    gc.freeze()  # a full collection would hold one answer in a thousand up for a tenth of a second
    for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"):
        if line.strip():
            print(json.dumps(_answer(matcher, line)), flush=True)


def _answer(matcher: Matcher, line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        text, role = str(asked["text"]), asked.get("role")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"id": None, "topic": None, "top3": [], "error": 'not a line of the form {"id": …, "text": …}'}
    found = matcher.match(text, role=role if role in ("participant", "delegate") else None)
    return {
        "id": asked.get("id"),
        "topic": found.topic,
        "top3": [guess.topic for guess in found.top3],
        "kind": found.kind.value,
        "writing": found.writing.value,
        "confidence": round(found.confidence, 4),
        "body": found.body,
    }


@faq.command()
@_TOPICS
@click.option("--errors", default=0, metavar="N", help="List N questions that went wrong.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def evaluate(file: Path, topics: Path | None, errors: int) -> None:
    """Measure the matcher on a file of {"lang", "text", "expect": topic id or null} lines, by group of "lang"."""
    from services.faq.evaluation import Outcome, by_group

    began = time.perf_counter()
    matcher = _matcher(topics)
    ready = time.perf_counter() - began
    outcomes: list[Outcome] = []
    wrong: list[str] = []
    took: list[float] = []
    for number, row in _rows(file):
        if "text" not in row or "expect" not in row:
            raise click.ClickException(f"{file}:{number}: a line needs text and expect")
        began = time.perf_counter()
        found = matcher.match(str(row["text"]))
        took.append((time.perf_counter() - began) * 1000)
        top3 = [guess.topic for guess in found.top3]
        outcomes.append(Outcome(str(row.get("lang", "")), row["expect"], found.topic, top3))
        if found.topic != row["expect"]:
            wrong.append(
                f"  [{row.get('lang')}] {row['text']!r}: {row['expect']}, got {found.topic or found.kind.value} of {top3}"
            )
    click.echo(f"{'group':12}{'ours':>6}{'not':>5}{'R@1':>7}{'R@3':>7}{'right':>7}{'wrong':>7}{'false':>7}")
    for group, it in by_group(outcomes).items():
        click.echo(
            f"{group:12}{it.ours:6}{it.strangers:5}{it.recall_1:7.3f}{it.recall_3:7.3f}{it.right:7.3f}{it.wrong:7.3f}{it.answered_strangers:7.3f}"
        )
    took.sort()
    if took:
        click.echo(
            f"trained in {ready:.2f} s, p50 {took[len(took) // 2]:.2f} ms, p99 {took[int(len(took) * 0.99)]:.2f} ms"
        )
    for line in wrong[:errors]:
        click.echo(line)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise click.ClickException(f"{file}:{number}: not a JSON object")
            yield number, row


def _matcher(topics: Path | None) -> Matcher:
    from kit.csvlines import BadFile
    from services.faq.file import read
    from services.faq.matcher import Matcher
    from services.faq.material import shipped_topics

    try:
        file = read(topics.read_bytes()) if topics else shipped_topics()
    except BadFile as error:
        raise click.ClickException(str(error)) from None
    if not file.topics or file.faults:
        raise click.ClickException("\n".join(file.faults or ["there are no topics in it"]))
    return Matcher.train(file.topics)


if __name__ == "__main__":
    faq(prog_name="rafiq faq")
