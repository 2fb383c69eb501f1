"""The demo: a generated collection, and the whole workflow on it without a window.

The folder of a demo:
    collection/images, collection/truth.json    the pool: the images of the project
    project/                                    the project
    test-set/                                   images for evaluation only, with a project for their features
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.errors import BadInputError
from app.domain.labels import Origin
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.services.features.indexing import ensure_text_features, index
from app.services.images.scan import scan
from app.services.labelling.decisions import label_states
from app.services.project.creation import create_project
from app.services.project.project import Project, open_project
from app.services.runner.runner import Runner, WorkerFailedError
from app.services.simulation.demo_test_set import COLLECTION, PROJECT, Bands, TestSet, report_drawing
from app.services.simulation.simulation import Truth, random_order, simulate_reviews
from app.services.suggestions.suggestions import LiveSuggestions
from app.services.training.comparison import score_with
from app.services.training.snapshot import NothingToTuneError
from app.services.training.training import train
from app.services.versions.versions import version_named
from app.storage import categories as category_store
from app.storage import images as image_store
from cprfl_core.demo import collection

REVIEWS = 300


@dataclass(slots=True)
class DemoReport:
    """What the demo measured.

    ``cprfl_alone``: the tuned head without the live learners; ``tuned``: the suggestions after tuning, with
    the new version ``model`` if it was ``activated``. Both are None if nothing could be tuned; ``reason`` is
    why the version is used or not.
    """

    images: int
    test_images: int
    categories: int
    reviews: int
    decisions: int
    decision_ms: float | None
    zero_shot: Bands
    live: Bands
    tuned: Bands | None = None
    cprfl_alone: Bands | None = None
    model: str | None = None
    activated: bool | None = None
    reason: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Stages:
    """Times the stages of a long run and reports which one is running."""

    def __init__(self, on_progress: ProgressCallback | None) -> None:
        self.seconds: dict[str, float] = {}
        self._on_progress = on_progress

    @contextmanager
    def stage(self, name: str, words: str) -> Iterator[None]:
        started = time.perf_counter()
        if self._on_progress is not None:
            self._on_progress(Progress(words, 0, None))
        yield
        self.seconds[name] = round(time.perf_counter() - started, 2)


def prepare_demo(
    folder: Path,
    runner: Runner,
    *,
    images: int = collection.POOL_IMAGES,
    seed: int = 0,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
    stages: Stages | None = None,
) -> Project:
    """Generate the collection and an indexed project for it in ``folder``, which must be new or empty.

    Raises BadInputError if it is not empty, CancelledError when stopped.
    """
    _refuse_occupied(folder)
    clock = stages or Stages(on_progress)
    with clock.stage("generate", "drawing the demo collection"):
        pool = collection.generate(
            folder / COLLECTION,
            "pool",
            images=images,
            seed=seed,
            on_progress=report_drawing(on_progress, should_stop),
        )
    with clock.stage("scan", "reading the images"):
        project = create_project(folder / PROJECT, [pool.folder], pool.categories)
        try:
            scan(project, on_progress, should_stop)
        except BaseException:
            project.close()
            raise
    try:
        with clock.stage("index", "computing features"):
            index(project, runner, on_progress, should_stop)
            ensure_text_features(project, runner)
    except BaseException:
        project.close()
        raise
    return project


def run_demo(
    folder: Path,
    *,
    runner: Runner,
    reviews: int = REVIEWS,
    images: int = collection.POOL_IMAGES,
    test_images: int = collection.TEST_IMAGES,
    seed: int = 0,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> DemoReport:
    """The whole workflow: generate, index, ``reviews`` simulated reviews, tune, evaluate on a test set."""
    clock = Stages(on_progress)
    with prepare_demo(
        folder,
        runner,
        images=images,
        seed=seed,
        on_progress=on_progress,
        should_stop=should_stop,
        stages=clock,
    ) as project:
        with clock.stage("test_set", "preparing the test set"):
            test_set = TestSet.prepare(
                folder,
                runner,
                images=test_images,
                seed=seed,
                on_progress=on_progress,
                should_stop=should_stop,
            )
        truth = pool_truth(project, folder)
        return _review_and_tune(
            project,
            test_set,
            truth,
            random_order(sorted(truth), seed)[:reviews],
            runner=runner,
            clock=clock,
            on_progress=on_progress,
            should_stop=should_stop,
        )


def _review_and_tune(
    project: Project,
    test_set: TestSet,
    truth: Truth,
    order: Sequence[int],
    *,
    runner: Runner,
    clock: Stages,
    on_progress: ProgressCallback | None,
    should_stop: StopCheck | None,
) -> DemoReport:
    """Review the images of ``order``, tune, and measure before and after."""
    with clock.stage("load", "starting the live learner"):
        live = LiveSuggestions.load(project, runner)
    zero_shot = test_set.bands(live)
    with clock.stage("reviews", "reviewing"):
        simulated = simulate_reviews(
            project,
            truth,
            order,
            origin=Origin("random", len(order) / max(1, len(truth))),
            on_change=live.apply,
            on_progress=on_progress,
            should_stop=should_stop,
        )
    with clock.stage("judge", "evaluating on the test set"):
        after = test_set.bands(live)
    tuned = _tune(project, test_set, live, runner, clock, on_progress=on_progress, should_stop=should_stop)
    table = label_states(project)
    median = simulated.median_decision_seconds
    return DemoReport(
        images=len(table.image_ids),
        test_images=len(test_set.truth),
        categories=len(table.category_ids),
        reviews=simulated.reviewed,
        decisions=simulated.decisions,
        decision_ms=None if median is None else round(1000 * median, 2),
        zero_shot=zero_shot,
        live=after,
        **tuned,
        seconds=clock.seconds,
    )


def _tune(
    project: Project,
    test_set: TestSet,
    live: LiveSuggestions,
    runner: Runner,
    clock: Stages,
    *,
    on_progress: ProgressCallback | None,
    should_stop: StopCheck | None,
) -> dict[str, Any]:
    """Tune on the reviews, and evaluate the head alone and the suggestions with it."""
    try:
        with clock.stage("tune", "tuning"):
            report = train(project, runner, on_progress, should_stop)
    except (NothingToTuneError, WorkerFailedError) as error:  # too few reviews to tune
        return {"reason": str(error)}
    with clock.stage("judge_tuned", "evaluating the tuned model"):
        version = version_named(project, report.model)
        assert version is not None
        with open_project(test_set.folder) as other:
            scores = score_with(project, runner, version, features=other)
        alone = scores.matrix(test_set.image_ids, np.array(live.category_ids, np.int64))
        live.use_active_version()
        tuned = test_set.bands(live, alone if report.activated else None)
    order = [live.category_named(name) for name in test_set.categories]
    return {
        "tuned": tuned,
        "cprfl_alone": test_set.measured(alone[:, order]),
        "model": report.model,
        "activated": report.activated,
        "reason": report.reason,
    }


def pool_truth(project: Project, folder: Path) -> Truth:
    """The category ids of each image id of the demo project, from its ground truth file."""
    pool = collection.load(folder / COLLECTION)
    with project.db.read() as s:
        image_id = {image.path: image.id for image in image_store.all_images(s)}
        category_id = {category.name: category.id for category in category_store.all_categories(s)}
    ids = [category_id[name] for name in pool.categories]
    return {
        image_id[path]: frozenset(ids[c] for c in np.flatnonzero(row))
        for path, row in zip(pool.paths, pool.truth, strict=True)
    }


def open_demo(folder: Path) -> Project:
    """The project of a prepared demo folder."""
    return open_project(folder / PROJECT)


def has_demo(folder: Path) -> bool:
    return (folder / PROJECT / "project.db").exists()


def _refuse_occupied(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInputError(f"{folder} is not empty; give a new folder for the demo, or none.")
