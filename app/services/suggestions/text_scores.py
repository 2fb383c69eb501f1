"""Text scores: how well images fit the texts or the nouns of the categories, before there are labels.

Shapes: R images, D embedding width, C categories.
"""

import logging
from collections.abc import Hashable, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.errors import KnownError
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.services.features.indexing import ensure_text_features
from app.services.features.nouns import meanings_of, noun_scores, uses_nouns
from app.services.project.project import Project
from app.services.runner.runner import Runner
from cprfl_core.common.errors import CoreError
from cprfl_core.nouns.meaning import Meaning
from cprfl_core.nouns.scores import NounScores

NO_CLASSIFIER: Final = QT_TRANSLATE_NOOP(
    "Suggestions",
    "The suggestions do without the names of the categories, because the classes of the "
    "image model are not stored; 'tailspotter index' stores them.",
)

_COSINE_ROWS = 8192

log = logging.getLogger(__name__)


class CategoryTexts(Protocol):
    """The texts of C categories, in one order."""

    @property
    def keys(self) -> Sequence[Hashable]:
        """Equal for texts with equal scores, [C]."""
        ...

    @property
    def trust(self) -> NDArray[np.float64]:
        """How much weight each text begins with, [C], at most 1."""
        ...

    def scores(self, vectors: NDArray[np.floating]) -> NDArray[np.float32]:
        """Scores [R, C] of embeddings [R, D] of unit length; NaN for a category without a text."""
        ...

    def only(self, places: Sequence[int]) -> "CategoryTexts":
        """The texts of some of the categories."""
        ...


class PromptTexts:
    """Texts that the image model has encoded: ``matrix`` [C, D] of unit length, NaN without a text."""

    def __init__(self, matrix: NDArray[np.float32]) -> None:
        self._matrix = np.asarray(matrix, dtype=np.float32)
        self.trust = np.ones(len(matrix))

    @property
    def keys(self) -> list[bytes]:
        return [row.tobytes() for row in self._matrix]

    def scores(self, vectors: NDArray[np.floating]) -> NDArray[np.float32]:
        found = np.empty((len(vectors), len(self._matrix)), dtype=np.float32)
        for start in range(0, len(vectors), _COSINE_ROWS):
            block = vectors[start : start + _COSINE_ROWS].astype(np.float32)
            found[start : start + _COSINE_ROWS] = block @ self._matrix.T
        return found

    def only(self, places: Sequence[int]) -> "PromptTexts":
        return PromptTexts(self._matrix[list(places)])


class NounTexts:
    """Nouns, scored with the classifier of the image model."""

    def __init__(self, nouns: NounScores, meanings: Sequence[Meaning | None]) -> None:
        self._nouns, self._meanings = nouns, list(meanings)
        self.trust = np.array([0.0 if one is None else one.trust for one in meanings])

    @property
    def keys(self) -> list[Meaning | None]:
        return self._meanings

    def scores(self, vectors: NDArray[np.floating]) -> NDArray[np.float32]:
        return self._nouns.scores(vectors, self._meanings)

    def only(self, places: Sequence[int]) -> "NounTexts":
        return NounTexts(self._nouns, [self._meanings[at] for at in places])


def scores_and_trust(
    texts: CategoryTexts | None, vectors: NDArray[np.floating]
) -> tuple[NDArray[np.float32], NDArray[np.float64]] | tuple[None, None]:
    """What a LiveLearner needs of the texts: scores [R, C] and trust [C]; None without texts."""
    return (None, None) if texts is None else (texts.scores(vectors), texts.trust)


def texts_of(project: Project, runner: Runner, present: Sequence[Category]) -> CategoryTexts | None:
    """The texts of these categories; None if the image model has none or they cannot be encoded."""
    return texts_or_reason(project, runner, present)[0]


def texts_or_reason(
    project: Project, runner: Runner, present: Sequence[Category]
) -> tuple[CategoryTexts | None, str | None]:
    """The texts of these categories, or None and a sentence that says why suggestions do without them."""
    try:
        if uses_nouns(project):
            nouns = noun_scores(project)
            if nouns is None:
                return None, translated("Suggestions", NO_CLASSIFIER)
            return NounTexts(nouns, meanings_of(present)), None
        features = ensure_text_features(project, runner)
    except (KnownError, CoreError) as error:
        log.warning("suggestions continue without the text score: %s", error)
        return None, translate(
            "Suggestions", "The suggestions do without the names of the categories. {error}"
        ).format(error=error)
    place = {category_id: i for i, category_id in enumerate(features.category_ids)}
    matrix = features.matrix[[place[one.id] for one in present]] if present else features.matrix
    return PromptTexts(matrix), None
