"""Limits that are told to nobody but who runs into them. Durable; each is a named function with its budget as its comment (CF-05).

What is counted is kept under a blind index, so that the table tells nobody whose address or matricule was tried; known and unknown
ones are counted alike.
"""

from __future__ import annotations

import datetime as dt

from services.work import Work
from store import counters
from store.counters import Counter

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
LOCK = dt.timedelta(minutes=15)
LONGEST_LOCK = dt.timedelta(minutes=60)
FREE_FAILURES = 5  # wrong passwords before the lock


class Budget:
    """At most `budget` of something in a window of time, for one subject; where it `stops`, a whole window after the last one."""

    def __init__(self, name: str, budget: int, window: dt.timedelta, *, stops: bool = False) -> None:
        self._name = name
        self._budget = budget
        self._window = window
        self._stops = stops

    def left(self, work: Work, subject: int | str) -> bool:
        """Whether there is still one left; nothing is counted."""
        return self.until(work, subject) is None

    def until(self, work: Work, subject: int | str) -> dt.datetime | None:
        """When there will be one left again, if there is none now; nothing is counted."""
        counter = counters.look(work.db, self._key(work, subject), work.now, self._window)
        return counter.since + self._window if counter.count >= self._budget else None

    def take(self, work: Work, subject: int | str) -> bool:
        """Count one; False when the budget was used up before."""
        key = self._key(work, subject)
        counter = counters.look(work.db, key, work.now, self._window)
        if counter.count >= self._budget:
            return False
        counter.count += 1
        if self._stops and counter.count == self._budget:
            counter.since = work.now
        counters.put(work.db, key, counter, counter.since + self._window)
        return True

    def clear(self, work: Work, subject: int | str) -> None:
        """Start anew."""
        counters.clear(work.db, self._key(work, subject))

    def _key(self, work: Work, subject: int | str) -> bytes:
        return work.db.blind(str(subject), f"limit:{self._name}")


class Daily(Budget):
    """At most `budget` a day of something, for one subject."""

    def __init__(self, name: str, budget: int) -> None:
        super().__init__(name, budget, DAY)


mismatches_of_chat = Daily("mismatch.chat", 5)  # five a day stop the registration for that day (SPEC 2.1)
mismatches_of_matricule = Daily("mismatch.matricule", 5)  # the same, whoever tries
registrations_of_chat = Daily("registration.chat", 5)  # five a day (CF-05)
registrations_of_matricule = Daily("registration.matricule", 5)
activation_mails = Daily("activation.chat", 5)  # five more mails a day (SPEC 2.1)
owner_warnings = Daily(
    "owner.warned", 2
)  # mails "somebody tried", so that nobody is bombed with them (TH-44)

# Forgotten passwords (CF-05). A chat that is linked to the account is a subject of its own, so that strangers can't use up its owner's.
resets_of_chat = Daily("reset.chat", 5)  # five requests a day
resets_of_address_hourly = Budget("reset.address.hour", 3, HOUR)  # three an hour, whoever asks
resets_of_address = Daily("reset.address", 5)  # five a day
# Three answers stop it for an hour; right ones are counted too, else who guesses would learn from being stopped or not.
answers_hourly = Budget("reset.answers", 3, HOUR, stops=True)
wrong_answers = Daily("reset.wrong", 5)  # five wrong answers a day
wrong_answers_monthly = Budget(
    "reset.wrong.month", 10, 30 * DAY, stops=True
)  # ten in thirty days: only the fund helps
address_changes = Daily(
    "address.changes", 5
)  # five a day of an account, so that nobody is mailed through it (TH-44)


class Failures:
    """Wrong passwords: a wait that grows, then a lock of 15 minutes after five, doubled up to an hour (SPEC 2.2)."""

    def __init__(self, name: str) -> None:
        self._name = name

    def wait_until(self, work: Work, subject: int | str) -> dt.datetime | None:
        """The moment before which nothing more is tried, if it lies ahead."""
        counter = self._look(work, subject)
        return (
            counter.not_before if counter.not_before is not None and counter.not_before > work.now else None
        )

    def fail(self, work: Work, subject: int | str) -> int:
        """Count a failure and set the wait; how many there are in a row."""
        counter = self._look(work, subject)
        counter.count += 1
        counter.not_before = work.now + _wait(counter.count)
        counters.put(work.db, self._key(work, subject), counter, work.now + DAY)
        return counter.count

    def clear(self, work: Work, subject: int | str) -> None:
        """A success: start anew."""
        counters.clear(work.db, self._key(work, subject))

    def _look(self, work: Work, subject: int | str) -> Counter:
        return counters.look(work.db, self._key(work, subject), work.now, DAY)

    def _key(self, work: Work, subject: int | str) -> bytes:
        return work.db.blind(str(subject), f"failures:{self._name}")


def _wait(failures: int) -> dt.timedelta:
    """Nothing, 1, 2, 4 seconds, then the lock."""
    if failures < FREE_FAILURES:
        return dt.timedelta(seconds=0 if failures == 1 else 1 << (failures - 2))
    doubled = 1 << min(failures - FREE_FAILURES, 4)
    return min(LONGEST_LOCK, LOCK * doubled)


sign_in_of_login = Failures("sign_in.login")
sign_in_of_chat = Failures("sign_in.chat")
