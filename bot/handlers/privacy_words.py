"""The words of /privacy: what is kept and why, who receives it, what goes abroad, what was agreed to (law 09-08)."""

from __future__ import annotations

from collections.abc import Sequence

from kit.text import Clock, Ltr, Short, Text, nt, t
from services.consents import Given
from services.fund import Fund

_YEAR = 365  # days
Lines = list[Text | None]


def span(days: int) -> Text:
    """A time in days; in years where it is that."""
    if days % _YEAR == 0:
        return nt("{n} year", "{n} years", days // _YEAR)
    return nt("{n} day", "{n} days", days)


def notice(fund: Fund) -> Lines:
    """Who is responsible, and the rights."""
    about = fund.health_fund
    office = about.head_office
    lines: Lines = [
        t("<b>Your data and your rights</b>"),
        None,
        t("{fund} is responsible for your data and holds them under law 09-08.", fund=fund.name),
    ]
    if fund.cndp.authorisation is not None:
        lines.append(t("Authorisation of the CNDP: {number}.", number=Ltr(fund.cndp.authorisation)))
    return [
        *lines,
        None,
        t("<b>You may at any time</b>"),
        t("• read what is held of you, and who saw it: /profile"),
        t("• receive a copy of all of it"),
        t("• have what is wrong corrected"),
        t("• take a consent back, or object to the use of your data"),
        t("• have your space erased"),
        None,
        t(
            "The buttons do this here. You can also write to {email}, or to this address: {address}.",
            email=Ltr(about.email),
            address=Ltr(f"{office.building}, {office.street}, {office.postcode} {office.city}"),
        ),
        t("If an answer does not satisfy you, you may turn to the CNDP, which watches over law 09-08."),
    ]


def kept(fund: Fund) -> Lines:
    """What is kept, why, and for how long."""
    days, sessions = fund.retention_days, fund.sessions
    return [
        t("<b>What is kept, why, and for how long</b>"),
        None,
        t("<b>The fund’s own file</b>: your identity, your family, your reimbursements and statements."),
        t("They make up your cover and its archive, and stay with the fund: erasing your space does not end them."),
        None,
        t("<b>Your space</b>: your e-mail, your language, and fingerprints of your password and secret answer."),
        t("To recognise you. Until you erase it."),
        None,
        t("<b>Linked chats</b>: Telegram’s number of each chat, for your notices."),
        t("A link ends {linked} after its last use, and is forgotten {ended} later.",
          linked=span(sessions.linked_days), ended=span(days.ended_links)),
        None,
        t("<b>What you type and what I send</b>, kept encrypted so that nothing gets lost:"),
        t("a form in progress {draft}, messages {text} after they were sent, faulty ones {aside}.",
          draft=span(days.form_drafts), text=span(days.outbox_payloads), aside=span(days.set_aside_updates)),
        None,
        t("<b>Your requests to the fund</b>, to answer them: {time} after they are dealt with.",
          time=span(days.complaints_after_closing)),
        None,
        t("<b>Who did what with your data</b>, without names or amounts, so that nothing is read unseen: {time}.",
          time=span(days.activity_log)),
        t("Your consents are kept for as long, as their proof."),
    ]  # fmt: skip


def receivers(fund: Fund) -> Lines:
    """Who receives what, and what leaves the country."""
    lines: Lines = [
        t("<b>Who receives your data</b>"),
        None,
        t("• You, in your linked chats and by mail. No mail says anything about your health."),
        t("• The fund’s agents, when you ask them something: their group sees a number, never your name."),
        t("• Nobody else. Your data are neither sold nor used for advertising."),
        None,
        t("<b>Telegram</b>"),
        t("What is shown in a chat passes through Telegram, whose servers are abroad, outside Morocco."),
        t("Health data are shown there only if you agreed to it, and you may withdraw that at any time."),
    ]
    if fund.cndp.transfer_abroad is not None:
        lines.append(
            t("Authorisation of the CNDP for the transfer: {number}.", number=Ltr(fund.cndp.transfer_abroad))
        )
    return lines


_KINDS = {
    "processing": t("<b>Processing of your health data</b>, to show you your reimbursements"),
    "telegram": t("<b>Health data in Telegram</b>, whose servers are abroad"),
}


def consents(given: Sequence[Given]) -> Lines:
    """What was agreed to, in which wording, when; and when it was taken back."""
    lines: Lines = [t("<b>Your consents</b>")]
    if not given:
        lines += [None, t("You have given none here.")]
    for one in given:
        lines += [
            None,
            _KINDS.get(one.kind, t("{kind}", kind=one.kind)),
            t(
                "Given on {date} at {time}, wording {version}",
                date=Short(one.given_at),
                time=Clock(one.given_at),
                version=Ltr(one.version),
            ),
        ]
        if one.revoked_at is not None:
            lines.append(
                t(
                    "Withdrawn on {date} at {time}",
                    date=Short(one.revoked_at),
                    time=Clock(one.revoked_at),
                )
            )
    return lines


def objection() -> Lines:
    """What taking back the consent to processing means."""
    return [
        t("<b>Object to the processing of your data</b>"),
        None,
        t("Your space exists to show you your health data: without your consent to that, there can be none."),
        t(
            "To take this consent back is to erase your space. Your cover and your reimbursements go on as before."
        ),
        t("An objection to what the fund itself does with its file: write to it, or correct your data here."),
    ]
