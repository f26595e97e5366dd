"""Questions as the matcher reads them: `kit.folding.fold` made rougher, words apart, the shorthand of messages written out.

Nothing here is kept, so it may change from release to release.
"""

from __future__ import annotations

import re
from typing import Final

from kit.folding import fold

LONGEST = 400  # characters of a question that are read (SPEC 2.5's three lines are fewer)
LONGEST_WORD = 24  # letters: what is longer is no word, and its n-grams would be the whole question

# "l'espace" is two words here (`fold` makes one of it), and "e@sypaiement" is one.
_APART = {**dict.fromkeys("'’‘‛`´ʼʻʾʿʹ′＇", " "), "@": "a"}
_ARABIC = str.maketrans(
    {"ء": None, "گ": "ك", "ڭ": "ك", "ݣ": "ك", "ک": "ك", "ڤ": "ف", "ڥ": "ف", "پ": "ب", "چ": "ش", "ژ": "ج"}
)


class _Folded(dict[int, str]):
    """What becomes of a character, as `str.translate` asks: `fold` looks at none beside it, so one pass does for all its steps."""

    _MOST: Final = 2048  # characters that are remembered: more than our four writings have

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = fold(f"x{_APART.get(character, character)}x")[1:-1].translate(_ARABIC)
        if len(self) < self._MOST:
            self[code] = folded
        return folded


_FOLDED = _Folded()
_MARKS = str.maketrans(_APART)
_DRAWN_OUT = re.compile(r"(.)\1{2,}")  # "slaaaam", "بزااااف"
_DOTTED = re.compile(r"\b(\w)\.(?=\w\b)")  # "A.L.D."
_SHORTHAND = {
    "pr": "pour", "ds": "dans", "tjs": "toujours", "tjrs": "toujours", "tjr": "toujours", "qd": "quand", "cmt": "comment",
    "cmnt": "comment", "coment": "comment", "pq": "pourquoi", "pk": "pourquoi", "pkoi": "pourquoi", "prkoi": "pourquoi",
    "pourkoi": "pourquoi", "bcp": "beaucoup", "svp": "", "stp": "", "bjr": "", "bsr": "", "slt": "", "cc": "", "mrc": "",
    "merci": "", "bonjour": "", "bonsoir": "", "c": "ce", "g": "je", "jai": "je ai", "jsuis": "je suis", "jarrive": "je arrive",
    "kel": "quel", "kelle": "quelle", "koi": "quoi", "keske": "que", "ke": "que", "ki": "qui", "kan": "quand", "vs": "vous",
    "ns": "nous", "qq": "quelque", "qqn": "quelqu un", "qqch": "quelque chose", "pb": "probleme", "pblm": "probleme",
    "prob": "probleme", "msg": "message", "num": "numero", "tel": "telephone", "tlf": "telephone", "rdv": "rendez vous",
    "mdp": "mot de passe", "mp": "mot de passe", "adr": "adresse", "doc": "document", "docs": "documents", "dos": "dossier",
    "rbt": "remboursement", "rbst": "remboursement", "rembt": "remboursement", "cpte": "compte", "ent": "entreprise",
    "ste": "societe", "sté": "societe", "ttes": "toutes", "tt": "tout", "aprs": "apres", "auj": "aujourd hui", "rep": "reponse",
}  # fmt: skip
_CURRENCY = re.compile(r"^\d+(dh|dhs|mad)$")


def words(text: str) -> list[str]:
    """The folded words of the first LONGEST characters, each of at most LONGEST_WORD letters."""
    text = text[:LONGEST]
    if "." in text:
        text = _DOTTED.sub(r"\1", text.translate(_MARKS))
    found: list[str] = []
    for word in _DRAWN_OUT.sub(r"\1", text.translate(_FOLDED)).split():
        if word in _SHORTHAND:
            found += _SHORTHAND[word].split()
        elif not word[0].isdigit():
            found.append(word[:LONGEST_WORD])
        elif word.isdigit():
            found.append(_number(word))
        elif _CURRENCY.match(word):
            found += ["0", "dh"]
        else:
            found.append(word[:LONGEST_WORD])
    return found


def _number(digits: str) -> str:
    """Small numbers and years mean something ("2 confirmations", "48 h", "2022"); of the others only that it is a number."""
    if len(digits) <= 2:
        return digits
    return "1999" if len(digits) == 4 and digits[:2] in ("19", "20") else "0"
