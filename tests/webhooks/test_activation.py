"""Salma opens the link of her activation mail: what she sees, what scanners and strangers see, and what changes when."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
import structlog

from tests.webhooks.browser import Browser, Seen
from tests.webhooks.conftest import Served
from webhooks.once import BAD_TRIES, cookie_of
from webhooks.once import FORM_TOKEN as FIELD

COOKIE = cookie_of("activate")

CHAT, OTHER_CHAT = 42, 43
SALMA, YOUSSEF = "100001", "100002"
UNKNOWN = "A" * 43


async def test_the_button_activates_and_her_chat_hears_of_it(served: Served) -> None:
    token = await served.registers(CHAT, SALMA)
    async with Browser(served) as browser:
        page = await browser.open(token)
        assert page.status == 200
        assert "Activez votre espace participant" in page.text
        assert await served.accounts() == 0
        done = await browser.press(page)
    assert done.status == 200
    assert "Votre espace participant est actif" in done.text
    assert b'href="https://t.me/rafiq_cmim_bot"' in done.body
    assert await served.accounts() == 1
    assert served.mailed() == ["confirmation"]
    (message,) = served.told(CHAT)
    assert message


async def test_the_pages_speak_the_language_of_the_registration(served: Served) -> None:
    token = await served.registers(CHAT, SALMA, "ar")
    async with Browser(served, language="fr") as browser:
        page = await browser.open(token)
        done = await browser.press(page)
        again = await browser.press(page)
    assert b'<html lang="ar" dir="rtl">' in page.body
    assert "تفعيل فضائي" in page.text
    assert "تم تفعيل فضاء المنخرط الخاص بكم" in done.text
    assert "سبق تفعيل فضاء المنخرط الخاص بكم" in again.text


@pytest.mark.req("CF-04")
async def test_a_second_press_is_harmless(served: Served) -> None:
    token = await served.registers(CHAT, SALMA)
    async with Browser(served) as browser:
        page = await browser.open(token)
        await browser.press(page)
        before = await served.rows()
        again = await browser.press(page)
    assert (again.status, "est déjà actif" in again.text) == (200, True)
    assert await served.rows() == before
    assert len(served.told(CHAT)) == 1


@pytest.mark.req("CF-04")
async def test_twenty_presses_at_once_have_one_effect(served: Served) -> None:
    token = await served.registers(CHAT, SALMA)
    async with Browser(served) as browser:
        page = await browser.open(token)
        answers = await asyncio.gather(*(browser.press(page) for _ in range(20)))
    assert {answer.status for answer in answers} == {200}
    assert sum("est actif" in answer.text for answer in answers) == 1
    assert sum("est déjà actif" in answer.text for answer in answers) == 19
    assert await served.accounts() == 1
    assert len(served.told(CHAT)) == 1
    assert served.mailed() == ["confirmation"]


@pytest.mark.req("TH-32", "CF-04")
async def test_a_scanner_of_mail_uses_nothing_up(served: Served) -> None:
    token = await served.registers(CHAT, SALMA)
    before = await served.rows()
    async with Browser(served) as scanner:
        for _ in range(5):
            await scanner.open(token)
        for path in (f"/activate/{token}", "/activate"):
            assert (await scanner.ask("HEAD", path)).body == b""
            assert (await scanner.ask("OPTIONS", path)).status == 405
        assert (await scanner.ask("POST", f"/activate/{token}")).status == 405
        for form in (None, {}, {FIELD: ""}, {FIELD: "0" * 64}, {FIELD: "é"}, {"token": token}):
            assert (await scanner.ask("POST", "/activate", form)).status == 403
    assert await served.rows() == before
    async with Browser(served) as salma:
        assert "est actif" in (await salma.press(await salma.open(token))).text


@pytest.mark.req("TH-34")
async def test_another_site_cannot_press_for_her(served: Served) -> None:
    mine, hers = await served.registers(OTHER_CHAT, YOUSSEF), await served.registers(CHAT, SALMA)
    async with Browser(served) as youssef, Browser(served) as salma:
        form_token = (await youssef.open(mine)).form_token
        page = await salma.open(hers)
        assert form_token != page.form_token
        # His site makes her browser post what it knows: his own form's token, or none, with or without her cookie.
        for forged in ({FIELD: form_token}, {}):
            assert (await salma.ask("POST", "/activate", forged, Origin="https://evil.example")).status == 403
        salma.cookies.clear()
        refused = await salma.ask("POST", "/activate", {FIELD: page.form_token})
    assert refused.status == 403
    assert await served.accounts() == 0


@pytest.mark.req("TH-35")
async def test_the_cookie_is_bound_to_this_host_and_out_of_reach(simple: Served) -> None:
    token = await simple.registers(CHAT, SALMA)
    async with Browser(simple) as browser:
        arrived = await browser.ask("GET", f"/activate/{token}")
    cookie = SimpleCookie(arrived.headers["Set-Cookie"])[COOKIE]
    assert cookie.value == token
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["max-age"], cookie["domain"]) == ("/", "600", "")


@pytest.mark.req("TH-31")
async def test_the_token_stands_in_no_page_and_no_log(
    simple: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = await simple.registers(CHAT, SALMA)
    with structlog.testing.capture_logs() as events:
        async with Browser(simple) as browser:
            arrived = await browser.ask("GET", f"/activate/{token}")
            page = await browser.ask("GET", "/activate")
            done = await browser.press(page)
            await browser.ask("GET", f"/activate/{token}/more")
            await browser.ask("PUT", f"/activate/{token}")
    assert arrived.headers["Location"] == "/activate"
    assert token.encode() not in arrived.body + page.body + done.body
    assert {seen.headers["Referrer-Policy"] for seen in (arrived, page, done)} == {"no-referrer"}
    assert token not in repr(events) + caplog.text


# ── links that are not good ──────────────────────────────────────────────────────────────────────────────────────────


async def _expired(served: Served) -> str:
    token = await served.registers(CHAT, SALMA)
    served.clock.at += dt.timedelta(hours=24)
    return token


async def _void(served: Served) -> str:
    token = await served.registers(CHAT, SALMA)
    await served.asks_again(CHAT)
    return token


async def _used(served: Served) -> str:
    token = await served.registers(CHAT, SALMA)
    async with Browser(served) as browser:
        await browser.press(await browser.open(token))
    return token


async def _for_something_else(served: Served) -> str:
    from store import tokens

    hour = dt.timedelta(hours=1)
    return await served.run(lambda work: tokens.issue(work.db, "reset", 1, CHAT, work.now, hour))


async def _altered(served: Served) -> str:
    token = await served.registers(CHAT, SALMA)
    return ("B" if token[0] == "A" else "A") + token[1:]


async def _truncated(served: Served) -> str:
    return (await served.registers(CHAT, SALMA))[:-1]


async def _longer(served: Served) -> str:
    return await served.registers(CHAT, SALMA) + "A"


BAD = [_expired, _void, _used, _for_something_else, _altered, _truncated, _longer]


@pytest.mark.req("TH-39", "CF-04")
@pytest.mark.parametrize("make", BAD)
@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_every_bad_link_meets_the_same_page(
    served: Served, make: Callable[..., object], language: str
) -> None:
    token = await make(served)  # type: ignore[misc]
    async with Browser(served, language=language) as browser, Browser(served, language=language) as stranger:
        unknown = await stranger.open(UNKNOWN)
        before = await served.rows()
        bad = await browser.open(str(token))
        assert (bad.status, bad.body) == (unknown.status, unknown.body) == (404, unknown.body)
        assert _but_for_its_date(bad) == _but_for_its_date(unknown)
        forced = await browser.ask("POST", "/activate", {FIELD: "0" * 64})
        guessed = await stranger.ask("POST", "/activate", {FIELD: "0" * 64})
        assert (forced.status, forced.body) == (guessed.status, guessed.body) == (403, unknown.body)
    assert await served.rows() == before


def _but_for_its_date(seen: Seen) -> dict[str, str]:
    return {name: value for name, value in seen.headers.items() if name != "Date"}


@pytest.mark.req("TH-39", "CF-04")
async def test_every_bad_link_costs_the_same_work(simple: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [await make(simple) for make in (_used, _void_of_youssef, _altered_of_youssef)]
    asked: list[str] = []
    database = simple.database
    read, run = database.read, database.run
    monkeypatch.setattr(database, "read", lambda fn: asked.append("read") or read(fn))  # type: ignore[func-returns-value]
    monkeypatch.setattr(database, "run", lambda fn: asked.append("run") or run(fn))  # type: ignore[func-returns-value]
    work = []
    for token in (*tokens, UNKNOWN, "short"):
        asked.clear()
        async with Browser(simple) as browser:
            await browser.open(token)
        work.append(tuple(asked))
    assert set(work) == {("read",)}


async def _void_of_youssef(served: Served) -> str:
    token = await served.registers(OTHER_CHAT, YOUSSEF)
    await served.asks_again(OTHER_CHAT)
    return token


async def _altered_of_youssef(served: Served) -> str:
    return (await served.asks_again(OTHER_CHAT))[::-1]


async def test_a_link_that_ends_while_its_page_is_open_does_nothing(served: Served) -> None:
    token = await served.registers(CHAT, SALMA)
    async with Browser(served) as browser:
        page = await browser.open(token)
        newer = await served.asks_again(CHAT)
        late = await browser.press(page)
        assert (late.status, "n’est plus valable" in late.text) == (404, True)
        assert await served.accounts() == 0
        assert "est actif" in (await browser.press(await browser.open(newer))).text


async def test_without_a_link_there_is_nothing_to_see(simple: Served) -> None:
    async with Browser(simple) as browser:
        nothing = await browser.ask("GET", "/activate")
        browser.cookies[COOKIE] = "<script>\"é'"
        odd = await browser.ask("GET", "/activate")
    assert (nothing.status, odd.status) == (404, 404)
    assert nothing.body == odd.body


# ── guessing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("TH-30")
async def test_who_guesses_is_slowed_down_and_nobody_else(served: Served) -> None:
    token = await served.registers(CHAT, SALMA)
    async with Browser(served) as guesser:
        for number in range(BAD_TRIES):
            assert (await guesser.open(f"{number:043}")).status == 404
        stopped = await guesser.open(UNKNOWN)
        assert (stopped.status, stopped.headers["Retry-After"]) == (429, "60")
        assert "Trop de tentatives" in stopped.text
        assert (await guesser.ask("POST", "/activate", {FIELD: "0"})).status == 429
        assert (await guesser.open(token)).status == 200, "Salma's good link works from the same address"
        served.clock.at += dt.timedelta(minutes=1)
        assert (await guesser.open(UNKNOWN)).status == 404
    assert served.metrics.bad_links == BAD_TRIES + 3


@pytest.mark.req("TH-30")
def test_guessing_from_ever_new_addresses_fills_no_memory() -> None:
    from tests.webhooks.conftest import NOW
    from webhooks import throttle

    brake = throttle.Throttle(1)
    first = [brake.take(f"10.0.{number // 250}.{number % 250}", NOW) for number in range(10_000)]
    assert all(first)
    assert [brake.take(f"2001:db8::{number:x}", NOW) for number in range(3)] == [True, False, False]
    assert brake.take("2001:db8::1", NOW + dt.timedelta(minutes=1))
