"""The activity log in sentences: what was done, when, by whom, and from which chat."""

from __future__ import annotations

from dataclasses import replace

from kit.text import Clock, Code, Short, Text, t
from services.activity import ActivityRow, Event

_DETAIL = Code("–")  # stands for an entry's reference
# By the value that stands in the database; a test fails where an event has none. {detail} is its reference.
SENTENCES: dict[str, Text] = {
    "activated": t("The space was activated"),
    "signed_in": t("Sign-in"),
    "sign_in_failed": t("Sign-in refused: the password was wrong"),
    "locked": t("The sign-in was ended with Lock"),
    "signed_out": t("Sign-out, the chat was unlinked"),
    "email_changed": t("The e-mail address was changed"),
    "email_change_asked": t("A change of the e-mail address was asked for"),
    "email_change_cancelled": t("The change of the e-mail address was cancelled"),
    "password_changed": t("The password was changed"),
    "question_changed": t("The secret question was changed"),
    "reset_asked": t("Forgotten password: the secret question was asked"),
    "reset_sent": t("Forgotten password: a link was sent by mail"),
    "password_reset": t("A new password was chosen with the link from the mail"),
    "password_disabled": t("The password was disabled after too many failures"),
    "space_locked": t("The space was locked: “It was not me”"),
    "space_unlocked": t("The fund opened the space again"),
    "consent_given": t("A consent was given"),
    "consent_revoked": t("A consent was withdrawn"),
    "read_reimbursements": t("The list of reimbursements was opened"),
    "read_reimbursement_line": t("A reimbursement was read in full: {detail}", detail=_DETAIL),
    "exported_reimbursements": t("The reimbursements were taken out as a file"),
    "read_statements": t("The list of statements was opened"),
    "read_statement": t("A statement was drawn up: {detail}", detail=_DETAIL),
    "notices_changed": t("The notifications were changed"),
    "told_of_reimbursements": t("A notice of new reimbursements was sent"),
    "request_filed": t("A request was put to the fund: {detail}", detail=_DETAIL),
    "request_read": t("A request was read: {detail}", detail=_DETAIL),
    "request_done": t("A request was dealt with: {detail}", detail=_DETAIL),
    "read_profile": t("The profile was opened"),
    "read_beneficiaries": t("The list of beneficiaries was opened"),
    "chat_unlinked": t("Another chat was unlinked"),
    "exported": t("A copy of all the data was asked for"),
    "downloaded": t("A document was downloaded from its page: {detail}", detail=_DETAIL),
    "erased": t("The space was erased"),
}
_CONSENTS = {
    "consent_given telegram": t("The consent to health data in Telegram was given"),
    "consent_revoked telegram": t("The consent to health data in Telegram was withdrawn"),
    "consent_given processing": t("The consent to the processing of health data was given"),
    "consent_revoked processing": t("The consent to the processing of health data was withdrawn"),
}
_OWNER = {
    "here": t("you, in this chat"),
    "linked": t("you, in another linked chat"),
    "elsewhere": t("from a chat that is not linked to your space"),
    "page": t("you, on a page or by a link"),
}
_OTHERS = {"agent": t("an agent of the fund"), "operator": t("the fund’s back office")}
# Nobody has proven to be the owner here, or the house did it by itself.
_UNPROVEN = {"here": t("from this chat"), "linked": t("from another linked chat"), "page": t("from a page")}
_BY_SOMEBODY = frozenset({"sign_in_failed", "reset_asked", "reset_sent", "space_locked"})
_BY_ITSELF = frozenset({"told_of_reimbursements", "password_disabled"})


def sentence(row: ActivityRow) -> Text:
    """What was done."""
    if row.event in (Event.CONSENT_GIVEN, Event.CONSENT_REVOKED):
        kind = (row.detail or "").partition(" ")[0]
        return _CONSENTS.get(f"{row.event} {kind}", SENTENCES[row.event])
    said = SENTENCES.get(row.event)
    if said is None:  # of a later release that was taken back
        return t("Something was done with your data: {event}", event=Code(row.event))
    return replace(said, values={"detail": Code(row.detail)}) if said.values and row.detail else said


def by_whom(row: ActivityRow, where: str) -> Text:
    """Who did it, and from where: "here", "linked", "elsewhere" or "page" (services.profile.told_apart)."""
    if row.event in _BY_ITSELF:
        return t("automatically")
    if row.actor != "owner":
        return _OTHERS.get(row.actor, _OTHERS["operator"])
    return _UNPROVEN[where] if row.event in _BY_SOMEBODY and where in _UNPROVEN else _OWNER[where]


def lines(row: ActivityRow, where: str) -> list[Text]:
    """An entry of the log."""
    return [
        t("<b>{date}, {time}</b>", date=Short(row.at), time=Clock(row.at)),
        sentence(row),
        t("<i>{who}</i>", who=by_whom(row, where)),
    ]
