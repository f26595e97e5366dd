"""The rules of the house that no linter knows: each reads one file's syntax tree and yields the lines that break it.

A rule's docstring says what goes wrong without it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "webhooks", "delivery", "services", "store", "kit", "playground")
CORE = ("bot/handlers/", "bot/conversations/", "bot/forms/", "services/")
LONGEST = 400
SQL = {"sqlalchemy", "aiosqlite", "asyncpg", "alembic", "sqlite3"}


@dataclass(frozen=True, slots=True)
class File:
    """A Python file of the house: its path from the root, its text, its tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> File:
        """The file with this text."""
        return cls(path, text, ast.parse(text, path))


Rule = Callable[[File], Iterator[int]]


def files() -> Iterator[File]:
    """Every Python file of the rooms, and those beside them."""
    for path in sorted(
        [*ROOT.glob("*.py"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    ):
        yield File.of(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))


def short_files(file: File) -> Iterator[int]:
    """Nobody reads a file of a thousand lines to the end; migrations are written once and never read on."""
    lines = file.text.count("\n")
    if lines > LONGEST and "/migrations/" not in file.path:
        yield lines


def time_is_handed_in(file: File) -> Iterator[int]:
    """A turn that asks for the time can't be run again with the same result, nor tested at five to midnight."""
    if not file.path.startswith((*CORE, "store/", "kit/")) or file.path == "kit/clock.py":
        return
    for node in ast.walk(file.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="now" | "utcnow" | "today")):
                # `work.now` is a value, not a call
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="time" | "time_ns")):
                yield node.lineno


def sql_is_never_pasted(file: File) -> Iterator[int]:
    """A value pasted into SQL is an injection; a name pasted into it is one refactoring away from being a value."""
    for node in ast.walk(file.tree):
        if (
            isinstance(node, ast.Call)
            and node.args
            and _called(node) in {"text", "exec_driver_sql", "execute", "executemany"}
        ):
            match node.args[0]:
                case ast.JoinedStr(values=values) if any(
                    isinstance(value, ast.FormattedValue) for value in values
                ):
                    yield node.lineno
                case ast.BinOp(op=ast.Add() | ast.Mod()):
                    yield node.lineno
                case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format")):
                    yield node.lineno


def the_core_never_waits(file: File) -> Iterator[int]:
    """A turn that awaits inside its transaction holds the one writer for as long as the world takes to answer."""
    if file.path.startswith(CORE):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await):
                yield node.lineno


def the_edge_commits(file: File) -> Iterator[int]:
    """A service that commits lets half of a turn stand when its other half fails."""
    if file.path.startswith(CORE):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Call) and _called(node) in {"commit", "rollback"}:
                yield node.lineno


def logs_name_events(file: File) -> Iterator[int]:
    """A log line made by pasting carries people's addresses, and can't be searched for by its event."""
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    for node in ast.walk(file.tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="log" | "logger"), attr=level), args=[event, *_]
            ):
                named = (
                    isinstance(event, ast.Constant)
                    and isinstance(event.value, str)
                    and " " not in event.value
                )
                if level in levels and not named:
                    yield node.lineno


def the_wiring_has_no_sql(file: File) -> Iterator[int]:
    """What import-linter holds for the rooms, for the modules that it can't see: the commands, wiring.py and settings.py."""
    commands = ("audit_command.py", "demo_command.py", "entry.py", "faq_command.py", "rafiq.py")
    refused = {
        **dict.fromkeys(commands, SQL),
        "wiring.py": {*SQL, "playground"},
        "settings.py": {*ROOMS, "rafiq", "sqlalchemy"} - {"kit"},
    }.get(file.path, set())
    for node in ast.walk(file.tree):
        match node:
            case ast.Import(names=names) if {alias.name.partition(".")[0] for alias in names} & refused:
                yield node.lineno
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in refused:
                yield node.lineno


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


RULES: tuple[Rule, ...] = (
    short_files,
    time_is_handed_in,
    sql_is_never_pasted,
    the_core_never_waits,
    the_edge_commits,
    logs_name_events,
    the_wiring_has_no_sql,
)
