"""The tables of the agents' desk."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, LargeBinary, SmallInteger, String, Table

from store.schema.base import ID, metadata
from store.types import Moment

agents = Table(
    "agents",
    metadata,
    Column("telegram_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("role", String(16), nullable=False),  # agent, supervisor
    Column("active", Boolean, nullable=False),
    Column("added_at", Moment, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", ID, primary_key=True),
    Column("year", SmallInteger, nullable=False),  # in which it was filed, where the fund is
    Column("kind", String(24), nullable=False),
    Column("state", String(8), nullable=False),  # open, taken, done
    Column("chat_id", BigInteger, nullable=False),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), index=True),  # none for a stranger
    Column("language", String(2), nullable=False),
    Column("details_sealed", LargeBinary, nullable=False),  # text, phone, when, service: JSON
    Column("taken_by", BigInteger),  # an agent
    Column("filed_at", Moment, nullable=False),
    Column("taken_at", Moment),  # the first time: the person is told once
    Column("done_at", Moment, index=True),
)

desk_log = Table(
    "desk_log",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("telegram_id", BigInteger, nullable=False),  # who pressed, agent or not
    Column("act", String(24), nullable=False),
    Column("subject", BigInteger),  # what it was about: a request's or a registration's id
    Column("outcome", String(24), nullable=False),  # done, or the code of the refusal
)
