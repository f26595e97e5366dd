"""What becomes of a mail at the relay: sent, kept for later, or refused for good; and nothing of it in a log."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP as Server
from structlog.testing import capture_logs

from delivery import mail as channel
from delivery.fates import Fate, Outcome
from delivery.letters import Addresses
from delivery.mail import Mail, MailRefused, NoMail, Unsendable, composed, relay_of, sender_of
from playground.changes import Changes
from playground.clock import Clock
from playground.mail import Mailbox, _Handler
from tests.mails.relays import Certificate, certificate, told
from tests.mails.stage import FROM, PAGES, SALMA, TOKEN, fund, promise, voices


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """Everybody's mailbox, not open yet."""
    box = Mailbox(Clock(), Changes(), random.Random(7))
    yield box
    await box.close()


@pytest.fixture(scope="session")
def relays_own(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """The certificate of the relay, signed by itself."""
    return certificate(tmp_path_factory.mktemp("relay"))


def by(url: str, tls: ssl.SSLContext | None = None, addresses: Addresses = PAGES) -> Mail:
    """The mail channel over a relay."""
    return Mail(url, FROM, fund(), voices(), addresses, tls=tls)


def plain(port: int) -> Mail:
    """The same, over a relay of this machine."""
    return by(f"smtp+plain://127.0.0.1:{port}")


class TestSent:
    async def test_salma_gets_her_activation_mail(self, mailbox: Mailbox) -> None:
        await mailbox.open("127.0.0.1", 0)
        outcome = await plain(mailbox.port).send(promise("activation"), None)
        assert outcome.fate is Fate.SENT
        [mail] = mailbox.to(SALMA)
        assert mail.sender == FROM
        assert mail.links == [f"https://rafiq.cmim.example/activate/{TOKEN}"]
        assert mail.message_id == "<rafiq.812.1773502200000@cmim.example>"
        assert mail.subject == "Activez votre espace participant CMIM"

    @pytest.mark.req("TH-45", "AS-62")
    async def test_over_starttls_with_a_name_and_a_password(
        self, mailbox: Mailbox, relays_own: Certificate
    ) -> None:
        await mailbox.open("127.0.0.1", 0, relays_own.relay)
        url = f"smtp://rafiq:p%40ss@127.0.0.1:{mailbox.port}"
        assert (await by(url, relays_own.trust).send(promise("locked"), None)).fate is Fate.SENT
        assert len(mailbox.to(SALMA)) == 1

    @pytest.mark.req("TH-45")
    async def test_over_tls_from_the_start(self, mailbox: Mailbox, relays_own: Certificate) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Server(_Handler(mailbox)), "127.0.0.1", 0, ssl=relays_own.relay
        )
        url = f"smtps://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            assert (await by(url, relays_own.trust).send(promise("locked"), None)).fate is Fate.SENT
            with capture_logs() as logs:
                outcome = await by(url).send(promise("locked"), None)
        finally:
            server.close()
            await server.wait_closed()
        assert outcome.fate is Fate.RETRY
        assert {
            "event": "mail.alarm",
            "log_level": "error",
            "outbox": 812,
            "fault": "bad certificate",
        } in logs
        assert len(mailbox.mails) == 1

    async def test_no_more_than_a_few_visit_the_relay_at_once(self) -> None:
        async with told({}, awaited=channel.AT_ONCE) as relay:
            mail = plain(relay.port)
            outcomes = await asyncio.gather(*(mail.send(promise("locked"), None) for _ in range(20)))
        assert {outcome.fate for outcome in outcomes} == {Fate.SENT}
        assert relay.most == channel.AT_ONCE


