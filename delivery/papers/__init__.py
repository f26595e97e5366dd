"""Papers: documents and pictures that are drawn when they are sent, after the commit and off the loop.

A maker gathers what belongs on its paper from the database, in the chat's language, and says how it is drawn. What it gathered is the
paper's identity: a paper with the same facts is the same file, which Telegram has already and which is not sent a second time.
"""

from __future__ import annotations

from delivery.papers import document, export, extract, statement, totals
from delivery.papers.sheet import Maker, Sheet

__all__ = ["MAKERS", "Maker", "Sheet"]

# By the kind that a screen's paper names.
MAKERS: dict[str, Maker] = {
    "document": document.of_document,
    "export": export.of_export,
    "lines": extract.of_lines,
    "statement": statement.of_statement,
    "totals": totals.of_totals,
}
