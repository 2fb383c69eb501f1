"""CPRFL as a part of a suggester: trained by folds and judged as a version in the application is.

Imported only where CPRFL is tried: it needs torch. Shapes: N images, P patches, W patch width, C categories.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cprfl_core.evaluation.evidence import persistent_folds
from cprfl_core.evaluation.gate import PartVerdict
from cprfl_core.evaluation.queues import centred_units
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.suggester.input import Collection
from cprfl_core.training.options import TrainingOptions
from cprfl_core.tuning.folds import FoldTrainer, TuningStoppedError
from cprfl_core.tuning.head import ArrayPatches
from cprfl_core.tuning.held_out import HeldOutSuggestions, judge_on
from cprfl_core.tuning.plan import demand_enough, options_for, what_is_tuned
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.scoring_heads import ScoringHeads
from cprfl_core.tuning.snapshot import TuningSnapshot
from cprfl_core.tuning.start import start_on_arrays


@dataclass(frozen=True, slots=True)
class CprflPart:
    """``scores`` float32 [N, C] are standardised, and out of fold for labelled images.

    There are heads and scores only where the part has earned its place.
    """

    verdict: PartVerdict
    heads: ScoringHeads | None = None
    scores: NDArray[np.float32] | None = None


def train_part(
    data: Collection,
    patches: NDArray[Any],
    *,
    seed: int,
    options: TrainingOptions | None,
    start: Callable[[], CPRFL] | None,
    demanded: bool,
    exact_limit: int,
    should_stop: Callable[[], bool] | None,
) -> CprflPart | None:
    """Train on patches [N, P, W] and judge; None where it was stopped before every fold was done.

    Deterministic by ``seed``; the global random generators are left as they were. Raises InputError where
    there is too little to train on, and what `train_on_patches` raises. Where all labelled images are
    near-duplicates there is one fold and nothing to judge by; then None unless CPRFL was ``demanded``.
    """
    snapshot = snapshot_of(data)
    if not demanded and len(snapshot.fold_numbers) < 2:
        return None
    demand_enough(snapshot)
    begin = start_on_arrays(patches.shape[2], snapshot.text.shape[1], start, seed)
    if options is None:
        options = options_for(what_is_tuned(snapshot, begin)[0], begin, None, seed)
    trainer = FoldTrainer(snapshot, ArrayPatches(patches), begin, replace(options, seed=seed))
    try:
        _, held_out = trainer.train_folds(should_stop=should_stop)
        verdict = _judged(data, snapshot, held_out, exact_limit)
        if not verdict.earned:
            return CprflPart(verdict)
        whole = trainer.train_all(should_stop=should_stop)
    except TuningStoppedError:
        return None
    scores = trainer.score(whole, held_out)
    matrix = scores.matrix(scores.image_ids, scores.category_ids)
    return CprflPart(verdict, ScoringHeads.of(whole, snapshot.text), matrix)


def _judged(
    data: Collection, snapshot: TuningSnapshot, held_out: NDArray[np.float16], exact_limit: int
) -> PartVerdict:
    part = TunedScores(snapshot.image_ids, snapshot.category_ids, held_out.T, snapshot.folds.astype(np.int8))
    suggestions = HeldOutSuggestions(
        snapshot, np.arange(len(data.embeddings)), data.embeddings, data.zero_shot, exact_limit=exact_limit
    )
    return judge_on(snapshot, suggestions.scores(None), suggestions.scores(part))


def snapshot_of(data: Collection) -> TuningSnapshot:
    """The labelled images of a collection, whose ids are their rows.

    An embedding stands for the content of its image: equal ones are always in one fold.
    """
    assert data.text is not None
    rows = np.flatnonzero((data.labels >= 0).any(axis=1))
    units = centred_units(data.embeddings[rows], data.embeddings.mean(axis=0, dtype=np.float64))
    content = [hashlib.blake2b(data.embeddings[row].tobytes(), digest_size=16).hexdigest() for row in rows]
    folds, groups = persistent_folds(content, units)
    return TuningSnapshot(
        image_ids=rows,
        labels=data.labels[rows],
        category_ids=np.arange(len(data.names)),
        names=tuple(data.names),
        text=data.text,
        folds=folds.astype(np.int64),
        groups=groups.astype(np.int64),
        weights=np.ones(len(rows)),
    )
