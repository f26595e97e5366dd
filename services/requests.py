"""Requests to people: a call back, a message, "it was not me", a suspicious message … put before the fund's agents in their group.

A card names neither the person nor what they wrote; that is shown to the agent who took it, in private. Its buttons carry a token
of the request, good until it is done: whoever presses, the fund's list of agents and the request's state are asked.

    open ──take──▶ taken ──done──▶ done
      ▲──give back───┘
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from kit.errors import Refused
from kit.language import Language
from kit.screen import Button, Screen
from kit.text import Code, Ltr, Text, t
from kit.zones import zone
from services import activity, agents, desk_log, opening_hours, request_reminders
from services import requests_words as words
from services.activity import Event
from services.limits import Daily
from services.requests_words import ANSWERS, FIELDS, TIMES, Kind
from services.work import Work
from store import requests, tokens
from store.agents import Agent
from store.requests import DONE, OPEN, TAKEN, Request

__all__ = ["ANSWERS", "FIELDS", "TIMES", "Kind", "Request", "by_phone", "file", "filed", "possible", "press"]

PURPOSE = "request"
LIFETIME = dt.timedelta(days=730)  # of a card's buttons
LONGEST = 2000  # characters of what a person writes; more is cut
requests_of_chat = Daily("request.chat", 10)  # ten a day (CF-05); "it was not me" always passes


def possible(work: Work) -> bool:
    """Whether there are agents to ask; where there are none, telephone and e-mail are shown instead."""
    return work.desk() is not None


def file(
    work: Work,
    kind: Kind,
    chat_id: int,
    *,
    account_id: int = 0,
    language: Language,
    text: str = "",
    phone: str = "",
    email: str = "",
    when: str = "",
    service: str = "",
    about: str = "",
) -> Request:
    """Put a request before the agents. Raises Refused `no_desk`, or `too_many_requests` for the chat's eleventh in a day.

    `email`: where to answer somebody without an account. `when`: a key of TIMES or ANSWERS;
    `service`: an id of the fund's file; `about`: a key of FIELDS, what is to be corrected; `text` is cut at LONGEST characters.
    """
    group = work.desk()
    if group is None:
        raise Refused("no_desk", by_phone(work))
    if kind is not Kind.NOT_ME and not requests_of_chat.take(work, chat_id):
        raise Refused(
            "too_many_requests",
            t(
                "You have asked a lot of the agents today. For more, call {phone}.",
                phone=Ltr(work.fund.health_fund.phone),
            ),
        )
    year = work.now.astimezone(zone(work.fund.opening_hours.timezone)).year
    details = {
        "text": text.strip()[:LONGEST],
        "phone": phone,
        "email": email,
        "when": when,
        "service": service,
        "about": about,
    }
    request = requests.add(work.db, year, kind, chat_id, account_id, language, details, work.now)
    token = tokens.issue(work.db, PURPOSE, request.id, chat_id, work.now, LIFETIME)
    work.tell_group(group, words.card(work, request, token))
    request_reminders.watch(work, request)
    if account_id:
        activity.note(work, account_id, Event.REQUEST_FILED, chat_id, request.number)
    return request


def filed(work: Work, request: Request) -> list[Text]:
    """What the person reads after filing: the number, and when to expect an answer."""
    lines = [t("Your request {number} has reached the fund’s agents.", number=Code(request.number))]
    if opening_hours.is_open(work.fund, work.now):
        return [*lines, t("You will be told here when one of them takes it up.")]
    opens = opening_hours.when(work.fund, work.now, opening_hours.next_working(work.fund, work.now))
    return [
        *lines,
        t("The fund is closed now: they will see it {when}. You will be told here.", when=opens),
    ]


def by_phone(work: Work) -> Text:
    """The way where no agent can be asked here."""
    return t(
        "The fund answers by telephone, {phone}, and by e-mail, {email}.",
        phone=Ltr(work.fund.health_fund.phone),
        email=Ltr(work.fund.health_fund.email),
    )


# ── the card, and the presses on it ──────────────────────────────────────────────────────────────────────────────────


def press(work: Work, telegram_id: int, verb: str, token: str) -> Screen:
    """An agent's press on a card: the card as it is now. Raises Refused for who is no agent, and for what can't be done (any more)."""
    agent = agents.acting(work, telegram_id)
    found = tokens.past(work.db, token, PURPOSE)
    request = requests.get(work.db, found.subject) if found is not None else None
    if request is None:
        raise Refused("card_done", t("This card is done with."))
    if request.state == DONE:
        raise Refused("request_done", t("{agent} has done it already.", agent=words.holder(work, request)))
    toast = _ACTS[verb](work, agent, request)
    desk_log.note(work, telegram_id, verb, request.id)
    if verb == "request_show":
        return Screen((), toast=toast)
    now = requests.get(work.db, request.id)
    assert now is not None, "it is locked"
    return replace(words.card(work, now, token), toast=toast)


def _take(work: Work, agent: Agent, request: Request) -> Text:
    if request.state == TAKEN:
        if request.taken_by == agent.telegram_id:
            raise Refused("request_yours", t("You have it already."))
        raise Refused("request_taken", t("{agent} has it already.", agent=words.holder(work, request)))
    requests.take(work.db, request, agent.telegram_id, work.now)
    if request.taken_at is None:
        _tell(
            work,
            request,
            t("An agent of the fund has taken up your request {number}.", number=Code(request.number)),
        )
    return t("It is yours. “Show me in private” tells who asks and what.")


def _show(work: Work, agent: Agent, request: Request) -> Text:
    """Who asks, and what they wrote, to the agent who has it; the participant can read that it was seen."""
    _must_hold(work, agent, request)
    private = work.chat(agent.telegram_id)
    if private is None or private.unreachable_at is not None:
        raise Refused("no_private_chat", t("Write to me in private first, then press again."))
    work.tell(agent.telegram_id, words.shown(work, request))
    if request.account_id:
        activity.note(work, request.account_id, Event.REQUEST_READ, None, request.number, actor="agent")
    return t("Sent to you in private.")


def _finish(work: Work, agent: Agent, request: Request) -> Text:
    _must_hold(work, agent, request)
    requests.finish(work.db, request, agent.telegram_id, work.now)
    tokens.void(work.db, PURPOSE, request.id, work.now)
    if request.account_id:
        activity.note(work, request.account_id, Event.REQUEST_DONE, None, request.number, actor="agent")
    _tell(
        work,
        request,
        t("The fund has dealt with your request {number}.", number=Code(request.number)),
        t(
            "If something is still missing, write to it again or call {phone}.",
            phone=Ltr(work.fund.health_fund.phone),
        ),
    )
    return t("Done. The person is told.")


def _give_back(work: Work, agent: Agent, request: Request) -> Text:
    """By who has it, by a supervisor, or by anyone once who had it has left the fund's list."""
    if request.state == OPEN:
        raise Refused("request_open", t("Nobody has it: take it first."))
    holder = agents.known(work, request.taken_by)
    if (
        request.taken_by != agent.telegram_id
        and agent.role != "supervisor"
        and holder is not None
        and holder.active
    ):
        raise Refused("request_taken", t("{agent} has it already.", agent=words.holder(work, request)))
    requests.give_back(work.db, request)
    request_reminders.watch_again(work, request)
    return t("Given back.")


_ACTS: dict[str, Callable[[Work, Agent, Request], Text]] = {
    "request_take": _take,
    "request_show": _show,
    "request_done": _finish,
    "request_back": _give_back,
}
VERBS = tuple(_ACTS)


def _must_hold(work: Work, agent: Agent, request: Request) -> None:
    if request.state == OPEN:
        raise Refused("request_open", t("Nobody has it: take it first."))
    if request.taken_by != agent.telegram_id:
        raise Refused("request_taken", t("{agent} has it already.", agent=words.holder(work, request)))


def _tell(work: Work, request: Request, *lines: Text) -> None:
    work.tell(request.chat_id, Screen(lines, keys=[[Button(t("Menu"), "go:menu", lasting=True)]]))
