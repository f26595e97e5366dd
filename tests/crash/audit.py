"""What must hold once a run has healed and drained (SECURITY 4.3). Each check gives sentences; none is the pass."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import orjson

from delivery.mail import AT_ONCE
from playground import Playground
from playground.api import Call
from tests.crash.folk import AMOUNT, Member
from tests.crash.ledger import Ledger, Row
from tests.crash.people import Script
from tests.crash.screens import revision_of

PENDING, SENT, DEAD = 0, 1, 2
REPLY = 1
_SCREENS = frozenset({"sendMessage", "editMessageText"})
_TELEGRAMS_FAULT = {"polling.refused"}  # an error to the operator, and made by us
SETTLING = (
    1.0  # seconds after a bot is back, or a connection, within which what it was about may still arrive
)


@dataclass(frozen=True, slots=True)
class Told:
    """An update as the playground knows it."""

    id: int
    chat: int
    once: str | None  # what is answered once however often it comes: presses of one revision, /start


@dataclass
class Evidence:
    """All that a run leaves. `blows` tells from when to when each kill, and each cut of the database's connections, was felt."""

    playground: Playground
    scripts: list[Script]
    ledger: Ledger
    blows: list[tuple[float, float]]
    ended: dt.datetime

    def __post_init__(self) -> None:
        self.calls: list[Call] = [call for call in self.playground.api.calls if call.ok]
        accepted = [_told(update.body) for update in self.playground.updates._past]
        # A press may have been handled, and have grown too old before the bot could say so.
        too_old = [
            Told(press.update_id, press.who.id, _once(press.data))
            for script in self.scripts
            for press in script.person.presses_made
            if press.update_id in self.ledger.seen and press.update_id in self.playground.updates.expired
        ]
        self.told = sorted([*accepted, *too_old], key=lambda told: told.id)
        self.first: dict[tuple[str, bytes], int] = {}
        self.arrivals: dict[tuple[str, bytes], list[Call]] = defaultdict(list)
        for number, call in enumerate(self.calls):
            key = call.method, orjson.dumps(call.params, option=orjson.OPT_SORT_KEYS)
            self.first.setdefault(key, number)
            self.arrivals[key].append(call)
        self.effects = Counter({key: len(calls) for key, calls in self.arrivals.items()})
        self.lost_answers = sum(
            call.fault == "lost_answer" for call in self.calls if call.method == "sendMessage"
        )
        self.lost_mail_answers = self.playground.mailbox.struck["lost_answer"]
        self.extra_copies, self.most_copies, self.extra_mails = _extra(self)
        self.bound = self.lost_answers + len(self.blows) * len(self.scripts)
        self.mail_bound = self.lost_mail_answers + len(self.blows) * AT_ONCE

    def has_a_cause(self, former: Call, copy: Call) -> bool:
        """Whether a message came again because its answer was lost, or because of a blow between the two times."""
        blows = any(former.time <= back + SETTLING and struck <= copy.time for struck, back in self.blows)
        return former.fault == "lost_answer" or blows


def _told(body: bytes) -> Told:
    update = orjson.loads(body)
    press = update.get("callback_query")
    if press is not None:
        return Told(update["update_id"], press["from"]["id"], _once(press["data"]))
    message = next(value for key, value in update.items() if key != "update_id")
    text = message.get("text", "")
    return Told(update["update_id"], message["chat"]["id"], text if text == "/start" else None)


def _once(data: str) -> str:
    return f"press {data.partition('.')[0]}"


def _extra(e: Evidence) -> tuple[int, int, int]:
    promised = Counter(row.key for row in e.ledger.outbox if row.state != DEAD)
    copies = [max(0, count - promised[key]) for key, count in e.effects.items() if key[0] == "sendMessage"]
    mails = e.playground.mailbox.mails
    return sum(copies), max(copies, default=0), len(mails) - len({mail.message_id for mail in mails})


