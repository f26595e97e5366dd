"""Ten thousand presses that no button of ours makes, by chats of every standing: none errs, none opens what it may not (TH-02)."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from sqlalchemy import delete

from bot.entry import Entry
from services import access, consents
from services.work import Work
from store import chats, links, schema
from store.db import Db
from store.promises import Promise
from tests.people import Person
from tests.world import World

PRESSES = {"sqlite": 10_000, "postgresql": 2_000}
EACH = 8  # chats of a kind
HIS_AMOUNTS = re.compile(r"6.?90[123][,.]25")
HER_AMOUNTS = re.compile(r"\b1[234]\d[,.]40")
LABELS = re.compile("Consultation|Médicaments|Soins dentaires|MAD|درهم|استشارة|أدوية")

VERBS = (
    "line",
    "previous",
    "next",
    "order",
    "totals",
    "filter",
    "by",
    "more",
    "pick",
    "clear",
    "list",
    "agree",
    "send",
    "year",
    "act",
    "export",
)
FORM = ("choose", "keep", "skip", "offer", "edit", "confirm", "back", "stop", "leave", "where", "cancel")
VALUES = (
    *("", "0", "1", "9", "10", "99", "-1", "007", "9" * 30, "1e3", "²", "٣", "٩٩", "all", "act", "period"),
    *("beneficiary", "previous", "next", "email", "password", "childhood_street", ":", "::", "../..", "None"),
    *("\0", "\ud800", "😀" * 16, "' OR 1=1 --", "{n}", "%s", "<b>", "revoke", "fr", "ar", "reimbursements"),
)


class Ear:
    """Takes what would be sent, and sends nothing."""

    replica = 1

    def __init__(self) -> None:
        self.heard: dict[int, list[str]] = {}
        self.revisions: dict[int, int] = {}

    def offer(self, ready: Sequence[Promise]) -> None:
        for promise in ready:
            body = orjson.loads(promise.payload)
            chat = body.get("chat_id", 0)
            self.heard.setdefault(chat, []).append(promise.payload.decode())
            for row in body.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    revision = str(button.get("callback_data", "")).partition(".")[0]
                    if revision.isdecimal():
                        self.revisions[chat] = int(revision)

    def at_once(self, method: str, payload: bytes) -> None:
        assert method == "answerCallbackQuery"
        self.heard.setdefault(0, []).append(payload.decode())


def press(update_id: int, chat: int, data: object) -> dict[str, Any]:
    """A press as Telegram gives it, with whatever data."""
    who = {"id": chat, "is_bot": False, "first_name": "V", "language_code": "fr"}
    under = {"message_id": 7, "chat": {"id": chat, "type": "private"}, "date": 1_774_000_000, "text": "…"}
    query = {"id": str(update_id), "from": who, "message": under, "chat_instance": "1", "data": data}
    return {"update_id": update_id, "callback_query": query}


def anything(chance: random.Random, revision: int, places: Sequence[str]) -> object:
    """Data that a modified client might send: ours altered, out of their order, or nothing like them."""
    match chance.randrange(12):
        case 0:
            return "".join(
                chr(chance.choice((chance.randrange(1, 128), chance.randrange(0xD7FF)))) for _ in range(64)
            )
        case 1:
            return (
                f"~{chance.choice(('go', 'approve', 'reveal', 'no', ''))}:{chance.choice((*places, *VALUES))}"
            )
        case 2:
            return chance.choice(
                (None, 5, True, [], {"a": 1}, "", ".", "~", "." * 64, f"{revision}", f"{revision}.")
            )
        case 3 | 4:
            stamp = f"{revision}."
            return f"{stamp}form:{chance.choice(FORM)}:{chance.choice(VALUES)}"[:64]
        case 5:
            return f"{chance.randrange(-3, 400)}.{chance.choice(places)}:{chance.choice(VALUES)}"[:64]
        case _:
            place = chance.choice((*places, *["reimbursements"] * 12))
            verb = chance.choice(("", *VERBS))
            return f"{revision}.{place}:{verb}:{chance.choice(VALUES)}"[:64]


@pytest.mark.req("TH-02", "TH-01", "CF-10", "INV-11", "AS-53")
async def test_ten_thousand_forged_presses(
    world: World, salma: Person, youssef: Person, database_kind: str
) -> None:
    hers = await salma.has_space()
    his = await youssef.has_space()
    await world.stop()
    app, ear, chance = world.make_app(), Ear(), random.Random(7)
    entry = Entry(app.db, app.house, app._router(), app.renderer, ear, app._offload, world.clock)
    kinds = ("reads", "has not agreed", "locked", "stranger", "in a form")
    people = {10_000 + number: kinds[number // EACH] for number in range(EACH * len(kinds))}

    def settle(db: Db) -> None:
        work = Work(db, world.clock.now(), app.house)
        consents.give(work, hers, "telegram", salma.id)
        for chat, kind in people.items():
            chats.lock(db, chat, "private", "fr", work.now)
            if kind in ("reads", "has not agreed", "locked"):
                access.sign_in(work, chat, his if kind == "has not agreed" else hers)
            if kind == "locked":
                links.lock(db, chat)

    await app.db.run(settle)
    places = [place.name for place in app.places]
    asked = {chat for chat, kind in people.items() if kind == "in a form"}
    for number, chat in enumerate(asked):
        text = {
            "message_id": 1,
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat},
            "text": "/register",
        }
        assert (await entry.handle({"update_id": number, "message": text})).status == 200
    update_id = 1_000
    while update_id < 1_000 + PRESSES[database_kind]:
        wave = []
        for chat, kind in people.items():
            update_id += 1
            data = anything(chance, ear.revisions.get(chat, 0), places)
            if kind == "has not agreed" and "agree" in str(data):
                data = "~go:consent"  # saying yes is theirs to say
            if kind == "reads" and re.search("lock|logout|login", str(data)):
                data = "~go:reimbursements"  # or nobody would read any more
            wave.append(entry.handle(press(update_id, chat, data)))
        assert {verdict.status for verdict in await asyncio.gather(*wave)} == {200}
        await app.db.run(_forget_promises)
    for chat, kind in people.items():
        said = "\n".join(ear.heard[chat])
        assert not HIS_AMOUNTS.search(said), "Youssef's lines are shown to nobody here"
        if kind == "reads":
            assert HER_AMOUNTS.search(said), "the presses did get somewhere"
        else:
            # What the fund covers is no secret: of the guarantees only one's own example is.
            private = "\n".join(one for one in ear.heard[chat] if ".guarantees:" not in one)
            assert not LABELS.search(private), kind
            assert not HER_AMOUNTS.search(said)
    assert not LABELS.search("\n".join(ear.heard[0]))
    await app.db.close()
    await world.start()
    assert await world.count("set_aside") == 0
    open_forms = await world.read(world._left)
    world.leaves(forms=open_forms.forms)


def _forget_promises(db: Db) -> None:
    db.execute(delete(schema.outbox))
