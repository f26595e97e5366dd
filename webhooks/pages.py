"""Pages for people: one calm form for all of them, in the person's language, working without scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp_jinja2
import jinja2
from aiohttp import web

from kit.language import LANGUAGES, Language, of_code
from kit.sheet import GENERAL, PRESSED, Field, Sheet
from kit.speech import Speech
from kit.text import Ltr, Text, Value, nt, t
from webhooks.given import Given

_HERE = Path(__file__).parent
_WITHIN_A_NUMBER = re.compile(r"(?<=\d) (?=\d)")
_PREFERENCE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?")


class Pages:
    """Draws pages. Every answer of the application gets the headers of `protect`, whatever it is."""

    def __init__(self, given: Given) -> None:
        self._given = given
        public = urlsplit(given.house.public_url or "")
        self.prefix = public.path.rstrip("/")
        self._headers = {
            # No pictures, fonts or frames: there are none to allow.
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        if public.scheme == "https":
            self._headers["Strict-Transport-Security"] = "max-age=31536000"
        self._style = (_HERE / "static" / "page.css").read_bytes()
        self._script = (_HERE / "static" / "page.js").read_bytes()

    def install(self, app: web.Application) -> None:
        """Give the application its templates, its style sheet and its headers."""
        aiohttp_jinja2.setup(
            app, loader=jinja2.FileSystemLoader(_HERE / "templates"), undefined=jinja2.StrictUndefined
        )
        app.on_response_prepare.append(self.protect)
        app.router.add_get("/static/page.css", self.style)
        app.router.add_get("/static/page.js", self.script)

    async def protect(self, _request: web.BaseRequest, response: web.StreamResponse) -> None:
        """The headers of every answer (TH-36); what we run on is nobody's business."""
        response.headers.update(self._headers)
        response.headers.popall("Server", None)

    async def style(self, _request: web.Request) -> web.Response:
        """The style sheet."""
        return web.Response(body=self._style, content_type="text/css", charset="utf-8")

    async def script(self, _request: web.Request) -> web.Response:
        """The script."""
        return web.Response(body=self._script, content_type="text/javascript", charset="utf-8")

    def draw(
        self, request: web.Request, sheet: Sheet, *, status: int = 200, action: str = "", form_token: str = ""
    ) -> web.Response:
        """A page, in its language or in the one that the browser asks for. `action`: where its form goes."""
        language = sheet.language or language_of(request.headers.get("Accept-Language", ""))
        speech = self._given.voices[language]
        fund = self._given.house.fund
        help_line = t(
            "Need help? The fund answers at {phone} and {email}.",
            phone=Ltr(fund.health_fund.phone),
            email=Ltr(fund.health_fund.email),
        )
        context = {
            "language": speech.language,
            "direction": speech.direction,
            "prefix": self.prefix,
            "fund": fund.name.ar if speech.language == "ar" else fund.name.fr,
            "title": speech.plain(sheet.title),
            "lines": [_whole(speech.plain(line)) for line in sheet.lines],
            "facts": [(speech.plain(name), _spoken(speech, value)) for name, value in sheet.facts],
            "faults": _faults(speech, sheet),
            "fields": _fields(speech, sheet),
            "buttons": [(value, speech.plain(label)) for value, label in sheet.buttons],
            "pressed": PRESSED,
            "action": self.prefix + action,
            "form_token": form_token,
            "chat": self._given.addresses.assistant() if sheet.back else None,
            "to_the_chat": speech.plain(t("Open Telegram")),
            "username": sheet.username,
            "close": sheet.close,
            "at_once": sheet.at_once,
            "show": speech.plain(t("Show")),
            "hide": speech.plain(t("Hide")),
            "help": _whole(speech.plain(help_line)),
        }
        return aiohttp_jinja2.render_template("page.html", request, context, status=status)


def _whole(said: str) -> str:
    """With telephone numbers that no end of a line cuts in two."""
    return _WITHIN_A_NUMBER.sub("\N{NO-BREAK SPACE}", said)


def _spoken(speech: Speech, value: Value) -> str:
    return speech.plain(t("{value}", value=value))


def _faults(speech: Speech, sheet: Sheet) -> dict[str, Any] | None:
    """What stands over a form that was sent in vain: what is wrong, each with the field that it leads to."""
    if not sheet.faults:
        return None
    title = nt(
        "{n} answer has to be corrected",
        "{n} answers have to be corrected",
        len(sheet.faults.keys() - {GENERAL}),
    )
    named = [(field.name, field.label) for field in sheet.fields if field.name in sheet.faults]
    return {
        "title": speech.plain(title) if named else None,
        "general": speech.plain(sheet.faults[GENERAL]) if GENERAL in sheet.faults else None,
        "fields": [
            (name, speech.plain(t("{label}: {fault}", label=label, fault=sheet.faults[name])))
            for name, label in named
        ],
    }


def _fields(speech: Speech, sheet: Sheet) -> list[dict[str, Any]]:
    """The fields, the first that was filled in wrong with the focus."""
    first = next((field.name for field in sheet.fields if field.name in sheet.faults), None)
    return [
        _field(speech, field, sheet.faults.get(field.name), focus=field.name == first)
        for field in sheet.fields
    ]


def _field(speech: Speech, field: Field, fault: Text | None, *, focus: bool) -> dict[str, Any]:
    return {
        "focus": focus,
        "name": field.name,
        "label": speech.plain(field.label),
        "kind": field.kind,
        "hint": [speech.plain(line) for line in field.hint],
        "choices": [(value, _spoken(speech, said)) for value, said in field.choices],
        "value": "" if field.kind == "password" else field.value,
        "autocomplete": field.autocomplete,
        "fault": speech.plain(fault) if fault is not None else None,
    }


def language_of(accepted: str) -> Language:
    """The language for an Accept-Language header: of ours the one that is liked best, French where neither is named."""
    liked: dict[Language, float] = {}
    for part in accepted[:500].split(","):
        found = _PREFERENCE.fullmatch(part)
        if found is not None and found[1].lower() in LANGUAGES:
            language = of_code(found[1])
            liked[language] = max(liked.get(language, 0.0), float(found[2] or 1))
    return "ar" if liked.get("ar", 0.0) > liked.get("fr", 0.0) else "fr"