def everybody_got_to_the_end(e: Evidence) -> Iterator[str]:
    """INV-12: what people see is the whole of it; nobody waits for ever."""
    for script in e.scripts:
        if script.goal != "done":
            yield f"stuck: {script.where}"


def accepted_updates_were_handled(e: Evidence) -> Iterator[str]:
    """INV-01, INV-02: what was answered with 200 is in the seen set, and nothing had to be set aside."""
    for update_id in e.playground.accepted:
        if update_id not in e.ledger.seen:
            yield f"lost: update {update_id} was accepted and never handled"
    for update_id in e.playground.updates.pending:
        yield f"untaken: update {update_id} is still with the playground"
    for row in e.ledger.set_aside:
        if row.body_sealed is not None or row.failures >= 3:
            yield f"set aside: update {row.update_id}: {row.reason}"


PAGES = ("answer", "activation")  # purposes of the tokens whose pages tell the chat something


def effects_and_promises_go_together(e: Evidence) -> Iterator[str]:
    """INV-03, INV-04: a turn's promises carry its moment. No update without a reply, no reply without its update, or without the page
    whose token was spent at that moment."""
    moments: dict[int, set[dt.datetime]] = defaultdict(set)
    replies: dict[int, set[dt.datetime]] = defaultdict(set)
    for row in e.ledger.outbox:
        if row.channel == "telegram":
            replies[int(row.destination.partition(":")[2])].add(row.created)
    before: set[tuple[int, str]] = set()
    for told in e.told:
        at = e.ledger.seen.get(told.id)
        if at is None:
            continue  # told by the check above
        moments[told.chat].add(at)
        again = told.once is not None and (told.chat, told.once) in before
        if told.once is not None:
            before.add((told.chat, told.once))
        if at not in replies[told.chat] and not again:
            yield f"silence: update {told.id} of {told.chat} changed the chat and promised nothing"
    for token in e.ledger.tokens:
        if token.purpose in PAGES and token.used_at is not None:
            moments[token.chat_id].add(token.used_at)
    ends = {row.created for row in e.ledger.outbox if row.state == DEAD}
    for row in e.ledger.outbox:
        if row.channel == "telegram" and row.lane == REPLY and row.created not in ends:
            chat = int(row.destination.partition(":")[2])
            if row.created not in moments[chat]:
                yield f"twice: row {row.id} for {chat} was promised by no turn that any update was seen in"


def nothing_waits(e: Evidence) -> Iterator[str]:
    """INV-06: every row is sent, or waits for its time, or is dead for a final reason: what it refers to never went out."""
    states = {row.id: row.state for row in e.ledger.outbox}
    taken_back = {row.after for row in e.ledger.outbox if row.method == "deleteMessage"}
    for row in e.ledger.outbox:
        if row.state == PENDING and (row.not_before <= e.ended or row.attempts):
            yield f"unsent: row {row.id} ({row.method} for {row.destination}, {row.attempts} attempts)"
        spared = row.id in taken_back or (row.after in states and states[row.after] != SENT)
        if row.state == DEAD and not spared:
            yield f"dead: row {row.id} ({row.method} for {row.destination}): {row.reason}"


def every_reply_arrived(e: Evidence) -> Iterator[str]:
    """G-3: what is marked as sent was really sent, each as often as it was promised."""
    promised = Counter(
        row.key for row in e.ledger.outbox if row.state == SENT and row.method == "sendMessage"
    )
    for key, count in promised.items():
        if e.effects[key] < count:
            yield f"never arrived: {key[1][:120]!r}: {e.effects[key]} of {count}"
    arrived = Counter(mail.message_id.split(".")[1] for mail in e.playground.mailbox.mails)
    for row in e.ledger.outbox:
        if row.channel == "mail" and row.state == SENT and not arrived[str(row.id)]:
            yield f"never arrived: mail {row.id} ({row.method})"


