"""What the stories of mails stand on: the fund as shipped, both languages, a promise as the outbox holds it.

`python -m tests.mails.stage` writes the golden mails anew: read the difference before you commit it.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import shutil
import tempfile
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import orjson

from bot.locales import catalogue
from bot.locales.sources import read
from delivery.letters import LETTERS, Addresses
from delivery.mail import composed, sender_of
from kit.language import LANGUAGES, Language
from kit.speech import Voices
from services.fund import DEFAULT, Fund, load_fund
from store.promises import Lane, Promise

GOLDEN = Path(__file__).parent / "golden"
WRITTEN = dt.datetime(2026, 3, 14, 15, 30, tzinfo=dt.UTC)
TOKEN = "v3ry-r4nd0m_t0ken-of-forty-three-characters"
SALMA = "salma@example.com"
NAMES: dict[Language, str] = {"fr": "Salma", "ar": "سلمى"}
FROM = "rafiq@cmim.example"
LINKED = (  # the templates that have a link with a token
    "activation",
    "password_link",
    "password_changed",
    "question_changed",
    "email_confirm",
    "email_change_asked",
    "email_changed_former",
)
PAGES = Addresses(public_url="https://rafiq.cmim.example")
CHAT = Addresses(bot_username="RafiqCmimBot")


@cache
def fund() -> Fund:
    """The fund's file as shipped."""
    return load_fund(DEFAULT)


@cache
def voices() -> Voices:
    """Both languages with all their fragments; a sentence without its translation is an error."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "locales"
        shutil.copytree(catalogue.HERE, folder)
        list(catalogue.merge(folder, read()))
        return Voices(fund().opening_hours.timezone, strict=True, folder=folder)


def promise(template: str, language: Language = "fr", to: str = SALMA, **values: str) -> Promise:
    """What `Work.mail` promises, as its row 812 holds it."""
    given = {"token": TOKEN} if template in LINKED else {}
    if template == "activation":
        given["registration"] = "7"
    if template in ("confirmation", "registration_notice"):
        given = {"name": NAMES[language]}
    payload = {"template": template, "to": to, "language": language, "values": {**given, **values}}
    return Promise(
        channel="mail",
        destination="mail:0a1b",
        lane=Lane.REPLY,
        method=template,
        payload=orjson.dumps(payload),
        not_before=WRITTEN,
        id=812,
        created_at=WRITTEN,
    )


def mail(promised: Promise, addresses: Addresses = PAGES) -> EmailMessage:
    """The message as it goes over the wire and is read again."""
    sender = sender_of(FROM, fund().health_fund.short_name)
    raw = composed(promised, sender, fund(), voices(), addresses).as_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """One of its two bodies."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def shown(message: EmailMessage) -> str:
    """A mail as a golden file has it: headers, text, HTML."""
    headers = [f"{name}: {value}" for name, value in message.items() if name != "Content-Type"]
    bodies = [f"--- {kind}\n\n{text_of(message, kind)}" for kind in ("plain", "html")]
    return "\n".join([*headers, "", *bodies])


def golden() -> dict[str, str]:
    """Every template in both languages, and the activation by the bot's link, by the names of their files."""
    mails = {
        f"{template}.{language}": shown(mail(promise(template, language)))
        for template in LETTERS
        for language in LANGUAGES
    }
    for language in LANGUAGES:
        for template in ("activation", "confirmation", "password_link", "email_confirm"):
            mails[f"{template}_by_chat.{language}"] = shown(mail(promise(template, language), CHAT))
    return mails


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, body in golden().items():
        (GOLDEN / f"{name}.txt").write_text(body, "utf-8")
