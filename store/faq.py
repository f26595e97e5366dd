"""What the FAQ holds: themes, topics, phrasings, words, negatives; and the version that grows with every change of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kit.folding import fold
from kit.language import Language
from store.db import Db, DialectName, Hot
from store.schema import (
    faq_negatives,
    faq_phrasings,
    faq_state,
    faq_themes,
    faq_topics,
    faq_votes,
    faq_words,
)

SHIPPED, IMPORTED, AGENT = "shipped", "import", "agent"
_TITLES, _CONTENT = "faq_themes.titles", "faq_topics.content"
_PHRASING, _WORD, _NEGATIVE = "faq_phrasings.text", "faq_words.word", "faq_negatives.text"


@dataclass(frozen=True, slots=True)
class State:
    """`version` grows with every change; `shipped` is the digest of the shipped file that was taken in last."""

    version: int = 0
    shipped: str = ""
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme; its key is stable."""

    key: str
    place: int
    titles: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: what it is called, and the answer ("" where the fund has written none yet), by language."""

    key: str
    theme: str | None
    place: int
    source: str
    titles: Mapping[Language, str]
    answers: Mapping[Language, str]
    action: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to ask for a topic."""

    topic: str
    source: str
    text: str


def state(db: Db) -> State:
    """Where the content stands."""
    row = db.execute(select(faq_state)).first()
    return State() if row is None else State(row.version, row.shipped, row.imported)


def lock(db: Db) -> State:
    """Where the content stands, locked: two processes that start on an empty database follow each other."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    first = made(faq_state).values(id=1, version=0, shipped="", imported=False)
    db.execute(first.on_conflict_do_nothing())
    row = db.execute(select(faq_state).with_for_update()).one()
    return State(row.version, row.shipped, row.imported)


_VERSION = Hot(lambda _: select(faq_state.c.version))


def version(db: Db) -> int:
    """The version that is in force; 0 before the first content."""
    rows = db.hot(_VERSION, {})
    return int(rows[0][0]) if rows else 0


def step(db: Db, **changed: Any) -> int:
    """A new version; `changed` are other columns of the state. The row is the lock between those who change content."""
    lock(db)
    grown = update(faq_state).values(version=faq_state.c.version + 1, **changed)
    return int(db.execute(grown.returning(faq_state.c.version)).scalar_one())


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def themes(db: Db) -> list[Theme]:
    """All themes, in the order of the file."""
    rows = db.execute(select(faq_themes).order_by(faq_themes.c.place)).all()
    return [Theme(row.key, row.place, db.open(row.titles_sealed, _TITLES)) for row in rows]


def topics(db: Db) -> list[Topic]:
    """All topics, in the order of the file."""
    return [_topic(db, row) for row in db.execute(select(faq_topics).order_by(faq_topics.c.place))]


def topics_named(db: Db, keys: Sequence[str]) -> dict[str, Topic]:
    """The topics with these keys, by key."""
    rows = db.execute(select(faq_topics).where(faq_topics.c.key.in_(keys)))
    return {row.key: _topic(db, row) for row in rows}


def phrasings(db: Db) -> list[Phrasing]:
    """All phrasings, also those of topics that are gone."""
    columns = (faq_phrasings.c.topic, faq_phrasings.c.source, faq_phrasings.c.text_sealed)
    rows = db.execute(select(*columns).order_by(faq_phrasings.c.id))
    return [Phrasing(row.topic, row.source, db.open(row.text_sealed, _PHRASING)) for row in rows]


def words(db: Db) -> list[tuple[str, str]]:
    """The words that agents added to the lexicon: concept, word."""
    rows = db.execute(select(faq_words.c.concept, faq_words.c.word_sealed).order_by(faq_words.c.id))
    return [(row.concept, db.open(row.word_sealed, _WORD)) for row in rows]


def negatives(db: Db) -> list[str]:
    """The questions that agents called not ours."""
    rows = db.execute(select(faq_negatives.c.text_sealed).order_by(faq_negatives.c.id))
    return [db.open(sealed, _NEGATIVE) for (sealed,) in rows]


def _topic(db: Db, row: Any) -> Topic:
    content = db.open(row.content_sealed, _CONTENT)
    roles = tuple(content["roles"])
    return Topic(
        *(row.key, row.theme, row.place, row.source),
        *(content["titles"], content["answers"], content["action"], roles),
    )


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def replace_themes(db: Db, wanted: Sequence[Theme]) -> None:
    """These themes, and no others."""
    db.execute(delete(faq_themes))
    rows = [
        {"key": one.key, "place": one.place, "titles_sealed": db.seal(one.titles, _TITLES)} for one in wanted
    ]
    if rows:
        db.execute(insert(faq_themes), rows)


def _upsert_topic(dialect: DialectName) -> Executable:
    made = sqlite.insert if dialect == "sqlite" else postgresql.insert
    names = ("key", "theme", "place", "source", "content_sealed")
    statement = made(faq_topics).values({name: bindparam(name) for name in names})
    rest = {name: statement.excluded[name] for name in names[1:]}
    return statement.on_conflict_do_update(index_elements=[faq_topics.c.key], set_=rest)


_PUT_TOPIC = Hot(_upsert_topic)


def put_topics(db: Db, wanted: Sequence[Topic]) -> None:
    """Add topics, or change them."""
    rows = []
    for one in wanted:
        content = {"titles": one.titles, "answers": one.answers, "action": one.action, "roles": one.roles}
        sealed = db.seal(content, _CONTENT)
        rows.append(
            {
                "key": one.key,
                "theme": one.theme,
                "place": one.place,
                "source": one.source,
                "content_sealed": sealed,
            }
        )
    db.hot_many(_PUT_TOPIC, rows)


def drop_topics(db: Db, keys: Sequence[str]) -> None:
    """Take topics out; phrasings that agents gave them stay, for the day on which they are back."""
    db.execute(delete(faq_topics).where(faq_topics.c.key.in_(keys)))
    others = faq_phrasings.c.source != AGENT
    db.execute(delete(faq_phrasings).where(faq_phrasings.c.topic.in_(keys), others))


def replace_phrasings(db: Db, source: str, by_topic: Mapping[str, Iterable[str]]) -> None:
    """The phrasings that the file gives these topics, in place of those of former files; agents' stay."""
    others = faq_phrasings.c.source != AGENT
    db.execute(delete(faq_phrasings).where(faq_phrasings.c.topic.in_(list(by_topic)), others))
    for topic, texts in by_topic.items():
        for text in texts:
            add_phrasing(db, topic, source, text)


