"""The sentences of the rooms: what `t(...)` and `nt(...)` of kit.text are called with, read from the source code.

Python is read as a syntax tree, templates by Jinja's own reader. A sentence that no reader can see would never be translated:
`t(variable)` is a fault (a string named at the top of a file is none), and so is a placeholder that the call gives no value for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "webhooks", "delivery", "services", "store", "kit")
ARGUMENTS = {"t": 1, "nt": 2}


@dataclass(slots=True)
class Source:
    """A sentence as the code has it: its English, the plural of it where it counts, the files that say it."""

    id: str
    plural: str | None = None
    files: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Sources:
    """All sentences by their id, what is wrong with the calls, and the strings that each module names at its top."""

    by_id: dict[str, Source] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    named: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, id: str, plural: str | None, file: str) -> None:
        """Note that `file` says `id`; one sentence can't be with and without a plural, nor have two."""
        known = self.by_id.setdefault(id, Source(id, plural))
        if known.plural != plural:
            self.faults.append(f"{file}: {id!r} stands elsewhere with another plural")
        known.files.add(file)


def placeholders(sentence: str) -> set[str]:
    """The names in braces. Raises ValueError for a lone brace, an unnamed place, a format or a conversion."""
    names = set()
    for _, name, spec, conversion in Formatter().parse(sentence):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}} is no plain name")
        names.add(name)
    return names


def read(root: Path = ROOT) -> Sources:
    """The sentences of all rooms under `root`. Raises SyntaxError or TemplateSyntaxError where a file can't be read."""
    sources = Sources()
    files = [path for room in (*ROOMS, "rafiq.py") for path in _python(root / room)]
    codes = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(files)}
    for file, code in codes.items():
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        sources.named[module] = _constants(ast.parse(code, file))
    for file, code in codes.items():
        read_python(code, file, sources)
    for room in ROOMS:
        for path in sorted(path for path in (root / room).rglob("templates/**/*") if path.is_file()):
            _read_template(path, path.relative_to(root).as_posix(), sources)
    return sources


def _python(path: Path) -> list[Path]:
    return list(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []


def read_python(code: str, file: str, sources: Sources) -> None:
    """Add the sentences of one Python file to `sources`."""
    tree = ast.parse(code, file)
    names, modules = _imported(tree)
    constants = _imported_constants(tree, sources) | _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) if name in names:
                called = names[name]
            case ast.Attribute(value=ast.Name(id=module), attr=attr) if (
                module in modules and attr in ARGUMENTS
            ):
                called = attr
            case _:
                continue
        _read_call(node, called, constants, file, sources)


def _imported(tree: ast.AST) -> tuple[dict[str, str], set[str]]:
    """How this file calls `t` and `nt`, and how it calls kit.text itself."""
    names: dict[str, str] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "kit.text":
            names.update(
                {alias.asname or alias.name: alias.name for alias in node.names if alias.name in ARGUMENTS}
            )
        elif isinstance(node, ast.ImportFrom) and node.module == "kit":
            modules.update(alias.asname or alias.name for alias in node.names if alias.name == "text")
    return names, modules


def _imported_constants(tree: ast.AST, sources: Sources) -> dict[str, str]:
    """The strings that the file takes from the tops of others."""
    return {
        alias.asname or alias.name: sources.named[node.module][alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in sources.named
        for alias in node.names
        if alias.name in sources.named[node.module]
    }


def _constants(tree: ast.Module) -> dict[str, str]:
    """The strings that the file names at its top."""
    found = {}
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(value)))
            ):
                found[name] = value
    return found


def _read_call(node: ast.Call, called: str, constants: dict[str, str], file: str, sources: Sources) -> None:
    where = f"{file}:{node.lineno}"
    wanted = [list(_literals(argument, constants)) for argument in node.args[: ARGUMENTS[called]]]
    if len(wanted) < ARGUMENTS[called] or not all(wanted):
        sources.faults.append(f"{where}: {called}(...) wants its sentence written out")
        return
    if called == "nt" and any(len(choices) > 1 for choices in wanted):
        sources.faults.append(f"{where}: nt(...) wants one sentence and its plural")
        return
    plural = wanted[1][0] if called == "nt" else None
    given = {keyword.arg for keyword in node.keywords} | ({"n"} if called == "nt" else set())
    for id in wanted[0]:
        sources.add(id, plural, file)
        try:
            missing = (placeholders(id) | placeholders(plural or "")) - given
        except ValueError as error:
            sources.faults.append(f"{where}: {id!r}: {error}")
            continue
        if missing and None not in given:
            sources.faults.append(f"{where}: {id!r} is given no {', '.join(sorted(missing))}")


def _literals(node: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    """The strings that an argument can be: one, or both of `"a" if x else "b"`; nothing where it can't be read."""
    match node:
        case ast.Constant(value=str(value)):
            yield value
        case ast.Name(id=name) if name in constants:
            yield constants[name]
        case ast.IfExp(body=body, orelse=orelse):
            one, other = list(_literals(body, constants)), list(_literals(orelse, constants))
            if one and other:
                yield from (*one, *other)


def _read_template(path: Path, file: str, sources: Sources) -> None:
    with path.open("rb") as template:
        for _, called, message, _ in babel_extract(template, list(ARGUMENTS), (), {"silent": "false"}):
            parts = message if isinstance(message, tuple) else (message,)
            sentences = [part for part in parts if part is not None]
            if len(sentences) < ARGUMENTS[called]:
                sources.faults.append(f"{file}: {called}(...) wants its sentence written out")
                continue
            sources.add(sentences[0], sentences[1] if called == "nt" else None, file)
