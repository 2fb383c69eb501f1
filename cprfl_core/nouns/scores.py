"""Text scores of images with an ImageNet classifier: how well they fit the nouns that categories mean.

A classifier's row points from the mean of all classes towards its own. So the mean of the rows beneath a noun
is the noun's direction among the image features, and the sum of their probabilities is its own. The score is
a sum of both; alone each is worse (docs/decisions/0270). Shapes: N images, D embedding width, C categories,
K = 1,000 classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cprfl_core.nouns.classifier import Classifier
from cprfl_core.nouns.meaning import Meaning

Float32 = NDArray[np.float32]

# Weight of the cosine beside the logarithm of the probability: with it both have the same spread.
COSINE_WEIGHT = np.float32(40.0)
# Root mean square of CPRFL's texts, about that of CLIP's.
TEXT_SIZE = 0.3
_LEAST = np.float32(1e-30)
_BLOCK_ROWS = 4_096


@dataclass(frozen=True, eq=False)
class NounScores:
    """Scores images [N, D] of unit length for nouns."""

    classifier: Classifier

    def vectors(self, meanings: Sequence[Meaning | None]) -> Float32:
        """The directions of nouns among the features, unit length [C, D]; zero where there is none."""
        found = np.zeros((len(meanings), self._rows.shape[1]), dtype=np.float32)
        for at, meaning in enumerate(meanings):
            for classes, weight in () if meaning is None else meaning.sets:
                found[at] += np.float32(weight) * self._rows[list(classes)].mean(axis=0)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(length > 0, length, 1.0), dtype=np.float32)

    def texts(self, meanings: Sequence[Meaning | None]) -> Float32:
        """Texts for CPRFL [C, T]: the directions along the classifier's axes, with a root mean square of
        TEXT_SIZE; zero where there is no noun."""
        found = self.vectors(meanings) @ self.classifier.axes.T
        size = np.sqrt((found**2).mean(axis=1, keepdims=True))
        return np.asarray(TEXT_SIZE * found / np.where(size > 0, size, 1.0), dtype=np.float32)

    def scores(self, embeddings: NDArray[np.floating], meanings: Sequence[Meaning | None]) -> Float32:
        """Scores [N, C], NaN for a category without a noun that is related to a class.

        Almost all of the work is the same for one category and for many.
        """
        directions = COSINE_WEIGHT * self.vectors(meanings).T
        members, weights = _sets(meanings, len(self.classifier.weight))
        found = np.empty((len(embeddings), len(meanings)), dtype=np.float32)
        for start in range(0, len(embeddings), _BLOCK_ROWS):
            block = embeddings[start : start + _BLOCK_ROWS].astype(np.float32)
            logits = self.classifier.logits(block)
            chances = np.exp(logits - logits.max(axis=1, keepdims=True))
            chances /= chances.sum(axis=1, keepdims=True)
            by_set = np.log(chances @ members + _LEAST)
            found[start : start + _BLOCK_ROWS] = block @ directions + by_set @ weights
        found[:, [meaning is None or not meaning.sets for meaning in meanings]] = np.nan
        return found

    @cached_property
    def _rows(self) -> Float32:
        """The classifier's rows without their common mean, [K, D]."""
        found: Float32 = self.classifier.weight - self.classifier.weight.mean(axis=0)
        return found


def _sets(meanings: Sequence[Meaning | None], classes: int) -> tuple[Float32, Float32]:
    """Whether each class is in each set that is used [K, S], and the weight of each set for each category
    [S, C]."""
    used = [(at, *one) for at, meaning in enumerate(meanings) if meaning is not None for one in meaning.sets]
    place = {members: s for s, members in enumerate(dict.fromkeys(members for _, members, _ in used))}
    belongs = np.zeros((classes, len(place)), dtype=np.float32)
    for members, s in place.items():
        belongs[list(members), s] = 1.0
    weights = np.zeros((len(place), len(meanings)), dtype=np.float32)
    for at, members, weight in used:
        weights[place[members], at] += weight
    return belongs, weights
