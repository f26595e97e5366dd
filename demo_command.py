"""What `rafiq demo` plays: a Telegram and a mailbox of our own, the sample data, and the real bot between them."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.clock import Clock
from kit.seal import Keyring, new_key
from services import agents as agent_list
from services import sample
from services.fund import Fund, load_fund
from services.imports import take_in
from services.work import House, Work
from settings import Settings
from store.blocking import Blocking
from store.db import Db
from store.migrate import migrate
from wiring import App, Tuning, serve

if TYPE_CHECKING:
    from playground import Layout, Playground


async def play(port: int, folder: Path) -> None:
    """The playground, the sample data, and the real bot between them, until Ctrl-C."""
    from playground import Playground  # `rafiq run` doesn't need it

    key = new_key()
    database_url = f"sqlite+aiosqlite:///{folder / 'demo.db'}"
    async with Playground(port=port, bot_name="Rafiq", loopback_web_apps=True) as playground:
        layout = _panes(playground)
        assert layout.group is not None
        settings = Settings.model_validate(
            {
                "telegram_token": playground.token,
                "telegram_api_url": playground.api_url,
                "public_url": f"http://127.0.0.1:{port + 1}",
                "listen": f"127.0.0.1:{port + 1}",
                "database_url": database_url,
                "secret_key": key,
                "smtp_url": playground.smtp_url,
                "mail_from": "Rafiq <rafiq@example.com>",
                "agents_chat_id": layout.group.id,
            }
        )
        fund = load_fund()
        await migrate(database_url)
        await asyncio.to_thread(_import_sample, settings, fund)
        await asyncio.to_thread(
            _name_agents, settings, fund, {one.id: one.user.first_name for one in layout.group.people}
        )
        playground.show(layout)

        def started(app: App) -> None:
            app.addresses.telegram = f"{playground.api_url}/?bot="  # the playground stands for t.me
            click.echo(f"Rafiq is at {playground.api_url} (Ctrl-C ends it)")

        tuning = Tuning(mini_apps=("https://", "http://127.0.0.1:"))  # the playground opens those too
        await serve(settings, fund, tuning, started=started)


def _import_sample(settings: Settings, fund: Fund) -> None:
    with Blocking(settings.database_url, Keyring(settings.secret_key.get_secret_value())) as database:
        for kind in sample.ORDER:
            report = take_in(kind, sample.FOLDER / f"{kind}.csv", database, fund, Clock().now)
            assert report.status == 0, report.sentences()


def _name_agents(settings: Settings, fund: Fund, names: dict[int, str]) -> None:
    house = House(fund, lambda *_: [])

    def name(db: Db) -> None:
        for id, known in names.items():
            agent_list.add(Work(db, Clock().now(), house), id, known, "agent")

    with Blocking(settings.database_url, Keyring(settings.secret_key.get_secret_value())) as database:
        database.run(name)


def _panes(playground: Playground) -> Layout:
    """Who can be played: a participant of each kind, each with what they need to register, a fact a line; and two agents of the fund."""
    from playground import Layout

    people = []
    for one in sample.people():
        born = _day(one.birth_date)
        hint = {
            "fr": f"Matricule : {one.matricule}\nNom : {one.last_name}\nPrénom : {one.first_name}\n"
            f"Naissance : {born}\nE-mail : {one.email}",
            "ar": f"رقم التسجيل: {one.matricule}\nالاسم العائلي: {one.last_name_ar}\nالاسم الشخصي: {one.first_name_ar}\n"
            f"الازدياد: {born}\nالبريد: {one.email}",
        }
        people.append(playground.person(one.first_name, one.last_name, language_code=one.language, hint=hint))
    hint = {
        "fr": "Sur la liste des conseillers. Démarrez le bot « En privé » pour qu’il puisse vous montrer une demande.",
        "ar": "ضمن لائحة المستشارين. ابدأوا المحادثة «على انفراد» ليتمكن من عرض الطلبات عليكم.",
    }
    agents = [playground.person(name, language_code="fr", hint=hint) for name in ("Nadia", "Hicham")]
    return Layout(participants=people, group=playground.group("Conseillers CMIM", members=agents))


def _day(iso: str) -> str:
    return f"{dt.date.fromisoformat(iso):%d/%m/%Y}"
