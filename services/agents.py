"""Who may act for the fund: its list of agents, asked at every press."""

from __future__ import annotations

from kit.errors import Refused
from kit.text import t
from services.work import Work
from store import agents
from store.agents import Agent, Role


def add(work: Work, telegram_id: int, name: str, role: Role) -> None:
    """Put somebody on the list; on it already, the name and role are changed."""
    agents.put(work.db, telegram_id, name, role, work.now)


def remove(work: Work, telegram_id: int) -> bool:
    """Take somebody off the list, effective at their next press; False when they were not on it."""
    return agents.remove(work.db, telegram_id)


def everyone(work: Work) -> list[Agent]:
    """The list, with those who left."""
    return agents.listed(work.db)


def known(work: Work, telegram_id: int | None) -> Agent | None:
    """Somebody who is or was on the list."""
    return None if telegram_id is None else agents.get(work.db, telegram_id)


def acting(work: Work, telegram_id: int) -> Agent:
    """The agent who acts. Raises Refused for everyone else, whatever group they are in (TH-50)."""
    agent = agents.get(work.db, telegram_id)
    if agent is None or not agent.active:
        raise Refused("not_an_agent", t("Only the fund’s agents can do this."))
    return agent
