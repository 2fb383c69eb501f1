"""Scores of a tuned head over many images, batch by batch.

Shapes: R images, C categories, T text width.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from cprfl_core.errors import InputError, ModelFileError
from cprfl_core.feature_store import FeatureStore
from cprfl_core.model_files import load_model
from cprfl_core.patch_tokens import PatchTokens
from cprfl_core.tuned_scores import TunedScores, standardised
from cprfl_core.tuning_start import Head, check_fits, provider

_BATCH: Final = 128

Taker = Callable[[slice, NDArray[np.float32]], None]


def score_all(
    head: Head, text: NDArray[np.float32], patches: Any, *, take: Taker | None = None
) -> NDArray[np.float32]:
    """Logits float32 [R,C] of all rows of a patch provider; with ``take`` each batch goes there instead.

    Raises FeatureStoreError when features turn out to be damaged.
    """
    count = int(patches.shape[0])
    scorer = head.model.fold(torch.from_numpy(text), head.delta, patches=int(patches.shape[1]))
    kept: list[NDArray[np.float32]] = [np.empty((0, len(text)), np.float32)]
    for start in range(0, count, _BATCH):
        rows = slice(start, min(start + _BATCH, count))
        batch = torch.as_tensor(patches.batch(np.arange(rows.start, rows.stop))).float()
        logits = scorer(batch).numpy()
        if take is None:
            kept.append(logits)
        else:
            take(rows, logits)
    return np.concatenate(kept)


def scales(
    head: Head, text: NDArray[np.float32], store: FeatureStore, sample: PatchTokens
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation [C] of a head's logits over a sample of the collection."""
    logits = score_all(head, text, provider(store, sample, head.tokens))
    return logits.mean(axis=0), logits.std(axis=0)


def score_images(
    version: Path,
    store: FeatureStore,
    ids: NDArray[np.int64] | None = None,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> TunedScores:
    """Standardised scores of these images, or of all with patch tokens, by a version's head of all images.

    Raises ModelFileError for a damaged version, InputError for one of other features, FeatureStoreError.
    """
    loaded = load_model(version)
    check_fits(loaded, store, version)
    card = loaded.card
    if loaded.text_features is None:
        raise ModelFileError(f"The version in {version} names no categories; it was not made by tuning.")
    head = Head(loaded.model, loaded.prompt_delta, card["tokens"])
    mean, spread = (np.array(card[name], np.float32) for name in ("mean", "spread"))
    tokens = store.patch_tokens(ids)
    if (np.diff(tokens.ids) <= 0).any():
        raise InputError("The images to score have to be given in ascending order, each once.")
    values = np.empty((len(mean), len(tokens)), np.float16)

    def take(rows: slice, logits: NDArray[np.float32]) -> None:
        values[:, rows] = standardised(logits, mean, spread).T
        if on_progress is not None:
            on_progress(rows.stop, len(tokens))

    score_all(head, loaded.text_features.numpy(), provider(store, tokens, head.tokens), take=take)
    category_ids = np.array(card["category_ids"], np.int64)
    return TunedScores(tokens.ids, category_ids, values, np.full(len(tokens), -1, np.int8))
