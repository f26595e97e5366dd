"""The tables. What is personal stands sealed (kit.seal) in columns named `*_sealed` and is found by blind indexes, `*_index`.

A sealed column is LargeBinary: writing clear text into it fails. Migrations under store/migrations follow these files; a test holds
the two together.
"""

from __future__ import annotations

from store.schema.accounts import (
    accounts,
    activity,
    activity_heads,
    consents,
    email_changes,
    links,
    registrations,
    tokens,
    tombstones,
)
from store.schema.base import metadata
from store.schema.desk import agents, desk_log, requests
from store.schema.directory import beneficiaries, guarantees, participants, reimbursements
from store.schema.faq import (
    faq_edits,
    faq_negatives,
    faq_phrasings,
    faq_questions,
    faq_state,
    faq_themes,
    faq_topics,
    faq_votes,
    faq_words,
)
from store.schema.notices import news, notice_choices, quiet_hours
from store.schema.papers import papers
from store.schema.turn import chats, counters, due, outbox, replicas, seen, set_aside

__all__ = [
    "accounts",
    "activity",
    "activity_heads",
    "agents",
    "beneficiaries",
    "chats",
    "consents",
    "counters",
    "desk_log",
    "due",
    "email_changes",
    "faq_edits",
    "faq_negatives",
    "faq_phrasings",
    "faq_questions",
    "faq_state",
    "faq_themes",
    "faq_topics",
    "faq_votes",
    "faq_words",
    "guarantees",
    "links",
    "metadata",
    "news",
    "notice_choices",
    "outbox",
    "papers",
    "participants",
    "quiet_hours",
    "registrations",
    "reimbursements",
    "replicas",
    "requests",
    "seen",
    "set_aside",
    "tokens",
    "tombstones",
]
