"""A document of the fund's folder, as it lies there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from delivery.papers.sheet import Sheet
from delivery.papers.words import file_name
from kit.errors import Refused
from kit.folding import fold
from kit.speech import Speech
from kit.text import t
from services import documents
from services.requests import by_phone
from services.work import Work


def of_document(work: Work, speech: Speech, values: Mapping[str, Any]) -> Sheet:
    """The file by its `id` in `language`, else in the other. Its content is its identity: one that was replaced goes anew."""
    folder, name = work.house.documents, str(values["id"])
    found = documents.find(work.fund, folder, name, values["language"])
    try:
        told = None if found is None else documents.content_hash(found)
    except OSError:
        told = None
    if found is None or told is None:
        raise Refused("no_document", t("This document is not here any more. {how}", how=by_phone(work)))
    file = file_name(work.fund, _called(found, speech), "pdf")
    return Sheet(file, "application/pdf", {"hash": told}, lambda _: found.path.read_bytes())


def _called(found: documents.Document, speech: Speech) -> str:
    """By its title where that can be written in Latin letters, which every device takes, else by its id and language."""
    if (speech.language, found.language) != ("fr", "fr"):
        return f"{found.id}-{found.language}"
    return fold(speech.plain(documents.title(found.id)).replace("’", " "))
