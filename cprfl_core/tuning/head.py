"""A tuned head, the patches it reads, and its logits over many images, batch by batch.

Shapes: N images of a collection, R images, C categories, D joint width, P patches, W patch width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cprfl_core.common.errors import InputError
from cprfl_core.features.patch_tokens import PatchTokens
from cprfl_core.features.store import FeatureStore
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.model_files import LoadedModel
from cprfl_core.model.text_init import GlobalTokens
from cprfl_core.tuning.scores import standardised

TokenKind = Literal["patches", "with global"]

SAMPLE: Final = 512
"""Images of the collection from which scales are computed."""
_BATCH: Final = 128

Taker = Callable[[slice, NDArray[np.float32]], None]


@dataclass(frozen=True, slots=True)
class Head:
    """``delta`` [C, D] or None; ``tokens`` is the kind of patches that it reads."""

    model: CPRFL
    delta: Tensor | None
    tokens: TokenKind


class PatchSource(Protocol):
    """The patches of a collection."""

    @property
    def ids(self) -> NDArray[np.int64]:
        """The images that have patches, ascending, [N]."""
        ...

    def patches(self, ids: NDArray[np.int64], kind: TokenKind) -> Any:
        """A `PatchProvider` of these images in this order, for heads that read this kind.

        Raises FeatureStoreError for an image without patches.
        """
        ...


class StoredPatches:
    """The patches in a feature store, as they are when this is made."""

    def __init__(self, store: FeatureStore) -> None:
        self._store = store
        self.ids = store.ids()[store.has_patches()]

    def patches(self, ids: NDArray[np.int64], kind: TokenKind) -> Any:
        return provider(self._store, self._store.patch_tokens(ids), kind)


class ArrayPatches:
    """An array [N, P, W], perhaps memory-mapped; the id of an image is its row."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._values = values
        self.ids = np.arange(len(values))

    def patches(self, ids: NDArray[np.int64], _kind: TokenKind) -> Any:
        return _ArrayRows(self._values, ids)


@dataclass(frozen=True, eq=False, slots=True)
class _ArrayRows:
    """Some rows of an array as a `PatchProvider`, which does not copy them all."""

    values: NDArray[Any]
    rows: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, ...]:
        return len(self.rows), *self.values.shape[1:]

    def batch(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.asarray(self.values[self.rows[rows]], np.float32)


def provider(store: FeatureStore, tokens: PatchTokens, kind: TokenKind) -> Any:
    """Patches for a head that reads this kind, row by row as in ``tokens``."""
    return tokens if kind == "patches" else GlobalTokens(tokens, store.in_text_space(tokens.ids))


def sampled(store: FeatureStore) -> PatchTokens:
    """The tokens of up to SAMPLE images, evenly spread over the collection."""
    return store.patch_tokens(evenly_spread(store.ids()[store.has_patches()]))


def evenly_spread(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Up to SAMPLE of the images [N]."""
    return ids[np.linspace(0, len(ids) - 1, SAMPLE).astype(np.int64)] if len(ids) > SAMPLE else ids


def fits(loaded: LoadedModel, store: FeatureStore) -> bool:
    """Whether the head was trained on patch tokens such as the store holds."""
    return (loaded.card.get("backbone"), loaded.card.get("basis")) == (store.key, store.basis_key)


def check_fits(loaded: LoadedModel, store: FeatureStore, folder: Path) -> None:
    """Raise InputError unless the head was tuned on patch tokens such as the store holds."""
    if not fits(loaded, store):
        raise InputError(
            f"The version in {folder} was tuned on tokens of {loaded.card.get('backbone')} in the basis "
            f"{loaded.card.get('basis')}, and the features are of {store.key} in "
            f"{store.basis_key}; train again."
        )


def score_all(
    head: Head,
    text: NDArray[np.float32],
    patches: Any,
    *,
    device: str = "cpu",
    take: Taker | None = None,
) -> NDArray[np.float32]:
    """Logits float32 [R, C] of all rows of a patch provider; with ``take`` each batch is passed on instead.

    Raises FeatureStoreError where features are damaged.
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


def standardised_scores(
    head: Head,
    text: NDArray[np.float32],
    patches: Any,
    mean: NDArray[np.float32],
    spread: NDArray[np.float32],
    *,
    device: str = "cpu",
    on_progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float16]:
    """Scores float16 [C, R] of all rows of a patch provider, in units of ``spread`` [C] from ``mean`` [C].

    ``on_progress`` is called after each batch. Raises as `score_all`.
    """
    count = int(patches.shape[0])
    values = np.empty((len(text), count), np.float16)

    def take(rows: slice, logits: NDArray[np.float32]) -> None:
        values[:, rows] = standardised(logits, mean, spread).T
        if on_progress is not None:
            on_progress(rows.stop, count)

    score_all(head, text, patches, device=device, take=take)
    return values


def scales(
    head: Head, text: NDArray[np.float32], sample: Any, device: str = "cpu"
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation [C] of a head's logits over a sample, given as a patch provider."""
    logits = score_all(head, text, sample, device=device)
    return logits.mean(axis=0), logits.std(axis=0)
