"""The tables of the FAQ: its content, what was asked in vain, and who changed what.

All that is written in words stands sealed: what an agent adds was asked by a person.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from store.schema.base import ID, metadata
from store.types import Moment

faq_state = Table(
    "faq_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),  # one row, 1
    Column(
        "version", Integer, nullable=False
    ),  # grows with every change: who holds an older model learns anew
    Column("shipped", String(64), nullable=False),  # the digest of the shipped file that was taken in last
    Column("imported", Boolean, nullable=False),  # the operator's own file has taken its place
)

faq_themes = Table(
    "faq_themes",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("titles_sealed", LargeBinary, nullable=False),  # by language
)

faq_topics = Table(
    "faq_topics",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("theme", String(64)),
    Column("place", Integer, nullable=False),
    Column("source", String(8), nullable=False),  # shipped, import, agent
    Column("content_sealed", LargeBinary, nullable=False),  # titles, answers, action, roles
)

faq_phrasings = Table(
    "faq_phrasings",
    metadata,
    Column("id", ID, primary_key=True),
    # No foreign key: an agent's phrasing outlives a topic that the operator's next file leaves out, and serves again when it is back.
    Column("topic", String(64), nullable=False, index=True),
    Column("source", String(8), nullable=False),
    Column("text_index", LargeBinary, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    UniqueConstraint("topic", "text_index"),
)

faq_words = Table(
    "faq_words",
    metadata,
    Column("id", ID, primary_key=True),
    Column("concept", String(64), nullable=False),
    Column("word_index", LargeBinary, nullable=False),
    Column("word_sealed", LargeBinary, nullable=False),
    UniqueConstraint("concept", "word_index"),
)

faq_negatives = Table(
    "faq_negatives",
    metadata,
    Column("id", ID, primary_key=True),
    Column("text_index", LargeBinary, nullable=False, unique=True),
    Column("text_sealed", LargeBinary, nullable=False),
)

faq_questions = Table(
    "faq_questions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("ref", String(16), nullable=False, unique=True),  # what the buttons of its card name it by
    Column(
        "text_index", LargeBinary, nullable=False, unique=True
    ),  # of the masked, folded text: asked twice, one row
    Column(
        "asked_sealed", LargeBinary, nullable=False
    ),  # the masked text, its language, what the matcher thought
    Column("reason", String(16), nullable=False),  # unknown, unhelpful
    Column("times", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, done
    Column("agent", BigInteger),  # who has its card
    Column("shown_at", Moment),
    Column("message_id", BigInteger),  # of the card, once it was pressed: replies to it are words
    Column("card_sealed", LargeBinary),  # what the card shows
    Column("asked_at", Moment, nullable=False, index=True),
    Index("ix_faq_questions_waiting", "state", "id"),
)

faq_edits = Table(
    "faq_edits",
    metadata,
    Column("id", ID, primary_key=True),
    Column("ref", String(16), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("agent", BigInteger, nullable=False),
    Column("question_id", ForeignKey("faq_questions.id", ondelete="SET NULL"), index=True),
    Column("kind", String(16), nullable=False),  # phrasing, word, negative, topic, drop
    Column("edit_sealed", LargeBinary, nullable=False),  # what was added, and the effect that was shown
    Column("undone_at", Moment),
    Column("undone_by", BigInteger),
)

faq_votes = Table(
    "faq_votes",
    metadata,
    Column("topic", String(64), primary_key=True),
    Column("helped", Integer, nullable=False, server_default="0"),
    Column("did_not", Integer, nullable=False, server_default="0"),
)
