"""The words of /profile."""

from __future__ import annotations

from collections.abc import Sequence

from bot.forms.words import BACK as BACK_LABEL
from kit.screen import Button
from kit.text import Both, Clock, Ltr, Short, Text, t
from services.profile import LinkedChat, Profile, Relative, name_of
from services.requests_words import masked

NAME = "profile"
MENU = Button(t("Menu"), "go:menu", lasting=True)
_RELATIONS = {
    "self": t("you"),
    "spouse": t("your spouse"),
    "child": t("your child"),
}
_LANGUAGES = {"fr": t("Français"), "ar": t("العربية")}


def button(label: Text, action: str) -> Button:
    """A button of this place."""
    return Button(label, f"{NAME}:{action}")


def go(label: Text, name: str) -> Button:
    """A way to another place."""
    return Button(label, f"go:{name}", lasting=True)


BACK = button(BACK_LABEL, "profile")


def profile(shown: Profile, *, whole: bool) -> list[Text | None]:
    """What the fund holds, then the space."""
    person = shown.person
    matricule = person.matricule if whole else masked(person.matricule)
    lines: list[Text | None] = [
        t("<b>My profile</b>"),
        None,
        t("<b>As the fund has it on file</b>"),
        t("Last name: {name}", name=Both(person.last_name, person.last_name_ar or person.last_name)),
        t("First name: {name}", name=Both(person.first_name, person.first_name_ar or person.first_name)),
    ]
    name = name_of(person)
    if name.ar != name.fr:
        lines.append(t("In the other script: {name}", name=Both(name.ar, name.fr)))
    lines += [
        t("Matricule: {matricule}", matricule=Ltr(matricule)),
        t("Born on {date}", date=person.birth_date),
        t("E-mail: {email}", email=Ltr(person.email)) if person.email else t("E-mail: none on file"),
        t("Telephone: {phone}", phone=Ltr(person.phone)) if person.phone else t("Telephone: none on file"),
    ]
    if person.left_on is not None:
        lines.append(t("Left the fund on {date}", date=person.left_on))
    return [
        *lines,
        None,
        t("<b>My space</b>"),
        t("I sign in with {email}", email=Ltr(shown.email)),
        t("Language of the mails: {language}", language=_LANGUAGES[shown.language]),
        t("Open since {date}", date=shown.since),
    ]


def family(members: Sequence[Relative]) -> list[Text | None]:
    """The beneficiaries."""
    lines: list[Text | None] = [
        t("<b>Beneficiaries</b>"),
        t("Their care is reimbursed to you."),
    ]
    if not members:
        return [*lines, None, t("The fund has none on file.")]
    for one in members:
        lines += [
            None,
            t("<b>{name}</b>, {relation}", name=one.name, relation=_relation(one)),
        ]
        if one.birth_date is not None:
            lines.append(t("Born on {date}", date=one.birth_date))
    return lines


def _relation(one: Relative) -> Text:
    return _RELATIONS.get(one.relation, t("beneficiary"))


def chats(linked: Sequence[LinkedChat], here: int) -> list[Text | None]:
    """The chats, by number: whose phone it is, Telegram's names would not prove."""
    lines: list[Text | None] = [
        t("<b>Linked chats</b>"),
        t("From each of them you can sign in again, and each gets your notices."),
    ]
    for number, one in enumerate(linked, start=1):
        title = (
            t("<b>Chat {n}</b>, this one", n=number)
            if one.chat_id == here
            else t("<b>Chat {n}</b>", n=number)
        )
        lines += [None, title, *dates(one)]
    return lines


def dates(one: LinkedChat) -> list[Text | None]:
    """Since when a chat is linked, and when it was used last."""
    return [
        t("Linked since {date}", date=one.linked_at),
        t("Last used on {date} at {time}", date=Short(one.used_at), time=Clock(one.used_at)),
    ]


def leaving(number: int, one: LinkedChat) -> list[Text | None]:
    """What unlinking does, before it is done."""
    return [
        t("<b>Unlink chat {n}?</b>", n=number),
        *dates(one),
        None,
        t("It is signed out at once, what it was shown in the last two days is deleted, and it is told so."),
    ]
