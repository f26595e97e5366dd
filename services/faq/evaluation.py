"""How good the matcher is on questions with their expected topics, by group: what `rafiq faq evaluate` and the tests report.

Recall is measured on the three best topics whatever the matcher decides; answers are what a person would get without being asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question of the set and what came of it. `expected` is None for what is not ours; `answered` None when no topic was given."""

    group: str
    expected: str | None
    answered: str | None
    top3: Sequence[str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1. Of questions that are ours: recall_1, recall_3, right, wrong; of the others: answered_strangers."""

    ours: int
    strangers: int
    recall_1: float
    recall_3: float
    right: float
    wrong: float
    answered_strangers: float

    @property
    def answered(self) -> float:
        return self.right + self.wrong


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """The figures of these outcomes; 0 where there is nothing to count."""
    ours: list[Outcome] = []
    strangers: list[Outcome] = []
    for outcome in outcomes:
        (strangers if outcome.expected is None else ours).append(outcome)

    def share(hits: int, of: Sequence[Outcome]) -> float:
        return hits / len(of) if of else 0.0

    return Figures(
        ours=len(ours),
        strangers=len(strangers),
        recall_1=share(sum(one.top3[:1] == [one.expected] for one in ours), ours),
        recall_3=share(sum(one.expected in one.top3 for one in ours), ours),
        right=share(sum(one.answered == one.expected for one in ours), ours),
        wrong=share(sum(one.answered not in (None, one.expected) for one in ours), ours),
        answered_strangers=share(sum(one.answered is not None for one in strangers), strangers),
    )


def by_group(outcomes: Sequence[Outcome]) -> Mapping[str, Figures]:
    """The figures of all, then of each group by name."""
    groups = sorted({one.group for one in outcomes})
    return {"all": figures(outcomes)} | {
        group: figures(one for one in outcomes if one.group == group) for group in groups
    }
