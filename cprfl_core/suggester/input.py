"""Checks of a suggester's input: its collection, images from outside, later images and categories.

Shapes: N images of the collection, M images to predict, P patches, W patch width, D embedding width, C
categories, T text width.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.errors import InputError

Singles = NDArray[np.float32]

_CHUNK_ROWS = 512
_COSINE_ERROR = 1e-3


@dataclass(frozen=True, slots=True)
class Collection:
    """``embeddings`` [N, D]; ``labels`` int8 [N, C]; ``names`` of the categories; ``text`` [C, T] or None, a
    row of NaN for a category without a text; ``zero_shot`` [N, C] or None, NaN where there is no score;
    ``aligned``: text scores are cosines of embeddings and texts, so they can be computed."""

    embeddings: Singles
    labels: NDArray[np.int8]
    names: list[str]
    text: Singles | None
    zero_shot: Singles | None
    aligned: bool

    def text_of(self, vectors: Singles) -> Singles | None:
        """Text scores [M, C] of embeddings [M, D]; None where they cannot be computed."""
        return cosines(vectors, self.text) if self.aligned and self.text is not None else None

    def with_image(self, vector: Singles, zero_shot: ArrayLike | None) -> "Collection":
        """With one more image, [D], unknown for every category, with text scores [1, C] or without."""
        text = self.zero_shot
        if text is not None:
            row = np.full((1, text.shape[1]), np.nan, np.float32) if zero_shot is None else zero_shot
            text = np.concatenate([text, np.asarray(row, dtype=np.float32)])
        return replace(
            self,
            embeddings=np.concatenate([self.embeddings, vector[None]]),
            labels=np.concatenate([self.labels, np.full((1, len(self.names)), -1, dtype=np.int8)]),
            zero_shot=text,
        )

    def with_category(
        self, name: str, text_feature: ArrayLike | None, zero_shot: ArrayLike | None
    ) -> "Collection":
        """With one more category, unknown everywhere. Raises InputError."""
        if name in self.names:
            raise InputError(f"There is a category {name!r} already; give another name.")
        count = len(self.names)
        text = self.text
        if text_feature is not None:
            row = finite(text_feature, "The text feature", 1)
            if text is None:
                text = np.full((count, len(row)), np.nan, np.float32)
            if len(row) != text.shape[1]:
                raise InputError(f"A text feature has {text.shape[1]} numbers here, got {len(row)}.")
            text = np.concatenate([text, row[None]])
        elif text is not None:
            text = np.concatenate([text, np.full((1, text.shape[1]), np.nan, np.float32)])
        column = np.full(len(self.embeddings), np.nan, dtype=np.float32)
        if zero_shot is not None:
            column = finite(zero_shot, "The text scores of a category", 1)
            if len(column) != len(self.embeddings):
                raise InputError(f"{len(column)} text scores do not fit {len(self.embeddings)} images.")
        elif self.aligned and text is not None:
            column = cosines(self.embeddings, text[-1:])[:, 0]
        scores = self.zero_shot
        if scores is not None or zero_shot is not None:
            before = np.full((len(column), count), np.nan, np.float32) if scores is None else scores
            scores = np.concatenate([before, column[:, None]], axis=1)
        unknown = np.full((len(self.labels), 1), -1, dtype=np.int8)
        labels = np.concatenate([self.labels, unknown], axis=1)
        return replace(self, labels=labels, names=[*self.names, name], text=text, zero_shot=scores)


def checked_collection(
    patches: ArrayLike | None,
    labels: ArrayLike,
    *,
    text_features: ArrayLike | None,
    embeddings: ArrayLike | None,
    zero_shot: ArrayLike | None,
    names: Sequence[str] | None,
) -> Collection:
    """Check the arguments of `Suggester.fit`. Raises InputError, which says what does not fit."""
    state = checked_states(labels)
    if state.ndim != 2 or not state.shape[0] or not state.shape[1]:
        raise InputError(f"Labels must be [images, categories] with at least one of each, got {state.shape}.")
    images, count = state.shape
    vectors = embeddings_of(patches, embeddings)
    if len(vectors) != images:
        raise InputError(f"{len(vectors)} embeddings do not fit labels of {images} images.")
    if patches is not None and len(np.asarray(patches)) != images:
        raise InputError(f"Patches of {len(np.asarray(patches))} images do not fit labels of {images}.")
    text = None if text_features is None else finite(text_features, "Text features", 2)
    if text is not None and len(text) != count:
        raise InputError(f"{len(text)} text features do not fit {count} categories.")
    scores = None if zero_shot is None else text_scores(zero_shot, (images, count))
    called = [str(at) for at in range(count)] if names is None else list(names)
    if len(called) != count or len(set(called)) != count:
        raise InputError(f"{count} categories need {count} different names, got {len(set(called))}.")
    aligned = (
        scores is not None
        and text is not None
        and text.shape[1] == vectors.shape[1]
        and bool(np.nanmax(np.abs(cosines(vectors, text) - scores), initial=0.0) < _COSINE_ERROR)
    )
    return Collection(vectors, state.astype(np.int8), called, text, scores, aligned)


def checked_outside(
    data: Collection,
    patches: ArrayLike | None,
    embeddings: ArrayLike | None,
    zero_shot: ArrayLike | None,
) -> tuple[NDArray[Any] | None, Singles, Singles | None]:
    """Check the arguments of `Suggester.predict_proba`. Raises InputError."""
    vectors = embeddings_of(patches, embeddings)
    if vectors.shape[1] != data.embeddings.shape[1]:
        raise InputError(
            f"Embeddings have width {vectors.shape[1]}, and those learned from {data.embeddings.shape[1]}."
        )
    shown = None if patches is None else np.asarray(patches)
    if shown is not None and len(shown) != len(vectors):
        raise InputError(f"Patches of {len(shown)} images do not fit {len(vectors)} embeddings.")
    if zero_shot is not None:
        return shown, vectors, text_scores(zero_shot, (len(vectors), len(data.names)), whole=False)
    text = data.text_of(vectors)
    if text is None and data.zero_shot is not None:
        raise InputError("This suggester was fitted with text scores; give zero_shot for these images too.")
    return shown, vectors, text


def checked_states(labels: ArrayLike) -> NDArray[np.int8]:
    """Check that labels are in {1, 0, -1}. Raises InputError."""
    given = np.asarray(labels)
    if not np.isin(given, (-1, 0, 1)).all():
        raise InputError("A label is 1 (yes), 0 (no) or -1 (unknown).")
    return given.astype(np.int8)


def embeddings_of(patches: ArrayLike | None, embeddings: ArrayLike | None) -> Singles:
    """Embeddings [M, D], by default the mean of patches [M, P, W]; finite. Raises InputError."""
    if embeddings is not None:
        return finite(embeddings, "Embeddings", 2)
    if patches is None:
        raise InputError("Give patches, embeddings, or both.")
    given = np.asarray(patches)
    if given.ndim != 3 or not given.shape[1] or not given.shape[2]:
        raise InputError(f"Patches must be [images, patches, width], got {given.shape}.")
    means = np.empty((len(given), given.shape[2]), dtype=np.float32)
    for start in range(0, len(given), _CHUNK_ROWS):
        chunk = given[start : start + _CHUNK_ROWS].astype(np.float64)
        means[start : start + _CHUNK_ROWS] = chunk.mean(axis=1)
    return finite(means, "Patches", 2)  # NaN or infinity in a patch is also in the mean


def text_scores(zero_shot: ArrayLike, shape: tuple[int, int], *, whole: bool = True) -> Singles:
    """Check text scores [N, C]; NaN means no text, with ``whole`` in all of a column. Raises InputError."""
    given = np.asarray(zero_shot, dtype=np.float32)
    if given.shape != shape:
        raise InputError(f"Text scores {given.shape} must be {shape} here.")
    absent = np.isnan(given)
    if np.isinf(given).any() or (whole and (absent.any(axis=0) != absent.all(axis=0)).any()):
        raise InputError("A category has finite text scores on all images, or NaN on all of them.")
    return given


def finite(values: ArrayLike, what: str, dimensions: int) -> Singles:
    """As float32. Raises InputError for another number of dimensions or a value that is not finite."""
    given = np.asarray(values, dtype=np.float32)
    if given.ndim != dimensions or (dimensions > 1 and not given.shape[1]):
        raise InputError(f"{what} must have {dimensions} dimensions that are not empty, got {given.shape}.")
    sound = np.isfinite(given)
    if not sound.all():
        place = tuple(int(i) for i in np.argwhere(~sound)[0])
        raise InputError(f"{what}: NaN or infinity at {place}.")
    return given


def cosines(vectors: Singles, text: Singles) -> Singles:
    """Cosines [M, C] of embeddings [M, D] and texts [C, D]; NaN for a text of NaN."""
    left = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    right = text / np.maximum(np.linalg.norm(text, axis=1, keepdims=True), 1e-12)
    found: Singles = (left @ right.T).astype(np.float32)
    return found
