"""Planted bug: a token that is looked at first and marked afterwards is spent twice; one conditional statement is not (CF-04)."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from kit.seal import Keyring, token_hash
from store import schema, tokens
from store.database import open_database
from store.db import Db
from store.tokens import Spent
from tests.databases import KEY, PostgresTemplate
from tests.planted.test_locks import on_the_loop
from tests.world import NOW

PURPOSE = "reset"
Spend = Callable[[Db, str, int], Spent | None]


def in_one(wait: Callable[[int], None]) -> Spend:
    """As it is: the statement that marks it is the one that judges it. The other comes while this one isn't committed."""

    def spend(db: Db, token: str, me: int) -> Spent | None:
        spent = tokens.spend(db, token, PURPOSE, NOW)
        if spent is not None:
            wait(me)
        return spent

    return spend


def in_two(wait: Callable[[int], None]) -> Spend:
    """The bug: judged, then marked."""

    def spend(db: Db, token: str, me: int) -> Spent | None:
        found = tokens.peek(db, token, PURPOSE, NOW)
        wait(me)
        if found is not None:
            mark = update(schema.tokens).where(schema.tokens.c.hash == token_hash(token)).values(used_at=NOW)
            db.execute(mark)
        return found

    return spend


async def both_spend(url: str, spend: Spend) -> int:
    """Two replicas get the same link at once: how many of them find it good."""
    first, second = (open_database(url, Keyring(KEY)) for _ in range(2))
    token = await first.run(lambda db: tokens.issue(db, PURPOSE, 1, 0, NOW, dt.timedelta(hours=1)))
    told = await asyncio.gather(
        first.run(lambda db: spend(db, token, 0)), second.run(lambda db: spend(db, token, 1))
    )
    await first.close()
    await second.close()
    return sum(one is not None for one in told)


@pytest.mark.postgres
@pytest.mark.req("CF-04", "INV-08")
async def test_a_token_is_spent_once(postgres_template: PostgresTemplate, tmp_path: Path) -> None:
    url = await postgres_template.copy(tmp_path)
    assert await both_spend(url, in_one(on_the_loop())) == 1
    await postgres_template.drop(url, spoilt=False)


@pytest.mark.postgres
async def test_judged_and_marked_in_two_statements_it_is_spent_twice(
    postgres_template: PostgresTemplate, tmp_path: Path
) -> None:
    url = await postgres_template.copy(tmp_path)
    assert await both_spend(url, in_two(on_the_loop())) == 2
    await postgres_template.drop(url, spoilt=False)
