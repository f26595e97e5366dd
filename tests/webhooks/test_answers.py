"""Every answer, whatever was asked: its headers, the names that we answer to, the pages of what goes wrong."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from kit.speech import Voices
from services import asking
from store.database import Database
from store.writer import Unavailable
from tests.webhooks.browser import Browser
from tests.webhooks.conftest import PUBLIC_HOST, Served, serve
from tests.webhooks.raw import Line
from webhooks import once
from webhooks.app import PAGES
from webhooks.hosts import Hosts
from webhooks.pages import language_of

SALMA = "100001"
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
EVERYWHERE = {
    "Content-Security-Policy": CSP,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
HSTS = "Strict-Transport-Security"
EVERY_PAGE = [
    (method, f"/{page.name}{more}", status)
    for page in PAGES
    for method, more, status in (
        ("GET", "", 404),
        ("HEAD", "", 404),
        ("GET", f"/{'A' * 43}", 303),
        ("POST", "", 403),
        ("POST", "/visitor", 403),
        ("PUT", "", 405),
        ("OPTIONS", "", 405),
    )
]
REQUESTS = [
    *EVERY_PAGE,
    ("GET", "/static/page.css", 200),
    ("GET", "/static/page.js", 200),
    ("GET", "/static/../app.py", 404),
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("GET", "/metrics", 404),
    ("GET", "/favicon.ico", 404),
    ("GET", "/", 404),
    ("POST", "/telegram", 404),
]


@pytest.mark.req("TH-36")
@pytest.mark.parametrize(("method", "path", "status"), REQUESTS)
async def test_every_answer_carries_the_headers(simple: Served, method: str, path: str, status: int) -> None:
    async with Browser(simple) as browser:
        seen = await browser.ask(method, path)
    assert seen.status == status
    assert EVERYWHERE.items() <= seen.headers.items()
    assert seen.headers[HSTS] == "max-age=31536000"
    assert "Server" not in seen.headers
    if status == 405:
        assert "POST" in seen.headers["Allow"]


def test_the_proxies_of_the_handbook_let_every_page_through() -> None:
    handbook = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    listed = re.findall(r"\(((?:[a-z_]+\|)+[a-z_]+)\)\(/\|\$\)", handbook)
    assert [set(names.split("|")) for names in listed] == [{asking.NAME, *(page.name for page in PAGES)}] * 2


@pytest.mark.req("TH-36")
async def test_without_https_no_browser_is_told_to_keep_to_it(sqlite: Database, voices: Voices) -> None:
    served, site = await serve(sqlite, voices, "http://127.0.0.1:{port}")
    async with Browser(served, host=f"127.0.0.1:{served.port}") as browser:
        seen = await browser.ask("GET", "/activate")
    await site.stop()
    assert seen.status == 404
    assert HSTS not in seen.headers


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────

STRANGE = [
    "",
    "evil.example",
    f"{PUBLIC_HOST}.evil.example",
    f"evil.{PUBLIC_HOST}",
    f"{PUBLIC_HOST}:8080",
    f"{PUBLIC_HOST}:443@evil.example",
    f"{PUBLIC_HOST}, evil.example",
    f"user@{PUBLIC_HOST}",
    f"{PUBLIC_HOST}/evil",
    "[::1",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
]


@pytest.mark.req("TH-37")
@pytest.mark.parametrize("host", [*STRANGE, "127.0.0.1", "localhost:8080"])
async def test_a_page_answers_to_the_public_name_only(simple: Served, host: str) -> None:
    token = await simple.registers(42, SALMA)
    async with Browser(simple, host=host) as browser:
        for path in (f"/activate/{token}", "/activate", "/static/page.css"):
            seen = await browser.ask("GET", path, **{"X-Forwarded-Host": PUBLIC_HOST})
            assert (seen.status, browser.cookies) == (421, {})
            assert host.encode() not in seen.body or not host
            assert EVERYWHERE.items() <= seen.headers.items()


@pytest.mark.req("TH-37")
@pytest.mark.parametrize("host", [PUBLIC_HOST.upper(), f"{PUBLIC_HOST}:443"])
async def test_the_public_name_may_be_written_otherwise(simple: Served, host: str) -> None:
    async with Browser(simple, host=host) as browser:
        assert (await browser.ask("GET", "/static/page.css")).status == 200


@pytest.mark.req("TH-37")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "[::1]:8080", "10.0.3.7:8080", PUBLIC_HOST])
async def test_watchers_call_by_our_address(simple: Served, host: str) -> None:
    async with Browser(simple, host=host) as watcher:
        assert (await watcher.ask("GET", "/healthz")).status == 200
        assert (await watcher.ask("GET", "/readyz")).status == 200
        shown = 404 if host == PUBLIC_HOST else 200
        assert (await watcher.ask("GET", "/metrics")).status == shown, "figures aren't for the public"


@pytest.mark.req("TH-37")
@pytest.mark.parametrize("host", STRANGE)
async def test_strange_names_are_refused_to_watchers_too(simple: Served, host: str) -> None:
    async with Browser(simple, host=host) as watcher:
        assert (await watcher.ask("GET", "/metrics")).status == 421


@pytest.mark.req("TH-37")
@pytest.mark.parametrize("hosts", ["", f"Host: {PUBLIC_HOST}\r\nHost: evil.example\r\n"])
async def test_one_name_and_no_more_must_be_given(simple: Served, hosts: str) -> None:
    line = await Line.to(simple.port)
    answer = await line.ask(f"GET /activate HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())
    line.close()
    assert answer.status in (400, 421)


def test_without_a_public_address_no_name_is_public() -> None:
    assert not Hosts(None).public("")
    assert not Hosts(None).public("localhost")
    assert Hosts("http://127.0.0.1:8081").public("127.0.0.1:8081")
    assert not Hosts("http://127.0.0.1:8081").public("127.0.0.1")
    assert Hosts("https://fund.example/rafiq").public("fund.example:443")


async def test_behind_a_folder_of_another_site_links_lead_into_the_folder(
    sqlite: Database, voices: Voices
) -> None:
    served, site = await serve(sqlite, voices, f"https://{PUBLIC_HOST}/rafiq")
    token = await served.registers(42, SALMA)
    async with Browser(served) as browser:
        arrived = await browser.ask("GET", f"/activate/{token}")
        page = await browser.ask("GET", "/activate")
    await site.stop()
    assert arrived.headers["Location"] == "/rafiq/activate"
    assert b'href="/rafiq/static/page.css"' in page.body
    assert b'action="/rafiq/activate"' in page.body


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "fr"),
        ("ar", "ar"),
        ("ar-MA,ar;q=0.9,fr;q=0.8", "ar"),
        ("fr-MA,fr;q=0.9,ar;q=0.8", "fr"),
        ("en-GB,en;q=0.9,ar;q=0.1", "ar"),
        ("AR", "ar"),
        ("arn,fr;q=0.1", "fr"),
        ("ar;q=0", "fr"),
        ("ar;q=0.5,fr;q=0.5", "fr"),
        ("*", "fr"),
        ("ar;q=nan, \x00;;,=,", "fr"),
        ("en," * 5000 + "ar", "fr"),
    ],
)
def test_the_language_that_a_browser_asks_for(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


@pytest.fixture
async def without_pages(sqlite: Database, voices: Voices) -> AsyncIterator[Served]:
    """Served without a public address: links lead to the bot."""
    served, site = await serve(sqlite, voices, None)
    yield served
    await site.stop()


async def test_without_a_public_address_there_are_no_pages(without_pages: Served) -> None:
    async with Browser(without_pages, host="127.0.0.1") as browser:
        assert (await browser.ask("GET", "/healthz")).status == 200
        assert (await browser.ask("GET", "/activate")).status == 421


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Cette page n’existe pas"), ("ar", "هذه الصفحة غير موجودة")]
)
async def test_a_wrong_address_is_told_in_the_readers_language(
    simple: Served, language: str, words: str
) -> None:
    async with Browser(simple, language=language) as browser:
        assert words in (await browser.ask("GET", "/nothing")).text


async def test_a_form_of_a_size_that_none_has_is_refused(simple: Served) -> None:
    async with Browser(simple) as browser:
        seen = await browser.ask("POST", "/activate", {"form_token": "0" * 20_000})
    assert (seen.status, "C’est trop à la fois" in seen.text) == (413, True)


@pytest.mark.req("TH-19c")
async def test_a_form_that_never_ends_is_cut_off(simple: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "PATIENCE", 0.1)
    line = await Line.to(simple.port)
    head = f"POST /activate HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nContent-Length: 90\r\n"
    answer = await line.ask(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nform".encode())
    assert answer.status == 408
    assert await line.closed()
    line.close()


async def test_our_own_fault_is_an_apology_with_a_reference(
    simple: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_fn: Any) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr(simple.database, "read", fail)
    with structlog.testing.capture_logs() as events:
        async with Browser(simple) as browser:
            seen = await browser.open("A" * 43)
    assert seen.status == 500
    assert EVERYWHERE.items() <= seen.headers.items()
    (event,) = events
    assert event["incident"] in seen.text
    assert "canary" not in seen.text + repr(events)


async def test_while_the_database_is_away_nothing_is_lost(
    simple: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await simple.registers(42, SALMA)

    async def away(_fn: Any) -> None:
        raise Unavailable("away")

    async with Browser(simple) as browser:
        page = await browser.open(token)
        with monkeypatch.context() as patch:
            patch.setattr(simple.database, "run", away)
            seen = await browser.press(page)
        assert (seen.status, seen.headers["Retry-After"]) == (503, "30")
        assert "Votre lien reste valable" in seen.text
        assert "est actif" in (await browser.press(page)).text
