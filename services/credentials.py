"""A password and a secret question as their owner changes them: the present password first, then the owner is told everywhere."""

from __future__ import annotations

import datetime as dt
import unicodedata

from kit.clock import from_ms, to_ms
from kit.errors import Refused
from kit.folding import FOLDING_VERSION
from kit.text import Text, t
from services import activity, not_me, one_time, sign_in
from services.activity import Event
from services.holder import Holder
from services.passwords import check_password
from services.secret_answers import check_answer
from services.work import Work
from store import accounts, directory
from store.accounts import Account as Account  # handlers name it, and may not ask the store
from store.chats import Chat

PROOF = dt.timedelta(minutes=5)  # how long the present password, typed once more, opens changes (TH-09)
_PROVEN = "proven"  # in the chat's state: when that was, in milliseconds
PRESENT = "present"  # the step of a form that asks for it


def get(work: Work, account_id: int) -> Account:
    """The account of who is signed in."""
    account = accounts.get(work.db, account_id)
    assert account is not None, "somebody is signed in to it"
    return account


# ── proof ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def prove(work: Work, chat: Chat, account_id: int, password: str) -> None:
    """The present password, typed once more. Refused as at the sign-in, in other words."""
    try:
        sign_in.prove(work, chat.id, get(work, account_id), password)
    except Refused as refused:
        if refused.code == "sign_in_wait":
            raise Refused(refused.code, refused.text, at=PRESENT) from None
        if refused.code != "sign_in_wrong":
            raise
        raise Refused("password_wrong", t("This is not your present password."), at=PRESENT) from None
    chat.state[_PROVEN] = to_ms(work.now)


def spend_proof(work: Work, chat: Chat) -> None:
    """One change for one proof. Raises Refused when the present password was typed too long ago, or never."""
    proven = chat.state.get(_PROVEN)
    if proven is None or from_ms(proven) + PROOF <= work.now:
        raise Refused(
            "proof_too_old",
            t("Too much time has passed since you typed your present password: please type it again."),
            at=PRESENT,
        )
    del chat.state[_PROVEN]


# ── password ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _holders(work: Work, account: Account) -> list[Holder]:
    """The owner as the fund knows them, in each script."""
    person = directory.get(work.db, account.participant_id)
    if person is None:
        return [Holder(email=account.email)]
    latin = Holder(person.matricule, person.last_name, person.first_name, person.birth_date, account.email)
    if not (person.last_name_ar or person.first_name_ar):
        return [latin]
    return [latin, Holder(last_name=person.last_name_ar, first_name=person.first_name_ar)]


def read_password(work: Work, account: Account, raw: str) -> str:
    """A new password by the fund's policy, as it is to be hashed; or Refused, as at the registration."""
    first, *others = _holders(work, account)
    password = check_password(raw, work.fund.password_policy, first)
    for other in others:
        check_password(raw, work.fund.password_policy, other)
    return password


def refuse_former(work: Work, account: Account, password: str) -> None:
    """A new password is another one (BI-25)."""
    if work.need("verify", account.password, password):
        raise Refused("password_former", t("This is the password that you have: choose another one."))


def change_password(work: Work, chat: Chat, account_id: int, phc: str) -> None:
    """Replace the password: all other chats are unlinked, and the owner is told on every channel."""
    account = get(work, account_id)
    spend_proof(work, chat)
    accounts.renew_password(work.db, account.id, phc)
    one_time.void(work, account.id)
    activity.note(work, account.id, Event.PASSWORD_CHANGED, chat.id)
    not_me.warn(work, account, "password_changed", password_news(), here=chat.id, unlink=True)


def password_news() -> list[Text | None]:
    """What the chats are told that are signed out by a new password."""
    return [
        t("🔑 The password of your space has been changed, and this chat is no longer linked to it."),
        t("If it was you, sign in again with the new password. If not, press the button at once."),
    ]


# ── secret question ──────────────────────────────────────────────────────────────────────────────────────────────────


def read_answer(work: Work, account: Account, raw: str, question: str) -> str:
    """A secret answer, folded; or Refused. `question` is its wording as the person read it."""
    first, *others = _holders(work, account)
    answer = check_answer(raw, question, first)
    for other in others:
        check_answer(raw, question, other)
    return answer


def refuse_password(work: Work, phc: str, typed: str) -> None:
    """The answer is asked of people who forgot the password: it can't be the password."""
    if work.need("verify", phc, unicodedata.normalize("NFKC", typed.strip())):
        raise Refused("answer_is_password", t("The answer can’t be your password: type another one."))


def change_question(work: Work, chat: Chat, account_id: int, question: str, answer_phc: str) -> None:
    """Replace the secret question (an id or the owner's words) and its answer; the owner is told on every channel."""
    account = get(work, account_id)
    spend_proof(work, chat)
    accounts.set_question(work.db, account.id, question, answer_phc, FOLDING_VERSION)
    one_time.void(work, account.id)
    activity.note(work, account.id, Event.QUESTION_CHANGED, chat.id)
    said = t("🔑 The secret question of your space has been changed.")
    not_me.warn(work, account, "question_changed", [said], here=chat.id)
