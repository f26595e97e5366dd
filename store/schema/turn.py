"""The tables of the turn: what was seen, the chats, what is owed, what is due, what is counted."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    text,
)

from store.schema.base import ID, metadata
from store.types import Moment

seen = Table(
    "seen",
    metadata,
    Column("update_id", ID, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
)

chats = Table(
    "chats",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("language_chosen", Boolean, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("state_sealed", LargeBinary),  # the open form and the open list, JSON
    Column(
        "minute", BigInteger, nullable=False, server_default="0"
    ),  # flood counter: minute and updates in it
    Column("minute_updates", Integer, nullable=False, server_default="0"),
    Column("unreachable_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("update_id", ID, primary_key=True, autoincrement=False),
    Column("failures", Integer, nullable=False),
    Column("incident", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("body_sealed", LargeBinary),  # only when set aside: at the third failure
    Column("at", Moment, nullable=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", ID, primary_key=True),
    Column("channel", String(16), nullable=False),  # telegram, mail
    Column("destination", String(80), nullable=False),  # "telegram:42", "mail:<blind index>"
    Column("lane", SmallInteger, nullable=False),
    Column("method", String(40), nullable=False),
    Column("payload_sealed", LargeBinary),  # dropped 24 h after sending
    Column("after_id", BigInteger),  # the row whose result this one needs
    Column("state", SmallInteger, nullable=False),  # 0 pending, 1 sent, 2 dead, 3 overtaken by a later edit
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("owner", BigInteger),  # the replica that holds it
    Column("not_before", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("result", BigInteger),  # message_id of what was sent
    Column("private", Boolean, nullable=False),  # shows health data: deleted when the chat is locked
    Column("reason", String(120)),
    Index(
        "ix_outbox_pending",
        "destination",
        "id",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index("ix_outbox_done_at", "done_at"),
    Index("ix_outbox_private", "destination", sqlite_where=text("private"), postgresql_where=text("private")),
    sqlite_autoincrement=True,
)

replicas = Table(
    "replicas",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),  # machine and port
    Column("beat_at", Moment, nullable=False),
)

due = Table(
    "due",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("subject", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
)

counters = Table(
    "counters",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # blind index of what is counted
    Column("count", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("not_before", Moment),
    Column("until", Moment, nullable=False, index=True),  # when it may be forgotten
)
