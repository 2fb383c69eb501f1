"""Training by folds: one head for each fold, which it does not see, and one head on all labelled images.

A labelled image is scored by the head that has not seen its fold, every other image by the head of all
images. So the scores can be judged, and weighed against those of other learners, on the labelled images.

Shapes: N labelled images, R images of the collection, C categories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cprfl_core.training.events import TrainingEvent
from cprfl_core.training.options import TrainingOptions
from cprfl_core.training.training import TrainingResult, train_on_patches
from cprfl_core.tuning.head import Head, PatchSource, evenly_spread, scales, standardised_scores
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.snapshot import TuningSnapshot
from cprfl_core.tuning.start import Start

OnPart = Callable[[int | None, TrainingEvent], None]


class TuningStoppedError(Exception):
    """Stopped before every fold was done: there is nothing that can be judged, so nothing is kept."""


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """A head, how its training went, and mean and spread [C] of its logits over the collection."""

    head: Head
    result: TrainingResult
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]


Heads = dict[int | None, TrainedHead]
"""By the fold that was held out; None is the head of all images."""


@dataclass(frozen=True, slots=True)
class FoldTrainer:
    """Trains the heads on the labels of a snapshot, one after another.

    ``work`` is the folder of checkpoints, from which an interrupted run with the same arguments resumes;
    without it there are none. Equal seeds in ``options`` give equal heads, as `train_on_patches` says.
    """

    snapshot: TuningSnapshot
    source: PatchSource
    start: Start
    options: TrainingOptions
    work: Path | None = None
    device: str = "cpu"

    @property
    def parts(self) -> list[int | None]:
        """The folds that are held out, and None for the last training, on all images."""
        return [*self.snapshot.fold_numbers, None]

    def images(self, part: int | None) -> int:
        """On how many images the head of a part is trained."""
        return int(self._members(part).sum())

    def train_folds(
        self, on_event: OnPart | None = None, should_stop: Callable[[], bool] | None = None
    ) -> tuple[Heads, NDArray[np.float16]]:
        """Returns a head for each fold, and the standardised scores [N, C] of the images it has not seen.

        ``on_event`` gets the part and what happens in its training; only with it are the held-out images
        measured after each epoch.

        Raises:
            TuningStoppedError: stopped. FeatureStoreError: features are missing or damaged.
            Others as `train_on_patches`.
        """
        snapshot = self.snapshot
        heads: Heads = {}
        held_out = np.zeros(snapshot.labels.shape, np.float16)
        for fold in snapshot.fold_numbers:
            heads[fold] = trained = self._train(fold, on_event, should_stop)
            rows = np.flatnonzero(snapshot.folds == fold)
            patches = self._patches(rows, trained.head)
            scores = standardised_scores(
                trained.head, snapshot.text, patches, trained.mean, trained.spread, device=self.device
            )
            held_out[rows] = scores.T
        return heads, held_out

    def train_all(
        self, on_event: OnPart | None = None, should_stop: Callable[[], bool] | None = None
    ) -> TrainedHead:
        """The head of all labelled images; after a stop it is what was learned until then.

        Raises as `train_folds`, TuningStoppedError only before the end of the first epoch.
        """
        return self._train(None, on_event, should_stop)

    def score(
        self,
        trained: TrainedHead,
        held_out: NDArray[np.float16],
        on_progress: Callable[[int, int], None] | None = None,
    ) -> TunedScores:
        """Scores of the collection: ``held_out`` [N, C] of labelled images, the rest by the head of all."""
        snapshot, ids = self.snapshot, self.source.ids
        values = standardised_scores(
            trained.head,
            snapshot.text,
            self.source.patches(ids, trained.head.tokens),
            trained.mean,
            trained.spread,
            device=self.device,
            on_progress=on_progress,
        )
        folds = np.full(len(ids), -1, np.int8)
        place = np.searchsorted(ids, snapshot.image_ids)
        mine = snapshot.folds >= 0
        values[:, place[mine]] = held_out[mine].T
        folds[place[mine]] = snapshot.folds[mine]
        return TunedScores(ids, snapshot.category_ids, values, folds)

    def _members(self, part: int | None) -> NDArray[np.bool_]:
        folds = self.snapshot.folds
        return np.ones(len(folds), np.bool_) if part is None else folds != part

    def _patches(self, rows: NDArray[np.intp], head: Head) -> Any:
        return self.source.patches(self.snapshot.image_ids[rows], head.tokens)

    def _train(
        self, part: int | None, on_event: OnPart | None, should_stop: Callable[[], bool] | None
    ) -> TrainedHead:
        start, labels, text = self.start.of(part), self.snapshot.labels, self.snapshot.text
        members = self._members(part)
        rows, others = np.flatnonzero(members), np.flatnonzero(~members)
        measured = on_event is not None and len(others) > 0
        result = train_on_patches(
            start.model,
            self._patches(rows, start),
            labels[rows],
            text,
            options=self.options,
            prompt_delta=start.delta,
            validation=(self._patches(others, start), labels[others]) if measured else None,
            folder=None if self.work is None else self.work / ("all" if part is None else f"fold-{part}"),
            device=self.device,
            on_event=None if on_event is None else lambda event: on_event(part, event),
            should_stop=should_stop,
        )
        if result.stopped and (part is not None or not result.epochs_done):
            raise TuningStoppedError
        head = Head(result.model, result.prompt_delta, start.tokens)
        sample = self.source.patches(evenly_spread(self.source.ids), head.tokens)
        return TrainedHead(head, result, *scales(head, text, sample, self.device))