def _add(table: Table, *names: str) -> Hot:
    def build(dialect: DialectName) -> Executable:
        made = sqlite.insert if dialect == "sqlite" else postgresql.insert
        values = made(table).values({name: bindparam(name) for name in names})
        return values.on_conflict_do_nothing().returning(table.c.id)

    return Hot(build)


_ADD_PHRASING = _add(faq_phrasings, "topic", "source", "text_index", "text_sealed")
_ADD_WORD = _add(faq_words, "concept", "word_index", "word_sealed")
_ADD_NEGATIVE = _add(faq_negatives, "text_index", "text_sealed")


def add_phrasing(db: Db, topic: str, source: str, text: str) -> bool:
    """Add a phrasing; False when the topic has it already."""
    sealed = db.seal(text, _PHRASING)
    row = {"topic": topic, "source": source, "text_index": index(db, text), "text_sealed": sealed}
    return bool(db.hot(_ADD_PHRASING, row))


def drop_phrasing(db: Db, topic: str, text: str) -> None:
    """Take an agent's phrasing out."""
    mine = (faq_phrasings.c.topic == topic, faq_phrasings.c.text_index == index(db, text))
    db.execute(delete(faq_phrasings).where(*mine, faq_phrasings.c.source == AGENT))


def add_word(db: Db, concept: str, word: str) -> bool:
    """Add a word to a concept; False when it is there already."""
    row = {"concept": concept, "word_index": index(db, word), "word_sealed": db.seal(word, _WORD)}
    return bool(db.hot(_ADD_WORD, row))


def drop_word(db: Db, concept: str, word: str) -> None:
    """Take a word out of a concept."""
    where = (faq_words.c.concept == concept, faq_words.c.word_index == index(db, word))
    db.execute(delete(faq_words).where(*where))


def add_negative(db: Db, text: str) -> bool:
    """Remember a question that is not ours; False when it is known already."""
    return bool(
        db.hot(_ADD_NEGATIVE, {"text_index": index(db, text), "text_sealed": db.seal(text, _NEGATIVE)})
    )


def drop_negative(db: Db, text: str) -> None:
    """Forget that a question is not ours."""
    db.execute(delete(faq_negatives).where(faq_negatives.c.text_index == index(db, text)))


def index(db: Db, text: str) -> bytes:
    """What finds a text again, whatever its capitals and accents."""
    return db.blind(fold(text) or text, "faq")


# ── what helped ──────────────────────────────────────────────────────────────────────────────────────────────────────


def vote(db: Db, topic: str, *, helped: bool) -> None:
    """Count a "yes" or a "no" under an answer."""
    made = sqlite.insert if db.dialect == "sqlite" else postgresql.insert
    column = "helped" if helped else "did_not"
    statement = made(faq_votes).values({"topic": topic, column: 1})
    more = {column: faq_votes.c[column] + 1}
    db.execute(statement.on_conflict_do_update(index_elements=[faq_votes.c.topic], set_=more))


def votes(db: Db) -> dict[str, tuple[int, int]]:
    """By topic, how often it helped and how often it did not."""
    return {row.topic: (row.helped, row.did_not) for row in db.execute(select(faq_votes))}
