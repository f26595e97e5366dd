"""A linear softmax over sparse rows, trained by numpy alone: a tenth of a second for a thousand texts, and linear in their number.

Stochastic gradient steps, a text at a time, in an order drawn from a fixed seed: the same texts give the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from services.faq.features import Row

    Floats = NDArray[np.float32]

_ROUNDS = 4
_STEP = 2.0
_PENALTY = 2e-5  # on the squares of the weights


def train(
    rows: Sequence[Row],
    classes: Sequence[int],
    *,
    features: int,
    kinds: int,
) -> tuple[Floats, Floats]:
    """(weights by feature and class, bias by class) for rows of (numbers of features, their values), each with its class."""
    import numpy as np

    weights: Floats = np.zeros((features, kinds), np.float32)
    bias: Floats = np.zeros(kinds, np.float32)
    draw = np.random.default_rng(1977)
    shrunk = 1.0  # the true weights are `weights * shrunk`: the penalty costs one product a step
    done = 0
    texts = [
        (numbers.astype(np.intp), values, kind) for (numbers, values), kind in zip(rows, classes, strict=True)
    ]
    for _ in range(_ROUNDS):
        for place in draw.permutation(len(texts)).tolist():
            numbers, values, kind = texts[place]
            own = weights.take(numbers, 0)
            slope = values.dot(own)
            slope *= shrunk
            slope += bias
            slope -= slope.max()
            np.exp(slope, out=slope)
            slope /= slope.sum()
            slope[kind] -= 1.0  # probabilities less what was right
            step = _STEP / (1.0 + 10.0 * _STEP * _PENALTY * done)
            done += 1
            shrunk *= 1.0 - step * _PENALTY
            bias -= np.float32(0.1 * step) * slope
            slope *= -step / shrunk
            own += values[:, None] * slope
            weights[numbers] = own
    weights *= np.float32(shrunk)
    return weights, bias
