"""A text without a letter is no question: a telephone number, another number, marks alone. Nothing of it is kept for agents."""

from __future__ import annotations

from bot.conversations.contact import CALLBACK
from bot.forms.engine import Forms
from bot.handlers import faq_words as words
from bot.turn import Turn
from kit.folding import decimal_digits
from kit.screen import Button, Keys, Screen
from kit.text import Ltr, t
from services import contact, opening_hours, requests
from services.access import Standing
from services.fund import Fund

RING = Button(t("Yes, call me at this number"), "faq:ring")
_AROUND: Keys = [[words.BROWSE, words.MENU]]
_SPACE: dict[Standing, list[Button]] = {
    Standing.STRANGER: [
        Button(t("Create my space"), "go:register", lasting=True),
        Button(t("Sign in"), "go:login", lasting=True),
    ],
    Standing.LINKED: [Button(t("My reimbursements"), "go:reimbursements", lasting=True)],
    Standing.SIGNED_IN: [Button(t("My reimbursements"), "go:reimbursements", lasting=True)],
}


def answer(turn: Turn, place: str) -> Screen | None:
    """What is said to such a text; None where it has letters. A number that can be called stays in the place, for RING."""
    text, fund = turn.incoming.text.strip(), turn.work.fund
    if any(map(str.isalpha, text)):
        return None
    figures = decimal_digits(text)
    if not any(map(str.isdigit, figures)):
        return Screen([t("Write me your question in a few words, or choose here.")], keys=_AROUND)
    numbers = fund.emergency_numbers
    if figures in (numbers.samu, numbers.civil_protection):
        return Screen(words.emergency(fund))
    number = contact.dialled(text)
    if number is None:
        lines = [
            t("A number alone does not tell me what you need: write me a few words with it."),
            t("I ask for your matricule or a password only when you sign in or create your space."),
        ]
        return Screen(lines, keys=[_SPACE[turn.who.standing], *_AROUND])
    if number in _ours(fund):
        said = t("{phone} is the fund’s own number.", phone=Ltr(number))
        return Screen([said, opening_hours.status(fund, turn.work.now)], keys=_AROUND)
    return _call(turn, place, number)


def _call(turn: Turn, place: str, number: str) -> Screen:
    said = t("This is a telephone number: {phone}.", phone=Ltr(number))
    if not requests.possible(turn.work):
        return Screen([said, requests.by_phone(turn.work)], keys=_AROUND)
    turn.place = {"name": place, "language": turn.chat.language, "phone": number}
    return Screen([said, t("Would you like the fund to call you there?")], keys=[[RING], *_AROUND])


def ring(turn: Turn, forms: Forms) -> Screen | None:
    """To be called at the number that was typed; None where none was."""
    number = turn.place.pop("phone", None)
    if number is None:
        return None
    known = {"service": "", "known": turn.who.signed_in, "phone": number}
    return forms.start(turn, CALLBACK, answers=known)


def _ours(fund: Fund) -> set[str | None]:
    numbers = (fund.health_fund.phone, *(one.phone for one in fund.services))
    return {contact.dialled(number) for number in numbers if number} - {None}
