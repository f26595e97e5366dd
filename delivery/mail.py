"""The mail channel: a promised letter becomes a message, and goes to the relay over TLS.

Nothing here is ever logged but the row's id, the template and the relay's codes: its words often repeat the address.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import orjson
import structlog
from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from delivery.fates import TOO_LATE, Fate, Outcome
from delivery.letterhead import written
from delivery.letters import LETTERS, Addresses, NotYet, Occasion
from kit.clock import Clock, to_ms
from kit.speech import Voices
from services.fund import Fund
from store.promises import Promise

log = structlog.get_logger("delivery")

AT_ONCE = 8  # connections to the relay
# Seconds that the reply of the same turn has for itself: a long letter takes longer to compose than a short one, and the reply's time would
# tell which of them is being sent, so whether somebody is known (TH-06).
HEAD_START = 0.02
TIMEOUT = 20.0  # seconds for the connection, and for each answer
FIRST_WAIT, LONGEST_WAIT = 5 * 60.0, 60 * 60.0  # seconds after a 4xx: 5, 10, 20, 40, 60 minutes (FL-12)
ALARM_WAIT = 60.0  # seconds until a relay that can't be trusted, or doesn't trust us, is tried again
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")  # at the start of an answer
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_CLOSING, _WANTS_AUTH, _POLICY_FAULT = 421, 530, "5.7."  # RFC 5321, 4954, 3463
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[\w-]+(?:\.[\w-]+)*", re.ASCII)
_POLICY = CRLF.clone(cte_type="7bit")


class MailRefused(ValueError):
    """SMTP_URL or MAIL_FROM can't be used; the message is one line for the operator, without the password."""


class _Distrust(Exception):
    """The relay doesn't offer what we ask of it; the message names the fault."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over. `scheme` is "smtp" (STARTTLS), "smtps" (TLS from the start) or "smtp+plain" (this machine only)."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str


def relay_of(url: str) -> Relay:
    """The relay of SMTP_URL. Raises MailRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise MailRefused("RAFIQ_SMTP_URL: is not of the form smtp://user:password@host:587") from None
    if (
        parts.scheme not in _PORTS
        or not parts.hostname
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
    ):
        raise MailRefused("RAFIQ_SMTP_URL: is not of the form smtp://user:password@host:587")
    if parts.scheme == "smtp+plain" and parts.hostname not in _LOOPBACK:
        raise MailRefused("RAFIQ_SMTP_URL: smtp+plain is taken for this machine only")
    user = None if parts.username is None else unquote(parts.username)
    return Relay(
        parts.scheme, parts.hostname, port or _PORTS[parts.scheme], user, unquote(parts.password or "")
    )


def sender_of(mail_from: str, name: str) -> Address:
    """The sender of MAIL_FROM, "rafiq@fund.ma" or "Name <rafiq@fund.ma>"; `name` stands in for a missing one. Raises MailRefused."""
    given, address = parseaddr(mail_from)
    try:
        if _CONTROL.search(mail_from):
            raise Unsendable("control characters")
        return Address(given or name, addr_spec=_clean(address))
    except Unsendable:
        raise MailRefused("RAFIQ_MAIL_FROM: is not of the form rafiq@fund.ma") from None


class TooLate(Exception):
    """What the letter links to is over: it would only disappoint."""


class Unsendable(ValueError):
    """An address or a value that no message can be built from (BI-46)."""


def composed(
    promise: Promise,
    sender: Address,
    fund: Fund,
    voices: Voices,
    addresses: Addresses,
    now: dt.datetime | None = None,
) -> EmailMessage:
    """The message that a promise makes: the same bytes at each try.

    Raises NotYet while a link can't be made, Unsendable, and, where it is told the time, TooLate.
    """
    letter = orjson.loads(promise.payload)
    values: Mapping[str, str] = letter["values"]
    if any(_CONTROL.search(value) for value in values.values()):
        raise Unsendable("a value with control characters")
    to = _clean(letter["to"])
    at = promise.created_at or promise.not_before
    health_fund = fund.health_fund
    said = LETTERS[letter["template"]](Occasion(health_fund, addresses, values, at))
    if now is not None and said.until is not None and said.until <= now:
        raise TooLate
    sheet = written(said, voices[letter["language"]], health_fund)
    name = f"rafiq.{promise.id}.{to_ms(at)}"
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = sheet.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{name}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(sheet.text)
    message.add_alternative(sheet.html, subtype="html")
    message["Content-Language"] = letter["language"]  # after the bodies, which would take it along
    message.set_boundary(f"=_{name}")
    return message


def _clean(address: str) -> str:
    """An address that can stand in a header and in an envelope; raises Unsendable."""
    if not _ADDRESS.fullmatch(address):
        raise Unsendable("not an address")
    return address


