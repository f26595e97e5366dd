"""What can be wrong with one translated sentence: each check yields a line for who translates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html.entities import html5

from bot.locales.sources import Source, placeholders
from kit.language import Language

BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
TAG = re.compile(r"</?[a-z][^<>]*>")
VOID = frozenset({"br", "hr", "img"})
_NAME = re.compile(r"\{[^{}]*\}")
_URL = re.compile(r"\b(?:https?|tg|mailto|tel):\S+|\bt\.me/\S+")
_ENTITY = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|\w+);")
_CODE = re.compile(r"<(code|pre)>.*?</\1>", re.DOTALL)
_ARABIC = re.compile("[\u0621-\u064a]")
# What the fund says in Arabic, as in Morocco, and the words that would say it otherwise.
GLOSSARY = {
    "المنخرط": "مشارك(?!ة)|مؤمن له",
    "مستشار": "أعوان|وكيل|موظف",
    "كلمة السر": "كلمة المرور|كلمة سركم",
    "رقم التسجيل": "رقم الانخراط|رقم العضوية",
    "الازدياد": "الميلاد",
    "مطبوع": "نموذج طلب",
    "شكاية": "شكوى|شكاوى",
    "تحميل": "تنزيل",
    "أسفله": "أدناه",
    "البريد غير المرغوب فيه": "الرسائل غير المرغوب|البريد المزعج",
    "ماي، يوليوز، غشت، شتنبر، نونبر، دجنبر": "مايو|يوليو(?!ز)|أغسطس|سبتمبر|نوفمبر|ديسمبر",
}
_ACRONYM = re.compile(r"[^A-Za-z]*[A-Z]{2,}[^A-Za-z]*")
_OWN_NAMES = frozenset({"Français"})
_SPACE = "\u00a0\u202f"
_WANTS_SPACE = re.compile(rf"(?<=[^{_SPACE}(;:!?…\n])(?:[;!?]|:(?!\d))|(?<=[^{_SPACE}\n])»|«(?![{_SPACE}])")


def of(source: Source, forms: Sequence[str], language: Language, plurals: int) -> Iterator[str]:
    """The faults of a translation; `forms` is one string, or `plurals` of them where the sentence counts."""
    wanted = 1 if source.plural is None else plurals
    if len(forms) != wanted or not all(form.strip() for form in forms):
        yield f"{sum(map(bool, forms))} of {wanted} forms are translated" if wanted > 1 else "not translated"
        return
    english = [source.id] if source.plural is None else [source.id, source.plural]
    for form in forms:
        yield from _names(english, form, counts=source.plural is not None)
        yield from _tags(source.id, form)
        if BIDI.search(form):
            yield "holds bidi control characters: values are isolated when spoken"
        yield from _french(form) if language == "fr" else _arabic(source.id, form)


def of_source(source: Source) -> Iterator[str]:
    """The faults of the English itself."""
    for sentence in (source.id, source.plural or ""):
        if BIDI.search(sentence):
            yield "holds bidi control characters"
        yield from _markup(sentence)


def _names(english: Sequence[str], form: str, *, counts: bool) -> Iterator[str]:
    """The same names as the English; only {n} may be left out, by a form that says it in words."""
    try:
        asked, said = set().union(*(placeholders(sentence) for sentence in english)), placeholders(form)
    except ValueError as error:
        yield f"braces: {error}"
        return
    if extra := said - asked:
        yield f"names {', '.join(sorted(extra))}, which the source does not"
    if lost := asked - said - ({"n"} if counts else set()):
        yield f"leaves out {', '.join(sorted(lost))}"


def _tags(english: str, form: str) -> Iterator[str]:
    if Counter(TAG.findall(english)) != Counter(TAG.findall(form)):
        yield "has other tags than the source"
    yield from _markup(form)


def _markup(text: str) -> Iterator[str]:
    """Telegram refuses a message whose tags don't close in turn, or whose `<`, `>`, `&` are bare."""
    still_open: list[str] = []
    for tag in TAG.findall(text):
        name = tag.strip("</>").split()[0]
        if not tag.startswith("</"):
            still_open += [name] if name not in VOID else []
        elif not still_open or still_open.pop() != name:
            yield f"unbalanced {tag}"
            return
    if still_open:
        yield f"unbalanced <{still_open[-1]}>"
    rest = _ENTITY.sub(lambda found: "" if _is_entity(found[1]) else found[0], TAG.sub("", text))
    if bare := re.search("[<>&]", rest):
        yield f"bare {bare[0]}: write it as an entity"


def _is_entity(name: str) -> bool:
    return name.startswith("#") or f"{name};" in html5


def _prose(form: str, name: str = "") -> str:
    """What a person reads, without code, tags, links and entities; `name` stands where values will."""
    for pattern, put in ((_CODE, ""), (TAG, ""), (_URL, ""), (_ENTITY, ""), (_NAME, name)):
        form = pattern.sub(put, form)
    return form


def _french(form: str) -> Iterator[str]:
    """The French typographer's rules that a machine can see."""
    prose = _prose(form, name="x")
    if "'" in prose:
        yield "straight apostrophe: write ’"
    if found := _WANTS_SPACE.search(prose):
        yield f"wants a no-break space at …{prose[max(0, found.start() - 12) : found.end() + 4]!r}"


def _arabic(english: str, form: str) -> Iterator[str]:
    """Arabic has its own letters and signs, unless nothing but values, signs or an acronym is said."""
    prose = _prose(form)
    if not _ARABIC.search(prose):
        same = english in _OWN_NAMES or (form == english and _ACRONYM.fullmatch(prose))
        if not same and re.search(r"[^\W\d_]", prose):
            yield "has no Arabic letter"
    elif found := re.search(r"[?;]|,(?!\d)", prose):
        yield f"has a Latin {found[0]}: Arabic writes ؟ ؛ ،"
    for ours, others in GLOSSARY.items():
        if found := re.search(others, prose):
            yield f"says {found[0]}: the fund says {ours}"
