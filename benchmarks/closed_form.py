"""Measure the closed-form learners: accuracy out of fold on image features, and speed on random rows.

    python benchmarks/closed_form.py --features PATH [--json]
    python benchmarks/closed_form.py --speed [--json]

PATH is a safetensors file with ``patches_int8`` [N, P, W] times ``patch_scale``, ``labels`` [N, C] in {0, 1}
and ``fold`` [N]. An image's embedding is the mean of its patches. Accuracy is the mean average precision of
scores pooled over the folds, in total and by band (positives over the whole set).
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from cprfl_core.closed_form.directions import centred_directions, signed_square_root
from cprfl_core.closed_form.discriminant import Discriminant
from cprfl_core.closed_form.gaussian_kernel import ALPHA, GAMMA
from cprfl_core.closed_form.kernel_ridge import KernelRidge
from cprfl_core.evaluation.metrics import average_precision, long_tail_report
from cprfl_core.live.learner import LiveLearner

Floats = NDArray[np.float64]
Report = dict[str, float | int | None]
Scores = dict[str, Floats]
Learner = Callable[[Floats, NDArray[np.int8], Floats], Scores]
"""Training embeddings [n, D], their labels [n, C] and other embeddings [m, D] to named scores [m, C]."""


def discriminant(train: Floats, labels: NDArray[np.int8], other: Floats) -> Scores:
    learner = Discriminant(train, labels.shape[1], shrinkage=1.0, prior_count=0.0)
    for category in range(labels.shape[1]):
        learner.add(category, train[labels[:, category] == 1])
    return {"discriminant": learner.scores(other)}


def kernel_ridge(
    train: Floats, labels: NDArray[np.int8], other: Floats, *, gamma: float, alpha: float
) -> tuple[Floats, Floats]:
    """Prior plus kernel regression, raw and standardised by the leave-one-out scores of the training set."""
    ridge = KernelRidge.from_rows(train, labels, gamma=gamma, alpha=alpha)
    prior = labels.mean(axis=0)
    targets, _, ones = ridge.predict(ridge.kernel(other))
    scores = targets + prior * (1 - ones)
    slots, categories = np.divmod(np.arange(labels.size), labels.shape[1])
    left = ridge.leave_one_out(slots, categories)
    left_out = (left[:, 0] + prior[categories] * (1 - left[:, 2])).reshape(labels.shape)
    return scores, (scores - left_out.mean(axis=0)) / left_out.std(axis=0)


def square_rooted(train: Floats, labels: NDArray[np.int8], other: Floats) -> Scores:
    """Space, kernel width and penalty of the published results."""
    raw, standardised = kernel_ridge(
        signed_square_root(train), labels, signed_square_root(other), gamma=1.5, alpha=0.1
    )
    return {"kernel_ridge_raw": raw, "kernel_ridge_standardised": standardised}


def centred(train: Floats, labels: NDArray[np.int8], other: Floats) -> Scores:
    """Space, kernel width and penalty of the product."""
    space = centred_directions(train)
    train, other = space.transform(train).astype(np.float64), space.transform(other).astype(np.float64)
    raw, standardised = kernel_ridge(train, labels, other, gamma=GAMMA, alpha=ALPHA)
    return {"centred_kernel_ridge_raw": raw, "centred_kernel_ridge_standardised": standardised}


def live(train: Floats, labels: NDArray[np.int8], other: Floats) -> Scores:
    """The product's learner without a text, calibrated."""
    learner = LiveLearner(train, categories=labels.shape[1])
    rows, categories = np.divmod(np.arange(labels.size), labels.shape[1])
    learner.set_labels(rows, categories, labels.ravel())
    return {"live": learner.probabilities_embeddings(other)}


LEARNERS: tuple[Learner, ...] = (discriminant, square_rooted, centred, live)


def accuracy(path: Path) -> dict[str, Report]:
    """Pooled out-of-fold reports, and ``within_fold``: the mean over the folds of each fold's own total."""
    data = load_file(path)
    embeddings = (data["patches_int8"].astype(np.float64) * float(data["patch_scale"][0])).mean(axis=1)
    labels, fold = data["labels"].astype(np.int8), data["fold"]
    positives = labels.sum(axis=0, dtype=np.int64)
    pooled: dict[str, Floats] = {}
    for learner in LEARNERS:
        for one in np.unique(fold):
            held = fold == one
            for name, scores in learner(embeddings[~held], labels[~held], embeddings[held]).items():
                pooled.setdefault(name, np.zeros(labels.shape))[held] = scores
    found: dict[str, Report] = {}
    for name, scores in pooled.items():
        report = long_tail_report(average_precision(scores, labels), positives)
        own = [np.nanmean(average_precision(scores[fold == f], labels[fold == f])) for f in np.unique(fold)]
        found[name] = report | {"within_fold": float(np.mean(own))}
    return found


def speed(collection: int = 20_000, labelled: int = 2_000, categories: int = 50, width: int = 512) -> Report:
    """Medians in milliseconds on random rows."""
    rng = np.random.default_rng(0)
    many = rng.standard_normal((100_000, width), dtype=np.float32)
    learner = Discriminant(many[:5000], 1)
    learner.add(0, many[:50])
    found: Report = {"discriminant_100000_rows": _median(lambda: learner.score_category(0, many))}
    live = _labelled(many[:collection], labelled, categories, rng)
    states = (rng.random((200, categories)) < 0.05).astype(np.int8)
    turns = iter(range(200))

    def review() -> None:
        turn = next(turns)
        live.set_labels(labelled + turn, np.arange(categories), states[turn])
        live.probabilities_rows([labelled + turn])

    def decide() -> None:
        turn = next(turns)
        live.set_label(collection - 1 - turn, turn % categories, int(states[turn, 0]))
        live.probabilities_rows([collection - 1 - turn])

    found["review_and_rescore_image"] = _median(review)
    found["decision_and_rescore_image"] = _median(decide)
    live.scores(0)
    found[f"category_over_{collection}_rows"] = _median(lambda: live.scores(0))
    wide = _labelled(many, 300, categories, rng)
    wide.scores(0)
    found["category_over_100000_rows_300_labelled"] = _median(lambda: wide.scores(0))
    wider = _labelled(many, labelled, categories, rng)
    wider.scores(0)
    found[f"category_over_100000_rows_{labelled}_labelled"] = _median(lambda: wider.scores(0))
    return found


def _labelled(
    rows: NDArray[np.float32], labelled: int, categories: int, rng: np.random.Generator
) -> LiveLearner:
    learner = LiveLearner(rows, rng.standard_normal((len(rows), categories), dtype=np.float32))
    states = (rng.random((labelled, categories)) < 0.05).astype(np.int8)
    row, category = np.divmod(np.arange(states.size), categories)
    learner.set_labels(row, category, states.ravel())
    return learner


def _median(call: Callable[[], object], times: int = 15) -> float:
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return round(1000 * statistics.median(seconds), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--features", type=Path, help="safetensors file with patches, labels and folds")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not given.features and not given.speed:
        parser.error("give --features PATH, --speed, or both")
    found = (accuracy(given.features) if given.features else {}) | ({"speed": speed()} if given.speed else {})
    if given.json:
        print(json.dumps(found))
        return
    for name, report in found.items():
        print(f"{name:36s}" + "  ".join(f"{k} {v:.3f}" for k, v in report.items() if v is not None))


if __name__ == "__main__":
    main()
