"""A linear softmax, trained by numpy alone in a tenth of a second.

Its weights are sums of the training texts' vectors (the penalty is on their squares), so it is trained on the texts' products with
each other: hundreds by hundreds instead of by thousands of features. Each step solves Böhning's bound of the curvature exactly: no
step size, no seed, the same weights from the same texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

STEPS = 40
_COLUMNS = 1024  # of the training matrix that are dense at a time


def train(
    rows: Sequence[tuple[Sequence[int], Sequence[float]]],
    classes: Sequence[int],
    weights: Sequence[float],
    *,
    features: int,
    kinds: int,
    penalty: float,
    steps: int = STEPS,
) -> tuple[Floats, Floats]:
    """(weights by feature and class, bias by class) for sparse rows, each with its class and its weight."""
    import numpy as np

    n = len(rows)
    at = np.concatenate([np.asarray(numbers, np.int32) for numbers, _ in rows])
    value = np.concatenate([np.asarray(values, np.float32) for _, values in rows])
    row = np.repeat(np.arange(n, dtype=np.int32), [len(numbers) for numbers, _ in rows])
    order = np.argsort(at, kind="stable")
    at, value, row = at[order], value[order], row[order]
    gram = np.zeros((n, n), np.float32)
    cuts = np.searchsorted(at, np.arange(0, features + _COLUMNS, _COLUMNS))
    for start, end, low in zip(cuts[:-1], cuts[1:], range(0, features, _COLUMNS), strict=False):
        dense = np.zeros((n, _COLUMNS), np.float32)
        dense[row[start:end], at[start:end] - low] = value[start:end]
        gram += dense @ dense.T
    gram += 1.0  # the bias: a feature that every text has

    target = np.zeros((n, kinds), np.float32)
    target[np.arange(n), classes] = 1.0
    weight = np.asarray(weights, np.float32)[:, None]
    weight /= weight.mean()
    # (W/2 G + λ n)⁻¹, the bound's inverse, by a symmetric form
    root = np.sqrt(weight)
    inverse = np.linalg.inv(0.5 * root * gram * root.T + penalty * n * np.eye(n, dtype=np.float32)).astype(
        np.float32
    )
    alpha: Floats = np.zeros((n, kinds), np.float32)
    momentum: Floats = np.zeros_like(alpha)
    for step in range(steps):
        ahead = alpha + momentum * (step / (step + 3.0))
        logits = gram @ ahead
        logits -= logits.max(axis=1, keepdims=True)
        probability = np.exp(logits)
        probability /= probability.sum(axis=1, keepdims=True)
        slope = weight * (probability - target) + penalty * n * ahead
        change = root * (inverse @ (slope / root))
        new = ahead - change
        momentum = (new - alpha).astype(np.float32, copy=False)
        alpha = new.astype(np.float32, copy=False)

    result = np.zeros((features, kinds), np.float32)
    for start, end, low in zip(cuts[:-1], cuts[1:], range(0, features, _COLUMNS), strict=False):
        dense = np.zeros((n, _COLUMNS), np.float32)
        dense[row[start:end], at[start:end] - low] = value[start:end]
        high = min(low + _COLUMNS, features)
        result[low:high] = (dense.T @ alpha)[: high - low]
    return result, alpha.sum(axis=0)
