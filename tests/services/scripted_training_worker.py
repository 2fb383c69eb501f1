"""A worker process that pretends to tune, as a script says; run as a program by the tests of the window.

The argument names a JSON file, read again for each run: ``gain`` is how much the scores know of the truth
(below nothing for a harmful version), ``seconds`` an epoch takes, ``last`` one of the part over all images,
``dies`` is the part in which the process ends, ``fails`` a sentence with which the run fails.
"""

import json
import math
import os
import sys
import time
from pathlib import Path

import numpy as np
from tuning_projects import KEY, describe, encode, truth_of

from app.protocol import messages as m
from app.worker.context import JobContext
from app.worker.execution import Stopped
from app.worker.main import main
from cprfl_core.common.errors import TrainingError
from cprfl_core.features.store import FeatureStore
from cprfl_core.tuning.facts import RunFacts
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.snapshot import TuningSnapshot

EPOCHS = 3
SCRIPT: Path | None = None


def script() -> dict:
    told = {"gain": 3.0, "seconds": 0.0, "last": 0.0, "dies": 0, "fails": ""}
    if SCRIPT is not None and SCRIPT.exists():
        told |= json.loads(SCRIPT.read_text("utf-8"))
    return told


def train_head(command: m.TrainHead, context: JobContext) -> m.TrainResult:
    told, snapshot = script(), TuningSnapshot.load(Path(command.snapshot))
    context.started(command.expected_key, "cpu", "float32")
    if told["fails"]:
        raise TrainingError(told["fails"])
    folds = [*snapshot.fold_numbers, None]
    total = EPOCHS * len(folds) * 10
    curves: dict[str, list[dict]] = {}
    stopped = False
    for part, fold in enumerate(folds, start=1):
        for epoch in range(1, EPOCHS + 1):
            if stopped:
                break
            done = 10 * (EPOCHS * (part - 1) + epoch - 1)
            for step in range(10):
                stage = f"Tuning, part {part} of {len(folds)}"
                context.progress(stage, done + step, total, part=part, parts=len(folds))
                time.sleep(told["last" if fold is None else "seconds"] / 10)
            if told["dies"] == part:
                sys.stderr.write("the script says that it dies here\n")
                sys.stderr.flush()
                os._exit(7)
            point = numbers(part, fold, epoch)
            curves.setdefault(str(fold), []).append(point)
            context.send(
                m.EpochDone(job=context.job, part=part, parts=len(folds), fold=fold, epochs=EPOCHS, **point)
            )
            if context.should_stop():
                if fold is not None:
                    raise Stopped
                stopped = True
    return written(command, snapshot, curves, told["gain"], stopped)


def numbers(part: int, fold: int | None, epoch: int) -> dict:
    """Curves as those of a run that learns."""
    bands = {"total": 0.45, "head": 0.8, "medium": 0.5, "tail": 0.2}
    wave = 0.02 * math.sin(part)
    held_out = {band: top * (1 - 0.6**epoch) + wave for band, top in bands.items()}
    return {"epoch": epoch, "loss": 0.3 * 0.8**epoch + wave / 4} | (
        dict.fromkeys(bands) if fold is None else held_out
    )


def written(
    command: m.TrainHead, snapshot: TuningSnapshot, curves: dict, gain: float, stopped: bool
) -> m.TrainResult:
    store = FeatureStore(Path(command.features), key=KEY)
    ids = np.sort(store.ids())
    truth = truth_of(len(ids)).astype(np.float32)
    scores = gain * truth.T + np.random.default_rng(5).normal(size=truth.T.shape)
    folds = np.full(len(ids), -1, np.int8)
    folds[np.searchsorted(ids, snapshot.image_ids)] = snapshot.folds
    made = Path(f"{command.out}.making")
    made.mkdir()
    TunedScores(ids, snapshot.category_ids, scores.astype(np.float16), folds).save(made / "scores.npy")
    (made / "model.json").write_text(json.dumps({"card": {"curves": curves}}), "utf-8")
    made.replace(command.out)
    return m.TrainResult(
        out=command.out,
        facts=RunFacts(
            images=len(snapshot.image_ids),
            categories=len(snapshot.category_ids),
            folds=len(snapshot.fold_numbers),
            epochs=EPOCHS,
            start="the text score of the backbone",
            tuned="prompts alone, as the script says",
            device="cpu",
            precision="float32",
            seconds=1.0,
            stopped=stopped,
        ),
    )


if __name__ == "__main__":
    SCRIPT = Path(sys.argv[1])
    jobs = {m.DescribeBackbone: describe, m.EncodeText: encode, m.TrainHead: train_head}
    sys.exit(main(jobs=jobs, preload=lambda _send: None))