def order_is_kept(e: Evidence) -> Iterator[str]:
    """INV-05: first copies come in the order of the outbox, per chat and lane."""
    last: dict[tuple[str, int], tuple[int, int]] = {}
    met: set[tuple[str, bytes]] = set()
    for row in e.ledger.outbox:
        place = row.destination, row.lane
        number = e.first.get(row.key)
        if row.method not in _SCREENS or row.state != SENT or number is None or row.key in met:
            continue
        met.add(row.key)
        if place in last and number < last[place][0]:
            yield f"order: row {row.id} arrived before row {last[place][1]} of the same chat"
        last[place] = max(last.get(place, (0, 0)), (number, row.id))


def copies_are_bounded(e: Evidence) -> Iterator[str]:
    """INV-07: extra copies come from lost answers and from kills in the middle of a send, and from nothing else: neither all
    together nor any one of them. A message that is struck at each of its sends may come as often as that."""
    if e.extra_copies > e.bound:
        yield f"copies: {e.extra_copies} extra messages, at most {e.bound} are due"
    if e.extra_mails > e.mail_bound:
        yield f"copies: {e.extra_mails} extra mails, at most {e.mail_bound} are due"
    promised = Counter(row.key for row in e.ledger.outbox)
    for key, calls in e.arrivals.items():
        unprovoked = sum(not e.has_a_cause(former, copy) for former, copy in pairwise(calls))
        if key[0] == "sendMessage" and unprovoked >= max(1, promised[key]):
            yield f"copies: {len(calls)} of {key[1][:120]!r}, {unprovoked} of them without a cause"


def one_account_each(e: Evidence) -> Iterator[str]:
    """INV-03, INV-12: the accounts, consents and links are those that the scripts lead to, and none is there twice."""
    owners = Counter(row.participant_id for row in e.ledger.accounts)
    if len(owners) != len(e.scripts) or max(owners.values(), default=0) > 1:
        yield f"accounts: {len(e.ledger.accounts)} of {len(owners)} members, not one for each of {len(e.scripts)}"
    given = Counter((row.account_id, row.kind) for row in e.ledger.consents)
    for account in e.ledger.accounts:
        for kind in ("processing", "telegram"):
            if given[account.id, kind] != 1:
                yield f"consents: account {account.id} gave {kind} {given[account.id, kind]} times"
    if len(e.ledger.links) != len(e.scripts) or any(link.signed_in_at for link in e.ledger.links):
        yield "links: not every chat is linked once and locked at the end"


def tokens_serve_once(e: Evidence) -> Iterator[str]:
    """INV-08: one activation of each registration, one mail of each token."""
    states = Counter((row.participant_id, row.state) for row in e.ledger.registrations)
    for (participant, state), count in states.items():
        if state == "activated" and count != 1:
            yield f"tokens: member {participant} was activated {count} times"
    activated = Counter(row.account_id for row in e.ledger.activity if row.event == "activated")
    for account in e.ledger.accounts:
        if activated[account.id] != 1:
            yield f"tokens: account {account.id} was activated {activated[account.id]} times"
    mails: dict[str, set[str]] = defaultdict(set)
    for mail in e.playground.mailbox.mails:
        for link in mail.links:
            if found := re.search(r"activate[_/]([A-Za-z0-9_-]{43})", link):
                mails[found[1]].add(mail.message_id)
    issued = sum(token.purpose == "activation" for token in e.ledger.tokens)
    if len(mails) != issued or any(len(ids) != 1 for ids in mails.values()):
        yield f"tokens: {issued} issued, {len(mails)} mailed"


def nobody_read_without_signing_in(e: Evidence) -> Iterator[str]:
    """INV-11: between a lock and the next sign-in nothing is read."""
    open_: set[int] = set()
    for row in e.ledger.activity:
        if row.event in ("activated", "signed_in"):
            open_.add(row.account_id)
        elif row.event == "locked":
            open_.discard(row.account_id)
        elif row.event.startswith("read_") and row.account_id not in open_:
            yield f"sessions: account {row.account_id}: {row.event} while locked"


