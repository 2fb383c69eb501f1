"""What the texts of the categories say of images, before anybody has labelled one."""

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.errors import KnownError
from app.services.indexing import ensure_text_features
from app.services.project import Project
from app.services.runner import Runner
from cprfl_core.errors import CoreError

_COSINE_ROWS = 8192

log = logging.getLogger(__name__)


def cosines_of(vectors: NDArray[np.floating], text: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines [R, C] of embeddings [R, D] and texts [C, D]; a text of NaN gives NaN."""
    found = np.empty((len(vectors), len(text)), dtype=np.float32)
    for start in range(0, len(vectors), _COSINE_ROWS):
        found[start : start + _COSINE_ROWS] = (
            vectors[start : start + _COSINE_ROWS].astype(np.float32) @ text.T
        )
    return found


def text_of(project: Project, runner: Runner, present: Sequence[Category]) -> NDArray[np.float32] | None:
    """Text features [C, D] in the order of ``present``, None where the backbone cannot be loaded."""
    try:
        features = ensure_text_features(project, runner)
    except (KnownError, CoreError) as error:
        log.warning("suggestions go on without the text score: %s", error)
        return None
    place = {category_id: i for i, category_id in enumerate(features.category_ids)}
    return features.matrix[[place[one.id] for one in present]] if present else features.matrix
