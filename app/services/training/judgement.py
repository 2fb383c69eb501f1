"""Judges what the worker trained, keeps it as a version, and activates it if it is measurably better."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.disk import fault_and_remedy
from app.domain.errors import KnownError
from app.domain.language import QT_TRANSLATE_NOOP, translated
from app.domain.models import ModelVersion, VersionCard
from app.services.features.indexing import embeddings_to_learn_from
from app.services.project.project import Project
from app.services.runner.runner import Runner
from app.services.suggestions.text_scores import scores_and_trust, texts_of
from app.services.versions import files as version_files
from app.services.versions.evidence import Bench, Comparison, Side, category_measures, verdict_of
from app.storage import categories, model_versions
from cprfl_core.common.errors import CoreError, ModelFileError
from cprfl_core.tuning.facts import RunFacts
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.scores import remove as remove_scores
from cprfl_core.tuning.snapshot import TuningSnapshot

SCORES = "scores.npy"
STAGE = QT_TRANSLATE_NOOP("Training", "Judging the new version")


@dataclass(frozen=True, slots=True)
class Made:
    """A version that is not stored yet: its ``folder``, what it was tuned on, and the worker's result."""

    folder: Path
    key: str
    snapshot: TuningSnapshot
    facts: RunFacts
    ledger_entry: int


def judge_and_keep(
    project: Project,
    runner: Runner,
    made: Made,
    *,
    on_stage: Callable[[str, int, int | None], None],
    warn: Callable[[str], None],
    began: float,
) -> ModelVersion:
    """Judge the version and store it: its row in the database and its files, moved out of ``made.folder``.

    Raises CoreError or KnownError; then nothing is stored, and the version that was active stays active.
    """
    on_stage(translated("Training", STAGE), 0, None)
    scores = TunedScores.load(made.folder / SCORES)
    with project.db.read() as s:
        before = model_versions.active(s)
    used = None if before is None else _scores_in_use(project, before, warn)
    bench = make_bench(project, runner, made.snapshot)
    folds = len(made.snapshot.fold_numbers)
    done = 0

    def judged(_fold: int) -> None:
        nonlocal done
        on_stage(translated("Training", STAGE), done, 2 * folds)
        done += 1

    current, new = bench.blend(used, judged), bench.blend(scores, judged)
    alone = bench.alone(scores)
    found = bench.compare(current, new)
    try:
        remove_scores(made.folder / SCORES)
        card = _card(made, found, alone, None if used is None or before is None else before.name, began)
        return _settled(project, made, scores, card, found)
    except OSError as error:
        raise ModelFileError(f"{made.folder} cannot be moved: {fault_and_remedy(error)}.") from error


def make_bench(project: Project, runner: Runner, snapshot: TuningSnapshot) -> Bench:
    """The learners on the project's present features. Raises NotIndexedError, KnownError or CoreError."""
    ids, vectors = embeddings_to_learn_from(project)
    return Bench(snapshot, ids, vectors, *_texts(project, runner, snapshot, vectors))


def _texts(
    project: Project, runner: Runner, snapshot: TuningSnapshot, vectors: NDArray[np.floating[Any]]
) -> tuple[NDArray[np.float32], NDArray[np.float64]] | tuple[None, None]:
    """Text scores [R, C], NaN for a category that was deleted since, and the trust in them [C]; None where
    there are no texts."""
    with project.db.read() as s:
        present = categories.all_categories(s)
    scores, trusted = scores_and_trust(texts_of(project, runner, present), vectors)
    if scores is None or trusted is None:
        return None, None
    place = {one.id: at for at, one in enumerate(present)}
    found = np.full((len(vectors), len(snapshot.category_ids)), np.nan, np.float32)
    trust = np.ones(len(snapshot.category_ids))
    for column, category_id in enumerate(snapshot.category_ids.tolist()):
        if category_id in place:
            at = place[category_id]
            found[:, column], trust[column] = scores[:, at], trusted[at]
    return found, trust


def _scores_in_use(
    project: Project, version: ModelVersion, warn: Callable[[str], None]
) -> TunedScores | None:
    try:
        return version_files.load_scores(project, version)
    except (KnownError, CoreError) as error:
        warn(str(error))
        return None


def _card(made: Made, found: Comparison, alone: Side, parent: str | None, began: float) -> VersionCard:
    return VersionCard(
        parent=parent,
        facts=replace(made.facts, seconds=round(time.monotonic() - began, 2)),
        yes=int(made.snapshot.positives.sum()),
        ledger_entry=made.ledger_entry,
        metrics=dict(found.new.bands),
        baseline=dict(found.current.bands),
        alone=dict(alone.bands),
        by_category=category_measures(made.snapshot, found.new, alone),
        curves=_curves(made.folder),
        files=version_files.digests(made.folder),
        verdict=verdict_of(found.verdict),
    )


def _curves(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Loss and held-out precision by epoch and fold, as the worker wrote them; only shown."""
    try:
        found = json.loads((folder / "model.json").read_text("utf-8"))["card"]["curves"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict(found)


def _settled(
    project: Project, made: Made, scores: TunedScores, card: VersionCard, found: Comparison
) -> ModelVersion:
    verdict = found.verdict
    reason = verdict.sentence("Activated", "Not activated")
    number: int | None = None
    try:
        with project.db.write() as s:
            version = model_versions.add(s, made.key, card, reason)
            number = version.id
            version_files.write_card(made.folder, card, version.name, reason)
            version_files.settle(project, made.folder, number, scores)
            if verdict.earned:
                model_versions.set_active(s, number)
            return model_versions.named(s, version.name)
    except BaseException:
        if number is not None:
            version_files.discard(project, number)
        raise
