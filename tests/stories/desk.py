"""The agents' desk: a group, its bot, and a fund whose agents approve registrations."""

from __future__ import annotations

import asyncio
from typing import Any

from click.testing import CliRunner, Result

from playground import Group, Message
from rafiq import main
from tests.people import Person
from tests.world import World


async def lays_desk(world: World, *agents: Person, gate: str = "agent", kind: str = "supergroup") -> Group:
    """The agents' group, with these people in it; the bot starts anew and knows it as the desk."""
    members = [person.phone for person in agents]
    group = world.playground.group("Agents CMIM", kind=kind, bot="administrator", members=members)
    world.settings = world.settings.model_copy(update={"agents_chat_id": group.id})
    world.fund = world.fund.model_copy(update={"identity_gate": gate})
    await world.restart()
    return group


async def rafiq(world: World, *arguments: str) -> Result:
    """The command line, on this world's database, beside the running bot."""
    environment = {
        "RAFIQ_TELEGRAM_TOKEN": world.settings.telegram_token.get_secret_value(),
        "RAFIQ_SECRET_KEY": world.settings.secret_key.get_secret_value(),
        "RAFIQ_DATABASE_URL": world.settings.database_url,
    }
    runner: Any = CliRunner(env=environment)
    result: Result = await asyncio.to_thread(runner.invoke, main, list(arguments))
    return result


def cards(group: Group) -> list[Message]:
    """What the bot put into the group and is still there."""
    return [message for message in group.chat.live if message.from_bot]
