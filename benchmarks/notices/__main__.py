"""Whether ten thousand notices after an import flow at the budget and delay nobody's reply. `python -m benchmarks.notices`

One driver plays Telegram to the whole bot: some people, who are among those to be told, ask for help now and then; meanwhile another
process imports a new line for everybody. Told apart: the time from a person's update to the reply before the import (calm), during it,
and while the notices flow; how soon after the import the first notice came, how many came a second, and the bot's memory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import os
import random
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path

import uvloop
from sqlalchemy import insert, select

from benchmarks.notices.rafiq_bot import KEY, SCALE, fund
from benchmarks.registration import procfs
from benchmarks.registration.driver import Contender, Setup, start
from benchmarks.registration.places import Places
from benchmarks.registration.sink import BotApi, Screen
from benchmarks.registration.webhook import Webhook
from kit.seal import Keyring, new_key
from services.import_lines import KINDS
from services.imports import take_in as importing
from store import schema
from store.blocking import Blocking
from store.db import Db
from store.migrate import migrate

NOW = dt.datetime.now(dt.UTC)
FIRST_CHAT = 5_000_000
_ids = count(1)
_UPDATE = (
    b'{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Salma",'
    b'"language_code":"fr"},"chat":{"id":%d,"first_name":"Salma","type":"private"},"date":%d,"text":"/help",'
    b'"entities":[{"offset":0,"length":5,"type":"bot_command"}]}}'
)


def lines(kind: str, people: int) -> list[str]:
    """A file of a kind, without its header."""
    day = (NOW - dt.timedelta(days=3)).date()
    return {
        "participants": [f"{100000 + n},Alami,Nour,1990-05-05,,,,," for n in range(people)],
        "beneficiaries": [f"B{n},{100000 + n},Alami,Nour,self,1990-05-05" for n in range(people)],
        "reimbursements": [
            f"L{n},S{n},{100000 + n},B{n},{day},{day},{day},CONS,300.00,100.00,150.00" for n in range(people)
        ],
    }[kind]


def take_in(url: str, key: str, kind: str, path: Path) -> None:
    """`rafiq import` of a file."""
    with Blocking(url, Keyring(key)) as database:
        report = importing(kind, path, database, fund(1), lambda: dt.datetime.now(dt.UTC))
        assert report.status == 0, report.sentences()


def settle(url: str, key: str) -> None:
    """Give everybody an account, a linked chat, and the wish to be told."""

    def fill(db: Db) -> None:
        ids = list(db.execute(select(schema.participants.c.id).order_by(schema.participants.c.id)).scalars())
        sealed = ("email", "password", "question", "answer")
        account = {"folding_version": 1, "language": "fr", "created_at": NOW}
        account |= {f"{name}_sealed": db.seal("salma@example.com", f"accounts.{name}") for name in sealed}
        rows = [{**account, "id": n, "participant_id": n, "email_index": b"%d" % n} for n in ids]
        chat = {"kind": "private", "language": "fr", "language_chosen": False, "created_at": NOW}
        chats = [{**chat, "id": FIRST_CHAT + n, "touched_at": NOW} for n in ids]
        links = [{"chat_id": FIRST_CHAT + n, "account_id": n, "linked_at": NOW, "used_at": NOW} for n in ids]
        wishes = [{"account_id": n, "kind": "reimbursements", "wanted": True, "chosen_at": NOW} for n in ids]
        for table, values in (
            (schema.accounts, rows),
            (schema.chats, chats),
            (schema.links, links),
            (schema.notice_choices, wishes),
        ):
            db.execute(insert(table), values)

    with Blocking(url, Keyring(key)) as database:
        database.run(fill)


class Talk:
    """Some people who ask for help, `rate` times a second in all, each rarely; and what arrives at everybody's."""

    def __init__(self, talkers: int, rate: float) -> None:
        self.talkers, self.rate = talkers, rate
        self.webhook: Webhook
        self.asked: dict[int, float] = {}
        self.replies: list[tuple[float, float]] = []  # when it was asked, seconds until the reply
        self.notices: list[float] = []
        self.told: Counter[int] = Counter()

    def show(self, screen: Screen) -> None:
        now = time.perf_counter()
        if "🔔" in screen.text:
            self.notices.append(now)
            self.told[screen.chat_id] += 1
        elif (asked := self.asked.pop(screen.chat_id, None)) is not None:
            self.replies.append((asked, now - asked))

    async def go_on(self) -> None:
        """Ask, for as long as it isn't cancelled."""
        draw = random.Random(7)
        while True:
            await asyncio.sleep(draw.expovariate(self.rate))
            chat = FIRST_CHAT + 1 + draw.randrange(self.talkers)
            if chat not in self.asked:
                self.asked[chat] = time.perf_counter()
                number = next(_ids)
                self.webhook.post(_UPDATE % (number, number, chat, chat, int(time.time())), lambda _: None)

    def between(self, begin: float, end: float) -> str:
        """The replies to what was asked in that time: p50, p99, max in ms."""
        times = sorted(took * 1000 for asked, took in self.replies if begin <= asked < end)
        if not times:
            return "no replies"
        at = [times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.99, 1.0)]
        return f"p50 {at[0]:.1f}, p99 {at[1]:.1f}, max {at[2]:.1f} ms ({len(times)} replies)"


