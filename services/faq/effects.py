"""What an agent's change would do, before it is published: the matcher learns with it, and the questions whose answers are known
are put to the old and to the new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import orjson

from services.faq import content
from services.faq.content import Content, Learned
from services.faq.matcher import Kind, Match
from services.faq.topics import Said, Topic

REGRESSION = Path(__file__).parent / "data" / "faq_regression.jsonl"
EFFECT = "faq_effect"  # `of`, as work.need names it
SHOWN = 3  # changed questions that an effect names
EditKind: TypeAlias = Literal["phrasing", "word", "negative", "topic"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the content. phrasing: `at` is the topic's key · word: `at` is the concept · negative: only `text` · topic: `at` is its
    new key, `text` its first phrasing, `said` the titles and answers (fr, ar, fr, ar)."""

    kind: EditKind
    at: str
    text: str
    said: tuple[str, str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Recall and strangers answered, each before and after; `worse` and `better` are the texts whose answer changed, `own`
    is the topic that would answer the question itself, if one would."""

    recall: tuple[float, float]
    strangers: tuple[float, float]
    better: int
    worse: tuple[str, ...]
    own: str | None


def of(loaded: Content, edit: Edit, question: str, before: Learned | None = None) -> Effect:
    """The effect of an edit that `question` gave rise to: about a second of CPU. `before`: what was learned of the content."""
    old, new = before or content.trained(loaded), content.trained(applied(loaded, edit))
    asked = list(regression(loaded))
    was = [_right(old.match(text), topic) for text, topic in asked]
    now = [_right(new.match(text), topic) for text, topic in asked]
    changed = [
        (text, after) for (text, _), before_, after in zip(asked, was, now, strict=True) if before_ != after
    ]
    return Effect(
        recall=(_share(asked, was, ours=True), _share(asked, now, ours=True)),
        strangers=(1 - _share(asked, was, ours=False), 1 - _share(asked, now, ours=False)),
        better=sum(after for _, after in changed),
        worse=tuple(text for text, after in changed if not after)[:SHOWN],
        own=new.match(question).topic,
    )


def applied(loaded: Content, edit: Edit) -> Content:
    """The content with the edit."""
    match edit.kind:
        case "phrasing":
            return loaded.with_phrasing(edit.at, edit.text)
        case "word":
            return loaded.with_word(edit.at, edit.text)
        case "negative":
            return loaded.with_negative(edit.text)
    assert edit.said is not None
    title_fr, title_ar, answer_fr, answer_ar = edit.said
    made = Topic(
        id=edit.at, fr=Said(title=title_fr, answer=answer_fr), ar=Said(title=title_ar, answer=answer_ar)
    )
    return loaded.with_topic(made).with_phrasing(edit.at, edit.text)


def regression(loaded: Content) -> Iterable[tuple[str, str | None]]:
    """Questions whose topic is known, None for those that are not ours: what ships, then what agents decided."""
    known = {topic.id for topic in loaded.topics}
    for text, topic in shipped():
        if topic is None or topic in known:
            yield text, topic
    for topic, texts in loaded.phrasings.items():
        if topic in known:
            yield from ((text, topic) for text in texts)
    yield from ((text, None) for text in loaded.negatives)


@cache
def shipped() -> tuple[tuple[str, str | None], ...]:
    """The questions that ship."""
    rows = [orjson.loads(line) for line in REGRESSION.read_bytes().splitlines() if line.strip()]
    return tuple((row["text"], row["expect"]) for row in rows)


def _right(match: Match, topic: str | None) -> bool:
    """Whether the right topic comes first; for what is not ours, whether no topic is given as the answer."""
    if topic is None:
        return match.kind is not Kind.ANSWER
    return bool(match.top3) and match.top3[0].topic == topic


def _share(asked: list[tuple[str, str | None]], right: list[bool], *, ours: bool) -> float:
    counted = [good for (_, topic), good in zip(asked, right, strict=True) if (topic is not None) == ours]
    return sum(counted) / len(counted) if counted else 1.0


def as_kept(edit: Edit) -> Mapping[str, object]:
    """The edit as JSON."""
    return {"kind": edit.kind, "at": edit.at, "text": edit.text, "said": edit.said}


def as_read(kept: Mapping[str, object]) -> Edit:
    """The edit that `as_kept` made JSON of."""
    said = kept["said"]
    assert said is None or isinstance(said, list | tuple)
    parts = tuple(map(str, said)) if said is not None else None
    kind: EditKind = kept["kind"]  # type: ignore[assignment]
    return Edit(kind, str(kept["at"]), str(kept["text"]), parts)  # type: ignore[arg-type]
