"""Whatever people send, folding and matcher raise nothing and are quick: 4 096 characters of the worst kind."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kit.folding import fold
from services.faq.folding import LONGEST, LONGEST_WORD, words
from services.faq.matcher import Matcher

ANY = st.text(st.characters(), max_size=600)  # surrogates and unassigned ones too
WEIRD = "".join(
    map(
        chr,
        [
            0x202E,
            0x200F,
            0x2066,
            0x0640,
            0xD800,
            0xFDFA,
            0x0301,
            0x1F469,
            0x200D,
            0xFE0F,
            0x0660,
            0x3164,
            0xFEFF,
            0,
        ],
    )
)
MAGHREBI = str.maketrans(
    {"ء": None, "گ": "ك", "ڭ": "ك", "ݣ": "ك", "ک": "ك", "ڤ": "ف", "ڥ": "ف", "پ": "ب", "چ": "ش", "ژ": "ج"}
)
DRAWN_OUT = re.compile(r"(.)\1{2}")
HOSTILE = {
    "zalgo": "e" + "\u0301\u0489\u0336" * 1400,
    "marks only": "\u0651\u064b" * 2048,
    "right to left": "\u202e\u2067مرحبا\u2069\u202c" * 400,
    "surrogates": "\ud800\udfff" * 2048,
    "one word": "a" * 4096,
    "one word of all letters": ("abcdefghijklmnopqrstuvwxyz" * 200)[:4096],
    "one Arabic word": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي" * 200)[:4096],
    "digits": "9" * 4096,
    "arabizi digits": "3729" * 1024,
    "ligature that grows": "\ufdfa" * 4096,
    "dots": "a." * 2048,
    "apostrophes": "l'" * 2048,
    "many words": "ma " * 1365,
    "many unknown words": " ".join(f"zqx{n}wvk" for n in range(500)),
    "emergencies": "mal " * 1024,
    "patterns": "il y a " * 600,
    "nulls": "\0" * 4096,
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY)
@example(WEIRD)
def test_folding_raises_nothing(text: str) -> None:
    found = words(text)
    assert all(0 < len(word) <= LONGEST_WORD for word in found)
    assert words(text[:LONGEST]) == found


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(blacklist_characters="'’‘‛`´ʼʻʾʿʹ′＇@."), max_size=60))
@example(WEIRD)
@example("ﷺ ²½ⅷ ـَة ۀ été ßΣς")
def test_one_pass_folds_as_all_of_a_text_is_folded(text: str) -> None:
    long = [word.translate(MAGHREBI) for word in fold(f"{text} finally").split()]
    kept = [word for word in long if word.isalpha() and len(word) > 6 and not DRAWN_OUT.search(word)]
    found = words(f"{text} finally")
    assert [word for word in found if word in {word[:LONGEST_WORD] for word in kept}] == [
        word[:LONGEST_WORD] for word in kept
    ]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY)
@example(text=WEIRD)
def test_the_matcher_raises_nothing(matcher: Matcher, text: str) -> None:
    found = matcher.match(text, role="delegate")
    assert len(found.top3) == 3
    assert 0 <= found.confidence <= 1
    assert (found.topic is not None) == (found.kind == "answer")


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_takes_no_longer(matcher: Matcher, kind: str) -> None:
    matcher.match(HOSTILE[kind])
    began = time.thread_time()
    matcher.match(HOSTILE[kind])
    assert time.thread_time() - began < 0.02


def test_only_the_first_characters_count(matcher: Matcher) -> None:
    asked = "où consulter mes remboursements " + "x" * LONGEST
    assert matcher.match(asked) == matcher.match(asked + " mot de passe oublié" * 100)
