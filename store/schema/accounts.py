"""The tables of accounts: registrations, links, tokens, consents, and who did what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
)

from store.schema.base import ID, metadata
from store.types import Moment

registrations = Table(
    "registrations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("participant_id", ForeignKey("participants.id"), nullable=False),
    Column("state", String(16), nullable=False),  # waiting, to_approve, activated, void
    Column("data_sealed", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("participant_id", ForeignKey("participants.id"), nullable=False, unique=True),
    Column("email_index", LargeBinary, nullable=False, unique=True),
    Column("email_sealed", LargeBinary, nullable=False),
    Column("password_sealed", LargeBinary, nullable=False),  # the PHC string, sealed
    Column("question_sealed", LargeBinary, nullable=False),
    Column("answer_sealed", LargeBinary, nullable=False),
    Column("folding_version", SmallInteger, nullable=False),
    Column("language", String(2), nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),  # consecutive wrong passwords
    Column(
        "disabled_at", Moment
    ),  # too many failures, or a change taken back: until a new password is chosen
    Column("locked_at", Moment),  # "it was not me": until the fund opens it again
    Column("created_at", Moment, nullable=False),
)

email_changes = Table(
    "email_changes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False),  # where it was asked for
    Column("former_sealed", LargeBinary, nullable=False),
    Column("wanted_sealed", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, taken, cancelled, void
    Column("asked_at", Moment, nullable=False, index=True),
)

links = Table(
    "links",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("linked_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
    Column("signed_in_at", Moment),  # none once locked or signed out
    Column("seen_at", Moment),
)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("purpose", String(24), nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
    Index("ix_tokens_subject", "purpose", "subject"),
)

# Rows outlive the account: they prove what was agreed to.
consents = Table(
    "consents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", BigInteger, nullable=False, index=True),
    Column("kind", String(24), nullable=False),  # processing (law 09-08), telegram (health data in the chat)
    Column("version", String(16), nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

# The rows outlive the account: what an erased number did stays provable for as long as the fund keeps the log.
activity = Table(
    "activity",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("event", String(40), nullable=False),
    Column("actor", String(24), nullable=False),  # owner, agent, operator
    Column("chat_id", BigInteger),
    Column("detail", String(80)),
    Column("seq", Integer),  # its number in the account's chain; none for a row from before there was one
    Column("before", LargeBinary),  # the hash and the moment of the row before it
    Column("before_at", Moment),
    Column("mac", LargeBinary),
    Index("ix_activity_account", "account_id", "at"),
)

activity_heads = Table(
    "activity_heads",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("at", Moment),
    Column("mac", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)

# Whose account was erased, and when: an account that a restored backup brings back is erased again.
tombstones = Table(
    "tombstones",
    metadata,
    Column("account_id", BigInteger, nullable=False),  # the number under which log and consents are kept
    Column("matricule_index", LargeBinary, primary_key=True),
    Column("erased_at", Moment, primary_key=True),
)
