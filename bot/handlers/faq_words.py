"""What the FAQ says around the fund's own answers."""

from __future__ import annotations

from kit.language import Language
from kit.screen import Button
from kit.text import Both, Ltr, Text, Written, t
from services.faq import facts
from services.faq.asking import Theme, Topic
from services.fund import Fund

TITLE = t("<b>Questions and answers</b>")
CHOOSE = t("Choose a theme, or simply write me your question.")
OTHERS = t("Other questions")
EMPTY = t("There are no questions and answers yet. Write me your question: I pass it on.")
HELPED = t("Did this help?")
YES, NO = t("👍 Yes"), t("👎 No")
GLAD = t("Glad to hear it. Thank you.")
DID_YOU_MEAN = t("Did you mean one of these?")
NONE_OF_THESE = t("None of these")
SORRY = t("I am sorry that this did not help.")
UNKNOWN = t("I don’t know the answer to that.")
NOTED = t("Your question has been noted, without your name, so that I answer better next time.")
ASK_OTHERWISE = t("You can put it in other words, look among the themes, or ask a person at the fund.")
OR_HERE = t("Or pass your question on from here.")
BROWSE = Button(t("Questions and answers"), "go:faq", lasting=True)
MENU = Button(t("Menu"), "go:menu", lasting=True)
BACK = t("‹ Back")
COURTESIES = {
    "hello": t("Hello! Ask me your question in your own words, or choose from the menu."),
    "thanks": t("With pleasure. I am here at any hour."),
}


def title(topic: Topic | Theme, language: Language) -> Written:
    """A topic's or a theme's title."""
    return Written(topic.titles[language])


def label(topic: Topic | Theme, language: Language) -> Text:
    """The same on a button."""
    return t("{line}", line=title(topic, language))


def both(topic: Topic) -> Both:
    """A topic's title in both languages, to be put into a sentence."""
    return Both(topic.titles["fr"], topic.titles["ar"])


def answer(fund: Fund, topic: Topic, language: Language) -> list[Text | None]:
    """The title, then the answer line by line, its facts put in; where none is written, who knows."""
    lines: list[Text | None] = [t("<b>{line}</b>", line=title(topic, language)), None]
    written = topic.answers.get(language, "")
    if not written:
        return [*lines, t("The fund answers this itself."), person(fund)]
    values = facts.of(fund, written)
    for line in written.splitlines():
        lines.append(t("{line}", line=Written(line.strip(), values)) if line.strip() else None)
    return lines


def person(fund: Fund) -> Text:
    """How to reach a person at the fund."""
    health_fund = fund.health_fund
    return t("Telephone {phone}, e-mail {email}.", phone=Ltr(health_fund.phone), email=Ltr(health_fund.email))


def emergency(fund: Fund) -> list[Text | None]:
    """The numbers to call, and nothing else."""
    numbers = fund.emergency_numbers
    return [
        t("Please call now:"),
        t("📞 <b>{number}</b> · medical emergency (SAMU)", number=Ltr(numbers.samu)),
        t("📞 <b>{number}</b> · ambulance, rescue (civil protection)", number=Ltr(numbers.civil_protection)),
    ]


def elsewhere(fund: Fund, body: Both) -> list[Text | None]:
    """It is another body's business."""
    short = Ltr(fund.health_fund.short_name)
    return [
        t(
            "This seems to be about {body}. That is not {fund}: please ask {body} directly.",
            body=body,
            fund=short,
        )
    ]
