"""Compare the product's learner with each of its parts and with CPRFL as published, out of fold.

    python benchmarks/learner.py --features PATH [--json] [--without-cprfl] [--seeds 3] [--plot FILE.svg]

PATH is a safetensors file with ``patches_int8`` [N, P, W] times ``patch_scale``, ``labels`` [N, C] in {0, 1},
``text_features`` [C, T] and ``fold`` [N]. Every number comes from calibrated probabilities of held-out images
pooled over the folds: mean average precision in total and by band (positives over the whole set), expected
calibration error (15 bins) in total and on the tail. ``within`` is the mean over the folds of each fold's own
total, ``fit_seconds`` and ``fit_cpu_seconds`` the longest time of one fold, fit and prediction. Learners with
CPRFL are reported as the mean over the seeds and the spread between them.

A file that also has ``embeddings`` [N, D], ``zero_shot`` [N, C] and ``noun_features`` [C, D] gives another
table: zero-shot, every part and the blend, with 7, 20 and 100 % of the labels (learner_aligned.py).
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from learner_aligned import run_aligned
from learner_parts import (
    Floats,
    Learner,
    Singles,
    Split,
    blend,
    centred_kernel_ridge,
    closed_form_blend,
    discriminant,
    linear_probe,
    published_cprfl,
    raw_kernel_ridge,
    residual_cprfl,
    standardised_kernel_ridge,
)
from numpy.typing import NDArray
from reliability_plot import write_reliability_plot
from safetensors import safe_open
from safetensors.numpy import load_file

from cprfl_core.calibration.reliability import reliability_by_band
from cprfl_core.evaluation.evidence import BANDS
from cprfl_core.evaluation.metrics import average_precision, long_tail_report

CLOSED_FORM: dict[str, Learner] = {
    "linear probe": linear_probe,
    "discriminant": discriminant,
    "kernel ridge, raw": raw_kernel_ridge,
    "kernel ridge, standardised": standardised_kernel_ridge,
    "kernel ridge, centred and standardised": centred_kernel_ridge,
    "blend without CPRFL": closed_form_blend,
}
WITH_CPRFL: dict[str, Learner] = {"CPRFL as published": published_cprfl, "blend": blend}
ONE_SEED: dict[str, Learner] = {"CPRFL as a residual": residual_cprfl}
SHARES = (0.1, 0.25, 0.5)
UNKNOWN = 0.5


class Bench:
    """Photographs as patches, fully labelled, in given folds."""

    def __init__(self, path: Path) -> None:
        data = load_file(path)
        self.patches: Singles = data["patches_int8"].astype(np.float32) * np.float32(
            data["patch_scale"].ravel()[0]
        )
        self.labels: NDArray[np.int8] = data["labels"].astype(np.int8)
        self.texts: Singles = data["text_features"].astype(np.float32)
        self.fold: NDArray[np.int64] = data["fold"].astype(np.int64)
        self.positives = self.labels.sum(axis=0, dtype=np.int64)

    def pooled(
        self, learner: Learner, seed: int, *, share: float = 1.0, unknown: float = 0.0
    ) -> tuple[Floats, float, float]:
        """Probabilities [N, C] of held-out images, and the longest wall and CPU time of a fold. Only a
        ``share`` of the training images is labelled, and a part of these labels is ``unknown``."""
        found = np.zeros(self.labels.shape)
        seconds = processor = 0.0
        for number in np.unique(self.fold):
            held = self.fold == number
            rng = np.random.default_rng([seed, int(number)])
            labels = self.labels[~held].copy()
            labels[rng.permutation(len(labels))[round(share * len(labels)) :]] = -1
            labels[rng.random(labels.shape) < unknown] = -1
            split = Split(self.patches[~held], labels, self.patches[held], self.texts)
            begin, begin_cpu = time.perf_counter(), time.process_time()
            found[held] = learner(split, seed)
            seconds = max(seconds, time.perf_counter() - begin)
            processor = max(processor, time.process_time() - begin_cpu)
        return found, seconds, processor

    def judged(self, chance: Floats) -> dict[str, float]:
        """mAP by band, ``within`` and calibration errors of pooled probabilities."""
        report = long_tail_report(average_precision(chance, self.labels), self.positives)
        errors = reliability_by_band(chance, self.labels, self.positives)
        within = [
            float(np.nanmean(average_precision(chance[self.fold == f], self.labels[self.fold == f])))
            for f in np.unique(self.fold)
        ]
        bands = {
            name: float(value) for name, value in report.items() if name != "absent" and value is not None
        }
        calibration = {"ece": errors["total"] or 0.0, "ece_tail": errors["tail"] or 0.0}
        return bands | {"within": float(np.mean(within))} | calibration

    def row(self, learner: Learner, seeds: int, **labels: float) -> tuple[dict[str, Any], Floats]:
        """A row of the table, over one or more seeds, and the probabilities of the first."""
        runs = [self.pooled(learner, seed, **labels) for seed in range(seeds)]
        judged = [self.judged(chance) for chance, _, _ in runs]
        row: dict[str, Any] = {
            name: round(float(np.mean([one[name] for one in judged])), 4) for name in judged[0]
        }
        if seeds > 1:
            row["spread"] = {
                name: round(float(np.std([one[name] for one in judged])), 4)
                for name in BANDS
                if name in judged[0]
            }
        row["fit_seconds"] = round(max(seconds for _, seconds, _ in runs), 1)
        row["fit_cpu_seconds"] = round(max(processor for _, _, processor in runs), 1)
        return row, runs[0][0]


def run(path: Path, *, seeds: int, cprfl: bool, plot: Path | None) -> dict[str, Any]:
    bench = Bench(path)
    begin = time.perf_counter()
    learners = {name: (one, 1) for name, one in CLOSED_FORM.items()}
    if cprfl:
        learners |= {name: (one, seeds) for name, one in WITH_CPRFL.items()}
        learners |= {name: (one, 1) for name, one in ONE_SEED.items()}
    table: dict[str, Any] = {}
    shown = blend if cprfl else closed_form_blend
    for name, (learner, count) in learners.items():
        table[name], chance = bench.row(learner, count)
        say(name, table[name])
        if learner is shown and plot is not None:
            write_reliability_plot(plot, chance, bench.labels, bench.positives)
    fewer: dict[str, Any] = {}
    settings = {f"{share:.0%} of the images": {"share": share} for share in SHARES}
    settings["half of the entries unknown"] = {"unknown": UNKNOWN}
    for name, labels in settings.items():
        fewer[name], _ = bench.row(shown, 1, **labels)
        say(f"blend, {name}", fewer[name])
    parts = [name for name in table if not name.startswith("blend")]
    floor = {
        band: round(
            table["blend" if cprfl else "blend without CPRFL"][band]
            - max(table[part][band] for part in parts),
            4,
        )
        for band in ("total", "tail")
    }
    return {
        "images": len(bench.labels),
        "categories": bench.labels.shape[1],
        "table": table,
        "fewer_labels": fewer,
        "blend_minus_best_part": floor,
        "seconds": round(time.perf_counter() - begin, 1),
    }


def say(name: str, row: dict[str, Any]) -> None:
    if not quiet:
        numbers = "  ".join(f"{key} {value:.3f}" for key, value in row.items() if isinstance(value, float))
        print(f"{name:40s}{numbers}", flush=True)


quiet = False


def main() -> None:
    global quiet  # noqa: PLW0603 - rows are printed as they come, but not with --json
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--features", type=Path, required=True, help="safetensors file, see above")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", type=int, default=3, help="of the learners with CPRFL in the main table")
    parser.add_argument("--without-cprfl", action="store_true", help="seconds instead of most of an hour")
    parser.add_argument("--plot", type=Path, help="SVG file for the reliability of the blend")
    given = parser.parse_args()
    quiet = given.json
    with safe_open(given.features, framework="np") as opened:
        aligned = "zero_shot" in set(opened.keys())
    if aligned:
        found = run_aligned(given.features, seeds=given.seeds, cprfl=not given.without_cprfl, say=say)
    else:
        found = run(given.features, seeds=given.seeds, cprfl=not given.without_cprfl, plot=given.plot)
    if given.json:
        print(json.dumps(found))
    else:
        print(f"blend minus best part {found['blend_minus_best_part']}, {found['seconds']} s")


if __name__ == "__main__":
    main()
