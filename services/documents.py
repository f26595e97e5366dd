"""The documents that the fund hands out: PDFs in a folder, `<folder>/<language>/<id>.pdf`, the ids in the fund's file.

Without a folder of the operator's the specimens are handed out that come with Rafiq. With one nothing but what lies in it is: no fund
wants a specimen between its own papers.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from kit.language import LANGUAGES, Language
from kit.text import Text, t
from services.fund import Fund

LARGEST = 50 << 20  # bytes of a file that a bot may send
SPECIMENS = Path(__file__).parent / "data" / "documents"
# The titles of the documents that are known by their id.
TITLES: dict[str, Text] = {
    "participant_guide": t("Participant’s guide"),
    "claim_form": t("Claim form"),
    "complaint_form": t("Complaint form"),
    "ald_list": t("List of long-term illnesses"),
    "ald_form": t("ALD form"),
}
_hashes: dict[
    tuple[str, int, int, int], str
] = {}  # of contents, by file, inode, size and change; a file is read when it changed


@dataclass(frozen=True, slots=True)
class Document:
    """A document that can be handed out, in the language that there is of it."""

    id: str
    language: Language
    path: Path


def title(id: str) -> Text:
    """What a document is called; one whose id the catalogue doesn't know goes by the id."""
    return TITLES.get(id) or t("{title}", title=id.replace("_", " "))


def find(fund: Fund, folder: Path | None, id: str, language: Language) -> Document | None:
    """A document in a language, else in another; None where there is no such file, or the fund's file doesn't name it."""
    if id not in fund.documents:
        return None
    for tried in (language, *(other for other in LANGUAGES if other != language)):
        path = (folder or SPECIMENS) / tried / f"{id}.pdf"
        if path.is_file():
            return Document(id, tried, path)
    return None


def content_hash(document: Document) -> str:
    """What tells one content from another; a file that did not change is not read again. Raises OSError."""
    seen = document.path.stat()
    key = (str(document.path), seen.st_ino, seen.st_size, seen.st_ctime_ns)
    if key not in _hashes:
        if len(_hashes) > 256:
            _hashes.clear()
        _hashes[key] = hashlib.sha256(document.path.read_bytes()).hexdigest()
    return _hashes[key]


def faults(fund: Fund, folder: Path | None) -> list[str]:
    """What is missing, can't be read or can't be sent, a line each, for the operator."""
    lines = []
    for id in fund.documents:
        for language in LANGUAGES:
            path = (folder or SPECIMENS) / language / f"{id}.pdf"
            if not path.is_file():
                lines.append(f"{path}: missing")
            elif not os.access(path, os.R_OK):
                lines.append(f"{path}: not readable")
            elif not 0 < path.stat().st_size <= LARGEST:
                lines.append(f"{path}: empty, or above the {LARGEST >> 20} MB that can be sent")
    return lines
