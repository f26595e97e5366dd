"""The tables of the fund's directory: who is insured, and what was reimbursed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from store.schema.base import ID, metadata
from store.types import Day

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