class TestNeverInClear:
    @pytest.mark.req("TH-45", "FL-13")
    async def test_a_relay_without_starttls_gets_nothing(self) -> None:
        async with told({}) as relay:
            with capture_logs() as logs:
                outcome = await by(f"smtp://rafiq:secret@127.0.0.1:{relay.port}").send(
                    promise("activation"), None
                )
        assert outcome == Outcome(Fate.RETRY, seconds=60.0, reason="no STARTTLS offered")
        assert relay.heard == ["EHLO"]
        assert logs[0] == {
            "event": "mail.alarm",
            "log_level": "error",
            "outbox": 812,
            "fault": "no STARTTLS offered",
        }

    @pytest.mark.req("TH-45", "FL-13")
    async def test_nor_one_that_offers_it_and_then_refuses(self) -> None:
        async with told(
            {"EHLO": "250-relay\r\n250 STARTTLS", "STARTTLS": "454 4.7.0 not available"}
        ) as relay:
            outcome = await by(f"smtp://127.0.0.1:{relay.port}").send(promise("activation"), None)
        assert outcome == Outcome(Fate.RETRY, seconds=60.0, reason="STARTTLS refused")
        assert relay.heard == ["EHLO", "STARTTLS"]

    @pytest.mark.req("TH-45", "FL-13")
    @pytest.mark.parametrize("fault", ["signed by itself", "of another machine"])
    async def test_nor_one_whose_certificate_is_not_good(
        self, fault: str, mailbox: Mailbox, relays_own: Certificate, tmp_path: Path
    ) -> None:
        other = certificate(tmp_path, "127.0.0.2")
        shown, trust = (relays_own, None) if fault == "signed by itself" else (other, other.trust)
        await mailbox.open("127.0.0.1", 0, shown.relay)
        with capture_logs() as logs:
            outcome = await by(f"smtp://rafiq:secret@127.0.0.1:{mailbox.port}", trust).send(
                promise("activation"), None
            )
        assert outcome == Outcome(Fate.RETRY, seconds=60.0, reason="bad certificate")
        assert mailbox.mails == []
        assert [line["event"] for line in logs] == ["mail.alarm", "mail.tried"]


class TestLater:
    @pytest.mark.req("FL-11")
    async def test_a_relay_that_is_down_is_tried_again(self, mailbox: Mailbox) -> None:
        await mailbox.open("127.0.0.1", 0)
        mail = plain(mailbox.port)
        mailbox.fail("refuse")
        cut = await mail.send(promise("activation"), None)
        await mailbox.close()
        away = await mail.send(promise("activation"), None)
        assert (cut.fate, cut.seconds, away.fate, away.seconds) == (Fate.RETRY, None, Fate.RETRY, None)
        await mailbox.open("127.0.0.1", mailbox.port)
        assert (await mail.send(promise("activation"), None)).fate is Fate.SENT

    @pytest.mark.req("FL-11")
    async def test_so_is_one_that_never_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(channel, "TIMEOUT", 0.05)
        async with told({}, awaited=2) as relay:
            outcome = await plain(relay.port).send(promise("activation"), None)
            relay.together.set()
        assert outcome == Outcome(Fate.RETRY, reason="SMTPConnectTimeoutError")

    @pytest.mark.req("FL-12")
    @pytest.mark.parametrize("kind", ["450", "451"])
    async def test_greylisting_is_waited_out(self, kind: str, mailbox: Mailbox) -> None:
        await mailbox.open("127.0.0.1", 0)
        mailbox.fail(kind, times=6)
        mail = plain(mailbox.port)
        tries = [
            await mail.send(replace(promise("activation"), attempts=attempts), None) for attempts in range(6)
        ]
        assert [one.fate for one in tries] == [Fate.RETRY] * 6
        assert [(one.seconds or 0) / 60 for one in tries] == [5, 10, 20, 40, 60, 60]
        assert (await mail.send(replace(promise("activation"), attempts=6), None)).fate is Fate.SENT

    @pytest.mark.req("FL-14")
    async def test_an_answer_lost_after_the_mail_was_taken(self, mailbox: Mailbox) -> None:
        await mailbox.open("127.0.0.1", 0)
        mailbox.fail("lost_answer")
        mail = plain(mailbox.port)
        assert (await mail.send(promise("activation"), None)).fate is Fate.RETRY
        assert (await mail.send(replace(promise("activation"), attempts=1), None)).fate is Fate.SENT
        first, second = mailbox.to(SALMA)
        assert first.message_id == second.message_id
        assert first.raw == second.raw

    async def test_what_has_a_link_waits_until_we_know_where_it_leads(self, mailbox: Mailbox) -> None:
        await mailbox.open("127.0.0.1", 0)
        addresses = Addresses()
        mail = by(f"smtp+plain://127.0.0.1:{mailbox.port}", addresses=addresses)
        outcome = await mail.send(promise("activation"), None)
        assert (outcome.fate, outcome.seconds, mailbox.mails) == (Fate.RETRY, 5.0, [])
        addresses.bot_username = "RafiqCmimBot"
        assert (await mail.send(promise("activation"), None)).fate is Fate.SENT
        assert mailbox.mails[0].links == [f"https://t.me/RafiqCmimBot?start=activate_{TOKEN}"]

    async def test_without_a_relay_everything_is_kept(self) -> None:
        outcome = await NoMail().send(promise("activation"), None)
        assert (outcome.fate, outcome.seconds) == (Fate.RETRY, 60.0)


