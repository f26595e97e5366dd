"""The letters: what each mail says, as data. One function per template; its name is what `Work.mail` promises.

No letter holds a password, an answer, a matricule or anything about health (TH-42): of its values a letter reads the token of its link
and the person's first name, and nothing else. Every fact and figure comes from the fund's file or from where it is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from delivery.letters import email_change, notices, password, registration, sign_in, space
from delivery.letters.letter import Addresses, Letter, NotYet, Occasion, closing, greeting

__all__ = ["LETTERS", "Addresses", "Letter", "NotYet", "Occasion", "closing", "greeting"]

LETTERS: Mapping[str, Callable[[Occasion], Letter]] = {
    letter.__name__: letter
    for letter in (
        space.activation,
        space.confirmation,
        space.erased,
        space.exported,
        registration.already_registered,
        registration.address_in_use,
        registration.registration_notice,
        registration.no_address_on_file,
        sign_in.locked,
        notices.new_reimbursements,
        password.password_link,
        password.password_changed,
        password.question_changed,
        password.password_disabled,
        password.space_locked,
        password.space_unlocked,
        email_change.email_confirm,
        email_change.email_change_asked,
        email_change.email_changed,
        email_change.email_changed_former,
        email_change.email_restored,
        email_change.address_wanted,
    )
}
