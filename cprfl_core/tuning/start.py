"""Where tuning starts: at the parent version, a pretrained head, the text score, or random weights.

Shapes: C categories, D joint width, T text width, W patch width.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from cprfl_core.common.errors import CoreError, InputError
from cprfl_core.evaluation.metrics import average_precision
from cprfl_core.features.store import FeatureStore
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.model_files import load_model
from cprfl_core.model.text_init import aligned_start
from cprfl_core.tuning.head import Head, check_fits, fits, provider, sampled, score_all
from cprfl_core.tuning.snapshot import TuningSnapshot

FRESH_SIZES: Final[dict[str, Any]] = {"dim": 128, "heads": 4, "dim_head": 32, "mlp_dim": 256}
"""A slim head: a wider one takes three times as long and adds nothing to the closed-form learners."""

BEST_PATCHES: Final = 0.5
"""Share of the best patches in a start from the text, beside the whole image: docs/decisions/0171."""

CLEARLY_WORSE: Final = 0.8
"""A pretrained head is tuned from unless its mAP is below this share of the text's: docs/decisions/0171."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """``words`` follow "started from" in a sentence; ``fresh``: its weights are random.

    ``epochs`` and ``rate`` suit such a start; a higher rate destroys what it has learned before.
    """

    whole: Head
    folds: dict[int, Head]
    words: str
    fresh: bool = False
    epochs: int = 6
    rate: float = 1e-4

    def of(self, fold: int | None) -> Head:
        """The head that has seen no label of this fold; None for the run over all images."""
        return self.whole if fold is None else self.folds.get(fold, self.whole)


def fold_folder(version: Path, fold: int) -> Path:
    return version / f"fold-{fold}"


def choose_start(
    snapshot: TuningSnapshot,
    store: FeatureStore,
    *,
    parent: Path | None,
    pretrained: Path | None,
    seed: int,
) -> tuple[Start, list[str]]:
    """The best start available, and a sentence for each better one that cannot be used.

    Equal seeds give equal starts, which resuming a run depends on.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return _choose(snapshot, store, parent, pretrained)


def _choose(
    snapshot: TuningSnapshot, store: FeatureStore, parent: Path | None, pretrained: Path | None
) -> tuple[Start, list[str]]:
    notes: list[str] = []
    if parent is not None:
        found = _attempt(lambda: _from_parent(parent, snapshot, store), notes)
        if found is not None:
            return found, notes
    by_text = _attempt(lambda: _from_text(snapshot, store), notes)
    known = None
    if pretrained is not None:
        known = _attempt(lambda: _from_pretrained(pretrained, snapshot, store), notes)
    if by_text is None or known is None:
        return known or by_text or _random(**_widths(snapshot, store)), notes
    worth, least = (_worth(one.whole, snapshot, store) for one in (known, by_text))
    return known if worth >= CLEARLY_WORSE * least else by_text, notes


def _worth(head: Head, snapshot: TuningSnapshot, store: FeatureStore) -> float:
    """Mean average precision of an untuned head on the labelled images, none of which it has seen."""
    patches = provider(store, store.patch_tokens(snapshot.image_ids), head.tokens)
    logits = score_all(head, snapshot.text, patches)
    found = average_precision(logits, snapshot.labels)
    return float(np.nanmean(found)) if np.isfinite(found).any() else 0.0


def _attempt(make: Any, notes: list[str]) -> Start | None:
    try:
        found: Start = make()
    except CoreError as error:
        log.warning("a start of tuning cannot be used: %s", error)
        notes.append(str(error))
        return None
    return found


def _from_parent(folder: Path, snapshot: TuningSnapshot, store: FeatureStore) -> Start:
    """Each fold continues from the head that has not seen it, so scores stay out of fold over generations."""
    whole = _loaded(folder, snapshot, store)
    held = {fold: path for fold in snapshot.fold_numbers if (path := fold_folder(folder, fold)).exists()}
    missing = [fold for fold in snapshot.fold_numbers if fold not in held]
    if missing:
        raise InputError(
            f"The version in {folder} has no head for fold {missing[0]}, so what is tuned from it could not "
            "be judged; tuning starts from scratch."
        )
    folds = {fold: _loaded(path, snapshot, store) for fold, path in held.items()}
    return Start(whole, folds, "the active version")


def _from_pretrained(folder: Path, snapshot: TuningSnapshot, store: FeatureStore) -> Start:
    loaded = load_model(folder, expected={"text_dim": snapshot.text.shape[1]})
    if not fits(loaded, store):
        raise InputError(
            f"The pretrained head in {folder} belongs to the backbone {loaded.card.get('backbone')} in the "
            f"basis {loaded.card.get('basis')}, and the features to {store.key} in "
            f"{store.basis_key}; tuning starts from the text."
        )
    head = Head(loaded.model, None, loaded.card["tokens"])
    return Start(head, {}, "the pretrained head of the backbone", epochs=10)


def _from_text(snapshot: TuningSnapshot, store: FeatureStore) -> Start:
    model = text_start(store, torch.from_numpy(snapshot.text))
    return Start(Head(model, None, "with global"), {}, "the text score of the backbone")


def text_start(store: FeatureStore, text: Tensor) -> CPRFL:
    """The head whose scores are the text score over this collection, for texts [C, T] (decision 0142).

    It reads tokens "with global". Raises InputError as `aligned_start`.
    """
    tokens = sampled(store)
    return aligned_start(
        torch.from_numpy(tokens.batch(np.arange(len(tokens)))),
        torch.from_numpy(store.in_text_space(tokens.ids)),
        text,
        best=BEST_PATCHES,
        dropout=0.0,
    )


def start_on_arrays(patch_width: int, text_width: int, make: Callable[[], CPRFL] | None, seed: int) -> Start:
    """The start without a feature store: the head that ``make`` returns, by default one of random weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if make is not None:
            return Start(Head(make(), None, "patches"), {}, "the given head")
        return _random(patch_width, text_width)


def _random(backbone_dim: int, text_dim: int) -> Start:
    model = CPRFL(backbone_dim=backbone_dim, text_dim=text_dim, interaction="cross", **FRESH_SIZES)
    return Start(Head(model, None, "patches"), {}, "random weights", fresh=True, epochs=20, rate=1e-3)


def _widths(snapshot: TuningSnapshot, store: FeatureStore) -> dict[str, int]:
    assert store.patch_shape is not None
    return {"backbone_dim": store.patch_shape[1], "text_dim": snapshot.text.shape[1]}


def _loaded(folder: Path, snapshot: TuningSnapshot, store: FeatureStore) -> Head:
    """A head of a version, with its prompt deltas in the order of the snapshot's categories."""
    loaded = load_model(folder, expected={"text_dim": snapshot.text.shape[1]})
    check_fits(loaded, store, folder)
    delta = None
    if loaded.prompt_delta is not None:
        row_of = {int(one): row for row, one in enumerate(loaded.card["category_ids"])}
        delta = torch.zeros(len(snapshot.category_ids), loaded.model.dim)
        for at, category_id in enumerate(snapshot.category_ids.tolist()):
            if category_id in row_of:
                delta[at] = loaded.prompt_delta[row_of[category_id]]
    return Head(loaded.model, delta, loaded.card["tokens"])
