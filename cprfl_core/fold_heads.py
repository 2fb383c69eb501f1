"""CPRFL as a part of a suggester: one head for each fold, each judged on what it has not seen.

Shapes: N images, M images from outside, P patches, W patch width, C categories, T text width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from cprfl_core.errors import InputError, ModelFileError
from cprfl_core.model import CPRFL
from cprfl_core.model_files import load_model, save_model
from cprfl_core.training import train_on_patches
from cprfl_core.training_options import TrainingOptions

Floats = NDArray[np.float64]

# A slim head: more width costs three times the time and gave nothing on top of the closed-form learners.
SIZES: Final[Mapping[str, Any]] = {"dim": 128, "heads": 4, "dim_head": 32, "mlp_dim": 256}
OPTIONS: Final = TrainingOptions(epochs=15, learning_rate=1e-3)
FOLDS: Final = 3
_SCORED_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class FoldHeads:
    """``heads`` speak about the categories of ``text_features`` [C, T]; ``means`` and ``spreads`` [F, C] of
    the logits that each of the F heads gave to images it had not seen."""

    heads: tuple[CPRFL, ...]
    text_features: NDArray[np.float32]
    means: Floats
    spreads: Floats

    def scores(self, patches: ArrayLike) -> Floats:
        """Standardised logits [M, C] of images from outside, [M, P, W]: the mean over the heads."""
        each = [
            (_logits(head, patches, self.text_features) - mean) / spread
            for head, mean, spread in zip(self.heads, self.means, self.spreads, strict=True)
        ]
        found: Floats = np.mean(each, axis=0)
        return found

    def save(self, folder: Path) -> list[str]:
        """One folder for each head; returns their digests. Raises ModelFileError."""
        text = torch.from_numpy(self.text_features)
        return [
            save_model(
                folder / f"head-{at}", head, text, card={"means": mean.tolist(), "spreads": spread.tolist()}
            )
            for at, (head, mean, spread) in enumerate(zip(self.heads, self.means, self.spreads, strict=True))
        ]

    @classmethod
    def load(cls, folder: Path, digests: list[str]) -> FoldHeads:
        """Raises ModelFileError where a head is gone, damaged, or not the one that was saved."""
        loaded = [load_model(folder / f"head-{at}") for at in range(len(digests))]
        for at, (one, digest) in enumerate(zip(loaded, digests, strict=True)):
            if one.digest != digest or one.text_features is None:
                raise ModelFileError(f"{folder / f'head-{at}'} is not the head that was saved with the rest.")
        text = loaded[0].text_features
        assert text is not None
        try:
            means, spreads = (
                np.array([one.card[name] for one in loaded], dtype=np.float64).reshape(len(loaded), len(text))
                for name in ("means", "spreads")
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelFileError(
                f"The cards of the heads in {folder} lack their scales ({error})."
            ) from error
        return cls(tuple(one.model for one in loaded), text.numpy(), means, spreads)


def train_fold_heads(
    patches: NDArray[Any],
    labels: NDArray[np.int8],
    text_features: NDArray[np.float32],
    *,
    seed: int,
    options: TrainingOptions | None = None,
    sizes: Mapping[str, Any] = SIZES,
    start: Callable[[], CPRFL] | None = None,
    folds: int = FOLDS,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[FoldHeads, Floats]:
    """Train a head for each fold on the other folds; returns the heads and scores [N, C] out of fold.

    Deterministic by ``seed``; the global generators are left as they were. ``start`` makes the weights that
    each head begins with (a pretrained or an aligned head); without it they are random.

    Raises:
        InputError: fewer labelled images than folds. Others as ``train_on_patches`` has them.
    """
    known = (labels >= 0).any(axis=1)
    if known.sum() < folds:
        raise InputError(f"{int(known.sum())} labelled images do not make {folds} folds.")
    fold = balanced_folds(labels, folds, seed)
    text = torch.from_numpy(text_features)
    heads, means, spreads = [], [], []
    out_of_fold = np.zeros(labels.shape)
    for number in range(folds):
        held = fold == number
        result = train_on_patches(
            start() if start else _fresh(patches.shape[2], text_features.shape[1], sizes, seed + number),
            patches[~held & known],
            labels[~held & known],
            text,
            options=replace(options or OPTIONS, seed=seed * folds + number),
            device="cpu",
            should_stop=should_stop,
        )
        logits = _logits(result.model, patches[held], text_features)
        means.append(logits.mean(axis=0))
        spread = logits.std(axis=0)
        spreads.append(np.where(spread > 1e-6, spread, 1.0))
        out_of_fold[held] = (logits - means[-1]) / spreads[-1]
        heads.append(result.model.eval())
    return FoldHeads(tuple(heads), text_features, np.array(means), np.array(spreads)), out_of_fold


def balanced_folds(labels: NDArray[np.int8], folds: int, seed: int) -> NDArray[np.intp]:
    """A fold [N] for each image. The yes of a rare category are spread over all of them.

    Images are dealt out in the order of their rarest yes, at random among equals.
    """
    yes = labels == 1
    rarest = np.where(yes, yes.sum(axis=0), len(labels) + 1).min(axis=1, initial=len(labels) + 1)
    which = np.where(yes, yes.sum(axis=0), len(labels) + 1).argmin(axis=1) if labels.shape[1] else rarest
    chance = np.random.default_rng(seed).random(len(labels))
    order = np.lexsort((chance, which, rarest))
    found = np.empty(len(labels), dtype=np.intp)
    found[order] = np.arange(len(labels)) % folds
    return found


def _fresh(width: int, text_width: int, sizes: Mapping[str, Any], seed: int) -> CPRFL:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return CPRFL(backbone_dim=width, text_dim=text_width, dropout=0.1, interaction="cross", **dict(sizes))


def _logits(head: CPRFL, patches: ArrayLike, text_features: NDArray[np.float32]) -> Floats:
    """Logits [M, C] in evaluation mode."""
    given = np.asarray(patches)
    with torch.no_grad():
        scorer = head.fold(torch.from_numpy(text_features))
        parts = [
            scorer(torch.from_numpy(np.ascontiguousarray(given[at : at + _SCORED_AT_ONCE], np.float32)))
            for at in range(0, len(given), _SCORED_AT_ONCE)
        ]
    width = len(text_features)
    return torch.cat(parts).double().numpy() if parts else np.zeros((0, width))
