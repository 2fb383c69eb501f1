"""Judges what the worker made, writes it down as a version, and uses it if it is measurably better."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.disk import fault_and_remedy
from app.domain.errors import KnownError
from app.domain.models import ModelVersion, VersionCard
from app.protocol.messages import TrainResult
from app.services import version_files
from app.services.indexing import embeddings_to_learn_from, ensure_text_features
from app.services.model_evidence import Bench, Comparison, Side, category_measures
from app.services.project import Project
from app.services.runner import Runner
from app.storage import model_versions
from cprfl_core.errors import CoreError, ModelFileError
from cprfl_core.tuned_scores import TunedScores
from cprfl_core.tuned_scores import remove as remove_scores
from cprfl_core.tuning_snapshot import TuningSnapshot

SCORES = "scores.npy"
STAGE = "Judging the new version"


@dataclass(frozen=True, slots=True)
class Made:
    """A version in the making: its ``folder``, what it was tuned on, and what the worker told of it."""

    folder: Path
    key: str
    snapshot: TuningSnapshot
    result: TrainResult
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
    """The version, in its place and in the books. The folder in the making is gone afterwards.

    Raises CoreError or KnownError; then nothing is in the books and the version that was active stays so.
    """
    on_stage(STAGE, 0, None)
    scores = TunedScores.load(made.folder / SCORES)
    with project.db.read() as s:
        before = model_versions.active(s)
    used = None if before is None else _scores_in_use(project, before, warn)
    bench = make_bench(project, runner, made.snapshot)
    folds = len(made.snapshot.fold_numbers)
    done = 0

    def judged(_fold: int) -> None:
        nonlocal done
        on_stage(STAGE, done, 2 * folds)
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
    """The learners as they are in the project. Raises NotIndexedError, KnownError or CoreError."""
    ids, vectors = embeddings_to_learn_from(project)
    return Bench(snapshot, ids, vectors, _cosines(project, runner, snapshot, vectors))


def _cosines(
    project: Project, runner: Runner, snapshot: TuningSnapshot, vectors: NDArray[np.floating[Any]]
) -> NDArray[np.float32] | None:
    """[R, C], NaN for a category that has gone since; None where the texts cannot be had."""
    try:
        text = ensure_text_features(project, runner)
    except (KnownError, CoreError):
        return None
    row_of = {category_id: row for row, category_id in enumerate(text.category_ids)}
    found = np.full((len(vectors), len(snapshot.category_ids)), np.nan, np.float32)
    for column, category_id in enumerate(snapshot.category_ids.tolist()):
        if category_id in row_of:
            found[:, column] = vectors.astype(np.float32) @ text.matrix[row_of[category_id]]
    return found


def _scores_in_use(
    project: Project, version: ModelVersion, warn: Callable[[str], None]
) -> TunedScores | None:
    try:
        return version_files.load_scores(project, version)
    except (KnownError, CoreError) as error:
        warn(str(error))
        return None


def _card(made: Made, found: Comparison, alone: Side, parent: str | None, began: float) -> VersionCard:
    result, snapshot = made.result, made.snapshot
    return VersionCard(
        parent=parent,
        images=result.images,
        yes=int(snapshot.positives.sum()),
        categories=result.categories,
        folds=result.folds,
        epochs=result.epochs,
        start=result.start,
        tuned=result.tuned,
        device=result.device,
        precision=result.precision,
        seconds=round(time.monotonic() - began, 2),
        stopped=result.stopped,
        ledger_entry=made.ledger_entry,
        metrics=dict(found.new.bands),
        baseline=dict(found.current.bands),
        alone=dict(alone.bands),
        by_category=category_measures(snapshot, found.new, alone),
        curves=_curves(made.folder),
        files=version_files.digests(made.folder),
    )


def _curves(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Loss and held-out precision by epoch and fold, as the worker wrote them; for showing alone."""
    try:
        found = json.loads((folder / "model.json").read_text("utf-8"))["card"]["curves"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict(found)


def _settled(
    project: Project, made: Made, scores: TunedScores, card: VersionCard, found: Comparison
) -> ModelVersion:
    verdict = found.verdict
    number: int | None = None
    try:
        with project.db.write() as s:
            version = model_versions.add(s, made.key, card, verdict.reason)
            number = version.id
            version_files.write_card(made.folder, card, version.name, verdict.reason)
            version_files.settle(project, made.folder, number, scores)
            if verdict.better:
                model_versions.set_active(s, number)
            return model_versions.named(s, version.name)
    except BaseException:
        if number is not None:
            version_files.discard(project, number)
        raise
