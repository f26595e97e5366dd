"""The table of papers that Telegram has already."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from store.schema.base import metadata
from store.types import Moment

papers = Table(
    "papers",
    metadata,
    # Blind index of the bot and of all that stands on the paper: who holds the table learns nothing of either.
    Column("key", LargeBinary, primary_key=True),
    Column("file_id", String(250), nullable=False),  # Telegram's name of the file; good for this bot only
    Column("used_at", Moment, nullable=False, index=True),
)
