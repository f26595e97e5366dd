"""What a request's card says in the agents' group, and what the agent who took it is shown in private."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from kit.screen import Button, Screen
from kit.text import Clock, Code, Ltr, Text, nt, t
from services import agents, contact
from services.work import Work
from store import accounts, directory
from store.directory import Participant
from store.requests import DONE, TAKEN, Request

SHOWN = dt.timedelta(minutes=10)  # how long an agent sees the person in private


class Kind(StrEnum):
    """What is asked; the values stand in the database."""

    CALLBACK = "callback"
    MESSAGE = "message"
    NOT_ME = "not_me"
    RECTIFICATION = "rectification"
    QUESTION = "question"
    SUSPICIOUS = "suspicious"


KINDS: dict[Kind, Text] = {
    Kind.CALLBACK: t("Call back"),
    Kind.MESSAGE: t("Message to the fund"),
    Kind.NOT_ME: t("“It was not me”"),
    Kind.RECTIFICATION: t("Correction of personal data"),
    Kind.QUESTION: t("Question without an answer"),
    Kind.SUSPICIOUS: t("Suspicious message"),
}
TIMES: dict[str, Text] = {
    "morning": t("In the morning"),
    "afternoon": t("In the afternoon"),
    "any": t("At any time"),
}
ANSWERS: dict[str, Text] = {"by_phone": t("By telephone"), "by_email": t("By e-mail")}
FIELDS: dict[str, Text] = {
    "last_name": t("Last name"),
    "first_name": t("First name"),
    "birth_date": t("Birth date"),
    "email": t("E-mail on file"),
    "phone": t("Telephone"),
    "beneficiaries": t("A beneficiary"),
    "other": t("Something else"),
}
LANGUAGES: dict[str, Text] = {"fr": t("French"), "ar": t("Arabic")}


def card(work: Work, request: Request, token: str) -> Screen:
    """The card as the request stands: what is asked and who has it, nothing of who asks."""
    details, lines = request.details, [_title(request)]
    lines.append(t("Filed on {date} at {time}.", date=request.filed_at, time=Clock(request.filed_at)))
    if details["service"]:
        lines.append(t("Service: {service}", service=contact.title(work.fund, details["service"])))
    if details["when"]:
        lines.append(_wished(details["when"]))
    lines += _about(details)
    person = _participant(work, request)
    if person is not None:
        lines.append(t("Participant: matricule {matricule}", matricule=Code(masked(person.matricule))))
    else:
        lines.append(t("Somebody who has not signed in."))
    lines.append(t("Language: {language}", language=LANGUAGES[request.language]))
    by = holder(work, request)
    if request.state == DONE:
        done = request.done_at or work.now
        lines.append(t("✅ Done by {agent}, on {date} at {time}.", agent=by, date=done, time=Clock(done)))
        return Screen(lines, edit=True)
    if request.state == TAKEN:
        lines.append(t("🖐 In the hands of {agent}.", agent=by))
        keys = [[_key(t("Show me in private"), "request_show", token)],
                [_key(t("Done"), "request_done", token), _key(t("Give back"), "request_back", token)]]  # fmt: skip
    else:
        lines.append(t("⏳ Nobody has it yet."))
        keys = [[_key(t("Take"), "request_take", token)]]
    return Screen(lines, keys=keys, edit=True)


def queue(work: Work, shown: Sequence[Request], *, total: int, free: int, page: int, pages: int) -> Screen:
    """A page of the requests that aren't done, their numbers to open their cards by."""
    renew = _key(t("↻ Renew"), "request_list", str(page))
    if not total:
        return Screen([t("<b>Requests</b>"), None, t("No request is waiting.")], keys=[[renew]])
    lines: list[Text | None] = [
        t("<b>Requests</b>"),
        nt("{n} is not done yet.", "{n} are not done yet.", total),
    ]
    lines.append(nt("{n} has not been taken.", "{n} have not been taken.", free))
    lines.append(t("As of {time}.", time=Clock(work.now)))
    if pages > 1:
        lines.append(t("Page {page} of {pages}", page=page, pages=pages))
    turns = [_key(t("‹ Previous"), "request_list", str(page - 1))] if page > 1 else []
    turns.append(renew)
    if page < pages:
        turns.append(_key(t("Next ›"), "request_list", str(page + 1)))
    return Screen([*lines, *_items(work, shown)], keys=[_numbers(shown), turns])


