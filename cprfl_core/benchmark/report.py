"""Computes the report from scores on the test set: the metrics of the paper's table and the set-up."""

import json
import platform
from collections.abc import Sequence
from importlib import metadata
from typing import Any, Final

import numpy as np

from cprfl_core.benchmark.bench import Bench
from cprfl_core.benchmark.options import EXPECTED
from cprfl_core.benchmark.progress import duration
from cprfl_core.benchmark.protocols import SeedResult
from cprfl_core.evaluation.evidence import BANDS
from cprfl_core.evaluation.metrics import average_precision, long_tail_report, precision_recall_f1

_PACKAGES: Final = ("tailspotter", "torch", "torchvision", "timm", "open_clip_torch", "numpy", "pillow")
_TOP: Final = 3

WARNINGS: Final = {
    "paper": (
        "The epoch is selected on the test set, as published. These numbers are optimistically biased and "
        "must not be compared with unbiased ones."
    ),
    "honest": "The epoch is selected within the training list; the test set is used once, at the end.",
}


def make_report(bench: Bench, results: Sequence[SeedResult]) -> dict[str, Any]:
    """The report as JSON values. Rates are in 0 to 1; means over seeds ignore missing values."""
    runs = [_run(bench, result) for result in results]
    return {
        "benchmark": bench.options.dataset,
        "protocol": bench.options.protocol,
        "chosen_on": "test set"
        if bench.options.protocol == "paper"
        else f"{bench.options.selection} in training",
        "warning": WARNINGS[bench.options.protocol],
        "notes": notes(bench),
        # Absent categories depend only on the test list.
        "mAP": {**_mean([run["mAP"] for run in runs]), "absent": runs[0]["mAP"]["absent"]},
        "threshold_0.5": _mean([run["threshold_0.5"] for run in runs]),
        "top_3": _mean([run["top_3"] for run in runs]),
        "published_mAP": EXPECTED[bench.options.dataset],
        "seconds": round(sum(result.seconds for result in results), 1),
        "seeds": list(bench.options.seeds),
        "runs": runs,
        "categories": _categories(bench, results),
        "lists": _lists(bench),
        "trunk": {
            "name": bench.trunk.name,
            "weights": None if bench.places.weights is None else str(bench.places.weights),
            "fingerprint": bench.trunk.fingerprint,
            "size": bench.trunk.size,
            "tokens": [bench.trunk.patches, bench.trunk.width],
        },
        "text": {
            "source": bench.text.source,
            "width": bench.text.values.shape[1],
            "digest": bench.text.digest,
        },
        "options": {**bench.options.as_json(), "precision": bench.precision},
        "device": {"name": bench.device.name, "device": bench.device.device},
        "versions": versions(),
    }


def notes(bench: Bench) -> list[str]:
    """How this run differs from the published one, in sentences."""
    sentences = []
    if bench.trunk.fingerprint == "random":
        sentences.append("The trunk started from random weights instead of ImageNet weights.")
    if not bench.lists.as_published:
        sentences.append("The lists differ in size from the published ones.")
    if bench.options.prompt_delta:
        sentences.append("Prompt deltas were learned; the paper has none.")
    return sentences


def versions() -> dict[str, str]:
    """Versions of the packages that affect the results."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def in_words(report: dict[str, Any]) -> str:
    """The report as text, in percent."""
    lines = [f"{report['benchmark']}, {report['protocol']} protocol: {report['warning']}"]
    lines += [f"Note: {note}" for note in report["notes"]]
    lines += ["", f"{'mAP in %':<12}{''.join(f'{name:>9}' for name in BANDS)}"]
    lines.append(f"{'here':<12}{''.join(_percent(report['mAP'][name]) for name in BANDS)}")
    if report["lists"]["as_published"]:
        published = report["published_mAP"]
        lines.append(f"{'published':<12}{''.join(_percent(published[name]) for name in BANDS)}")
    absent = report["mAP"]["absent"]
    if absent:
        lines.append(
            f"{absent} categories have no positive in the test list and are excluded from the means."
        )
    lines.append("")
    for title, key in (("at 0.5", "threshold_0.5"), ("top 3", "top_3")):
        lines.append(
            f"{title:<12}" + "".join(f"{name} {100 * v:.2f}  " for name, v in report[key].items()).rstrip()
        )
    for run in report["runs"]:
        taken = f"epoch {run['epoch']} taken, {run['epochs_trained']} trained"
        lines.append(f"seed {run['seed']}: {taken}, {duration(run['seconds'])}")
    return "\n".join(lines) + "\n"


def as_json(report: dict[str, Any]) -> str:
    """One JSON object without NaN."""
    return json.dumps(report, indent=1, allow_nan=False)


def _run(bench: Bench, result: SeedResult) -> dict[str, Any]:
    ap = average_precision(result.scores, bench.test.labels)
    logits, targets = result.scores, bench.test.labels
    top = min(_TOP, targets.shape[1])
    return {
        "seed": result.seed,
        "epoch": result.epoch,
        "epochs_trained": result.trained,
        "seconds": round(result.seconds, 1),
        "mAP": long_tail_report(ap, bench.lists.train_positives),
        # A probability of 0.5 is a logit of 0.
        "threshold_0.5": _known(precision_recall_f1(logits, targets, threshold=0.0)),
        "top_3": _known(precision_recall_f1(logits, targets, threshold=0.0, top_k=top)),
        "history": result.history,
        "folds": result.folds,
        "mean_held_out_total": result.choice,
    }


def _known(values: dict[str, float]) -> dict[str, float | None]:
    return {name: None if np.isnan(value) else value for name, value in values.items()}


def _mean(rows: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    means: dict[str, float | None] = {}
    for name in rows[0]:
        known = [row[name] for row in rows if row[name] is not None]
        means[name] = float(np.mean(known)) if known else None
    return means


def _categories(bench: Bench, results: Sequence[SeedResult]) -> list[dict[str, Any]]:
    aps = np.stack([average_precision(result.scores, bench.test.labels) for result in results]).mean(axis=0)
    positives, tested = bench.lists.train_positives, bench.test.labels.sum(axis=0)
    return [
        {
            "name": name,
            "train_positives": int(positives[at]),
            "test_positives": int(tested[at]),
            "band": _band(int(positives[at])),
            "ap": None if np.isnan(aps[at]) else float(aps[at]),
        }
        for at, name in enumerate(bench.lists.categories)
    ]


def _band(positives: int) -> str:
    if positives >= 100:
        return "head"
    return "medium" if positives >= 20 else "tail"


def _lists(bench: Bench) -> dict[str, Any]:
    bands = [_band(int(count)) for count in bench.lists.train_positives]
    return {
        "train": len(bench.train.files),
        "test": len(bench.test.files),
        "categories": len(bands),
        "bands": {name: bands.count(name) for name in BANDS[1:]},
        "without_label": {"train": bench.lists.train.unlabelled, "test": bench.lists.test.unlabelled},
        "as_published": bench.lists.as_published,
        "sha256": bench.lists.digests,
    }


def _percent(value: float | None) -> str:
    return f"{'-':>9}" if value is None else f"{100 * value:>9.2f}"
