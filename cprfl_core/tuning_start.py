"""Where the tuning of a head starts: its parent version, a pretrained head, the text score, or nothing.

Shapes: C categories, D joint width, T text width, W patch width.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from cprfl_core.aligned import aligned_start
from cprfl_core.errors import CoreError, InputError
from cprfl_core.feature_store import FeatureStore
from cprfl_core.metrics import average_precision
from cprfl_core.model import CPRFL
from cprfl_core.model_files import load_model
from cprfl_core.tuned_head import Head, check_fits, fits, provider, sampled, score_all
from cprfl_core.tuning_snapshot import TuningSnapshot

FRESH_SIZES: Final[dict[str, Any]] = {"dim": 128, "heads": 4, "dim_head": 32, "mlp_dim": 256}
BEST_PATCHES: Final = 0.5
"""Share of the best patches in a start from the text, beside the whole image: docs/decisions/0171."""

CLEARLY_WORSE: Final = 0.8
"""A pretrained head is tuned from unless its mAP is below this share of the text's: docs/decisions/0220."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """``words`` go on a sentence that begins with "started from"; ``fresh``: its weights are random.

    ``epochs`` and ``rate`` suit such a start; a higher rate destroys what it knows.
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
    """The best start there is, and a sentence for each better one that cannot be used.

    Equal seeds give equal starts, on which the resumption of a run depends.
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
        return known or by_text or _fresh(snapshot, store), notes
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
    """Each fold goes on from the head that has not seen it, so evidence stays out of fold for good."""
    whole = _loaded(folder, snapshot, store)
    held = {fold: path for fold in snapshot.fold_numbers if (path := fold_folder(folder, fold)).exists()}
    missing = [fold for fold in snapshot.fold_numbers if fold not in held]
    if missing:
        raise InputError(
            f"The version in {folder} has no head for fold {missing[0]}, so what is tuned from it could not "
            "be judged; tuning starts anew."
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

    It is fed tokens with global ones. Raises InputError as `aligned_start` does.
    """
    tokens = sampled(store)
    return aligned_start(
        torch.from_numpy(tokens.batch(np.arange(len(tokens)))),
        torch.from_numpy(store.embeddings(tokens.ids).astype(np.float32)),
        text,
        best=BEST_PATCHES,
        dropout=0.0,
    )


def _fresh(snapshot: TuningSnapshot, store: FeatureStore) -> Start:
    model = CPRFL(**_widths(snapshot, store), interaction="cross", **FRESH_SIZES)
    return Start(Head(model, None, "patches"), {}, "random weights", fresh=True, epochs=20, rate=1e-3)


def _widths(snapshot: TuningSnapshot, store: FeatureStore) -> dict[str, Any]:
    assert store.patch_shape is not None
    return {"backbone_dim": store.patch_shape[1], "text_dim": snapshot.text.shape[1]}


def _loaded(folder: Path, snapshot: TuningSnapshot, store: FeatureStore) -> Head:
    """A head of a version, its prompt deltas brought to the categories of the snapshot."""
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