def reminder(work: Work, shown: Sequence[Request], total: int) -> Screen:
    """Requests that nobody has taken in time; the oldest are named."""
    lines: list[Text | None] = [
        nt(
            "⏰ <b>{n} request has been waiting for an agent.</b>",
            "⏰ <b>{n} requests have been waiting for an agent.</b>",
            total,
        ),
        *_items(work, shown),
    ]
    more = total - len(shown)
    if more > 0:
        lines += [None, nt("And {n} more.", "And {n} more.", more)]
    return Screen(lines, keys=[_numbers(shown), [_key(t("All requests"), "request_list", "1")]])


def _items(work: Work, shown: Sequence[Request]) -> list[Text | None]:
    lines: list[Text | None] = []
    for place, request in enumerate(shown, 1):
        filed = request.filed_at
        lines += [
            None,
            t("<b>{n}.</b> {title}", n=place, title=_title(request)),
            t("Filed on {date} at {time}.", date=filed, time=Clock(filed)),
            t("🖐 In the hands of {agent}.", agent=holder(work, request))
            if request.state == TAKEN
            else t("⏳ Nobody has it yet."),
        ]
    return lines


def _numbers(shown: Sequence[Request]) -> list[Button]:
    return [_key(t("{n}", n=place), "request_card", str(one.id)) for place, one in enumerate(shown, 1)]


def shown(work: Work, request: Request) -> Screen:
    """Who asks, how to reach them, and what they wrote."""
    details, person = request.details, _participant(work, request)
    lines: list[Text | None] = [_title(request)]
    if person is not None:
        lines.append(identified(person))
    else:
        lines.append(
            t("Somebody who has not signed in: prove nothing and show nothing before you know who it is.")
        )
    lines.append(t("Language: {language}", language=LANGUAGES[request.language]))
    if details["phone"]:
        lines.append(t("Telephone: {phone}", phone=Ltr(details["phone"])))
    account = accounts.get(work.db, request.account_id) if request.account_id else None
    email = account.email if account is not None else details.get("email")
    if email:
        lines.append(t("E-mail: {email}", email=Ltr(email)))
    if details["when"]:
        lines.append(_wished(details["when"]))
    if details["service"]:
        lines.append(t("Service: {service}", service=contact.title(work.fund, details["service"])))
    lines += _about(details)
    if details["text"]:
        # A link in what was reported must not open by a slip of the thumb.
        dangerous = request.kind == Kind.SUSPICIOUS
        said = (
            t("<pre>{text}</pre>", text=details["text"]) if dangerous else t("{text}", text=details["text"])
        )
        lines += [None, said]
    minutes = SHOWN // dt.timedelta(minutes=1)
    lines += [
        None,
        nt("This message vanishes in {n} minute.", "This message vanishes in {n} minutes.", minutes),
    ]
    if person is not None:
        lines.append(t("The participant can read that an agent saw it."))
    return Screen(lines, protect=True, vanish=SHOWN)


def _title(request: Request) -> Text:
    return t("<b>{kind}</b> · {number}", kind=KINDS[Kind(request.kind)], number=Code(request.number))


def _about(details: dict[str, str]) -> list[Text]:
    field = FIELDS.get(details.get("about", ""))
    return [] if field is None else [t("To be corrected: {field}", field=field)]


def _wished(id: str) -> Text:
    """When to call, or, of a message, which way to answer."""
    if id in ANSWERS:
        return t("Answer wished: {way}", way=ANSWERS[id])
    return t("Wished: {when}", when=TIMES.get(id) or t("{title}", title=id))


def _participant(work: Work, request: Request) -> Participant | None:
    account = accounts.get(work.db, request.account_id) if request.account_id else None
    return directory.get(work.db, account.participant_id) if account is not None else None


def holder(work: Work, request: Request) -> str:
    """Who has it, as the fund knows them."""
    agent = agents.known(work, request.taken_by)
    return agent.name if agent is not None else "–"


def _key(label: Text, verb: str, token: str) -> Button:
    return Button(label, f"{verb}:{token}", lasting=True)


def identified(person: Participant) -> Text:
    """Who somebody is, to an agent who was shown it in private."""
    return t(
        "Matricule {matricule}: {name}, born {birth_date}.",
        matricule=Code(person.matricule),
        name=f"{person.first_name} {person.last_name}",
        birth_date=person.birth_date,
    )


def masked(matricule: str) -> str:
    """A matricule of which the last two figures are seen."""
    return "•" * max(2, len(matricule) - 2) + matricule[-2:]
