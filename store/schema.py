"""The tables. What is personal stands sealed (kit.seal) in columns named `*_sealed` and is found by blind indexes, `*_index`.

A sealed column is LargeBinary: writing clear text into it fails. Migrations under store/migrations follow this file; a test holds
the two together.
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
    MetaData,
    SmallInteger,
    String,
    Table,
    text,
)

from store.types import Day, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = BigInteger().with_variant(
    Integer, "sqlite"
)  # SQLite numbers rows by itself only for INTEGER PRIMARY KEY

# ── the turn ─────────────────────────────────────────────────────────────────────────────────────────────────────────

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

# ── the fund's directory ─────────────────────────────────────────────────────────────────────────────────────────────

participants = Table(
    "participants",
    metadata,
    Column("id", ID, primary_key=True),
    Column("matricule_index", LargeBinary, nullable=False, unique=True),
    Column(
        "person_sealed", LargeBinary, nullable=False
    ),  # matricule, names in both scripts, birth date, e-mail, phone
    Column("fingerprint", LargeBinary, nullable=False),
    Column("left_on", Day),
)

beneficiaries = Table(
    "beneficiaries",
    metadata,
    Column("id", ID, primary_key=True),
    Column("beneficiary_index", LargeBinary, nullable=False, unique=True),
    Column("participant_id", ForeignKey("participants.id"), nullable=False, index=True),
    Column("relation", String(8), nullable=False),
    Column("person_sealed", LargeBinary, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
)

reimbursements = Table(
    "reimbursements",
    metadata,
    Column("id", ID, primary_key=True),
    Column("line", String(40), nullable=False, unique=True),  # the fund's line_id
    Column("statement_number", String(40), nullable=False),
    Column("participant_id", ForeignKey("participants.id"), nullable=False),
    Column("beneficiary_id", ForeignKey("beneficiaries.id"), nullable=False),
    Column("payment_date", Day, nullable=False),
    Column("care_start", Day, nullable=False),
    Column("care_end", Day, nullable=False),
    Column("act_code", String(40), nullable=False),
    Column("claimed", BigInteger, nullable=False),  # centimes of MAD, all three
    Column("paid_by_scheme", BigInteger, nullable=False),
    Column("reimbursed", BigInteger, nullable=False),
    # Holds all that lists and totals read: a participant's lines are found side by side, without a look at the table.
    Index(
        "ix_reimbursements_latest",
        *("participant_id", "payment_date", "id", "beneficiary_id", "act_code", "reimbursed"),
    ),
)

guarantees = Table(
    "guarantees",
    metadata,
    Column("act_code", String(40), primary_key=True),
    Column("label_fr", String(200), nullable=False),
    Column("label_ar", String(200), nullable=False),
    Column("rate_percent", Integer),
    Column("ceiling", BigInteger),  # centimes of MAD
    Column("period", String(16), nullable=False),
)

# ── accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

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
    Column("disabled_at", Moment),
    Column("created_at", Moment, nullable=False),
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

consents = Table(
    "consents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("kind", String(24), nullable=False),  # processing (law 09-08), telegram (health data in the chat)
    Column("version", String(16), nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

activity = Table(
    "activity",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("event", String(40), nullable=False),
    Column("actor", String(24), nullable=False),  # owner, agent, operator
    Column("chat_id", BigInteger),
    Column("detail", String(80)),
    Index("ix_activity_account", "account_id", "at"),
)

agents = Table(
    "agents",
    metadata,
    Column("telegram_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("role", String(16), nullable=False),  # agent, supervisor
    Column("active", Boolean, nullable=False),
    Column("added_at", Moment, nullable=False),
)
