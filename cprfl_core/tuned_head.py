"""A tuned head and what it is fed, and its logits over many images, batch by batch.

Shapes: R images, C categories, D joint width, P patches, W patch width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cprfl_core.aligned import GlobalTokens
from cprfl_core.errors import InputError
from cprfl_core.feature_store import FeatureStore
from cprfl_core.model import CPRFL
from cprfl_core.model_files import LoadedModel
from cprfl_core.patch_tokens import PatchTokens

TokenKind = Literal["patches", "with global"]

SAMPLE: Final = 512
"""Images of the collection that scales are taken from."""
_BATCH: Final = 128

Taker = Callable[[slice, NDArray[np.float32]], None]


@dataclass(frozen=True, slots=True)
class Head:
    """``delta`` [C,D] or None; ``tokens`` says what it is fed."""

    model: CPRFL
    delta: Tensor | None
    tokens: TokenKind


def provider(store: FeatureStore, tokens: PatchTokens, kind: TokenKind) -> Any:
    """Patches as a head of this kind takes them, row by row as in ``tokens``."""
    return (
        tokens if kind == "patches" else GlobalTokens(tokens, store.embeddings(tokens.ids).astype(np.float32))
    )


def sampled(store: FeatureStore) -> PatchTokens:
    """The tokens of up to SAMPLE images, evenly spread over the collection."""
    ids = store.ids()[store.has_patches()]
    if len(ids) > SAMPLE:
        ids = ids[np.linspace(0, len(ids) - 1, SAMPLE).astype(np.int64)]
    return store.patch_tokens(ids)


def fits(loaded: LoadedModel, store: FeatureStore) -> bool:
    """Whether the head was trained on patch tokens such as the store holds."""
    return (loaded.card.get("backbone"), loaded.card.get("basis")) == (store.key, store.basis_key)


def check_fits(loaded: LoadedModel, store: FeatureStore, folder: Path) -> None:
    """Raise InputError unless the head was tuned on patch tokens such as the store holds."""
    if not fits(loaded, store):
        raise InputError(
            f"The version in {folder} was tuned on tokens of {loaded.card.get('backbone')} in the basis "
            f"{loaded.card.get('basis')}, and the features are of {store.key} in "
            f"{store.basis_key}; tune it anew."
        )


def score_all(
    head: Head,
    text: NDArray[np.float32],
    patches: Any,
    *,
    device: str = "cpu",
    take: Taker | None = None,
) -> NDArray[np.float32]:
    """Logits float32 [R,C] of all rows of a patch provider; with ``take`` each batch goes there instead.

    Raises FeatureStoreError when features turn out to be damaged.
    """
    count = int(patches.shape[0])
    scorer = head.model.fold(torch.from_numpy(text), head.delta, patches=int(patches.shape[1])).to(device)
    kept: list[NDArray[np.float32]] = [np.empty((0, len(text)), np.float32)]
    for start in range(0, count, _BATCH):
        rows = slice(start, min(start + _BATCH, count))
        batch = torch.as_tensor(patches.batch(np.arange(rows.start, rows.stop))).to(device).float()
        logits = scorer(batch).cpu().numpy()
        if take is None:
            kept.append(logits)
        else:
            take(rows, logits)
    return np.concatenate(kept)


def scales(
    head: Head,
    text: NDArray[np.float32],
    store: FeatureStore,
    sample: PatchTokens,
    device: str = "cpu",
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation [C] of a head's logits over a sample of the collection."""
    logits = score_all(head, text, provider(store, sample, head.tokens), device=device)
    return logits.mean(axis=0), logits.std(axis=0)
