"""The part of benchmarks/learner.py for features with text scores: how text, labels and CPRFL add up.

Shapes: N images, P patches, W patch width, D embedding width, C categories.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from learner_parts import Split, centred_kernel_ridge, discriminant
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import load_file

from cprfl_core import Suggester
from cprfl_core.calibration.reliability import reliability_by_band
from cprfl_core.evaluation.metrics import average_precision, long_tail_report

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

SHARES = (0.07, 0.2, 1.0)
BANDS = ("total", "head", "medium", "tail")


class AlignedBench:
    """Fully labelled photographs with embeddings, patches and text scores, in given folds.

    All images are in the collection; a fold's learner sees the labels of a share of the other folds' images.
    """

    def __init__(self, path: Path) -> None:
        data = load_file(path)
        scale = np.float32(data["patch_scale"].ravel()[0])
        self.patches: Singles = data["patches_int8"].astype(np.float32) * scale
        self.embeddings: Singles = data["embeddings"].astype(np.float32)
        self.zero_shot: Singles = data["zero_shot"].astype(np.float32)
        self.texts: Singles = data["noun_features"].astype(np.float32)
        self.labels: NDArray[np.int8] = data["labels"].astype(np.int8)
        self.fold: NDArray[np.int64] = data["fold"].astype(np.int64)
        self.positives = self.labels.sum(axis=0, dtype=np.int64)
        with safe_open(path, framework="np") as opened:
            self.names: list[str] = json.loads((opened.metadata() or {})["classes"])

    def labelled(self, fold: int, share: float, seed: int) -> NDArray[np.int8]:
        """The labels [N, C] that a learner of this fold sees."""
        labels = self.labels.copy()
        labels[self.fold == fold] = -1
        others = np.flatnonzero(self.fold != fold)
        drawn = np.random.default_rng([seed, fold]).permutation(others)
        labels[drawn[round(share * len(others)) :]] = -1
        return labels

    def judged(self, scores: Floats) -> dict[str, float]:
        """mAP pooled over the folds by band, the mean of the folds' own ones in total and tail, and ECE."""
        report = long_tail_report(average_precision(scores, self.labels), self.positives)
        found = {band: float(report[band] or 0.0) for band in BANDS}
        folds = [self.fold == number for number in np.unique(self.fold)]
        own = [average_precision(scores[one], self.labels[one]) for one in folds]
        tail = self.positives < 20
        found["within"] = float(np.mean([np.nanmean(one) for one in own]))
        found["within_tail"] = float(np.mean([np.nanmean(one[tail]) for one in own]))
        if scores.min() >= 0 and scores.max() <= 1:
            errors = reliability_by_band(scores, self.labels, self.positives)
            found |= {"ece": errors["total"] or 0.0, "ece_tail": errors["tail"] or 0.0}
        return {name: round(value, 4) for name, value in found.items()}


Learner = Callable[[AlignedBench, NDArray[np.int8], NDArray[np.bool_], int], Floats]
"""A bench, the labels [N, C] to learn from, the images to judge [N] and a seed to probabilities [M, C]."""


def zero_shot(bench: AlignedBench, _labels: NDArray[np.int8], held: NDArray[np.bool_], _seed: int) -> Floats:
    """The text scores themselves, without any label."""
    return np.nan_to_num(bench.zero_shot[held].astype(np.float64))


def _on_means(learner: Callable[[Split, int], Floats]) -> Learner:
    """A learner of benchmarks/learner.py, which takes an image as the mean of its patches."""

    def run(bench: AlignedBench, labels: NDArray[np.int8], held: NDArray[np.bool_], seed: int) -> Floats:
        known = (labels >= 0).any(axis=1)
        rows = bench.embeddings[:, None]
        return learner(Split(rows[known], labels[known], rows[held], bench.texts), seed)

    return run


def _blend(*, text: bool, cprfl: bool) -> Learner:
    def run(bench: AlignedBench, labels: NDArray[np.int8], held: NDArray[np.bool_], seed: int) -> Floats:
        learner = Suggester(cprfl=None if cprfl else False).fit(
            bench.patches if cprfl else None,
            labels,
            bench.texts,
            bench.embeddings,
            bench.zero_shot if text else None,
            seed,
        )
        return np.stack([learner.live.probabilities(c)[held] for c in range(labels.shape[1])], axis=1)

    return run


PARTS: dict[str, Learner] = {
    "zero-shot": zero_shot,
    "discriminant": _on_means(discriminant),
    "kernel ridge, centred and standardised": _on_means(centred_kernel_ridge),
    "blend without text and CPRFL": _blend(text=False, cprfl=False),
}
BLENDS: dict[str, Learner] = {"blend without CPRFL": _blend(text=True, cprfl=False)}
WITH_CPRFL: dict[str, Learner] = {"blend": _blend(text=True, cprfl=True)}


def run_aligned(
    path: Path, *, seeds: int, cprfl: bool, say: Callable[[str, dict[str, Any]], None]
) -> dict[str, Any]:
    """The table by share of the labels, and how far the blend is above its best part in each row of it."""
    bench = AlignedBench(path)
    begin = time.perf_counter()
    table: dict[str, Any] = {}
    above: dict[str, Any] = {}
    for share in SHARES:
        rows: dict[str, Any] = {}
        for name, learner in (PARTS | BLENDS | (WITH_CPRFL if cprfl else {})).items():
            count = 1 if name in WITH_CPRFL or (share == 1 and name in PARTS) else seeds
            judged = [bench.judged(_pooled(bench, learner, share, seed)) for seed in range(count)]
            rows[name] = {key: round(float(np.mean([one[key] for one in judged])), 4) for key in judged[0]}
            say(f"{share:.0%} of the labels, {name}", rows[name])
        table[f"{share:.0%}"] = rows
        last = list(rows)[-1]
        above[f"{share:.0%}"] = {
            key: round(rows[last][key] - max(rows[part][key] for part in PARTS if part in rows), 4)
            for key in ("total", "tail", "within", "within_tail")
        }
    return {
        "images": len(bench.labels),
        "categories": bench.labels.shape[1],
        "table": table,
        "blend_minus_best_part": above,
        "seconds": round(time.perf_counter() - begin, 1),
    }


def _pooled(bench: AlignedBench, learner: Learner, share: float, seed: int) -> Floats:
    found = np.zeros(bench.labels.shape)
    for fold in np.unique(bench.fold):
        held = bench.fold == fold
        found[held] = learner(bench, bench.labelled(int(fold), share, seed), held, seed)
    return found
