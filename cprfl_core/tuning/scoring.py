"""Scores of a tuned head over many images, batch by batch.

Shapes: R images, C categories, T text width.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.device import choose_device
from cprfl_core.common.errors import InputError, ModelFileError
from cprfl_core.features.store import FeatureStore
from cprfl_core.model.model_files import load_model
from cprfl_core.tuning.head import Head, check_fits, provider, standardised_scores
from cprfl_core.tuning.scores import TunedScores


def score_images(
    version: Path,
    store: FeatureStore,
    ids: NDArray[np.int64] | None = None,
    *,
    device: str | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> TunedScores:
    """Standardised scores of these images, or of all with patch tokens, by a version's head of all images.

    Raises ModelFileError for a damaged version, InputError for one of other features, FeatureStoreError.
    """
    place = choose_device(device).device
    loaded = load_model(version)
    check_fits(loaded, store, version)
    card = loaded.card
    if loaded.text_features is None:
        raise ModelFileError(f"The version in {version} names no categories, so it was not made by tuning.")
    head = Head(loaded.model, loaded.prompt_delta, card["tokens"])
    mean, spread = (np.array(card[name], np.float32) for name in ("mean", "spread"))
    tokens = store.patch_tokens(ids)
    if (np.diff(tokens.ids) <= 0).any():
        raise InputError("The images to score must be in ascending order, each once.")
    values = standardised_scores(
        head,
        loaded.text_features.numpy(),
        provider(store, tokens, head.tokens),
        mean,
        spread,
        device=place,
        on_progress=on_progress,
    )
    category_ids = np.array(card["category_ids"], np.int64)
    return TunedScores(tokens.ids, category_ids, values, np.full(len(tokens), -1, np.int8))
