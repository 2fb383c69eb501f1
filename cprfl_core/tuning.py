"""Tuning of a head on a person's labels: once for each fold, which is held out, and once on all images.

The scores of an image that the head was tuned on come from the head that has not seen its fold, so that a
new version can be judged, and weighed, by what it says of images it does not know.

Shapes: N labelled images, R images of the collection, C categories.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from cprfl_core.device import choose_device
from cprfl_core.disk import fault_and_remedy
from cprfl_core.errors import FeatureStoreError, InputError, ModelFileError
from cprfl_core.feature_store import FeatureStore
from cprfl_core.model_files import save_model
from cprfl_core.patch_tokens import PatchTokens
from cprfl_core.training import TrainingOptions, TrainingResult, train_on_patches
from cprfl_core.training_events import (
    TrainingEpoch,
    TrainingEvent,
    TrainingProgress,
    TrainingStarted,
    TrainingWarning,
)
from cprfl_core.training_options import EpochRecord
from cprfl_core.tuned_head import Head, provider, sampled, scales, score_all
from cprfl_core.tuned_scores import TunedScores, standardised
from cprfl_core.tuning_plan import demand_enough, options_for, what_is_tuned
from cprfl_core.tuning_snapshot import TuningSnapshot
from cprfl_core.tuning_start import Start, choose_start, fold_folder

SCORES_FILE: Final = "scores.npy"


@dataclass(frozen=True, slots=True)
class Part:
    """One of ``parts`` runs; ``fold`` is held out, None in the last one, over all images."""

    number: int
    parts: int
    fold: int | None

    @property
    def words(self) -> str:
        return f"Tuning, part {self.number} of {self.parts}"


@dataclass(slots=True)
class Listener:
    """Whom tuning tells how it goes; called from the thread that tunes."""

    device: Callable[[str, str], None] = lambda _device, _precision: None
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None
    epoch: Callable[[Part, EpochRecord, int], None] = lambda _part, _record, _epochs: None
    warning: Callable[[str], None] = lambda _sentence: None


@dataclass(frozen=True, slots=True)
class Tuned:
    """What lies in the folder of the new version; ``start`` and ``tuned`` in words."""

    folder: Path
    images: int
    categories: int
    folds: int
    epochs: int
    start: str
    tuned: str
    device: str
    precision: str
    seconds: float
    stopped: bool


class TuningStoppedError(Exception):
    """Asked to stop before every fold was done: nothing can be judged, so nothing was made."""


@dataclass(slots=True)
class _Run:
    snapshot: TuningSnapshot
    store: FeatureStore
    start: Start
    options: TrainingOptions
    work: Path
    device: str
    listener: Listener
    should_stop: Callable[[], bool]
    precision: str = "float32"
    done: int = 0
    total: int = 0
    curves: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


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
    """Tune, score the collection, and write the version into the folder ``out``, complete or not at all.

    Args:
        store: features of the collection; every image of the snapshot needs patch tokens.
        work: checkpoints; the same call with the same folder goes on from there. The caller removes it.
        parent, pretrained: folders to start from, where they fit; a sentence is told where they do not.
        should_stop: while folds are tuned, TuningStoppedError; afterwards what was learned is kept.

    Raises:
        InputError: too little is known, or labels and features do not fit. FeatureStoreError: features are
        missing. TrainingError, DeviceError, DeviceMemoryError, ModelFileError: as training has them.
    """
    listener, began = listener or Listener(), time.monotonic()
    demand_enough(snapshot)
    tokens = _tokens_of(snapshot, store)
    chosen = choose_device(device)
    listener.progress("Choosing where to start", 0, 1)
    start, notes = choose_start(snapshot, store, parent=parent, pretrained=pretrained, seed=seed)
    for note in notes:
        listener.warning(note)
    how, why = what_is_tuned(snapshot, start)
    run = _Run(
        snapshot,
        store,
        start,
        options_for(how, start, epochs, seed),
        work,
        chosen.device,
        listener,
        should_stop or (lambda: False),
    )
    listener.device(chosen.device, run.precision)
    made, scores, stopped = _all_parts(run, tokens)
    tuned = Tuned(
        folder=out,
        images=len(snapshot.image_ids),
        categories=len(snapshot.category_ids),
        folds=len(snapshot.fold_numbers),
        epochs=made[None].result.epochs_done,
        start=start.words,
        tuned=why,
        device=chosen.device,
        precision=run.precision,
        seconds=round(time.monotonic() - began, 2),
        stopped=stopped,
    )
    _write(run, made, scores, tuned)
    return tuned


def _tokens_of(snapshot: TuningSnapshot, store: FeatureStore) -> PatchTokens:
    if store.patch_shape is None:
        raise FeatureStoreError(f"{store.folder} holds no patch tokens; index again with them.")
    return store.patch_tokens(snapshot.image_ids)


@dataclass(frozen=True, slots=True)
class _Trained:
    """A head, how its training went, and mean and spread [C] of its logits over the collection."""

    head: Head
    result: TrainingResult
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]


Made = dict[int | None, _Trained]


def _all_parts(run: _Run, tokens: PatchTokens) -> tuple[Made, TunedScores, bool]:
    """Train the folds, score what they held out, train on all, score the collection."""
    snapshot, folds = run.snapshot, run.snapshot.fold_numbers
    parts = [Part(i + 1, len(folds) + 1, fold) for i, fold in enumerate([*folds, None])]
    run.total = run.options.epochs * sum(int(_members(snapshot, part.fold).sum()) for part in parts)
    spread_over = sampled(run.store)
    made: Made = {}
    held_out = np.zeros(snapshot.labels.shape, np.float16)
    for part in parts:
        head, result = _train(run, part, tokens)
        mean, spread = scales(head, snapshot.text, run.store, spread_over, run.device)
        made[part.fold] = _Trained(head, result, mean, spread)
        if part.fold is not None:
            rows = np.flatnonzero(snapshot.folds == part.fold)
            patches = provider(run.store, run.store.patch_tokens(tokens.ids[rows]), head.tokens)
            logits = score_all(head, snapshot.text, patches, device=run.device)
            held_out[rows] = standardised(logits, mean, spread)
    return made, _collection_scores(run, made[None], held_out), made[None].result.stopped


def _members(snapshot: TuningSnapshot, fold: int | None) -> NDArray[np.bool_]:
    return np.ones(len(snapshot.folds), np.bool_) if fold is None else snapshot.folds != fold


def _train(run: _Run, part: Part, tokens: PatchTokens) -> tuple[Head, TrainingResult]:
    start, snapshot = run.start.of(part.fold), run.snapshot
    mine = _members(snapshot, part.fold)
    rows, others = np.flatnonzero(mine), np.flatnonzero(~mine)
    begun, ahead = run.done, run.options.epochs * len(rows)

    def hear(event: TrainingEvent) -> None:
        match event:
            case TrainingStarted():
                run.precision = event.precision
            case TrainingProgress():
                run.listener.progress(part.words, begun + ahead * event.step // event.steps, run.total)
            case TrainingEpoch():
                run.curves.setdefault(str(part.fold), []).append(asdict(event.record))
                run.listener.epoch(part, event.record, run.options.epochs)
            case TrainingWarning():
                run.listener.warning(event.sentence)

    def feed(chosen: NDArray[np.int64]) -> Any:
        return provider(run.store, run.store.patch_tokens(tokens.ids[chosen]), start.tokens)

    result = train_on_patches(
        start.model,
        feed(rows),
        snapshot.labels[rows],
        snapshot.text,
        options=run.options,
        prompt_delta=start.delta,
        validation=(feed(others), snapshot.labels[others]) if len(others) else None,
        folder=run.work / ("all" if part.fold is None else f"fold-{part.fold}"),
        device=run.device,
        on_event=hear,
        should_stop=run.should_stop,
    )
    if result.stopped and (part.fold is not None or not result.epochs_done):
        raise TuningStoppedError
    run.done = begun + ahead
    return Head(result.model, result.prompt_delta, start.tokens), result


def _collection_scores(run: _Run, trained: _Trained, held_out: NDArray[np.float16]) -> TunedScores:
    snapshot, store, head = run.snapshot, run.store, trained.head
    everything = store.patch_tokens()
    values = np.empty((len(snapshot.category_ids), len(everything)), np.float16)

    def take(rows: slice, logits: NDArray[np.float32]) -> None:
        values[:, rows] = standardised(logits, trained.mean, trained.spread).T
        run.listener.progress("Scoring all images", rows.stop, len(everything))

    score_all(head, snapshot.text, provider(store, everything, head.tokens), device=run.device, take=take)
    folds = np.full(len(everything), -1, np.int8)
    place = np.searchsorted(everything.ids, snapshot.image_ids)
    mine = snapshot.folds >= 0
    values[:, place[mine]] = held_out[mine].T
    folds[place[mine]] = snapshot.folds[mine]
    return TunedScores(everything.ids, snapshot.category_ids, values, folds)


def _write(run: _Run, made: Made, scores: TunedScores, tuned: Tuned) -> None:
    """Into a folder beside ``out`` that then takes its name: a version is there whole or not at all."""
    out, snapshot = tuned.folder, run.snapshot
    if out.exists():
        raise InputError(f"{out} is there already; give a new folder.")
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    card = {
        "backbone": run.store.key,
        "basis": run.store.basis_key,
        "category_ids": snapshot.category_ids.tolist(),
        "names": list(snapshot.names),
    }
    told = {"start": tuned.start, "tuned": tuned.tuned, "images": tuned.images, "epochs": tuned.epochs}
    text = torch.from_numpy(snapshot.text)
    try:
        for fold, trained in made.items():
            scale = {"mean": trained.mean.tolist(), "spread": trained.spread.tolist()}
            own = card | {"tokens": trained.head.tokens, "held_out": fold} | scale
            where = partial if fold is None else fold_folder(partial, fold)
            if fold is None:
                own |= told | {"curves": run.curves}
            save_model(where, trained.head.model, text, trained.head.delta, own)
        scores.save(partial / SCORES_FILE)
        partial.rename(out)
    except OSError as error:
        raise ModelFileError(f"{out} cannot be written: {fault_and_remedy(error)}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
