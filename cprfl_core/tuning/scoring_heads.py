"""Trained heads that score images from outside the collection, in memory and on the disk.

Shapes: M images, P patches, W patch width, C categories, T text width, F heads.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cprfl_core.common.errors import ModelFileError
from cprfl_core.model.model_files import LoadedModel, load_model, save_model
from cprfl_core.tuning.folds import TrainedHead
from cprfl_core.tuning.head import ArrayPatches, Head, score_all
from cprfl_core.tuning.scores import LEAST_SPREAD

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoringHeads:
    """Heads for the categories of ``text`` [C, T]; ``means`` and ``spreads`` [F, C] standardise their logits.

    There is one head, of all labelled images. Suggesters saved by format 1 have one for each fold instead.
    """

    heads: tuple[Head, ...]
    text: NDArray[np.float32]
    means: Floats
    spreads: Floats

    @classmethod
    def of(cls, trained: TrainedHead, text: NDArray[np.float32]) -> ScoringHeads:
        mean, spread = (values[None].astype(np.float64) for values in (trained.mean, trained.spread))
        return cls((trained.head,), text, mean, spread)

    def scores(self, patches: NDArray[Any]) -> Floats:
        """Standardised logits [M, C] of patches [M, P, W]: the mean over the heads."""
        source = ArrayPatches(patches)
        each = [
            (score_all(head, self.text, source.patches(source.ids, head.tokens)) - mean)
            / np.maximum(spread, LEAST_SPREAD)
            for head, mean, spread in zip(self.heads, self.means, self.spreads, strict=True)
        ]
        found: Floats = np.mean(each, axis=0)
        return found

    def save(self, folder: Path) -> list[str]:
        """One folder for each head; returns their digests. Raises ModelFileError."""
        text = torch.from_numpy(self.text)
        return [
            save_model(
                folder / f"head-{at}",
                head.model,
                text,
                head.delta,
                {"means": mean.tolist(), "spreads": spread.tolist()},
            )
            for at, (head, mean, spread) in enumerate(zip(self.heads, self.means, self.spreads, strict=True))
        ]

    @classmethod
    def load(cls, folder: Path, digests: list[str]) -> ScoringHeads:
        """Raises ModelFileError where a head is gone, damaged, or not the one that was saved."""
        loaded = [load_model(folder / f"head-{at}") for at in range(len(digests))]
        for at, (one, digest) in enumerate(zip(loaded, digests, strict=True)):
            if one.digest != digest or one.text_features is None:
                raise ModelFileError(f"{folder / f'head-{at}'} is not the head that was saved with the rest.")
        text = loaded[0].text_features
        assert text is not None
        means, spreads = (_of_cards(folder, loaded, name, len(text)) for name in ("means", "spreads"))
        heads = tuple(Head(one.model, one.prompt_delta, "patches") for one in loaded)
        return cls(heads, text.numpy(), means, spreads)


def _of_cards(folder: Path, loaded: list[LoadedModel], name: str, count: int) -> Floats:
    try:
        found: Floats = np.array([one.card[name] for one in loaded], np.float64).reshape(len(loaded), count)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFileError(f"The cards of the heads in {folder} lack their scales ({error}).") from error
    return found
