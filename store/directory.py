"""The fund's directory of participants, as it was imported: found by matricule only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from kit.language import Language
from store.db import Db
from store.schema import beneficiaries, participants

_PLACE = "participants.person"
_FAMILY = "beneficiaries.person"


@dataclass(frozen=True, slots=True)
class Participant:
    """A participant as the fund knows them; what may be empty in the import is empty here."""

    id: int
    matricule: str
    last_name: str
    first_name: str
    birth_date: dt.date
    last_name_ar: str
    first_name_ar: str
    email: str
    left_on: dt.date | None
    phone: str = ""

    def called(self, language: Language) -> str:
        """The first name in a language's script, where the fund has it."""
        return self.first_name_ar if language == "ar" and self.first_name_ar else self.first_name


def by_matricule(db: Db, matricule: str) -> Participant | None:
    """The participant with a matricule."""
    return _one(db, participants.c.matricule_index == db.blind(matricule, "matricule"))


def get(db: Db, participant_id: int) -> Participant | None:
    """The participant with an id; the row is locked, so that two activations for one person follow each other."""
    return _one(db, participants.c.id == participant_id)


def family_names(db: Db, participant_id: int) -> list[str]:
    """First and last names of a participant and their beneficiaries, in the scripts that the fund has; nothing is locked."""
    person = select(participants.c.person_sealed).where(participants.c.id == participant_id)
    family = select(beneficiaries.c.person_sealed).where(beneficiaries.c.participant_id == participant_id)
    people = [db.open(sealed, _PLACE) for sealed in db.execute(person).scalars()]
    people += [db.open(sealed, _FAMILY) for sealed in db.execute(family).scalars()]
    columns = ("last_name", "first_name", "last_name_ar", "first_name_ar")
    return [one[column] for one in people for column in columns if one.get(column)]


def glance(db: Db, participant_id: int) -> Participant | None:
    """The participant with an id, not locked: for who only looks."""
    return _one(db, participants.c.id == participant_id, locked=False)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whose care is reimbursed to a participant; `relation` is "self", "spouse" or "child"."""

    relation: str
    last_name: str
    first_name: str
    birth_date: dt.date | None


def family(db: Db, participant_id: int) -> list[Member]:
    """A participant's beneficiaries: the participant, the spouse, the children by age."""
    wanted = select(beneficiaries).where(beneficiaries.c.participant_id == participant_id)
    found = [_member(db, row) for row in db.execute(wanted)]
    order = {"self": 0, "spouse": 1, "child": 2}
    return sorted(found, key=lambda one: (order.get(one.relation, 3), one.birth_date or dt.date.max))


def _member(db: Db, row: Any) -> Member:
    person = db.open(row.person_sealed, _FAMILY)
    born = person.get("birth_date")
    date = dt.date.fromisoformat(born) if born else None
    return Member(row.relation, person["last_name"], person["first_name"], date)


def _one(db: Db, condition: ColumnElement[bool], *, locked: bool = True) -> Participant | None:
    columns = (participants.c.id, participants.c.person_sealed, participants.c.left_on)
    wanted = select(*columns).where(condition)
    row = db.execute(wanted.with_for_update() if locked else wanted).first()
    if row is None:
        return None
    person = db.open(row.person_sealed, _PLACE)
    return Participant(
        id=row.id,
        matricule=person["matricule"],
        last_name=person["last_name"],
        first_name=person["first_name"],
        birth_date=dt.date.fromisoformat(person["birth_date"]),
        last_name_ar=person.get("last_name_ar") or "",
        first_name_ar=person.get("first_name_ar") or "",
        email=person.get("email") or "",
        phone=person.get("phone") or "",
        left_on=row.left_on,
    )
