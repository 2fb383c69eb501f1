"""Versions of the tuned model: listed, compared, looked into, activated, rolled back, deleted."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError
from app.domain.models import BANDS, Measure, ModelVersion
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.training import BandComparison, CategoryComparison, Flip, VersionComparison
from app.protocol.messages import ScoreImages, ScoreResult
from app.services import version_files
from app.services.active_version import active_scores
from app.services.index_events import telling
from app.services.indexing import feature_key, feature_store
from app.services.model_evidence import Side
from app.services.project import Project
from app.services.recorded_jobs import recorded_job
from app.services.runner import Runner, new_job_id, result_of
from app.services.suggestions import LiveSuggestions
from app.services.training_judgement import make_bench
from app.services.training_snapshot import take_snapshot, with_patches
from app.storage import model_versions
from cprfl_core.errors import CoreError
from cprfl_core.tuned_scores import TunedScores

NONE: Final = "none"
"""The name of the learners without a tuned head."""


def versions(project: Project) -> list[ModelVersion]:
    """Newest first."""
    with project.db.read() as s:
        return model_versions.all_versions(s)


def newest_version(project: Project) -> ModelVersion | None:
    with project.db.read() as s:
        return model_versions.newest(s)


def number_in_use(project: Project) -> int | None:
    """The number of the active version, which costs no more than a look."""
    with project.db.read() as s:
        return model_versions.active_id(s)


def active_version(project: Project) -> ModelVersion | None:
    """None while the learners work without a tuned head."""
    with project.db.read() as s:
        return model_versions.active(s)


def version_named(project: Project, name: str) -> ModelVersion | None:
    """None for "none". Raises NotFoundError, naming the versions there are."""
    if name.strip().lower() == NONE:
        return None
    with project.db.read() as s:
        return model_versions.named(s, name)


def activate(project: Project, name: str) -> ModelVersion | None:
    """Use a version from now on, or none. Raises NotFoundError, VersionDamagedError, BadInputError."""
    version = version_named(project, name)
    if version is not None:
        _require_usable(project, version)
    with project.db.write() as s:
        model_versions.set_active(s, None if version is None else version.id)
    return version_named(project, name)


def roll_back(project: Project) -> ModelVersion | None:
    """Use what was in use before the active version: its parent, or none.

    Raises BadInputError where none is active, else as activate.
    """
    version = active_version(project)
    if version is None:
        raise BadInputError("No tuned model is active, so there is nothing to roll back.")
    return activate(project, version.card.parent or NONE)


def delete(project: Project, name: str) -> None:
    """Take a version away for good. Raises BadInputError for the active one, NotFoundError."""
    version = version_named(project, name)
    if version is None:
        raise BadInputError("'none' is no version, so it cannot be deleted.")
    if version.active:
        raise BadInputError(
            f"{version.name} is active and is not deleted; activate another version first, or 'none'."
        )
    with project.db.write() as s:
        model_versions.remove(s, version.id)
    version_files.discard(project, version.id)


def compare(project: Project, runner: Runner, a: str, b: str) -> VersionComparison:
    """Suggestions with either version, refitted per fold, on the labels of today; "none" is allowed.

    Images that were labelled after a version was tuned are new to it. Raises NotFoundError,
    VersionDamagedError, what take_snapshot raises, or a CoreError.
    """
    pair = [_scores(project, version_named(project, name)) for name in (a, b)]
    snapshot = take_snapshot(project, runner).snapshot
    bench = make_bench(project, runner, snapshot)
    first, second = bench.blend(pair[0]), bench.blend(pair[1])
    verdict = bench.compare(first, second).verdict
    bands = [
        BandComparison(one.band, one.categories, one.current, one.new, one.low, one.high)
        for one in verdict.bands
    ]
    categories = [
        CategoryComparison(
            name, int(yes), _at(first, column), _at(second, column), project.cuts.band(int(yes))
        )
        for column, (name, yes) in enumerate(zip(snapshot.names, snapshot.positives, strict=True))
    ]
    return VersionComparison(a, b, verdict.better, verdict.reason, bands, categories)


def what_changed(project: Project, runner: Runner, a: str, b: str, limit: int = 100) -> list[Flip]:
    """Undecided images whose suggestion flips between two versions, the largest differences first.

    A suggestion flips when its probability is at the category's threshold or above with one version and
    below it with the other; without a threshold, one half stands for it. Raises as compare.
    """
    found: list[Flip] = []
    sides = [_with(project, runner, version_named(project, name)) for name in (a, b)]
    first, second = sides
    for category_id in first.category_ids:
        chances = [side.for_category(category_id) for side in sides]
        borders = [side.threshold(category_id) or 0.5 for side in sides]
        above = [chance >= border for chance, border in zip(chances, borders, strict=True)]
        rows = np.flatnonzero((above[0] != above[1]) & (first.states(category_id) < 0))
        name = first.category_name(category_id)
        found += [
            Flip(
                int(second.image_ids[row]), category_id, name, float(chances[0][row]), float(chances[1][row])
            )
            for row in rows
        ]
    found.sort(key=lambda flip: (-abs(flip.after - flip.before), flip.image_id, flip.category_id))
    return found[:limit]


def ensure_scores(
    project: Project,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> int:
    """Score images that the active version has not scored yet, such as new ones; returns their number.

    Nothing is done for a version that cannot be used. Raises the runner's known errors, CancelledError among
    them, or a CoreError; the scores are then as they were.
    """
    version, key = active_version(project), feature_key(project)
    scores = active_scores(project)[0]
    if version is None or scores is None or key is None:
        return 0
    missing = np.setdiff1d(with_patches(feature_store(project, key)), scores.image_ids)
    if not len(missing):
        return 0
    # In the books as a part of indexing, so that it goes on with that.
    with recorded_job(project, "index", "scoring", {"version": version.name}):
        more = score_with(project, runner, version, missing, on_progress=on_progress, should_stop=should_stop)
    if not np.array_equal(more.category_ids, scores.category_ids):
        raise BadInputError(f"The scores of {version.name} name other categories than its head.")
    ids = np.concatenate([scores.image_ids, more.image_ids])
    order = np.argsort(ids)
    values = np.concatenate([scores.values, more.values], axis=1)[:, order]
    folds = np.concatenate([scores.folds, more.folds])[order]
    TunedScores(ids[order], scores.category_ids, values, folds).save(
        version_files.scores_path(project, version.id)
    )
    return len(missing)


def score_with(
    project: Project,
    runner: Runner,
    version: ModelVersion,
    only: NDArray[np.int64] | None = None,
    *,
    features: Project | None = None,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> TunedScores:
    """Scores of a version's head of all images, for these images or all of ``features`` (default project)."""
    home = features or project
    project.layout.models.mkdir(parents=True, exist_ok=True)
    place = project.layout.models / f".scores-{new_job_id()}"
    place.mkdir()
    try:
        if only is not None:
            np.save(place / "only.npy", only)
        command = ScoreImages(
            job=new_job_id(),
            model=str(version_files.folder(project, version.id)),
            features=str(home.layout.features(version.backbone)),
            expected_key=version.backbone,
            out=str(place / "scores.npy"),
            only=None if only is None else str(place / "only.npy"),
        )
        result_of(runner.run(command, telling(on_progress), should_stop), ScoreResult)
        return TunedScores.load(place / "scores.npy")
    finally:
        version_files.remove_tree(place)


def bands_of(measures: dict[str, Measure]) -> dict[str, dict[str, Any] | None]:
    """By band, for JSON; None where too little is known."""
    return {
        band: None
        if (found := measures.get(band)) is None
        else {"value": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4)}
        for band in BANDS
    }


def _require_usable(project: Project, version: ModelVersion) -> None:
    if version.backbone != feature_key(project):
        raise BadInputError(
            f"{version.name} was tuned on features of {version.backbone}, and the project uses those of "
            f"{feature_key(project)}; tune anew."
        )
    try:
        version_files.load_scores(project, version)
    except CoreError as error:
        raise version_files.VersionDamagedError(
            f"{error} Tune again, or activate another version."
        ) from error


def _scores(project: Project, version: ModelVersion | None) -> TunedScores | None:
    return None if version is None else version_files.load_scores(project, version)


def _with(project: Project, runner: Runner, version: ModelVersion | None) -> LiveSuggestions:
    scores = _scores(project, version)
    live = LiveSuggestions.load(project, runner)
    live.use_scores(scores, None if version is None else version.name)
    return live


def _at(side: Side, column: int) -> float | None:
    value = float(side.by_category[column])
    return None if np.isnan(value) else value
