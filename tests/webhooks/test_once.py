"""The frame of one-time pages, with a page of its own: what is typed, what is kept of it, what is wrong, and what is done once."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import AsyncIterator

import pytest

from kit.sheet import Field, Sheet, Typed
from kit.speech import Voices
from kit.text import t
from services import registration
from services.work import Work
from store import chats, tokens
from store.database import Database
from tests.webhooks.browser import Browser
from tests.webhooks.conftest import Served, serve

CHAT, PURPOSE = 42, "choice"


class Choosing:
    """Asks a name, a way and a secret, in sentences of any kind; hashes the secret, and counts a wrong one by a mail."""

    name = "choose"
    bad = Sheet(t("This link is no longer valid"), language="fr")

    def look(self, work: Work, token: str) -> Sheet | None:
        if tokens.peek(work.db, token, PURPOSE, work.now) is None:
            return None
        return Sheet(
            t("Password"),
            facts=[(t("E-mail"), "salma@example.com")],
            fields=[
                Field("called", t("Last name"), hint=[t("First name")]),
                Field("way", t("E-mail"), "choice", choices=[("mail", t("E-mail")), ("phone", "06")]),
                Field("secret", t("Password"), "password", autocomplete="new-password"),
            ],
            buttons=[("choose", t("Confirm")), ("leave", t("Cancel"))],
            language="fr",
            owner=CHAT,
        )

    def act(self, work: Work, token: str, typed: Typed) -> Sheet | None:
        shown = self.look(work, token)
        assert shown is not None
        faults = {} if typed["called"] else {"called": t("Password")}
        if len(typed["secret"]) < 8:
            work.mail("locked", "salma@example.com", "fr")
            faults["secret"] = t("Answer")
        if faults:
            return shown.again(typed, faults)
        work.need("hash", typed["secret"])
        if tokens.spend(work.db, token, PURPOSE, work.now) is None:
            return None
        work.chat(CHAT)
        work.tell(CHAT, registration.activated())
        return Sheet(t("Menu"), [t("Keep: {value}", value=f"{typed['way']} {typed['pressed']}")])

    def past(self, work: Work, token: str) -> Sheet | None:
        return Sheet(t("Confirm")) if tokens.past(work.db, token, PURPOSE) else None


@pytest.fixture
async def choosing(database: Database, voices: Voices) -> AsyncIterator[Served]:
    """The pages with that one among them."""
    served, site = await serve(database, voices, pages=[Choosing()])
    yield served
    await site.stop()


async def issue_token(served: Served) -> str:
    """A good link to the page."""

    def issue(work: Work) -> str:
        chats.save(work.db, chats.lock(work.db, CHAT, "private", "fr", work.now), work.now)
        return tokens.issue(work.db, PURPOSE, CHAT, CHAT, work.now, dt.timedelta(minutes=10))

    return await served.run(issue)


async def test_what_was_typed_is_kept_but_for_secrets_and_faults_stand_at_their_fields(
    choosing: Served,
) -> None:
    token = await issue_token(choosing)
    async with Browser(choosing, page="choose") as browser:
        page = await browser.open(token)
        assert b'autocomplete="new-password"' in page.body
        again = await browser.press(page, called="<b>", way="phone", secret="short1")
        assert again.status == 422
        assert b'value="&lt;b&gt;"' in again.body
        assert b'value="phone" checked' in again.body
        assert b"short1" not in again.body
        assert b'aria-describedby="secret-fault" aria-invalid="true"' in again.body
        assert b'role="alert" tabindex="-1">' in again.body
        assert b'aria-invalid="true" autofocus>' in again.body, "the first wrong field has the focus"
        assert again.body.count(b"autofocus") == 1
        assert b'<a href="#secret">' in again.body
        assert choosing.mailed() == ["locked"], "what is counted of a vain try stays"
        both = await browser.press(again, called="", way="phone", secret="")
        assert "2 réponses sont à corriger" in both.text
        assert both.body.count(b"autofocus") == 1
        assert both.body.index(b"autofocus") < both.body.index(b'id="secret"')
        done = await browser.press(again, called="Salma", way="phone", secret="long-enough", pressed="leave")
        assert (done.status, "phone leave" in done.text) == (200, True)
        assert len(choosing.told(CHAT)) == 1


async def test_what_was_not_offered_is_not_taken(choosing: Served) -> None:
    token = await issue_token(choosing)
    async with Browser(choosing, page="choose") as browser:
        page = await browser.open(token)
        done = await browser.press(
            page, called="a\0\tb", way="pigeon", secret="long-enough", pressed="destroy"
        )
    assert "Garder : choose" in done.text


@pytest.mark.req("CF-04")
async def test_twenty_posts_at_once_have_one_effect_though_hashing_is_slow(choosing: Served) -> None:
    token = await issue_token(choosing)
    async with Browser(choosing, page="choose") as browser:
        page = await browser.open(token)
        answers = await asyncio.gather(
            *(browser.press(page, called="Salma", way="mail", secret="long-enough") for _ in range(20))
        )
        last = await browser.press(page, called="Salma", way="mail", secret="long-enough")
    by_status = [answer.status for answer in answers]
    assert set(by_status) <= {200, 503}, "beyond the queue they are asked to come back"
    assert sum("Garder" in answer.text for answer in answers) == 1
    assert len(choosing.told(CHAT)) == 1
    assert (last.status, "Confirmer" in last.text) == (200, True)


async def test_while_the_queue_is_full_the_page_comes_back_and_says_so(choosing: Served) -> None:
    token, gate = await issue_token(choosing), threading.Event()
    waiting = [asyncio.ensure_future(choosing.offload.compute(gate.wait, 10)) for _ in range(9)]
    await asyncio.sleep(0)
    async with Browser(choosing, page="choose") as browser:
        page = await browser.open(token)
        busy = await browser.press(page, called="Salma", way="mail", secret="long-enough")
        assert (busy.status, busy.headers["Retry-After"]) == (503, "1")
        assert "Patientez quelques secondes" in busy.text
        assert b'value="Salma"' in busy.body
        assert b"long-enough" not in busy.body
        gate.set()
        await asyncio.gather(*waiting)
        done = await browser.press(busy, called="Salma", way="mail", secret="long-enough")
    assert (done.status, len(choosing.told(CHAT))) == (200, 1)


@pytest.mark.req("TH-19c")
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded; charset=no-such-thing",
        "application/x-www-form-urlencoded; charset=utf-7",
        "multipart/form-data; boundary=x",
        "application/json",
    ],
)
async def test_a_form_that_no_browser_of_ours_sends_is_no_fault_of_ours(choosing: Served, kind: str) -> None:
    token = await issue_token(choosing)
    async with Browser(choosing, page="choose") as browser:
        await browser.open(token)
        seen = await browser.ask("POST", "/choose", b"form_token=%ff&a=%00", **{"Content-Type": kind})
        many = await browser.ask("POST", "/choose", "&".join(f"f{n}=1" for n in range(1000)).encode())
    assert (seen.status, many.status) == (403, 403)