class Mail:
    """Sends by the relay of SMTP_URL. `tls` is the trust that its certificate is judged by: the system's unless told.

    With a `clock`, a letter whose link is over is given up instead.
    """

    lifetime = 5 * 24 * 3600.0

    def __init__(
        self,
        smtp_url: str,
        mail_from: str,
        fund: Fund,
        voices: Voices,
        addresses: Addresses,
        *,
        tls: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._relay = relay_of(smtp_url)
        self._sender = sender_of(mail_from, fund.health_fund.short_name)
        self._fund = fund
        self._voices = voices
        self._addresses = addresses
        self._tls = tls or ssl.create_default_context()
        self._clock = clock
        self._connections = asyncio.Semaphore(AT_ONCE)

    async def send(self, promise: Promise, after: int | None) -> Outcome:
        """Try once."""
        await asyncio.sleep(HEAD_START)
        try:
            now = self._clock.now() if self._clock is not None else None
            message = composed(promise, self._sender, self._fund, self._voices, self._addresses, now)
        except NotYet:
            return Outcome(Fate.RETRY, seconds=5.0, reason="no address for links yet")
        except TooLate:
            log.warning("mail.too_late", outbox=promise.id, template=promise.method)
            return Outcome(Fate.DEAD, reason=TOO_LATE)
        except Unsendable:
            log.error("mail.unsendable", outbox=promise.id, template=promise.method)
            return Outcome(Fate.DEAD, reason="unsendable")
        outcome = await self._try(promise, orjson.loads(promise.payload)["to"], message.as_bytes())
        log.info(
            "mail.tried",
            outbox=promise.id,
            template=promise.method,
            fate=outcome.fate.value,
            reason=outcome.reason,
        )
        return outcome

    async def _try(self, promise: Promise, to: str, message: bytes) -> Outcome:
        try:
            async with self._connections:
                await self._hand_over(to, message)
        except SMTPRecipientsRefused as refused:
            return _answered(promise, refused.recipients[0])
        except SMTPResponseException as refused:
            return _answered(promise, refused)
        except (_Distrust, ssl.SSLError) as fault:
            return _alarm(promise, str(fault) if isinstance(fault, _Distrust) else "bad certificate")
        except (SMTPException, OSError) as error:
            if isinstance(error.__cause__, ssl.SSLError):
                return _alarm(promise, "bad certificate")
            return Outcome(Fate.RETRY, reason=type(error).__name__)
        return Outcome(Fate.SENT, reason="250")

    async def _hand_over(self, to: str, message: bytes) -> None:
        """One message over one connection. What follows the relay's 250 can't undo it."""
        relay = self._relay
        smtp = SMTP(
            hostname=relay.host,
            port=relay.port,
            use_tls=relay.scheme == "smtps",
            start_tls=False,
            tls_context=self._tls,
            local_hostname=self._sender.domain,
            timeout=TIMEOUT,
        )
        try:
            await smtp.connect()
            if relay.scheme == "smtp":
                await _start_tls(smtp)
            if relay.user is not None:
                await smtp.ehlo()
                if not smtp.supports_extension("auth"):
                    raise _Distrust("no AUTH offered")
                await smtp.login(relay.user, relay.password)
            await smtp.sendmail(self._sender.addr_spec, [to], message)
            with suppress(SMTPException):
                await smtp.quit(timeout=2.0)
        finally:
            smtp.close()


async def _start_tls(smtp: SMTP) -> None:
    """Everything after this is encrypted, or nothing is sent (TH-45)."""
    await smtp.ehlo()
    if not smtp.supports_extension("starttls"):
        raise _Distrust("no STARTTLS offered")
    try:
        await smtp.starttls()
    except SMTPResponseException:
        raise _Distrust("STARTTLS refused") from None


def _answered(promise: Promise, refused: SMTPResponseException) -> Outcome:
    """What a refusal means: later, an address that is no good, or a relay that won't have us."""
    found = _STATUS.match(str(refused.message))
    status = found[0] if found else ""
    reason = f"{refused.code} {status}".strip()
    if refused.code < 400 or refused.code == _CLOSING:
        return Outcome(Fate.RETRY, reason=reason)
    if refused.code < 500:
        return Outcome(
            Fate.RETRY, seconds=min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(promise.attempts, 9)), reason=reason
        )
    if (
        isinstance(refused, (SMTPRecipientRefused, SMTPDataError))
        and refused.code != _WANTS_AUTH
        and not status.startswith(_POLICY_FAULT)
    ):
        return Outcome(Fate.DEAD, reason=reason)
    return _alarm(promise, reason)


def _alarm(promise: Promise, fault: str) -> Outcome:
    """The operator's to mend: nothing is lost meanwhile."""
    log.error("mail.alarm", outbox=promise.id, fault=fault)
    return Outcome(Fate.RETRY, seconds=ALARM_WAIT, reason=fault)


class NoMail:
    """Stands in while no SMTP_URL is set: what is promised is kept until there is one."""

    lifetime = Mail.lifetime

    async def send(self, promise: Promise, after: int | None) -> Outcome:
        return Outcome(Fate.RETRY, seconds=60.0, reason="RAFIQ_SMTP_URL is not set")
