"""The matcher's figures do not fall: floors under what was measured, and bounds on time and memory.

`tuning*.jsonl` were used to choose words and weights, so they say what was reached and not what to expect.
`third_author.jsonl` was measured before its errors were read for their causes (docs/faq.md).
`held_out.jsonl` was written before the engine and looked at once, when it was done (docs/faq.md): nothing may be tuned to it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.faq.evaluation import Figures, Outcome, by_group
from services.faq.folding import words
from services.faq.language import writing
from services.faq.matcher import Matcher
from services.faq.material import shipped, shipped_topics

HERE = Path(__file__).parent
WRITINGS = {"fr", "ar", "darija-ar", "darija-lat"}


def questions(name: str) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]


SETS = ["tuning", "tuning_hard", "tuning_nasty", "tuning_plain", "held_out", "second_author", "third_author"]


def measured(matcher: Matcher, name: str) -> dict[str, Figures]:
    outcomes = []
    for row in questions(name):
        found = matcher.match(str(row["text"]))
        outcomes.append(
            Outcome(str(row["lang"]), row["expect"], found.topic, [it.topic for it in found.top3])
        )
    return dict(by_group(outcomes))


@pytest.mark.parametrize(
    ("name", "recall_1", "recall_3", "group_1", "group_3", "right", "wrong", "strangers"),
    [
        ("tuning", 0.95, 0.98, 0.90, 0.96, 0.90, 0.03, 0.08),
        ("tuning_hard", 0.86, 0.94, 0.80, 0.90, 0.72, 0.07, 0.08),
        ("tuning_nasty", 0.88, 0.96, 0.80, 0.92, 0.76, 0.06, 0.08),
        ("tuning_plain", 0.92, 0.97, 0.85, 0.94, 0.82, 0.04, 0.08),
        ("held_out", 0.90, 0.95, 0.84, 0.92, 0.82, 0.06, 0.10),
        ("second_author", 0.86, 0.96, 0.78, 0.92, 0.80, 0.07, 0.08),
        ("third_author", 0.90, 0.96, 0.85, 0.94, 0.85, 0.05, 0.06),
        ("fourth_set", 0.82, 0.94, 0.75, 0.90, 0.70, 0.08, 0.10),
    ],
)
def test_the_figures_do_not_fall(
    matcher: Matcher,
    name: str,
    recall_1: float,
    recall_3: float,
    group_1: float,
    group_3: float,
    right: float,
    wrong: float,
    strangers: float,
) -> None:
    figures = measured(matcher, name)
    whole = figures.pop("all")
    assert whole.recall_1 >= recall_1
    assert whole.recall_3 >= recall_3
    assert whole.right >= right
    assert whole.wrong <= wrong
    assert whole.answered_strangers <= strangers
    assert figures.keys() == WRITINGS
    assert min(it.recall_1 for it in figures.values()) >= group_1
    assert min(it.recall_3 for it in figures.values()) >= group_3


@pytest.mark.parametrize("name", SETS)
def test_the_sets_are_whole(name: str) -> None:
    rows = questions(name)
    topics = {topic.id for topic in shipped_topics().topics}
    assert {row["lang"] for row in rows} == WRITINGS
    assert {row["expect"] for row in rows} - {None} == topics
    texts = [row["text"] for row in rows]
    assert len(set(texts)) == len(texts)
    taught = {*shipped().negatives, *(line for lines in shipped().phrasings.values() for line in lines)}
    assert (
        sum(text in taught for text in texts) <= len(texts) // 50
    )  # what is learned by heart measures nothing


@pytest.mark.parametrize("name", SETS)
def test_the_writing_is_seen(name: str) -> None:
    rows = questions(name)
    seen = sum(writing(words(str(row["text"]))) == row["lang"] for row in rows)
    assert seen / len(rows) >= 0.95


def test_what_ships_for_training_is_of_topics_that_ship() -> None:
    assert shipped().phrasings.keys() <= {topic.id for topic in shipped_topics().topics}


def test_a_question_takes_under_five_milliseconds_of_cpu(matcher: Matcher) -> None:
    texts = [str(row["text"]) for row in questions("tuning")]
    took = []
    for text in texts:
        began = time.thread_time()
        matcher.match(text)
        took.append(time.thread_time() - began)
    assert sorted(took)[int(len(took) * 0.99)] < 0.005


def test_the_command_answers_line_by_line() -> None:
    asked = [
        {"id": 7, "text": "slm 3afak fin wsel remb dyali"},
        {"id": "x", "text": "quelle est la météo demain", "role": "participant"},
    ]
    lines = [json.dumps(asked[0]), "", "not JSON", '{"id": 1}', json.dumps(asked[1])]
    done = subprocess.run(
        [sys.executable, "-m", "entry", "faq", "match"],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    first, *broken, last = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["topic"], first["writing"]) == (7, "reimbursement-where", "darija-lat")
    assert first["topic"] == first["top3"][0]
    assert len(first["top3"]) == 3
    assert [it["topic"] for it in broken] == [None, None]
    assert all("error" in it for it in broken)
    assert (last["id"], last["topic"], len(last["top3"])) == ("x", None, 3)
    assert done.stderr == ""
