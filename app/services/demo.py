"""The demo: a generated collection, and the whole loop on it without a window.

A folder that holds a demo looks like this:
    collection/images, collection/truth.json    the pool, which becomes the project's images
    project/                                    the project
    test-set/                                   images that judge every learner and never enter the person's
                                                project; a project of their own holds their features
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.errors import BadInputError
from app.domain.labels import Origin
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.services.demo_test_set import COLLECTION, PROJECT, Bands, TestSet, drawing
from app.services.indexing import ensure_text_features, index
from app.services.labelling import label_states
from app.services.library import scan
from app.services.models import score_with, version_named
from app.services.project import Project, create_project, open_project
from app.services.runner import Runner, WorkerFailedError
from app.services.simulation import SimulationReport, Truth, random_order, simulate_reviews
from app.services.suggestions import LiveSuggestions
from app.services.training import train
from app.services.training_snapshot import NothingToTuneError
from app.storage import categories as category_store
from app.storage import images as image_store
from cprfl_core.demo import collection

REVIEWS = 300


@dataclass(slots=True)
class DemoReport:
    """What the demo measured.

    ``cprfl_alone`` is the tuned head by itself, ``tuned`` the suggestions after the tuning: those with the
    new version where the gate let it in, as ``model`` and ``activated`` tell, else the live ones. Both are
    None where nothing could be tuned; ``reason`` says why the version is used or not.
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
    """Times the stages of a long loop and tells which one runs."""

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
    """Generate the collection and make an indexed project over it in ``folder``, which must be new or empty.

    Raises BadInputError when something lies there already, CancelledError when stopped.
    """
    _refuse_occupied(folder)
    clock = stages or Stages(on_progress)
    with clock.stage("generate", "drawing the demo collection"):
        pool = collection.generate(
            folder / COLLECTION,
            "pool",
            images=images,
            seed=seed,
            on_progress=drawing(on_progress, should_stop),
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
    """The main job end to end: generate, index, ``reviews`` simulated reviews, judge on the test set."""
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
            judge = TestSet.prepare(
                folder,
                runner,
                images=test_images,
                seed=seed,
                on_progress=on_progress,
                should_stop=should_stop,
            )
        with clock.stage("load", "starting the live learner"):
            live = LiveSuggestions.load(project, runner)
        zero_shot = judge.bands(live)
        with clock.stage("reviews", "reviewing"):
            simulated = _review_pool(
                project,
                folder,
                live,
                reviews=reviews,
                seed=seed,
                on_progress=on_progress,
                should_stop=should_stop,
            )
        with clock.stage("judge", "judging on the test set"):
            after = judge.bands(live)
        tuned = _tune(project, judge, live, runner, clock, on_progress=on_progress, should_stop=should_stop)
        table = label_states(project)
    median = simulated.median_decision_seconds
    return DemoReport(
        images=len(table.image_ids),
        test_images=len(judge.truth),
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
    judge: "TestSet",
    live: LiveSuggestions,
    runner: Runner,
    clock: Stages,
    *,
    on_progress: ProgressCallback | None,
    should_stop: StopCheck | None,
) -> dict[str, Any]:
    """Tune on the reviews, and measure the head alone and the suggestions after it."""
    try:
        with clock.stage("tune", "tuning"):
            report = train(project, runner, on_progress, should_stop)
    except (NothingToTuneError, WorkerFailedError) as error:  # a demo with a handful of reviews
        return {"reason": str(error)}
    with clock.stage("judge_tuned", "judging the tuned model"):
        version = version_named(project, report.model)
        assert version is not None
        with open_project(judge.folder) as other:
            scores = score_with(project, runner, version, features=other)
        said = scores.matrix(judge.image_ids, np.array(live.category_ids, np.int64))
        live.use_active_version()
        tuned = judge.bands(live, said if report.activated else None)
    order = [live.category_named(name) for name in judge.categories]
    return {
        "tuned": tuned,
        "cprfl_alone": judge.measured(said[:, order]),
        "model": report.model,
        "activated": report.activated,
        "reason": report.reason,
    }


def _review_pool(
    project: Project,
    folder: Path,
    live: LiveSuggestions,
    *,
    reviews: int,
    seed: int,
    on_progress: ProgressCallback | None,
    should_stop: StopCheck | None,
) -> SimulationReport:
    truth = pool_truth(project, folder)
    order = random_order(sorted(truth), seed)[:reviews]
    origin = Origin("random", len(order) / max(1, len(truth)))
    return simulate_reviews(
        project,
        truth,
        order,
        origin=origin,
        on_change=live.apply,
        on_progress=on_progress,
        should_stop=should_stop,
    )


def pool_truth(project: Project, folder: Path) -> Truth:
    """Image id -> category ids of the demo project, from the file beside it."""
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
    """The project of a demo folder that was prepared before."""
    return open_project(folder / PROJECT)


def has_demo(folder: Path) -> bool:
    return (folder / PROJECT / "project.db").exists()


def _refuse_occupied(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInputError(f"{folder} is not empty; give the demo a new folder, or none at all.")
