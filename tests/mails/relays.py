"""Relays of one's own: certificates made on the spot, and a relay that answers as it is told."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that signed itself: the relay's context, and the trust of who was given it."""

    relay: ssl.SSLContext
    trust: ssl.SSLContext


def certificate(folder: Path, address: str = "127.0.0.1") -> Certificate:
    """A certificate for an address of this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "relay.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "relay.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    relay = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    relay.load_cert_chain(folder / "relay.pem", folder / "relay.key")
    return Certificate(relay, ssl.create_default_context(cafile=str(folder / "relay.pem")))


@dataclass
class Told:
    """A relay that says what it is told at each verb, and otherwise agrees. `heard` are the verbs, `most` the visitors at once."""

    answers: Mapping[str, str]
    port: int = 0
    heard: list[str] = field(default_factory=list)
    inside: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    most: int = 0
    awaited: int = 0  # nobody is greeted before so many are here
    together: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.inside += 1
        self.gone.clear()
        self.most = max(self.most, self.inside)
        if self.inside >= self.awaited:
            self.together.set()
        await self.together.wait()
        try:
            await self._talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()
            self.inside -= 1
            if not self.inside:
                self.gone.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        verb, data = "CONNECT", False
        while True:
            usual = {
                "CONNECT": "220 relay",
                "EHLO": "250-relay\r\n250 AUTH PLAIN",
                "AUTH": "235 2.7.0 welcome",
                "DATA": "354 go on",
            }
            writer.write((self.answers.get(verb) or usual.get(verb, "250 2.0.0 fine")).encode() + b"\r\n")
            await writer.drain()
            data = verb == "DATA" and "DATA" not in self.answers
            line = await reader.readline()
            while data and line not in (b".\r\n", b""):
                line = await reader.readline()
            if not line:
                return
            verb = "BODY" if data else line.split()[0].decode().upper()
            self.heard.append(verb)


@asynccontextmanager
async def told(answers: Mapping[str, str], awaited: int = 0) -> AsyncIterator[Told]:
    """A relay that listens, by verb (CONNECT, EHLO, AUTH, MAIL, RCPT, DATA, BODY) to its answer."""
    relay = Told(answers, awaited=awaited)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
        if relay.inside:
            await relay.gone.wait()
    finally:
        server.close()
        await server.wait_closed()
