"""What is taken out of a question before it is kept or shown to agents: whatever tells who asked it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kit.folding import decimal_digits, fold, visible
from services.holder import name_words

HIDDEN = "•••"
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w{3,}")
# Four digits or more, however they are grouped: a matricule, a telephone, a date, an account; with what is joined to them.
_NUMBER = re.compile(r"[^\W\d_]*\d(?:[\s./\-–_:]?\d){3,}[^\W\d_]*")
_NAME = r"((?:\s+(?:(?:el|al|ben|bin|ait|بن|ال)\s+)*[^\s,.;:!?؟،]+){1,2})"  # a first and a last name
_CALLED = re.compile(
    r"\b(je\s+m['’]?\s?appell?e|mon\s+(?:nom|pr[ée]nom)(?:\s+est|\s*:)|sm[iy]+ti|my\s+name\s+is|nom\s*:)"
    + _NAME,
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"{HIDDEN}(?:\s+(?:(?:el|al|ben|bin|بن)\s+)?{HIDDEN})+", re.IGNORECASE)
_CALLED_AR = re.compile(r"(اسمي|إسمي|سميتي|الاسم\s*:)" + _NAME)


def mask(text: str, names: Iterable[str] = ()) -> str:
    """`text` on one line, without e-mails, links, handles, numbers of four digits or more, and names: those given (of the person who
    asks) and what somebody says they are called."""
    seen = decimal_digits(visible(text))
    for pattern in (_EMAIL, _LINK, _HANDLE, _NUMBER):
        seen = pattern.sub(HIDDEN, seen)
    for pattern in (_CALLED, _CALLED_AR):
        seen = pattern.sub(lambda found: f"{found[1]} {HIDDEN}", seen)
    known = {word for name in names for word in name_words(name)}
    if known:
        seen = re.sub(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", lambda word: _unless(word[0], known), seen)
    return _BETWEEN.sub(HIDDEN, seen)


def _unless(word: str, known: set[str]) -> str:
    folded = fold(word).replace(" ", "")
    return HIDDEN if folded in known or folded.removeprefix("ال") in known else word
