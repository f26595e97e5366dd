"""The specimens of the fund's documents: `python -m delivery.papers.specimens` draws services/data/documents/<language>/<id>.pdf anew.

What they say stands beside them, `<id>.yaml`; what is the fund's (names, telephone, policy) comes from its file. The same words give the
same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import yaml

from delivery.papers.typesetting import set_paper
from delivery.papers.words import head, runs
from kit.language import LANGUAGES, Language
from kit.speech import FSI, LRI, PDI, Speech, Voices
from services import contact, opening_hours
from services.documents import SPECIMENS
from services.fund import Fund, load_fund

AT = int(dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC).timestamp())  # the date that the files bear


def draw(fund: Fund, speech: Speech, id: str) -> bytes:
    """A specimen as a PDF."""
    language = speech.language
    told = yaml.safe_load((SPECIMENS / language / f"{id}.yaml").read_text("utf-8"))
    marks = yaml.safe_load((SPECIMENS / language / "specimen.yaml").read_text("utf-8"))
    values = _values(fund, speech)
    facts = {
        **head(speech, fund),
        "title": told["title"],
        "heading": told["title"],
        "foot": told["title"],
        "lead": _said(told["lead"], values, speech.direction),
        "roomy": told.get("roomy", False),
        "specimen": _said(marks["band"], values, speech.direction),
        "watermark": marks["watermark"],
        "blocks": [_said(block, values, speech.direction) for block in told["blocks"]],
    }
    return set_paper("specimen", facts, AT)


def _values(fund: Fund, speech: Speech) -> dict[str, str]:
    """What stands in braces: the fund's facts and policy, isolated."""
    health, policy, sessions = fund.health_fund, fund.password_policy, fund.sessions
    name = fund.name.ar if speech.language == "ar" else fund.name.fr
    left = {
        "short": health.short_name,
        "phone": health.phone,
        "fax": health.fax,
        "email": health.email,
        "site": health.site,
        "portal": health.portal,
        "minimum": str(policy.minimum),
        "maximum": str(policy.maximum),
        "digits": str(policy.digits),
        "hours": str(sessions.signed_in_hours),
        "law": "09.08" if speech.language == "ar" else "09-08",
        "idle": str(sessions.idle_minutes),
    }
    isolated = {key: f"{LRI}{value}{PDI}" for key, value in left.items()}
    isolated |= {"other": f"{FSI}{'SPÉCIMEN' if speech.language == 'ar' else 'نموذج'}{PDI}"}
    isolated |= {"name": f"{FSI}{name}{PDI}", "address": f"{FSI}{contact.address(fund)}{PDI}"}
    return {**isolated, "week": speech.say(opening_hours.week(fund))}


def _said(part: Any, values: Mapping[str, str], base: str) -> Any:
    """The words of a part, cut into runs; its shape stays."""
    match part:
        case str():
            return runs(part.format_map(values), base)
        case list():
            return [_said(one, values, base) for one in part]
        case dict():
            return {key: _said(one, values, base) for key, one in part.items()}
        case _:
            return part


def main() -> None:
    """Draw them all."""
    fund = load_fund()
    voices = Voices(fund.opening_hours.timezone)
    for language in LANGUAGES:
        for id in fund.documents:
            _write(fund, voices[language], language, id)


def _write(fund: Fund, speech: Speech, language: Language, id: str) -> None:
    (SPECIMENS / language / f"{id}.pdf").write_bytes(draw(fund, speech, id))


if __name__ == "__main__":
    main()
