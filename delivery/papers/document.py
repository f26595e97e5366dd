"""A document of the fund's folder, as it lies there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from delivery.papers.sheet import Sheet
from kit.errors import Refused
from kit.speech import Speech
from kit.text import t
from services import documents
from services.requests import by_phone
from services.work import Work


def of_document(work: Work, _speech: Speech, values: Mapping[str, Any]) -> Sheet:
    """The file by its `id` in `language`, else in the other. Its content is its identity: one that was replaced goes anew."""
    folder, name = work.house.documents, str(values["id"])
    found = documents.find(work.fund, folder, name, values["language"])
    try:
        told = None if found is None else documents.content_hash(found)
    except OSError:
        told = None
    if found is None or told is None:
        raise Refused("no_document", t("This document is not here any more. {how}", how=by_phone(work)))
    fund = work.fund.health_fund.short_name
    file = f"{fund}-{found.id.replace('_', '-')}-{found.language}.pdf"
    return Sheet(file, "application/pdf", {"hash": told}, lambda _: found.path.read_bytes())
