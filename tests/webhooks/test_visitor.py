"""Telegram's word on who opened a Mini App (TH-38): published vectors, what is altered, and what a page makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest

from kit.speech import Voices
from playground.mini_apps import init_data, launch
from store.database import Database
from tests.webhooks.browser import Browser
from tests.webhooks.conftest import NOW, TOKEN, Served, serve
from tests.webhooks.test_once import CHAT, Choosing, issue_token
from webhooks.visitor import key_of, visitor

# Published with the libraries that check it: telegram-apps (its documentation's example) and aiogram (its tests).
VECTORS = [
    (
        "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8",
        "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C"
        "%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C"
        "%22is_premium%22%3Atrue%7D&auth_date=1662771648"
        "&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2",
        279058397,
    ),
    (
        "42:TEST",
        "auth_date=1650385342&user=%7B%22id%22%3A42%2C%22first_name%22%3A%22Test%22%7D&query_id=test"
        "&hash=46d2ea5e32911ec8d30999b56247654460c0d20949b6277af519e76271182803",
        42,
    ),
]
SALMA = {"id": CHAT, "is_bot": False, "first_name": "سلمى"}
KEY = key_of(TOKEN)
GOOD = init_data(TOKEN, SALMA, NOW.timestamp(), query_id="AA", start_param="")


def at(init: str) -> dt.datetime:
    """The moment at which it was signed."""
    return dt.datetime.fromtimestamp(int(init.partition("auth_date=")[2][:10]), dt.UTC)


@pytest.mark.req("TH-38", "TG-22")
@pytest.mark.parametrize(("token", "init", "who"), VECTORS)
def test_published_vectors_are_believed_for_five_minutes_and_no_longer(
    token: str, init: str, who: int
) -> None:
    key, signed = key_of(token), at(init)
    assert visitor(init, key, signed) == who
    assert visitor(init, key, signed + dt.timedelta(minutes=5)) == who
    assert visitor(init, key, signed + dt.timedelta(minutes=5, seconds=1)) is None
    assert visitor(init, key, signed - dt.timedelta(minutes=2)) is None
    assert visitor(init, key_of("42:OTHER"), signed) is None


ALTERED = {
    "nothing": "",
    "another user": GOOD.replace(f"id%22%3A{CHAT}", "id%22%3A43"),
    "without its hash": GOOD.rpartition("&hash=")[0],
    "an empty hash": GOOD.rpartition("&hash=")[0] + "&hash=",
    "a name twice": GOOD + "&auth_date=" + str(int(NOW.timestamp())),
    "its hash twice": GOOD + "&hash=" + GOOD.rpartition("=")[2],
    "a name more": GOOD + "&x=1",
    "no pairs": "hash",
    "too many": GOOD + "&a=1" * 100,
    "no user": init_data(TOKEN, SALMA, NOW.timestamp()).replace("user=", "usr="),
    "not signed for letters": "hash=é&auth_date=1",
    "a moment beyond time": urlencode({"auth_date": "9" * 30, "user": "{}", "hash": "0"}),
}


@pytest.mark.req("TH-38")
@pytest.mark.parametrize("init", ALTERED.values(), ids=ALTERED)
def test_what_telegram_did_not_sign_is_not_believed(init: str) -> None:
    assert visitor(GOOD, KEY, NOW) == CHAT
    assert visitor(init, KEY, NOW) is None


@pytest.mark.req("TH-38")
@pytest.mark.parametrize("user", [[], 7, {"id": True}, {"id": "42"}, None])
def test_a_user_of_a_shape_that_telegram_does_not_send_is_nobody(user: Any) -> None:
    assert visitor(init_data(TOKEN, user, NOW.timestamp()), KEY, NOW) is None


def test_an_application_opens_the_address_with_all_that_behind_it() -> None:
    opened = launch("https://rafiq.example/answer/x", TOKEN, SALMA, NOW.timestamp(), "dark")
    assert opened.startswith("https://rafiq.example/answer/x#tgWebAppData=")


# ── on a page ────────────────────────────────────────────────────────────────────────────────────────────────────────

TYPED = {"called": "Salma", "way": "mail", "secret": "long-enough"}


@pytest.fixture
async def choosing(database: Database, voices: Voices) -> AsyncIterator[Served]:
    """The pages, with one that is Salma's."""
    served, site = await serve(database, voices, pages=[Choosing()])
    yield served
    await site.stop()


@pytest.mark.req("TH-38")
async def test_the_owner_is_known_by_telegrams_word_and_may_take_her_time(choosing: Served) -> None:
    token = await issue_token(choosing)
    async with Browser(choosing, page="choose") as browser:
        page = await browser.open(token)
        before = await choosing.rows()
        proof = await browser.ask("POST", "/choose/visitor", {"visitor": GOOD})
        assert (proof.status, len(proof.body)) == (200, 64)
        assert await choosing.rows() == before
        choosing.clock.at += dt.timedelta(minutes=9)
        assert (await browser.press(page, **TYPED, visitor=GOOD)).status == 403, "too old by now"
        done = await browser.press(page, **TYPED, visitor=proof.body.decode())
    assert (done.status, len(choosing.told(CHAT))) == (200, 1)


@pytest.mark.req("TH-38", "TH-33")
async def test_somebody_else_in_telegram_gets_nothing_with_a_stolen_link(choosing: Served) -> None:
    token = await issue_token(choosing)
    other = init_data(TOKEN, {"id": 43, "first_name": "Youssef"}, NOW.timestamp())
    async with Browser(choosing, page="choose") as browser:
        page = await browser.open(token)
        proof = await browser.ask("POST", "/choose/visitor", {"visitor": other})
        assert proof.status == 403
        for claim in (other, "0" * 64, "x", GOOD.replace("42", "43")):
            assert (await browser.press(page, **TYPED, visitor=claim)).status == 403
        assert choosing.told(CHAT) == []
        assert (await browser.press(page, **TYPED, visitor=GOOD)).status == 200


@pytest.mark.req("TH-38")
async def test_without_a_link_telegrams_word_opens_nothing(choosing: Served) -> None:
    async with Browser(choosing, page="choose") as browser:
        seen = await browser.ask("POST", "/choose/visitor", {"visitor": GOOD})
    assert seen.status == 403
