"""Sets of questions as files: a JSON line each, {"lang", "text", "expect": topic id or null}."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in which writing, and its topic; None where it is not ours."""

    writing: str
    text: str
    topic: str | None


def questions(path: Path) -> list[Question]:
    """The questions of a file."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [Question(row["lang"], row["text"], row["expect"]) for row in rows]
