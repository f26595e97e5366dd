"""What a maker gives: a paper about to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kit.speech import Speech
from services.work import Work


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper about to be drawn.

    name: the file's name, in ASCII: others are mangled on the way.
    mime: what it is.
    facts: all that its bytes depend on, as JSON.
    draw: makes the bytes of the facts, in a thread, without the database; the same facts give the same bytes.
    """

    name: str
    mime: str
    facts: Any
    draw: Callable[[Any], bytes]


# What belongs on a paper, read in a transaction of its own that writes nothing. Raises Refused where there is no such paper.
Maker: TypeAlias = "Callable[[Work, Speech, Mapping[str, Any]], Sheet]"