def no_two_turns_at_once(e: Evidence) -> Iterator[str]:
    """FL-28: each turn that draws buttons takes the chat's next revision; two that did not know of each other take the same, or go back."""
    dead = {row.created for row in e.ledger.outbox if row.state == DEAD}
    for script in e.scripts:
        last, moment = 0, dt.datetime.min.replace(tzinfo=dt.UTC)
        for row in e.ledger.of_chat(script.person.id):
            revision = revision_of(row.body)
            if revision is None or row.created in dead:
                continue
            if revision < last or (revision == last and row.created != moment):
                yield f"together: row {row.id} of {script.person.id} drew revision {revision} after {last}"
            last, moment = revision, row.created


def typed_secrets_are_gone(e: Evidence) -> Iterator[str]:
    """INV-16: each message with a secret was deleted."""
    for script in e.scripts:
        for message in script.secrets:
            if not message.deleted:
                yield f"secrets: message {message.id} of {script.person.id} is still there"


def health_data_left_the_chats(e: Evidence) -> Iterator[str]:
    """INV-16: everybody locked in the end. What still shows an amount is a copy whose answer was lost: the bot doesn't know of it."""
    promised = Counter(row.key for row in e.ledger.outbox if row.state != DEAD)
    copies: Counter[int] = Counter()
    for (method, body), count in e.effects.items():
        if method == "sendMessage":
            copies[orjson.loads(body)["chat_id"]] += max(0, count - promised[method, body])
    for script in e.scripts:
        shown = [
            message for message in script.person.chat.live if message.from_bot and AMOUNT in message.text
        ]
        if script.goal == "done" and len(shown) > copies[script.person.id]:
            yield f"health: {shown} of {script.person.id} after the lock, {copies[script.person.id]} extra copies"


def nothing_is_orphaned(e: Evidence) -> Iterator[str]:
    """INV-14: no row without its parent."""
    yield from e.ledger.orphans


CHECKS = (
    everybody_got_to_the_end,
    accepted_updates_were_handled,
    effects_and_promises_go_together,
    nothing_waits,
    every_reply_arrived,
    order_is_kept,
    copies_are_bounded,
    one_account_each,
    tokens_serve_once,
    nobody_read_without_signing_in,
    no_two_turns_at_once,
    typed_secrets_are_gone,
    health_data_left_the_chats,
    nothing_is_orphaned,
)


def canaries(members: list[Member], scripts: list[Script], token: str, key: str) -> dict[str, bytes]:
    """What may stand in no log, file or journal, by what it is: typed secrets, tokens, keys, addresses."""
    found = {"the bot's token": token.partition(":")[2].encode(), "the key": key.partition(":")[2].encode()}
    for member in members:
        found[f"password of {member.number}"] = member.password.encode()
        found[f"answer of {member.number}"] = member.answer.encode()
        found[f"address of {member.number}"] = member.email.encode()
        found[f"matricule of {member.number}"] = member.matricule.encode()
    for script in scripts:
        for link in script.links:
            found[f"link of {script.member.number}"] = link[-43:].encode()
    return found


def exposed(canaries: dict[str, bytes], files: Iterator[tuple[str, bytes]]) -> Iterator[str]:
    """INV-13: where a canary is found."""
    for name, content in files:
        for what, canary in canaries.items():
            if canary in content:
                yield f"secrecy: {what} stands in {name}"


def complaints(log: bytes) -> Iterator[str]:
    """Lines of a bot's log that no benign run writes."""
    for line in log.splitlines():
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            yield f"log: {line[:200]!r}"
            continue
        if entry.get("level") in ("error", "critical") and entry["event"] not in _TELEGRAMS_FAULT:
            yield f"log: {line[:400].decode()}"


def check(evidence: Evidence) -> list[str]:
    """What does not hold."""
    return [sentence for one in CHECKS for sentence in one(evidence)]


__all__ = ["Evidence", "Row", "canaries", "check", "complaints", "exposed"]
