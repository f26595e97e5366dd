"""The tables of the agents' desk."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, String, Table

from store.schema.base import metadata
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
