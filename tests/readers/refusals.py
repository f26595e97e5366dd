"""What a reader answers, as a table can state it: the value, or the code of the refusal."""

from __future__ import annotations

import time
from collections.abc import Callable

from hypothesis import strategies as st

from kit.errors import Refused

# Any text that Python can hold: lone surrogates and NUL too.
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)
# Texts that are near to what is asked: more of them come through.
TYPED = st.text(
    st.sampled_from(
        "salmaéÉïßœ O'’-_.@+/, 0123456789٣٤۵１²Ⅷأإآةىءئؤعلبن\u0640\u0651\u200b\u200c\u200d\u202e\u2066\x00\n\t😀"
    ),
    max_size=40,
)
# What breaks careless readers, 64 KiB each.
GIANTS = {
    "letters": "a" * 65536,
    "digits": "1" * 65536,
    "arabic digits": "٣" * 65536,
    "blanks": " " * 65536,
    "blanks and a letter": " " * 65535 + "a",
    "blank pairs": "a " * 32768,
    "zero-width": "\u200b" * 65536,
    "joiners": "\u200d" * 65536,
    "marks": "a" + "\u0301" * 65535,
    "surrogates": "\ud800" * 65536,
    "NUL": "\x00" * 65536,
    "expanding": "\ufdfa" * 65536,
    "at signs": "@" * 65536,
    "dots": "a@" + "a." * 32767,
    "idn": "a@" + "é" * 65534,
    "hyphens": "1-" * 32768,
    "separators": "1/" + " " * 65534,
    "question marks": "?" * 65536,
    "emoji": "👨‍👩‍👧" * 13107,
    "arabic": "عبد الله " * 7282,
}


def outcome(read: Callable[..., object], *given: object, **named: object) -> object:
    """The value read, or the code of its refusal."""
    try:
        return read(*given, **named)
    except Refused as refusal:
        return refusal.code


def fastest(read: Callable[[], object]) -> float:
    """Seconds that the quickest of five readings took: others use the machine too."""
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        outcome(read)
        taken.append(time.perf_counter() - start)
    return min(taken)
