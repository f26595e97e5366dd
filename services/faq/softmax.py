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

STEPS = 20
_COLUMNS = 512  # of the training matrix that are dense at a time
_RARE = 12  # texts: a feature in no more of them is rare


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
    often = np.bincount(at, minlength=features)
    # Common features by dense products, some columns at a time; the many rare ones pair by pair.
    common = np.flatnonzero(often > _RARE)
    column = np.full(features, -1, np.int32)
    column[common] = np.arange(len(common), dtype=np.int32)
    for low in range(0, len(common), _COLUMNS):
        here = (column[at] >= low) & (column[at] < low + _COLUMNS)
        dense = np.zeros((n, min(_COLUMNS, len(common) - low)), np.float32)
        dense[row[here], column[at[here]] - low] = value[here]
        gram += dense @ dense.T
    _add_pairs(gram, at, row, value, often)
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

    weighted = value[:, None] * alpha[row]
    present = np.flatnonzero(often)
    result = np.zeros((features, kinds), np.float32)
    result[present] = np.add.reduceat(weighted, np.concatenate(([0], np.cumsum(often[present])[:-1])), axis=0)
    return result, alpha.sum(axis=0)


def _add_pairs(
    gram: Floats, at: NDArray[np.int32], row: NDArray[np.int32], value: Floats, often: NDArray[np.intp]
) -> None:
    """Add to `gram` what rare features contribute: `at` is sorted, so texts that share one stand side by side."""
    import numpy as np

    rare = often[at] <= _RARE
    at, row, value = at[rare], row[rare], value[rare]
    flat = gram.reshape(-1)
    n = len(gram)
    flat[:: n + 1] += np.bincount(row, value * value, minlength=n).astype(np.float32)
    for apart in range(1, _RARE):
        same = np.flatnonzero(at[apart:] == at[:-apart])
        if not len(same):
            break
        left, right = row[same], row[same + apart]
        product = value[same] * value[same + apart]
        np.add.at(flat, left * n + right, product)
        np.add.at(flat, right * n + left, product)
