"""Every form and every place of the bot, by name: nothing else opens anything."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversations import (
    address,
    ask_person,
    erasure,
    export,
    faq_topic,
    rectification,
    registration,
    report,
    sign_in,
    unlinking,
)
from bot.conversations import contact as contact_forms
from bot.forms.engine import Forms
from bot.handlers import (
    about,
    account,
    consent,
    contact,
    documents,
    faq,
    guarantees,
    notifications,
    privacy,
    profile,
    reimbursements,
    start,
    statements,
    verify,
)
from bot.handlers import credentials as changing
from bot.handlers import recovery as forgotten
from bot.places import Place

FORMS = (
    registration.FORM,
    sign_in.FORM,
    address.FORM,
    contact_forms.CALLBACK_FORM,
    contact_forms.WRITE_FORM,
    report.FORM,
    *forgotten.FORMS,
    *changing.FORMS,
    ask_person.FORM,
    rectification.FORM,
    erasure.FORM,
    export.FORM,
    unlinking.FORM,
    faq_topic.FORM,
)


def all_places(forms: Forms, room: faq.Faq, bot_name: Callable[[], str | None]) -> tuple[Place, ...]:
    """Every place of the bot."""
    return (
        reimbursements.PLACE,
        statements.PLACE,
        guarantees.PLACE,
        *notifications.PLACES,
        *account.places(forms),
        forgotten.place(forms),
        *changing.places(forms),
        *start.PLACES,
        *contact.places(forms),
        *verify.places(forms, bot_name),
        documents.PLACE,
        about.PLACE,
        consent.PLACE,
        *privacy.places(forms),
        profile.place(forms),
        room.place,
        faq_topic.place(forms),
    )


def place_names() -> frozenset[str]:
    """The names that an answer's button may have (`rafiq import faq`)."""
    return frozenset(place.name for place in all_places(Forms(*FORMS), faq.Faq(), lambda: None))
