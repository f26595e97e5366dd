"""Other bodies that people take us for: CNSS, CNOPS, the offices of passports and cards, the railways …"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kit.text import Both
from services.faq.folding import words
from services.faq.listed import shipped_file, word_list

OVERRULED = (
    0.9  # a topic as sure as that is answered although another body is named ("la CNSS a payé 80, et vous ?")
)
_OURS = word_list("ours")


@dataclass(frozen=True, slots=True)
class Body:
    """`name` as it is said in a sentence. `weak` variants are words of ours too."""

    id: str
    name: Both
    names: tuple[tuple[str, ...], ...]
    weak: tuple[tuple[str, ...], ...]


@cache
def known() -> dict[str, Body]:
    """All bodies by id."""
    found = shipped_file("bodies")["bodies"]
    return {
        it["id"]: Body(
            it["id"],
            Both(it["fr"], it["ar"]),
            tuple(tuple(words(str(name))) for name in it["names"]),
            tuple(tuple(words(str(name))) for name in it.get("weak", ())),
        )
        for it in found
    }


@cache
def _by_first() -> dict[str, list[tuple[tuple[str, ...], str, bool]]]:
    index: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for body in known().values():
        for name in body.names:
            index.setdefault(name[0], []).append((name, body.id, False))
        for name in body.weak:
            index.setdefault(name[0], []).append((name, body.id, True))
    return index


def named(found: Sequence[str], *, weak: bool = False) -> str | None:
    """The id of the first body that folded words name, or None; None too where we are named as well."""
    if _OURS.intersection(found):
        return None
    index = _by_first()
    for place, word in enumerate(found):
        bare = word[1:] if len(word) > 4 and word[0] in "وفبل" else word
        for candidate in dict.fromkeys((word, bare)):
            for name, body, is_weak in index.get(candidate, ()):
                if (weak or not is_weak) and tuple(found[place + 1 : place + len(name)]) == name[1:]:
                    return body
    return None
