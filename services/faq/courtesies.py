"""Greetings and thanks that ask nothing: they are answered in kind, and are no questions for agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from kit.folding import fold
from kit.language import Language

Kind: TypeAlias = Literal["hello", "thanks"]
_LONGEST = 6  # words


@dataclass(frozen=True, slots=True)
class Courtesy:
    """What was said, and in which language it is returned; None: the chat's."""

    kind: Kind
    language: Language | None


_HELLO = {
    "fr": "bonjour bjr bonsoir bsr salut slt coucou cc hello hi",
    "": "salam slm salamo salamou 3alaykom alaykoum 3likom alikoum alaikum labas cv",
    "ar": "سلام السلام عليكم وعليكم صباح الخير مساء النور مرحبا اهلا لاباس",
}
_THANKS = {
    "fr": "merci mrc mci beaucoup bcp infiniment ok dac accord parfait super top bonne journee soiree revoir bientot",
    "": "choukran chokran shukran chukran bzaf bezzaf bzzaf safi wakha mziyan baraka lah lahou ofik fik",
    "ar": "شكرا شكرن جزيلا بزاف الله يعطيك الصحه يحفظك بارك فيك واخا صافي مزيان حسنا مع السلامه",
}
# Words that go with both, and change nothing: "bonjour madame", "merci à vous".
_BESIDE = (
    "madame monsieur mme mr rafiq a au d vous tous toi pour votre aide et de rien tres bien khoya khouya lalla sidi "
    "خويا رفيق سيدي لالة على"
)
_EMPTY = frozenset(fold(word) for word in _BESIDE.split())
_WORDS: dict[str, tuple[Kind, Language | None]] = {
    fold(word): (kind, language or None)  # type: ignore[misc]
    for kind, by_language in (("thanks", _THANKS), ("hello", _HELLO))
    for language, words in by_language.items()
    for word in words.split()
}


def courtesy(text: str) -> Courtesy | None:
    """The courtesy that a text is, and nothing else is; None for all other texts."""
    if len(text) > 60:
        return None
    words = fold(text).split()
    said = [_WORDS[word] for word in words if word in _WORDS]
    if not said or len(words) > _LONGEST or any(word not in _WORDS and word not in _EMPTY for word in words):
        return None
    kind: Kind = "thanks" if any(one == "thanks" for one, _ in said) else "hello"
    return Courtesy(kind, said[0][1])