class TestRefused:
    @pytest.mark.req("FL-15")
    @pytest.mark.parametrize(("kind", "reason"), [("550", "550 5.1.1"), ("552", "552 5.2.2")])
    async def test_an_address_that_is_no_good(self, kind: str, reason: str, mailbox: Mailbox) -> None:
        await mailbox.open("127.0.0.1", 0)
        mailbox.fail(kind, SALMA)
        outcome = await plain(mailbox.port).send(promise("activation"), None)
        assert outcome == Outcome(Fate.DEAD, reason=reason)

    @pytest.mark.parametrize(
        ("verb", "answer", "outcome"),
        [
            ("RCPT", "550 no such user", Outcome(Fate.DEAD, reason="550")),
            ("BODY", "550 5.1.1 unknown", Outcome(Fate.DEAD, reason="550 5.1.1")),
            ("BODY", "451 4.3.0 later", Outcome(Fate.RETRY, seconds=300.0, reason="451 4.3.0")),
            ("CONNECT", "421 4.3.2 going down", Outcome(Fate.RETRY, reason="421 4.3.2")),
            ("CONNECT", "554 5.7.1 not you", Outcome(Fate.RETRY, seconds=60.0, reason="554 5.7.1")),
            ("MAIL", "553 5.1.8 unknown sender", Outcome(Fate.RETRY, seconds=60.0, reason="553 5.1.8")),
            ("RCPT", "554 5.7.1 relaying denied", Outcome(Fate.RETRY, seconds=60.0, reason="554 5.7.1")),
            ("RCPT", "530 authenticate first", Outcome(Fate.RETRY, seconds=60.0, reason="530")),
            ("RCPT", "550 5.7.1.2 is no status", Outcome(Fate.RETRY, seconds=60.0, reason="550 5.7.1")),
            ("RCPT", "550 from 5.7.1 nothing", Outcome(Fate.DEAD, reason="550")),
            ("AUTH", "535 5.7.8 wrong password", Outcome(Fate.RETRY, seconds=60.0, reason="535 5.7.8")),
        ],
    )
    async def test_only_the_address_is_held_against_the_person(
        self, verb: str, answer: str, outcome: Outcome
    ) -> None:
        async with told({verb: answer}) as relay:
            mail = by(f"smtp+plain://rafiq:secret@127.0.0.1:{relay.port}")
            with capture_logs() as logs:
                assert await mail.send(promise("activation"), None) == outcome
        assert any(line["event"] == "mail.alarm" for line in logs) == (outcome.seconds == 60.0)

    async def test_a_relay_that_takes_no_password_is_an_alarm(self) -> None:
        async with told({"EHLO": "250 relay"}) as relay:
            outcome = await by(f"smtp+plain://rafiq:secret@127.0.0.1:{relay.port}").send(
                promise("locked"), None
            )
        assert outcome == Outcome(Fate.RETRY, seconds=60.0, reason="no AUTH offered")

    @pytest.mark.req("BI-46", "TH-41", "AS-05")
    @pytest.mark.parametrize(
        "to",
        [
            f"{SALMA}\r\nBcc: youssef@example.com",
            f"{SALMA}\x00",
            f"{SALMA}, youssef@example.com",
            f"Salma <{SALMA}>",
            "salma",
            "@example.com",
            "",
            "sálma@example.com",
        ],
    )
    async def test_an_address_with_a_line_end_never_gets_near_the_relay(self, to: str) -> None:
        async with told({}) as relay:
            outcome = await plain(relay.port).send(promise("activation", to=to), None)
        assert outcome == Outcome(Fate.DEAD, reason="unsendable")
        assert relay.heard == []

    @pytest.mark.req("BI-46", "TH-41", "AS-05")
    @pytest.mark.parametrize(
        "name", ["Salma\r\nBcc: x@example.com", "Salma\n\nhttps://evil.example", "Sal\x00ma"]
    )
    def test_nor_does_a_name_with_one(self, name: str) -> None:
        with pytest.raises(Unsendable):
            composed(promise("confirmation", name=name), sender_of(FROM, "CMIM"), fund(), voices(), PAGES)


