"""The jobs of tuning: adapters from the protocol to cprfl_core.tuning.tuning."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.protocol.messages import EpochDone, ScoreImages, ScoreResult, TrainHead, TrainResult
from app.worker.context import JobContext
from app.worker.execution import Stopped
from cprfl_core.common.errors import FeatureStoreError, InputError
from cprfl_core.evaluation.evidence import BANDS
from cprfl_core.features.store import FeatureStore
from cprfl_core.tuning.snapshot import TuningSnapshot

if TYPE_CHECKING:
    from cprfl_core.training.options import EpochRecord
    from cprfl_core.tuning.tuning import Part


def train_head(command: TrainHead, context: JobContext) -> TrainResult:
    """Raises Stopped when it was stopped before every fold was done, and what tune_head raises."""
    from cprfl_core.tuning.folds import TuningStoppedError
    from cprfl_core.tuning.tuning import Listener, tune_head

    def epoch_done(part: "Part", record: "EpochRecord", epochs: int) -> None:
        bands = {name: getattr(record, name) for name in BANDS}
        context.send(
            EpochDone(
                job=context.job,
                part=part.number,
                parts=part.parts,
                fold=part.fold,
                epoch=record.epoch,
                epochs=epochs,
                loss=record.loss,
                **bands,
            )
        )

    def progress(step: "Part | str", done: int, total: int) -> None:
        if isinstance(step, str):
            context.progress(step, done, total)
        else:
            number, parts = step.number, step.parts
            context.progress(f"Tuning, part {number} of {parts}", done, total, part=number, parts=parts)

    store = _store(command.features, command.expected_key)
    listener = Listener(
        device=lambda device, precision: context.started(command.expected_key, device, precision),
        progress=progress,
        epoch=epoch_done,
        warning=context.warn,
    )
    try:
        tuned = tune_head(
            TuningSnapshot.load(Path(command.snapshot)),
            store,
            Path(command.out),
            work=Path(command.work),
            parent=None if command.parent is None else Path(command.parent),
            pretrained=None if command.pretrained is None else Path(command.pretrained),
            device=command.device,
            epochs=command.epochs,
            seed=command.seed,
            listener=listener,
            should_stop=context.should_stop,
        )
    except TuningStoppedError:
        raise Stopped from None
    return TrainResult(out=os.fspath(tuned.folder), facts=tuned.facts)


def score_images(command: ScoreImages, context: JobContext) -> ScoreResult:
    """Raises Stopped, and what cprfl_core.tuning.scoring.score_images raises."""
    from cprfl_core.common.device import choose_device
    from cprfl_core.tuning.scoring import score_images as score

    began = time.perf_counter()
    device = choose_device(command.device).device
    context.started(command.expected_key, device, "float32")

    def tell(done: int, total: int) -> None:
        context.progress("Scoring images", done, total)
        if context.should_stop():
            raise Stopped

    scores = score(
        Path(command.model),
        _store(command.features, command.expected_key),
        None if command.only is None else _ids(Path(command.only)),
        device=device,
        on_progress=tell,
    )
    scores.save(Path(command.out))
    return ScoreResult(out=command.out, scored=len(scores.image_ids), seconds=time.perf_counter() - began)


def _store(folder: str, key: str) -> FeatureStore:
    """Raises FeatureStoreError if the features are missing or of another backbone."""
    store = FeatureStore(Path(folder), key=key)
    if not len(store):
        raise FeatureStoreError(f"The features in {folder} are gone; index again.")
    return store


def _ids(path: Path) -> "np.ndarray":
    try:
        return np.asarray(np.load(path, allow_pickle=False), np.int64).reshape(-1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a list of images ({error}).") from error
