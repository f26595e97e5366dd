"""A real SMTP server on a port of its own that keeps what it is sent, and fails on request."""

from __future__ import annotations

import asyncio
import email
import email.policy
import random
import re
import ssl
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from playground.changes import Changes
from playground.clock import Clock

_LINK = re.compile(r"https?://[^\s<>\"'\u2066-\u2069]+[^\s<>\"'\u2066-\u2069.,;:!?)\]]")

# kind: the answer to RCPT TO. The others cut the connection: when it opens, or once the mail has been taken.
ANSWERS = {
    "450": "450 4.2.0 Greylisted, try again later",
    "451": "451 4.3.0 Try again later",
    "550": "550 5.1.1 User unknown",
    "552": "552 5.2.2 Mailbox full",
}
CUTS = {"refuse", "lost_answer"}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was accepted. `to` are the addresses of its envelope; `links` are in order, each once."""

    id: int
    to: list[str]
    sender: str
    subject: str
    text: str
    html: str
    links: list[str]
    message_id: str
    headers: dict[str, str]
    attachments: list[tuple[str, bytes]]
    raw: bytes
    date: float

    def view(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "to": self.to,
            "from": self.headers.get("From", self.sender),
            "subject": self.subject,
            "text": self.text,
            "html": bool(self.html),
            "links": self.links,
            "message_id": self.message_id,
            "date": self.date,
        }


@dataclass(eq=False)
class MailFault:
    kind: str
    to: str | None = None
    times: int | None = 1
    share: float = 1.0


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


class Mailbox:
    """Everybody's mailbox. `struck` counts the faults by kind."""

    def __init__(self, clock: Clock, changes: Changes, rng: random.Random) -> None:
        self.clock, self.changes, self.rng = clock, changes, rng
        self.mails: list[Mail] = []
        self.rules: list[MailFault] = []
        self.struck: Counter[str] = Counter()
        self.port = 0
        self._tls: ssl.SSLContext | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.BaseTransport] = set()

    def to(self, address: str) -> list[Mail]:
        """Mails to this address, the oldest first."""
        wanted = address.lower()
        return [mail for mail in self.mails if wanted in (to.lower() for to in mail.to)]

    @property
    def latest(self) -> Mail | None:
        return self.mails[-1] if self.mails else None

    def fail(
        self, kind: str, to: str | None = None, times: int | None = None, share: float = 1.0
    ) -> MailFault:
        """ "450", "451", "550", "552" to a recipient; "refuse" cuts the connection at once; "lost_answer"
        takes the mail and cuts before saying so. Without `times` once, or for ever where a share is given."""
        if kind not in ANSWERS and kind not in CUTS:
            raise ValueError(f"no such mail fault: {kind}; there are {', '.join(sorted({*ANSWERS, *CUTS}))}")
        rule = MailFault(
            kind, to.lower() if to else None, 1 if times is None and share >= 1.0 else times, share
        )
        self.rules.append(rule)
        return rule

    def clear_faults(self) -> None:
        self.rules.clear()

    def strikes(self, kinds: set[str], to: str = "") -> str | None:
        for rule in self.rules:
            if rule.kind not in kinds or rule.times == 0 or rule.to not in (None, to.lower()):
                continue
            if rule.share < 1.0 and self.rng.random() >= rule.share:
                continue
            if rule.times is not None:
                rule.times -= 1
            self.struck[rule.kind] += 1
            return rule.kind
        return None

    async def open(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        """Listen; STARTTLS is offered where a context is given. Raises OSError when the port is taken."""
        self._tls = tls
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Door(self, tls), host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse connections from now on; `open` with the same port ends that."""
        if self._server is not None:
            self._server.close()
            for transport in list(self._connections):
                transport.close()
            await self._server.wait_closed()
            self._server = None

    def keep(self, envelope: Envelope) -> None:
        raw = cast(bytes, envelope.content)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        text, html = _part(message, "plain"), _part(message, "html")
        finder = _Links()
        finder.feed(html)
        links = _LINK.findall(text) + [link for link in finder.found if link.startswith(("http:", "https:"))]
        attachments = [
            (part.get_filename() or "", cast(bytes, part.get_payload(decode=True) or b""))
            for part in message.iter_attachments()
        ]
        self.mails.append(
            Mail(
                id=len(self.mails) + 1,
                to=list(envelope.rcpt_tos),
                sender=envelope.mail_from or "",
                subject=str(message["Subject"] or ""),
                text=text,
                html=html,
                links=list(dict.fromkeys(links)),
                message_id=str(message["Message-ID"] or ""),
                headers={name: str(value) for name, value in message.items()},
                attachments=attachments,
                raw=raw,
                date=self.clock.now(),
            )
        )
        view = self.mails[-1].view
        self.changes.emit("mail", lambda: {"mail": view()})


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""


class _Door(SMTP):
    """One connection."""

    def __init__(self, mailbox: Mailbox, tls: ssl.SSLContext | None) -> None:
        self.mailbox = mailbox
        super().__init__(
            _Handler(mailbox),
            enable_SMTPUTF8=True,
            hostname="playground",
            ident="Playground",
            tls_context=tls,
            auth_require_tls=False,
            authenticator=_anybody,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.mailbox._connections.add(transport)
        if self.transport is None and self.mailbox.strikes({"refuse"}):
            cast(asyncio.Transport, transport).abort()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.mailbox._connections = {t for t in self.mailbox._connections if not t.is_closing()}
        if self.session is not None:
            super().connection_lost(error)


def _anybody(server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=isinstance(data, LoginPassword))


@dataclass
class _Handler:
    mailbox: Mailbox

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        kind = self.mailbox.strikes(set(ANSWERS), address)
        if kind is not None:
            return ANSWERS[kind]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mailbox.keep(envelope)
        if self.mailbox.strikes({"lost_answer"}) and server.transport is not None:
            cast(asyncio.Transport, server.transport).abort()
            raise asyncio.CancelledError
        return "250 OK"