@pytest.mark.req("TH-46")
async def test_logs_know_the_row_and_the_relays_codes_and_nobody(mailbox: Mailbox) -> None:
    await mailbox.open("127.0.0.1", 0)
    mail = plain(mailbox.port)
    with capture_logs() as logs:
        for kind in ("450", "550", "lost_answer", "refuse"):
            mailbox.fail(kind)
            await mail.send(promise("activation"), None)
        await mail.send(promise("activation"), None)
        await mail.send(promise("activation", to=f"{SALMA}\r\n"), None)
        async with told({"RCPT": f"550 5.1.1 <{SALMA}>: unknown"}) as relay:
            outcome = await plain(relay.port).send(promise("activation"), None)
    assert outcome.reason == "550 5.1.1"
    assert [line.get("fate") for line in logs] == ["retry", "dead", "retry", "retry", "sent", None, "dead"]
    assert {line["outbox"] for line in logs} == {812}
    written = str(logs)
    for secret in (SALMA, "salma", TOKEN, "Activez", "example.com", "espace"):
        assert secret not in written


class TestSettings:
    @pytest.mark.parametrize(
        ("url", "relay"),
        [
            ("smtp://u:p%40%3A@mail.fund.ma:2587", ("smtp", "mail.fund.ma", 2587, "u", "p@:")),
            ("smtp://mail.fund.ma", ("smtp", "mail.fund.ma", 587, None, "")),
            ("smtps://u:p@mail.fund.ma/", ("smtps", "mail.fund.ma", 465, "u", "p")),
            ("smtp+plain://localhost", ("smtp+plain", "localhost", 25, None, "")),
            ("smtp+plain://[::1]:2525", ("smtp+plain", "::1", 2525, None, "")),
        ],
    )
    def test_a_relay(self, url: str, relay: tuple[str, str, int, str | None, str]) -> None:
        found = relay_of(url)
        assert (found.scheme, found.host, found.port, found.user, found.password) == relay

    @pytest.mark.req("TH-45")
    @pytest.mark.parametrize(
        "url",
        [
            "smtp+plain://u:hush@mail.fund.ma",
            "smtp+plain://u:hush@localhost.fund.ma:25",
            "smtp+plain://127.0.0.1:hush",
            "http://u:hush@mail.fund.ma",
            "smtp://u:hush@mail.fund.ma:99999",
            "smtp://u:hush@mail.fund.ma/path",
            "smtp://u:hush@mail.fund.ma?tls=no",
            "smtp://",
            "smtp://[hush",
        ],
    )
    def test_a_relay_that_is_refused_in_one_line_without_the_password(self, url: str) -> None:
        with pytest.raises(MailRefused) as refused:
            relay_of(url)
        assert str(refused.value).startswith("RAFIQ_SMTP_URL: ")
        assert "hush" not in str(refused.value)

    def test_the_sender_has_the_funds_name_unless_it_is_given_another(self) -> None:
        assert str(sender_of("rafiq@fund.ma", "CMIM")) == "CMIM <rafiq@fund.ma>"
        assert str(sender_of("Rafiq <rafiq@fund.ma>", "CMIM")) == "Rafiq <rafiq@fund.ma>"

    @pytest.mark.parametrize("mail_from", ["", "fund", "Rafiq <>", "a@b\r\nBcc: c@d", "rafiq@"])
    def test_a_sender_that_is_refused(self, mail_from: str) -> None:
        with pytest.raises(MailRefused, match="RAFIQ_MAIL_FROM"):
            sender_of(mail_from, "CMIM")
