"""The test set of the demo: images for evaluation that are never in the person's project."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.progress import ProgressCallback, StopCheck
from app.services.features.indexing import embeddings, index
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.runner.runner import Runner
from app.services.simulation.replay import reporter, rounded
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import images as image_store
from cprfl_core.demo import collection
from cprfl_core.evaluation.evidence import BANDS
from cprfl_core.evaluation.metrics import average_precision, long_tail_report

PROJECT, COLLECTION, TEST_SET = "project", "collection", "test-set"


@dataclass(frozen=True, slots=True)
class Bands:
    """mAP on the test set, in total and by band of the pool's true counts; None for an empty band."""

    total: float | None
    head: float | None
    medium: float | None
    tail: float | None


@dataclass(frozen=True, slots=True)
class TestSet:
    """Embeddings [M,D] and truth [M,C] of held-out images, and the pool's counts [C].

    ``image_ids`` [M] are their ids in the project in ``folder``.
    """

    __test__ = False  # pytest would take the name for a test case

    embeddings: NDArray[np.float32]
    truth: NDArray[np.uint8]
    categories: tuple[str, ...]
    pool_counts: NDArray[np.int64]
    image_ids: NDArray[np.int64]
    folder: Path

    @classmethod
    def prepare(
        cls,
        folder: Path,
        runner: Runner,
        *,
        images: int,
        seed: int,
        on_progress: ProgressCallback | None = None,
        should_stop: StopCheck | None = None,
    ) -> "TestSet":
        test = collection.generate(
            folder / TEST_SET,
            "test",
            images=images,
            seed=seed,
            on_progress=report_drawing(on_progress, should_stop),
        )
        with create_project(folder / TEST_SET / PROJECT, [test.folder]) as project:
            scan(project, on_progress, should_stop)
            index(project, runner, on_progress, should_stop)
            ids, matrix = embeddings(project)
            with project.db.read() as s:
                name_of = {image.id: image.path for image in image_store.all_images(s)}
        row_of = {path: row for row, path in enumerate(test.paths)}
        rows = [row_of[name_of[int(i)]] for i in ids]
        pool = collection.load(folder / COLLECTION)
        counts = pool.truth.sum(axis=0, dtype=np.int64)
        place = folder / TEST_SET / PROJECT
        return cls(matrix.astype(np.float32), test.truth[rows], test.categories, counts, ids, place)

    def bands(self, live: LiveSuggestions, tuned: NDArray[np.float32] | None = None) -> Bands:
        """mAP of the current suggestions on this set; ``tuned`` [M, C] are a tuned head's scores of it."""
        return self.measured(live.score_embeddings(self.embeddings, self.categories, tuned))

    def measured(self, scores: NDArray[np.floating[Any]]) -> Bands:
        """mAP of scores [M,C], in the order of ``categories``."""
        ap = average_precision(scores, self.truth)
        report = long_tail_report(ap, self.pool_counts)
        return Bands(*(rounded(report[key]) for key in BANDS))


def report_drawing(
    on_progress: ProgressCallback | None, should_stop: StopCheck | None
) -> Callable[[int, int], None]:
    """A callback for the number of images drawn; raises CancelledError when stopped."""
    return reporter("drawing", "The demo was stopped while its images were drawn.", on_progress, should_stop)
