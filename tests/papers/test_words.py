"""Words on a paper: what is isolated in a sentence reads as it is, and costs a box only where it must."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.papers.words import Runs, alone, runs
from kit.speech import FSI, LRI, PDI, Voices


def text(of: Runs) -> str:
    """The words of runs, in order."""
    return of if isinstance(of, str) else "".join(one if isinstance(one, str) else one["t"] for one in of)


@pytest.mark.parametrize(
    ("spoken", "base", "expected"),
    [
        (f"n° {LRI}D2026-1{PDI} du 3 mars", "ltr", "n° D2026-1 du 3 mars"),
        (f"رقم {LRI}D2026-1{PDI}", "rtl", ["رقم ", {"d": "ltr", "t": "D2026-1"}]),
        (f"{LRI}25/03/2026{PDI}", "rtl", "25/03/2026"),
        (f"{FSI}1.234,50{PDI}", "rtl", "1.234,50"),
        (f"الهاتف: {LRI}05 22 20{PDI}.", "rtl", ["الهاتف: ", {"d": "ltr", "t": "05 22 20"}, "."]),
        (f"{FSI}سلمى{PDI} est là", "ltr", [{"d": "rtl", "t": "سلمى"}, " est là"]),
        (f"{FSI}سلمى{PDI} هنا", "rtl", "سلمى هنا"),
        (f"{FSI}Salma سلمى{PDI}", "ltr", [{"d": "ltr", "t": "Salma سلمى"}]),
        (f"Page {LRI}@page{PDI}", "ltr", ["Page ", {"d": "ltr", "t": "@page"}]),
        ("\u202eabc\u202c", "ltr", "abc"),
        ("", "rtl", ""),
    ],
)
def test_runs(spoken: str, base: str, expected: Runs) -> None:
    assert runs(spoken, base) == expected


@given(
    st.lists(st.tuples(st.sampled_from(["", LRI, FSI]), st.text(max_size=8))), st.sampled_from(["ltr", "rtl"])
)
def test_nothing_is_lost_but_the_isolates(parts: list[tuple[str, str]], base: str) -> None:
    clean = [
        (mark, "".join(c for c in words if unicodedata.category(c) not in ("Cf", "Cs")))
        for mark, words in parts
    ]
    spoken = "".join(f"{mark}{words}{PDI}" if mark else words for mark, words in clean)
    assert text(runs(spoken, base)) == "".join(words for _, words in clean).replace("\u202f", "\u00a0")


def test_a_value_alone() -> None:
    voices = Voices()
    assert alone(voices["fr"], "Salma El Ouaïssi") == "Salma El Ouaïssi"
    assert alone(voices["ar"], "Salma") == {"d": "ltr", "t": "Salma"}
    assert alone(voices["ar"], "سلمى (16)") == "سلمى (16)"
    assert alone(voices["fr"], "سلمى") == {"d": "rtl", "t": "سلمى"}
