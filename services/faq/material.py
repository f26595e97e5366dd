"""What ships for the matcher to learn from, beside the topics: concepts, bodies that are not ours, phrasings in all writings, strangers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.faq.file import File, read
from services.faq.listed import shipped_file
from services.faq.topics import SHIPPED


@dataclass(frozen=True, slots=True)
class Material:
    """`concepts`: {concept: its variants}; `phrasings`: {topic id: ways to ask it}; `negatives`: questions that are not ours."""

    concepts: Mapping[str, tuple[str, ...]]
    phrasings: Mapping[str, tuple[str, ...]]
    negatives: tuple[str, ...]


def _listed(mapping: object) -> dict[str, tuple[str, ...]]:
    assert isinstance(mapping, dict)
    return {str(name): tuple(map(str, lines)) for name, lines in mapping.items()}


@cache
def shipped() -> Material:
    """The project's own."""
    training = shipped_file("training")
    return Material(
        concepts=_listed(shipped_file("lexicon")),
        phrasings=_listed(training["phrasings"]),
        negatives=tuple(map(str, training["negatives"])),
    )


@cache
def shipped_topics() -> File:
    """The topics that ship: they have no fault."""
    file = read(SHIPPED.read_bytes())
    assert not file.faults, file.faults
    return file
