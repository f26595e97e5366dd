"""The copy of all one's data: a zip with the JSON and, year by year, the statements as PDF."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

from delivery.papers import statement
from delivery.papers.sheet import Sheet
from delivery.papers.words import file_name
from kit.speech import Speech
from services import access, export
from services.work import Work

_EARLY = (1980, 1, 1, 0, 0, 0)  # the date of each entry: the same data give the same bytes
Draw = Callable[[Any], bytes]


def of_export(work: Work, speech: Speech, values: Mapping[str, Any]) -> Sheet:
    """The copy. Raises Refused where it is more than fits into one file: then a year at a time."""
    gathered = export.gathered(work, values)
    wanted = values["year"]
    years = export.years(work, access.signatory(values)) if wanted is None else [wanted]
    drawn: dict[str, Draw] = {}
    facts: dict[str, Any] = {"data.json": gathered}
    for year in years if gathered["reimbursements"] else ():
        sheet = statement.of_statement(work, speech, {**values, "number": None, "year": year})
        facts[sheet.name] = sheet.facts
        drawn[sheet.name] = sheet.draw
    name = file_name(work.fund, f"{gathered['made_at'][:10]}{'' if wanted is None else f'-{wanted}'}", "zip")
    return Sheet(name, "application/zip", facts, partial(_zip, drawn))


def _zip(drawn: Mapping[str, Draw], facts: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in facts.items():
            draw = drawn.get(name)
            written = orjson.dumps(content, option=orjson.OPT_INDENT_2) if draw is None else draw(content)
            entry = zipfile.ZipInfo(name, _EARLY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, written)
    return out.getvalue()
