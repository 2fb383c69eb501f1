"""The test set of the demo: images that judge every learner and never enter the person's project."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import CancelledError
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.services.indexing import embeddings, index
from app.services.library import scan
from app.services.project import create_project
from app.services.runner import Runner
from app.services.suggestions import LiveSuggestions
from app.storage import images as image_store
from cprfl_core.demo import collection
from cprfl_core.metrics import average_precision, long_tail_report

PROJECT, COLLECTION, TEST_SET = "project", "collection", "test-set"


@dataclass(frozen=True, slots=True)
class Bands:
    """mAP on the test set; bands by the pool's true counts, None where a band is empty."""

    total: float | None
    head: float | None
    medium: float | None
    tail: float | None


@dataclass(frozen=True, slots=True)
class TestSet:
    """Embeddings [M,D] and truth [M,C] of images that no learner sees, and the pool's counts [C].

    ``image_ids`` [M] number them in the project of their own, which lies in ``folder``.
    """

    __test__ = False  # not a test case, whatever pytest may think of the name

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
        made = collection.generate(
            folder / TEST_SET,
            "test",
            images=images,
            seed=seed,
            on_progress=drawing(on_progress, should_stop),
        )
        with create_project(folder / TEST_SET / PROJECT, [made.folder]) as project:
            scan(project, on_progress, should_stop)
            index(project, runner, on_progress, should_stop)
            ids, matrix = embeddings(project)
            with project.db.read() as s:
                name_of = {image.id: image.path for image in image_store.all_images(s)}
        row_of = {path: row for row, path in enumerate(made.paths)}
        rows = [row_of[name_of[int(i)]] for i in ids]
        pool = collection.load(folder / COLLECTION)
        counts = pool.truth.sum(axis=0, dtype=np.int64)
        place = folder / TEST_SET / PROJECT
        return cls(matrix.astype(np.float32), made.truth[rows], made.categories, counts, ids, place)

    def bands(self, live: LiveSuggestions, tuned: NDArray[np.float32] | None = None) -> Bands:
        """mAP of the present suggestions on this set; ``tuned`` [M, C] are a tuned head's scores of it."""
        return self.measured(live.score_embeddings(self.embeddings, self.categories, tuned))

    def measured(self, scores: NDArray[np.floating[Any]]) -> Bands:
        """mAP of scores [M,C], in the order of ``categories``."""
        ap = average_precision(scores, self.truth)
        report = long_tail_report(ap, self.pool_counts)
        return Bands(*(_rounded(report[key]) for key in ("total", "head", "medium", "tail")))


def drawing(
    on_progress: ProgressCallback | None, should_stop: StopCheck | None
) -> Callable[[int, int], None]:
    """Tells how many images are drawn; raises CancelledError when stopped."""
    begin = time.perf_counter()

    def drawn(done: int, total: int) -> None:
        if should_stop is not None and should_stop():
            raise CancelledError("The demo was stopped while its images were drawn.")
        if on_progress is not None:
            rate = done / max(1e-9, time.perf_counter() - begin)
            on_progress(Progress("drawing", done, total, rate, (total - done) / rate))

    return drawn


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
