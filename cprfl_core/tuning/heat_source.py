"""Heat maps of indexed images from their stored patch tokens, by a tuned head or by the text alone.

The head of one version and the start from the text stay in memory, each folded once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from cprfl_core.common.errors import FeatureStoreError, InputError, ModelFileError
from cprfl_core.features.store import FeatureStore
from cprfl_core.images.preprocessing import layout_of_key
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.folded_scorer import FoldedScorer
from cprfl_core.model.heat_map import HeatGrid, heat_grid
from cprfl_core.model.model_files import load_model
from cprfl_core.tuning.head import TokenKind, check_fits, provider
from cprfl_core.tuning.start import text_start

Source = Literal["tuned", "text"]


@dataclass(frozen=True, slots=True)
class _Scorer:
    """``columns``: from the id of a category, or the key of its text, to its column."""

    folded: FoldedScorer
    tokens: TokenKind
    columns: dict[int | str, int]


class HeatSource:
    """The heat maps of one feature folder. Not thread-safe."""

    def __init__(self, folder: Path, key: str) -> None:
        """Raises FeatureStoreError where the folder belongs to another backbone."""
        self.store = FeatureStore(folder, key=key)
        self._version: tuple[Path, _Scorer] | None = None
        self._text: tuple[tuple[str | None, tuple[str, ...], int], _Scorer] | None = None

    def grid(
        self,
        image: int,
        category: int,
        text: str,
        image_size: tuple[int, int],
        version: Path | None = None,
    ) -> tuple[HeatGrid, Source]:
        """The heat map of one category on one image, and what it comes from.

        ``version`` is the folder of a tuned head; without one, or where it does not know the category, the
        map comes from the text with the key ``text``. Raises FeatureStoreError for an image without patch
        tokens, ModelFileError for a damaged version, InputError where there can be no map.
        """
        self.store.refresh()
        known = self.store.ids()[self.store.has_patches()]
        if image not in known:
            raise FeatureStoreError(
                "There is no heat map for this image, because no patch tokens of it are stored. Compute the "
                "features again, with them."
            )
        scorer, column, source = self._choose(category, text, version)
        tokens = self.store.patch_tokens([image])
        patches = torch.as_tensor(provider(self.store, tokens, scorer.tokens).batch(np.arange(1)))[0]
        layout = layout_of_key(self.store.key or "")
        return heat_grid(scorer.folded, patches, column, tokens.grid, layout, image_size), source

    def _choose(self, category: int, text: str, version: Path | None) -> tuple[_Scorer, int, Source]:
        if version is not None:
            tuned = self._of_version(version)
            if category in tuned.columns:
                return tuned, tuned.columns[category], "tuned"
        start = self._of_text()
        if text not in start.columns:
            raise InputError(
                "There is no heat map for this category: the model knows neither its text nor enough of its "
                "labels. Train a version, or use a backbone that reads text."
            )
        return start, start.columns[text], "text"

    def _of_version(self, folder: Path) -> _Scorer:
        if self._version is None or self._version[0] != folder:
            loaded = load_model(folder)
            check_fits(loaded, self.store, folder)
            if loaded.text_features is None:
                raise ModelFileError(
                    f"The version in {folder} names no categories, so it was not made by tuning."
                )
            columns: dict[int | str, int] = {
                int(one): column for column, one in enumerate(loaded.card["category_ids"])
            }
            kind: TokenKind = loaded.card["tokens"]
            scorer = self._fold(loaded.model.eval(), loaded.text_features, loaded.prompt_delta, kind)
            self._version = folder, _Scorer(scorer, kind, columns)
        return self._version[1]

    def _of_text(self) -> _Scorer:
        """The start of tuning, whose scores are the text score (docs/decisions/0142)."""
        keys, matrix = self.store.load_text()
        usable = [row for row in range(len(keys)) if np.isfinite(matrix[row]).all() and matrix[row].any()]
        if not usable:
            raise InputError(
                "There are no heat maps with this model: it reads no text. Train a version to see them."
            )
        stamp = self.store.basis_key, tuple(keys), len(self.store)
        if self._text is None or self._text[0] != stamp:
            text = torch.from_numpy(matrix[usable])
            model = text_start(self.store, text)
            columns: dict[int | str, int] = {keys[row]: column for column, row in enumerate(usable)}
            self._text = stamp, _Scorer(self._fold(model, text, None, "with global"), "with global", columns)
        return self._text[1]

    def _fold(
        self,
        model: CPRFL,
        text: torch.Tensor,
        delta: torch.Tensor | None,
        kind: TokenKind,
    ) -> FoldedScorer:
        assert self.store.patch_shape is not None
        count = self.store.patch_shape[0] + (kind == "with global")
        return model.fold(text, delta, patches=count)
