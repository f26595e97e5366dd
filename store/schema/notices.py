"""The tables of notices: who asked to be told what, when not, and what is still to be told."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, SmallInteger, String, Table

from store.schema.base import metadata
from store.types import Moment

# A row says that the person was asked; none: not yet.
notice_choices = Table(
    "notice_choices",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("kind", String(24), primary_key=True),
    Column("wanted", Boolean, nullable=False),
    Column("chosen_at", Moment, nullable=False),
)

# The hours that a person chose, in minutes after midnight at the fund's seat; equal: none. No row: the fund's.
quiet_hours = Table(
    "quiet_hours",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("begins", SmallInteger, nullable=False),
    Column("ends", SmallInteger, nullable=False),
)

# New reimbursements that a person is yet to be told of: one row however many lines. They are those after `since`.
news = Table(
    "news",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("since", BigInteger, nullable=False),  # the greatest id of a line before the first new one
    Column("at", Moment, nullable=False, index=True),  # not before this moment
)
