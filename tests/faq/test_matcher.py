"""The matcher: every writing finds its topic, strangers and emergencies are seen, agents' edits change what it says."""

from __future__ import annotations

import pytest

from services.faq.matcher import Kind, Match, Matcher
from services.faq.material import shipped_topics


@pytest.mark.parametrize(
    ("text", "writing"),
    [
        ("Où consulter mes remboursements ?", "fr"),
        ("أين أطلع على تعويضاتي؟", "ar"),
        ("فين نشوف التعويضات ديالي", "darija-ar"),
        ("slm 3afak fin wsel remb dyali", "darija-lat"),
    ],
)
def test_the_same_question_in_all_writings(matcher: Matcher, text: str, writing: str) -> None:
    found = matcher.match(text)
    assert found.kind is Kind.ANSWER
    assert found.topic == "reimbursement-where"
    assert found.writing == writing
    assert found.top3[0].topic == found.topic
    assert 0.5 <= found.confidence <= 1


@pytest.mark.parametrize("text", ["", " ", "؟", "🙂", "….", "0" * 4096])
def test_nothing_is_nothing(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).kind in (Kind.NONE, Kind.UNSURE)


def test_an_edit_of_an_agent_goes_live() -> None:
    topics = shipped_topics().topics
    asked = "zorbix flumtar kenavo"
    taught = Matcher.train(topics, phrasings={"dental-clinic": [asked, f"{asked} ?"]})
    assert taught.match(asked).top3[0].topic == "dental-clinic"
    refused = Matcher.train(topics, negatives=[asked])
    assert refused.match(asked).topic is None
    worded = Matcher.train(topics, words={"dentaire": ["flumtar"]})
    assert worded.match("flumtar").top3[0].topic == "dental-clinic"


def test_a_question_counts_once_however_it_is_typed() -> None:
    topics = shipped_topics().topics
    plain, curly = (
        ["l'adresse du zorbix ?"],
        ["l'adresse du zorbix ?", "L’adresse du Zorbix\N{NO-BREAK SPACE}?"],
    )
    found = [
        Matcher.train(topics, phrasings={"contact": texts}).match("adresse du zorbix")
        for texts in (plain, curly)
    ]
    assert found[0] == found[1]


def test_training_twice_gives_the_same() -> None:
    topics = shipped_topics().topics
    asked = "où en est mon dossier"
    assert Matcher.train(topics).match(asked) == Matcher.train(topics).match(asked)


def test_a_role_is_a_prior_and_no_filter(matcher: Matcher) -> None:
    asked = "mot de passe oublié"

    def likely(found: Match) -> float:
        return {guess.topic: guess.probability for guess in found.top3}["password-forgotten"]

    assert likely(matcher.match(asked, role="participant")) > likely(matcher.match(asked)) - 1e-6
    assert likely(matcher.match(asked, role="participant")) > likely(matcher.match(asked, role="delegate"))


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("mon dossier cnops n'est toujours pas payé", "cnops"),
        ("j'ai un bug sur damancom", "cnss"),
        ("نسيت كلمة سر موقع ضمانكم", "cnss"),
        ("بغيت نصاوب الباسبور شنو الوراق", "passport"),
        ("bghit nremboursi ticket dyal train oncf", "oncf"),
    ],
)
def test_another_body_is_named(matcher: Matcher, text: str, body: str) -> None:
    found = matcher.match(text)
    assert (found.kind, found.topic, found.body) == (Kind.OTHER_BODY, None, body)


def test_a_question_that_names_us_as_well_is_ours(matcher: Matcher) -> None:
    assert (
        matcher.match("la CNSS a payé 80, où voir mes remboursements de la CMIM ?").kind
        is not Kind.OTHER_BODY
    )


@pytest.mark.parametrize(
    "text",
    [
        "mon père a une douleur à la poitrine",
        "أريد أن أموت",
        "لواليد سخف",
        "bghit n9tel rasi",
        "accident grave, vite",
    ],
)
def test_an_emergency_comes_before_any_topic(matcher: Matcher, text: str) -> None:
    found = matcher.match(text)
    assert (found.kind, found.topic, found.body) == (Kind.EMERGENCY, None, None)


def test_an_urgent_question_about_cover_is_answered_as_any_other(matcher: Matcher) -> None:
    assert matcher.match("urgence dentaire remboursée ?").kind is not Kind.EMERGENCY