async def measure(url: str, key: str, folder: Path, people: int, scale: int, seconds: float) -> None:
    """One run; prints its figures."""
    talk = Talk(min(people, 400), rate=5.0 * scale)
    api = BotApi(talk.show, 0.05)
    server = await asyncio.get_running_loop().create_server(api.connection, "127.0.0.1", 0, backlog=1024)
    os.environ |= {KEY: key, SCALE: str(scale)}
    with contextlib.closing(server):
        port = server.sockets[0].getsockname()[1]
        bot: Contender = await start(
            Setup("benchmarks.notices.rafiq_bot", database=url), f"http://127.0.0.1:{port}"
        )
        talk.webhook = Webhook(bot.port, 40)
        await talk.webhook.connect()
        talking = asyncio.ensure_future(talk.go_on())
        try:
            await asyncio.sleep(3)  # warm
            before = procfs.memory_mib(bot.pid)
            calm = time.perf_counter()
            await asyncio.sleep(seconds)
            importing = time.perf_counter()
            command = [
                sys.executable,
                "-m",
                "benchmarks.notices",
                "--take-in",
                url,
                key,
                str(folder / "new.csv"),
            ]
            child = await asyncio.create_subprocess_exec(*command)
            assert await child.wait() == 0
            flowing = time.perf_counter()
            most = 0.0
            while sum(talk.told.values()) < people and time.perf_counter() - flowing < people:
                await asyncio.sleep(0.5)
                most = max(most, procfs.memory_mib(bot.pid))
            ended = talk.notices[-1]
            await asyncio.sleep(2)
        finally:
            talking.cancel()
            talk.webhook.close()
            await bot.stop()
    whole = [at for at in talk.notices if talk.notices[0] + 1 <= at <= ended - 1]
    print(f"calm           {talk.between(calm, importing)}")
    print(f"import         {talk.between(importing, flowing)}; {flowing - importing:.1f} s")
    print(f"notices        {talk.between(max(flowing, talk.notices[0]), ended)}")
    print(
        f"first notice   {talk.notices[0] - flowing:.2f} s after the import; all {len(talk.notices)} in "
        f"{ended - talk.notices[0]:.1f} s, {len(whole) / max(1e-9, ended - talk.notices[0] - 2):.1f}/s "
        f"(budget {25 * scale}/s, of which replies take {talk.rate:.0f}); twice: {sum(n > 1 for n in talk.told.values())}"
    )
    print(f"memory         {before:.0f} MiB before, {most:.0f} MiB at most", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=10_000)
    asked.add_argument("--scale", type=int, default=10, help="how much quicker than Telegram's pace")
    asked.add_argument("--seconds", type=float, default=15.0, help="of the calm before")
    asked.add_argument("--postgres", action="store_true")
    asked.add_argument("--take-in", nargs=3, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.take_in:
        url, key, path = given.take_in
        return take_in(url, key, "reimbursements", Path(path))
    places, key = Places(), new_key()
    with (
        tempfile.TemporaryDirectory() as name,
        places.fresh("postgres" if given.postgres else "sqlite") as place,
    ):
        folder = Path(name)
        assert place.url
        uvloop.run(migrate(place.url))
        for kind in ("participants", "beneficiaries", "reimbursements"):
            path = folder / ("new.csv" if kind == "reimbursements" else f"{kind}.csv")
            path.write_text("\n".join([",".join(KINDS[kind].columns), *lines(kind, given.people), ""]))
            if kind != "reimbursements":
                take_in(place.url, key, kind, path)
        settle(place.url, key)
        uvloop.run(measure(place.url, key, folder, given.people, given.scale, given.seconds))
    places.close()
    return None


if __name__ == "__main__":
    main()
