"""What follows when something can't be sent: the chat is marked, duties fall back to mail, the person is told what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import orjson

from delivery.fates import TOO_LATE, Fate, Outcome, without_markup
from delivery.uploads import FIELDS
from services.work import House, Work
from store import chat_messages, chats, outbox
from store.db import Db
from store.promises import Lane, Mark, Promise, State

OfMail = Callable[[Work, Mapping[str, str]], None]
Told = Callable[[Work, int], None]


class Afterwards:
    """`undeletable` tells a chat to delete a secret itself, `undelivered` that a paper could not be sent, `unreached` looks
    for another way to who can't be told something that they asked for; by template, `sent_mails` says what follows when the relay
    took a mail, `dead_mails` what a refused address leads to and `late_mails` what a mail that can't leave now does."""

    def __init__(
        self,
        house: House,
        *,
        undeletable: Told,
        undelivered: Told,
        unreached: Told,
        dead_mails: Mapping[str, OfMail],
        late_mails: Mapping[str, OfMail],
        sent_mails: Mapping[str, OfMail] | None = None,
    ) -> None:
        self._house = house
        self._undeletable = undeletable
        self._undelivered = undelivered
        self._unreached = unreached
        self._dead_mails = dead_mails
        self._late_mails = late_mails
        self._sent_mails = sent_mails or {}

    def follows_sending(self, promise: Promise) -> bool:
        """Whether something follows when this row is sent: it is then marked in the transaction of that."""
        return promise.channel == "mail" and promise.method in self._sent_mails

    def sent(self, db: Db, promise: Promise, mark: Mark, replica: int, now: dt.datetime) -> Sequence[Promise]:
        """In one transaction: mark the row, and do what its sending asks for."""
        outbox.mark_all(db, [mark])
        work = Work(db, now, self._house)
        self._sent_mails[promise.method](work, orjson.loads(promise.payload)["values"])
        return outbox.insert_all(db, work.promises, replica, now)

    def put_off(
        self, db: Db, rows: Sequence[int], head: Promise, until: dt.datetime, replica: int, now: dt.datetime
    ) -> Sequence[Promise]:
        """In one transaction: release a destination's rows until a moment; a mail's delay is told once, at its first failure."""
        outbox.put_off(db, rows, head.id, until)
        work = Work(db, now, self._house)
        if head.channel == "mail" and head.attempts == 0:
            letter = orjson.loads(head.payload)
            follow = self._late_mails.get(letter["template"])
            if follow is not None:
                follow(work, letter["values"])
        return outbox.insert_all(db, work.promises, replica, now)

    def dead(
        self, db: Db, promise: Promise, outcome: Outcome, mark: Mark, replica: int, now: dt.datetime
    ) -> Sequence[Promise]:
        """In one transaction: mark the row, and do what its end asks for. What may be sent at once is returned."""
        if outcome.moved_to is not None:
            self._move(db, promise, outcome.moved_to, now)
            return ()
        # One that went to the same chat before it may have ended this one too.
        waited = promise.lane is Lane.BULK and outbox.result_of(db, promise.id) == (State.PENDING, None)
        outbox.mark_all(db, [mark])
        work = Work(db, now, self._house)
        if promise.channel == "mail":
            letter = orjson.loads(promise.payload)
            follow = self._dead_mails.get(letter["template"])
            if follow is not None and outcome.reason != TOO_LATE:
                follow(work, letter["values"])
            return outbox.insert_all(db, work.promises, replica, now)
        body = orjson.loads(promise.payload)
        chat_id = int(body.get("chat_id", 0))
        match outcome.fate:
            case Fate.GONE:
                chats.reachable(db, chat_id, now)
                notices = waited or outbox.waits_in_bulk(db, promise.destination)
                outbox.drop(db, promise.destination, outcome.reason, now)
                if notices:
                    self._unreached(work, chat_id)
            case Fate.PLAIN | Fate.ANEW if chat_messages.taken_back(db, promise.id, now):
                pass  # the chat was locked meanwhile, perhaps while nobody held this row: health data don't come back into it
            case Fate.PLAIN if "parse_mode" in body:
                self._again(work, replace(promise, payload=orjson.dumps(without_markup(body))))
            case Fate.ANEW:
                body.pop("message_id", None)
                if promise.private:
                    body["protect_content"] = True
                self._again(work, replace(promise, method="sendMessage", payload=orjson.dumps(body)))
            case _ if promise.method == "deleteMessage" and promise.after is None and not promise.private:
                self._undeletable(work, chat_id)
            case _ if outcome.told is not None:
                work.tell(chat_id, outcome.told, Lane.REPLY)
            case _ if promise.method in FIELDS:
                self._undelivered(work, chat_id)
        ready = outbox.insert_all(db, work.promises, replica, now)
        if outcome.fate in (Fate.PLAIN, Fate.ANEW) and work.promises:
            outbox.follow(db, promise.id, work.promises[0].id)
        return ready

    def _move(self, db: Db, promise: Promise, new_id: int, now: dt.datetime) -> None:
        """The group has a new id: what waits for it, this row too, goes there, in order."""
        old_id = int(orjson.loads(promise.payload)["chat_id"])
        chats.move(db, old_id, new_id, now)
        outbox.readdress(db, promise.destination, f"telegram:{new_id}", old_id, new_id)

    def _again(self, work: Work, promise: Promise) -> None:
        work.promises.append(replace(promise, id=0, attempts=0, lane=Lane(promise.lane), not_before=work.now))
