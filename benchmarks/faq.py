"""The FAQ's matcher: what each of its parts is worth, what it costs. `python -m benchmarks.faq` (a minute).

Each training text is judged by a softmax that has not seen it (five folds); with `--set FILE` the questions of a file as well.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.faq_questions import Question, questions
from services.faq import bodies
from services.faq.features import BLOCKS, Seen, Vocabulary, read
from services.faq.lexicon import Lexicon
from services.faq.matcher import Matcher
from services.faq.material import shipped, shipped_topics
from services.faq.softmax import train
from services.faq.topics import Topic

FOLDS = 5
STRANGERS = 0.08  # the share of strangers that may be answered where the share of right answers is read off
IDS = [topic.id for topic in shipped_topics().topics]


def _lexicon(concepts: Mapping[str, Sequence[str]]) -> Lexicon:
    strange = {f"x_{body.id}": [" ".join(name) for name in body.names] for body in bodies.known().values()}
    return Lexicon.of({**concepts, **strange})


def _texts(more: bool = True, negatives: bool = True) -> list[Question]:
    found = [
        Question("", phrase, topic.id) for topic in shipped_topics().topics for phrase in topic.phrasings
    ]
    if more:
        found += [Question("", line, id) for id, lines in shipped().phrasings.items() for line in lines]
    if negatives:
        found += [Question("", line, None) for line in shipped().negatives]
    return found


def _paragraphs(topic: Topic) -> list[str]:
    """What the answer says is a weak sign of what is asked; the fund's facts in it, {phone}, are none."""
    said = f"{topic.fr.answer}\n\n{topic.ar.answer}"
    return [part for part in re.sub(r"\{\w+\}", " ", said).split("\n\n") if part.strip()]


class Variant:
    """A way to train, and its judgements."""

    def __init__(
        self,
        *,
        lexicon: Lexicon,
        without: str = "",
        answers: bool = False,
        keep: Callable[[Question], bool] = lambda _: True,
    ) -> None:
        self.lexicon = lexicon
        self.blocks = {name: weight for name, weight in BLOCKS.items() if name != without}
        self.keep = keep
        self.answers = [
            Question("", part, topic.id)
            for topic in shipped_topics().topics
            if answers
            for part in _paragraphs(topic)
        ]
        self._seen: dict[str, Seen] = {}

    def read(self, text: str) -> Seen:
        if text not in self._seen:
            self._seen[text] = read(text, self.lexicon)
        return self._seen[text]

    def judge(
        self, taught: Sequence[Question], asked: Sequence[Question]
    ) -> list[tuple[Question, list[str], float]]:
        """(question, its three best topics, the probability of the best)."""
        taught = [*filter(self.keep, taught), *self.answers]
        vocabulary, rows = Vocabulary.of((self.read(one.text) for one in taught), self.blocks)
        classes = [len(IDS) if one.topic is None else IDS.index(one.topic) for one in taught]
        weights, bias = train(rows, classes, features=len(vocabulary), kinds=len(IDS) + 1)
        judged = []
        for one in asked:
            numbers, values = vocabulary.vector(self.read(one.text))
            likely = np.exp(bias + np.asarray(values, np.float32) @ weights[numbers] if numbers else bias)
            likely /= likely.sum()
            best = np.argsort(-likely[:-1])[:3]
            judged.append((one, [IDS[at] for at in best], float(likely[best[0]])))
        return judged


def figures(judged: Sequence[tuple[Question, list[str], float]]) -> str:
    """Recall of one and of three, and how many are answered rightly where few strangers are answered."""
    ours = [it for it in judged if it[0].topic is not None]
    strangers = sorted((it[2] for it in judged if it[0].topic is None), reverse=True)
    bar = strangers[int(STRANGERS * len(strangers))] if strangers else 0.0
    first = sum(best[0] == one.topic for one, best, _ in ours) / len(ours)
    third = sum(one.topic in best for one, best, _ in ours) / len(ours)
    right = sum(best[0] == one.topic and sure > bar for one, best, sure in ours) / len(ours)
    return f"{first:.3f} {third:.3f} {right:.3f}"


def folds(variant: Variant, texts: Sequence[Question]) -> list[tuple[Question, list[str], float]]:
    """All texts, each judged by what was taught without its fold."""
    order = np.random.default_rng(0).permutation(len(texts))
    judged = []
    for fold in range(FOLDS):
        away = set(order[fold::FOLDS].tolist())
        judged += variant.judge(
            [one for at, one in enumerate(texts) if at not in away], [texts[at] for at in sorted(away)]
        )
    return judged


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--set", type=Path, action="append", default=[])
    sets = {path.stem: questions(path) for path in arguments.parse_args().set}
    whole = _lexicon(shipped().concepts)
    ours = _lexicon({name: words for name, words in shipped().concepts.items() if not name.startswith("x_")})
    own = {phrase for topic in shipped_topics().topics for phrase in topic.phrasings}
    variants = {
        "as it ships": Variant(lexicon=whole),
        "without words": Variant(lexicon=whole, without="w"),
        "without concepts": Variant(lexicon=Lexicon.of({}), without="c"),
        "without pairs of concepts": Variant(lexicon=whole, without="p"),
        "without letters in a row": Variant(lexicon=whole, without="g"),
        "without strange concepts": Variant(lexicon=ours),
        "with the answers": Variant(lexicon=whole, answers=True),
        "without negatives": Variant(lexicon=whole, keep=lambda one: one.topic is not None),
        "the topics' phrasings alone": Variant(
            lexicon=whole, keep=lambda one: one.topic is None or one.text in own
        ),
    }
    print(f"{'':30}{'folds: R@1 R@3 right':>24}" + "".join(f"{name:>24}" for name in sets))
    for name, variant in variants.items():
        line = [
            figures(folds(variant, _texts())),
            *(figures(variant.judge(_texts(), asked)) for asked in sets.values()),
        ]
        print(f"{name:30}" + "".join(f"{cell:>24}" for cell in line), flush=True)
    _costs()


def _costs() -> None:
    topics = shipped_topics().topics
    began = time.process_time()
    matcher = Matcher.train(topics)
    print(f"training: {time.process_time() - began:.2f} s of CPU, {len(_texts())} texts")
    took = []
    for one in _texts():
        began = time.perf_counter()
        matcher.match(one.text)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(f"a question: p50 {took[len(took) // 2]:.2f} ms, p99 {took[int(len(took) * 0.99)]:.2f} ms")
    began = time.perf_counter()
    command = [sys.executable, "-m", "entry", "faq", "match"]
    subprocess.run(command, input='{"id": 1, "text": "slm"}\n', text=True, check=True, capture_output=True)
    print(f"rafiq faq match: {time.perf_counter() - began:.2f} s from start to answer and end")


if __name__ == "__main__":
    main()
