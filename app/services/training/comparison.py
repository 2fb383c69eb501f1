"""Compares versions on the present labels, and scores images with a version."""

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError
from app.domain.language import translate
from app.domain.models import ModelVersion
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.training import BandComparison, CategoryComparison, Flip, VersionComparison
from app.protocol.messages import ScoreImages, ScoreResult
from app.services.features.index_events import report_progress
from app.services.features.indexing import INDEX_KIND, feature_key, feature_store
from app.services.project.project import Project
from app.services.runner.job_records import recorded_job
from app.services.runner.runner import Runner, new_job_id, result_of
from app.services.suggestions.suggestions import LiveSuggestions
from app.services.training.judgement import make_bench
from app.services.training.snapshot import take_snapshot, with_patches
from app.services.versions import files as version_files
from app.services.versions.active import active_scores
from app.services.versions.evidence import Side, verdict_of
from app.services.versions.versions import active_version, require_same_model, version_named
from cprfl_core.tuning.scores import TunedScores


def compare(project: Project, runner: Runner, a: str, b: str) -> VersionComparison:
    """Suggestions with either version, refitted per fold, on the present labels; "none" is allowed.

    A version has not seen images that were labelled after it was tuned. Raises NotFoundError,
    VersionDamagedError, BadInputError (a version of another image model), what take_snapshot raises, or a
    CoreError.
    """
    pair = [_scores(project, _comparable(project, name)) for name in (a, b)]
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
    sentence = verdict.sentence("Activated", "Not activated")
    return VersionComparison(
        a, b, verdict.earned, sentence, verdict.reason, bands, categories, verdict_of(verdict)
    )


def what_changed(project: Project, runner: Runner, a: str, b: str, limit: int = 100) -> list[Flip]:
    """Undecided images whose suggestion flips between two versions, the largest differences first.

    A suggestion flips when its probability is at the category's threshold or above with one version and
    below it with the other; a category without a threshold has 0.5. Raises as compare.
    """
    found: list[Flip] = []
    sides = [_with(project, runner, _comparable(project, name)) for name in (a, b)]
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
    """Score images that the active version has not scored yet, such as new ones; return their number.

    A version that cannot be used is skipped. Raises the runner's known errors, CancelledError among them, or
    a CoreError; the scores are then as they were.
    """
    version, key = active_version(project), feature_key(project)
    scores = active_scores(project)[0]
    if version is None or scores is None or key is None:
        return 0
    missing = np.setdiff1d(with_patches(feature_store(project, key)), scores.image_ids)
    if not len(missing):
        return 0
    # Recorded as a part of indexing, so that it is resumed together with it.
    with recorded_job(project, INDEX_KIND, "scoring", {"version": version.name}):
        more = score_with(project, runner, version, missing, on_progress=on_progress, should_stop=should_stop)
    if not np.array_equal(more.category_ids, scores.category_ids):
        raise BadInputError(
            translate("Training", "The scores of {version} name other categories than its head.").format(
                version=version.name
            )
        )
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
    """Scores by a version's head of all images, for some images or all of ``features`` (default project)."""
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
        result_of(runner.run(command, report_progress(on_progress), should_stop), ScoreResult)
        return TunedScores.load(place / "scores.npy")
    finally:
        version_files.remove_tree(place)


def _comparable(project: Project, name: str) -> ModelVersion | None:
    version = version_named(project, name)
    if version is not None:
        require_same_model(project, version)
    return version


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
