"""Multi-label metrics over three-state targets: average precision, long-tail bands, precision and recall.

Shapes: N images, C categories. Targets are 1 (yes), 0 (no) and -1 (unknown); unknown entries are left out
of every number, never counted as no.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]


def average_precision(scores: ArrayLike, targets: ArrayLike) -> Floats:
    """Non-interpolated average precision of each category.

    ``scores`` [N, C] (any finite scale; only the order within a category matters), ``targets`` [N, C] in
    {1, 0, -1}. Returns float64 [C], NaN where a category has no yes. Equals
    ``sklearn.metrics.average_precision_score``, ties included: entries with one score enter together.
    Raises InputError when the shapes differ or a score is not finite.
    """
    score, target = _checked(scores, targets)
    return np.array(
        [_one_average_precision(score[:, c], target[:, c]) for c in range(score.shape[1])], dtype=np.float64
    )


def mean_average_precision(scores: ArrayLike, targets: ArrayLike) -> float:
    """Mean of :func:`average_precision` over the categories that have a yes; NaN when none has."""
    ap = average_precision(scores, targets)
    known = ap[~np.isnan(ap)]
    return float(known.mean()) if known.size else float("nan")


def long_tail_report(
    ap: ArrayLike, train_positives: ArrayLike, cuts: Sequence[int] = (20, 100)
) -> dict[str, float | int | None]:
    """Mean average precision in total and for each band of the long tail.

    ``ap`` [C] (NaN where absent), ``train_positives`` [C] the number of yes labels that decides the band,
    ``cuts`` (medium, head): tail below the first, head from the second, as in the CPRFL paper.
    Returns ``total``, ``head``, ``medium``, ``tail`` (None where no category with an AP falls) and
    ``absent``, the number of categories left out because they have no AP. Raises InputError when the lengths
    differ, a count is negative or not finite, an AP is infinite, or the cuts do not grow.
    """
    values = np.asarray(ap, dtype=np.float64)
    positives = np.asarray(train_positives, dtype=np.float64)
    if values.ndim != 1 or values.shape != positives.shape:
        raise InputError(
            f"ap and train_positives must be vectors of one length, got {values.shape} and {positives.shape}."
        )
    if np.isinf(values).any():
        raise InputError(f"ap must hold numbers or NaN, got {values[np.isinf(values)][0]}.")
    if not (np.isfinite(positives) & (positives >= 0)).all():
        wrong = np.flatnonzero(~(np.isfinite(positives) & (positives >= 0)))
        raise InputError(
            f"train_positives must be counts, got {positives[wrong[0]]} for category {wrong[0]}."
        )
    if len(cuts) != 2 or not 0 < cuts[0] <= cuts[1]:
        raise InputError(f"cuts must be two growing counts (medium, head), got {tuple(cuts)}.")
    present = ~np.isnan(values)
    head, tail = positives >= cuts[1], positives < cuts[0]
    return {
        "total": _mean_or_none(values[present]),
        "head": _mean_or_none(values[present & head]),
        "medium": _mean_or_none(values[present & ~head & ~tail]),
        "tail": _mean_or_none(values[present & tail]),
        "absent": int((~present).sum()),
    }


def precision_recall_f1(
    scores: ArrayLike, targets: ArrayLike, threshold: float = 0.5, top_k: int | None = None
) -> dict[str, float]:
    """Overall and per-category precision, recall and F1: ``OP OR OF1 CP CR CF1``.

    ``scores`` [N, C] are probabilities (or logits with ``threshold=0``); an entry is predicted when it
    reaches the threshold and, with ``top_k``, is among the k best of its image. As the CPRFL authors
    compute it (after ML-GCN): a category that is never predicted counts as one wrong prediction, and CF1 is
    made from the means CP and CR. Categories without a yes are left out; where none has one, all but the F1
    numbers are NaN. Raises InputError as :func:`average_precision`, and for a threshold that is NaN or a
    ``top_k`` outside 1 to C.
    """
    score, target = _checked(scores, targets)
    if np.isnan(threshold):
        raise InputError("threshold is NaN; give a number.")
    predicted = score >= threshold
    if top_k is not None:
        if not 1 <= top_k <= score.shape[1]:
            raise InputError(f"top_k must lie between 1 and the {score.shape[1]} categories, got {top_k}.")
        best = np.argsort(-score, axis=1, kind="stable")[:, :top_k]
        chosen = np.zeros_like(predicted)
        np.put_along_axis(chosen, best, True, axis=1)
        predicted &= chosen
    predicted &= target >= 0
    present = (target == 1).any(axis=0)
    predicted, yes = predicted[:, present], (target == 1)[:, present]
    correct = (predicted & yes).sum(axis=0).astype(np.float64)
    said = np.maximum(predicted.sum(axis=0), 1).astype(np.float64)
    true = yes.sum(axis=0).astype(np.float64)
    overall = _ratio(correct.sum(), said.sum()), _ratio(correct.sum(), true.sum())
    per_category = _mean_or_nan(correct / said), _mean_or_nan(correct / true)
    return {
        "OP": overall[0],
        "OR": overall[1],
        "OF1": _f1(*overall),
        "CP": per_category[0],
        "CR": per_category[1],
        "CF1": _f1(*per_category),
    }


def _one_average_precision(score: Floats, target: NDArray[np.int8]) -> float:
    known = target >= 0
    score, yes = score[known], target[known] == 1
    total = int(yes.sum())
    if total == 0:
        return float("nan")
    order = np.argsort(-score, kind="stable")
    score, yes = score[order], yes[order]
    ends = np.flatnonzero(np.append(score[1:] != score[:-1], True))  # the last entry of each group of ties
    hits = np.cumsum(yes)[ends].astype(np.float64)
    gained = np.diff(hits, prepend=0.0)
    return float((gained * hits / (ends + 1)).sum() / total)


def _checked(scores: ArrayLike, targets: ArrayLike) -> tuple[Floats, NDArray[np.int8]]:
    score = np.asarray(scores, dtype=np.float64)
    raw = np.asarray(targets)
    if score.ndim != 2 or score.shape != raw.shape:
        raise InputError(
            f"Scores and targets must both be [images, categories], got {score.shape} and {raw.shape}."
        )
    bad = np.argwhere(~np.isfinite(score))
    if len(bad):
        row, column = bad[0]
        raise InputError(
            f"Scores must be finite: {len(bad)} of {score.size} are not, "
            f"the first is {score[row, column]} for image {row}, category {column}."
        )
    odd = np.argwhere(~np.isin(raw, (-1, 0, 1)))
    if len(odd):
        row, column = odd[0]
        raise InputError(
            f"Targets must be 1 (yes), 0 (no) or -1 (unknown), "
            f"got {raw[row, column]} for image {row}, category {column}."
        )
    return score, raw.astype(np.int8)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def _mean_or_none(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None


def _mean_or_nan(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
