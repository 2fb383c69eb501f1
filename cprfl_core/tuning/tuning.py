"""Tuning a version on the labels of a project: heads by folds, scores of the collection, and files."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import torch

from cprfl_core.common.device import choose_device
from cprfl_core.common.disk import fault_and_remedy
from cprfl_core.common.errors import FeatureStoreError, InputError, ModelFileError
from cprfl_core.features.store import FeatureStore
from cprfl_core.model.model_files import save_model
from cprfl_core.training.events import (
    TrainingEpoch,
    TrainingEvent,
    TrainingProgress,
    TrainingStarted,
    TrainingWarning,
)
from cprfl_core.training.options import EpochRecord
from cprfl_core.tuning.facts import RunFacts
from cprfl_core.tuning.folds import FoldTrainer, Heads
from cprfl_core.tuning.head import StoredPatches
from cprfl_core.tuning.plan import demand_enough, options_for, what_is_tuned
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.snapshot import TuningSnapshot
from cprfl_core.tuning.start import choose_start, fold_folder

SCORES_FILE: Final = "scores.npy"


@dataclass(frozen=True, slots=True)
class Part:
    """One of ``parts`` trainings; ``fold`` is held out, None in the last one, on all images."""

    number: int
    parts: int
    fold: int | None


@dataclass(slots=True)
class Listener:
    """Callbacks of a run, called from the thread that tunes."""

    device: Callable[[str, str], None] = lambda _device, _precision: None
    progress: Callable[[Part | str, int, int], None] = lambda _step, _done, _total: None
    """The part that is trained, or another step in words; how much is done, and the total."""
    epoch: Callable[[Part, EpochRecord, int], None] = lambda _part, _record, _epochs: None
    warning: Callable[[str], None] = lambda _sentence: None


@dataclass(frozen=True, slots=True)
class Tuned:
    """What is in the folder of the new version; ``start`` and ``tuned`` in words."""

    folder: Path
    facts: RunFacts


def tune_head(
    snapshot: TuningSnapshot,
    store: FeatureStore,
    out: Path,
    *,
    work: Path,
    parent: Path | None = None,
    pretrained: Path | None = None,
    device: str | None = None,
    epochs: int | None = None,
    seed: int = 0,
    listener: Listener | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Tuned:
    """Tune, score the collection, and write the version into the new folder ``out``, complete or not at all.

    Args:
        store: features of the collection; every image of the snapshot needs patch tokens.
        work: folder of checkpoints; the same call with the same folder resumes there. The caller removes it.
        parent, pretrained: folders of heads to start from; the listener is warned where one does not fit.
        should_stop: while folds are tuned, TuningStoppedError; afterwards what was learned is kept.

    Raises:
        InputError: there are too few labels, or labels and features do not fit. FeatureStoreError: features
        are missing. TrainingError, DeviceError, DeviceMemoryError, ModelFileError: as `train_on_patches`.
    """
    began = time.monotonic()
    listener = listener or Listener()
    demand_enough(snapshot)
    _demand_tokens(snapshot, store)
    chosen = choose_device(device)
    listener.progress("Choosing where to start", 0, 1)
    start, notes = choose_start(snapshot, store, parent=parent, pretrained=pretrained, seed=seed)
    for note in notes:
        listener.warning(note)
    how, why = what_is_tuned(snapshot, start)
    options = options_for(how, start, epochs, seed)
    trainer = FoldTrainer(snapshot, StoredPatches(store), start, options, work, chosen.device)
    reporter = _Reporter(trainer, listener)
    listener.device(chosen.device, reporter.precision)
    heads, held_out = trainer.train_folds(reporter.hear, should_stop)
    heads[None] = whole = trainer.train_all(reporter.hear, should_stop)
    scores = trainer.score(whole, held_out, reporter.scored)
    tuned = Tuned(
        folder=out,
        facts=RunFacts(
            images=len(snapshot.image_ids),
            categories=len(snapshot.category_ids),
            folds=len(snapshot.fold_numbers),
            epochs=whole.result.epochs_done,
            start=start.words,
            tuned=why,
            device=chosen.device,
            precision=reporter.precision,
            seconds=round(time.monotonic() - began, 2),
            stopped=whole.result.stopped,
        ),
    )
    _write(tuned, snapshot, store, heads=heads, scores=scores, curves=reporter.curves)
    return tuned


def _demand_tokens(snapshot: TuningSnapshot, store: FeatureStore) -> None:
    if store.patch_shape is None:
        raise FeatureStoreError(f"{store.folder} holds no patch tokens; index again with them.")
    store.patch_tokens(snapshot.image_ids)


class _Reporter:
    """Passes the events of a trainer on to the listener, and keeps the curves."""

    def __init__(self, trainer: FoldTrainer, listener: Listener) -> None:
        self.precision = "float32"
        self.curves: dict[str, list[dict[str, Any]]] = {}
        self._listener = listener
        self._epochs = trainer.options.epochs
        count = len(trainer.parts)
        self._parts = {fold: Part(at + 1, count, fold) for at, fold in enumerate(trainer.parts)}
        self._work = [self._epochs * trainer.images(fold) for fold in trainer.parts]

    def hear(self, fold: int | None, event: TrainingEvent) -> None:
        part = self._parts[fold]
        match event:
            case TrainingStarted():
                self.precision = event.precision
            case TrainingProgress():
                before, own = sum(self._work[: part.number - 1]), self._work[part.number - 1]
                done = before + own * event.step // event.steps
                self._listener.progress(part, done, sum(self._work))
            case TrainingEpoch():
                self.curves.setdefault(str(fold), []).append(asdict(event.record))
                self._listener.epoch(part, event.record, self._epochs)
            case TrainingWarning():
                self._listener.warning(event.sentence)

    def scored(self, done: int, total: int) -> None:
        self._listener.progress("Scoring all images", done, total)


def _write(
    tuned: Tuned,
    snapshot: TuningSnapshot,
    store: FeatureStore,
    *,
    heads: Heads,
    scores: TunedScores,
    curves: Mapping[str, list[dict[str, Any]]],
) -> None:
    """Write into a folder beside ``out`` and rename it, so that a version is complete or not there."""
    out = tuned.folder
    if out.exists():
        raise InputError(f"{out} exists already; give a new folder.")
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    card = {
        "backbone": store.key,
        "basis": store.basis_key,
        "category_ids": snapshot.category_ids.tolist(),
        "names": list(snapshot.names),
    }
    facts = tuned.facts
    told = {"start": facts.start, "tuned": facts.tuned, "images": facts.images, "epochs": facts.epochs}
    text = torch.from_numpy(snapshot.text)
    try:
        for fold, trained in heads.items():
            scale = {"mean": trained.mean.tolist(), "spread": trained.spread.tolist()}
            own = card | {"tokens": trained.head.tokens, "held_out": fold} | scale
            where = partial if fold is None else fold_folder(partial, fold)
            if fold is None:
                own |= told | {"curves": curves}
            save_model(where, trained.head.model, text, trained.head.delta, own)
        scores.save(partial / SCORES_FILE)
        partial.rename(out)
    except OSError as error:
        raise ModelFileError(f"{out} cannot be written: {fault_and_remedy(error)}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
