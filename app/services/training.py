"""Tuning in the background: take a snapshot, let the worker tune, judge what it made, keep it.

Nothing here writes a label. What is decided while the worker tunes is not in the snapshot and counts as new
for the next run.
"""

import json
import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.domain.errors import CancelledError
from app.domain.models import Measure, ModelVersion
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.protocol import messages
from app.services import version_files
from app.services.project import Project
from app.services.recorded_jobs import recorded_job
from app.services.runner import EventCallback, Runner, WorkerCrashedError, new_job_id, result_of
from app.services.training_judgement import Made, judge_and_keep
from app.services.training_snapshot import Exported, take_snapshot
from app.storage import model_versions
from cprfl_core.array_files import write_atomically
from cprfl_core.errors import InputError
from cprfl_core.tuning_snapshot import TuningSnapshot

KIND = "train"
RUN, SNAPSHOT, MADE, CHECKPOINTS = "run.json", "snapshot.safetensors", "version", "checkpoints"
PRETRAINED = Path(__file__).resolve().parents[2] / "resources" / "head"
"""A head that this project pretrained with its bundled backbone (tools/train_bundled_head.py)."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """``metrics`` with the new version and ``baseline`` with what was in use, both out of fold; ``alone`` the
    tuned head by itself. ``resumed``: an interrupted run was taken up, with the labels of its time."""

    model: str
    activated: bool
    reason: str
    metrics: dict[str, Measure]
    baseline: dict[str, Measure]
    alone: dict[str, Measure]
    images: int
    seconds: float
    device: str
    tuned: str
    start: str
    stopped: bool
    resumed: bool
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        bands = ("total", "head", "medium", "tail")
        told = asdict(self)
        for side in ("metrics", "baseline", "alone"):
            told[side] = {band: _rounded(getattr(self, side).get(band)) for band in bands}
        told["warnings"] = list(self.warnings)
        return told


def train(
    project: Project,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
    on_event: EventCallback | None = None,
    *,
    fresh: bool = False,
    epochs: int | None = None,
    seed: int = 0,
    unwanted: StopCheck | None = None,
) -> TrainingReport:
    """Tune a new version on all labels, and use it if it is measurably better.

    A run that was interrupted is taken up where it was, with the labels that it had, unless ``fresh``.
    ``on_event`` hears what the worker says, EpochDone among it. Once ``should_stop`` answers True the run
    ends with what it has, or, before every fold is done, with CancelledError and without a trace. So it
    always ends once ``unwanted`` answers True: nothing of it is kept then, whatever it has.

    Raises BusyError (another job runs), NothingToTuneError, NotIndexedError, CancelledError, the runner's
    known errors or a CoreError; the version that was active stays so.
    """
    began = time.monotonic()
    hear = _Hearing(on_progress, on_event, unwanted)
    with recorded_job(project, KIND, "tuning", {"seed": seed}):
        work = version_files.work_folder(project)
        run, resumed = _begin(project, runner, work, hear, fresh=fresh, epochs=epochs, seed=seed)
        try:
            result = _tune(project, runner, work, run, hear=hear, should_stop=hear.stopping(should_stop))
            made = Made(work / MADE, run.key, TuningSnapshot.load(work / SNAPSHOT), result, run.ledger_entry)
            version = judge_and_keep(project, runner, made, on_stage=hear.stage, warn=hear.warn, began=began)
        except WorkerCrashedError:
            raise  # the next run takes up the checkpoints
        except Exception:
            shutil.rmtree(work, ignore_errors=True)
            raise
    shutil.rmtree(work, ignore_errors=True)
    return _report(version, resumed, hear.warnings)


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run needs to be taken up; kept as JSON beside its snapshot."""

    key: str
    parent: int | None
    epochs: int | None
    seed: int
    ledger_entry: int


class _Hearing:
    """The worker's events, told on; warnings are kept for the report."""

    def __init__(
        self,
        on_progress: ProgressCallback | None,
        on_event: EventCallback | None,
        unwanted: StopCheck | None = None,
    ) -> None:
        self._on_progress, self._on_event = on_progress, on_event
        self._unwanted = unwanted or (lambda: False)
        self.warnings: list[str] = []

    def __call__(self, event: messages.Event) -> None:
        match event:
            case messages.Progress():
                self._progress(Progress(event.stage, event.done, event.total, event.rate, event.remaining))
            case messages.WorkerWarning():
                self.warn(event.text)
        if self._on_event is not None:
            self._on_event(event)

    def stopping(self, should_stop: StopCheck | None) -> StopCheck:
        return lambda: self._unwanted() or (should_stop is not None and should_stop())

    def stage(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """A step in this process. Raises CancelledError where the run is not wanted any more."""
        if self._unwanted():
            raise CancelledError("The run was cancelled; no version was made and nothing has changed.")
        self._progress(Progress(stage, done, total))

    def warn(self, text: str) -> None:
        log.warning("%s", text)
        self.warnings.append(text)

    def _progress(self, progress: Progress) -> None:
        if self._on_progress is not None:
            self._on_progress(progress)


def can_resume(project: Project) -> bool:
    """Whether an interrupted run waits to be taken up."""
    return _interrupted(project, version_files.work_folder(project)) is not None


def _interrupted(project: Project, work: Path) -> _Run | None:
    """The run in the work folder, if it can go on: same features, same active version."""
    try:
        run = _Run(**json.loads((work / RUN).read_text("utf-8")))
        TuningSnapshot.load(work / SNAPSHOT)
    except (OSError, ValueError, TypeError, InputError):
        return None
    with project.db.read() as s:
        same = model_versions.active_id(s) == run.parent
    return run if same else None


def _begin(
    project: Project,
    runner: Runner,
    work: Path,
    hear: _Hearing,
    *,
    fresh: bool,
    epochs: int | None,
    seed: int,
) -> tuple[_Run, bool]:
    held = None if fresh else _interrupted(project, work)
    if held is not None and (epochs is None or epochs == held.epochs) and seed == held.seed:
        hear.stage("Taking up the interrupted run")
        return held, True
    shutil.rmtree(work, ignore_errors=True)
    hear.stage("Reading the labels")
    exported = take_snapshot(project, runner)
    if exported.left_out:
        hear.warn(
            f"{exported.left_out:,} labelled images have no current features and are left out; "
            "'tailspotter index' computes them."
        )
    run = _Run(exported.key, _usable_parent(project, exported, hear), epochs, seed, exported.ledger_entry)
    exported.snapshot.save(work / SNAPSHOT)
    write_atomically(work / RUN, json.dumps(asdict(run)).encode())
    return run, False


def _usable_parent(project: Project, exported: Exported, hear: _Hearing) -> int | None:
    """The active version, if it is whole and of these features."""
    with project.db.read() as s:
        version = model_versions.active(s)
    if version is None or version.backbone != exported.key:
        return None
    try:
        version_files.require_whole(project, version)
    except version_files.VersionDamagedError as error:
        hear.warn(str(error))
        return None
    return version.id


def _tune(
    project: Project,
    runner: Runner,
    work: Path,
    run: _Run,
    *,
    hear: _Hearing,
    should_stop: StopCheck | None,
) -> messages.TrainResult:
    shutil.rmtree(work / MADE, ignore_errors=True)
    command = messages.TrainHead(
        job=new_job_id(),
        snapshot=str(work / SNAPSHOT),
        features=str(project.layout.features(run.key)),
        expected_key=run.key,
        out=str(work / MADE),
        work=str(work / CHECKPOINTS),
        parent=None if run.parent is None else str(version_files.folder(project, run.parent)),
        pretrained=pretrained_for(run.key),
        epochs=run.epochs,
        seed=run.seed,
    )
    terminal = runner.run(command, hear, should_stop)
    if isinstance(terminal, messages.Cancelled):
        raise CancelledError(
            "Tuning was stopped before it could be judged; no version was made and nothing has changed."
        )
    return result_of(terminal, messages.TrainResult)


def pretrained_for(key: str) -> str | None:
    """The pretrained head where these features are of its backbone; another one is no loss to tell."""
    try:
        card = json.loads((PRETRAINED / "model.json").read_text(encoding="utf-8"))["card"]
    except (OSError, ValueError, KeyError) as error:
        log.info("there is no pretrained head to start from: %s", error)
        return None
    return str(PRETRAINED) if card.get("backbone") == key else None


def _report(version: ModelVersion, resumed: bool, warnings: Sequence[str]) -> TrainingReport:
    card = version.card
    return TrainingReport(
        model=version.name,
        activated=version.active,
        reason=version.reason,
        metrics=card.metrics,
        baseline=card.baseline,
        alone=card.alone,
        images=card.images,
        seconds=card.seconds,
        device=card.device,
        tuned=card.tuned,
        start=card.start,
        stopped=card.stopped,
        resumed=resumed,
        warnings=tuple(warnings),
    )


def _rounded(measure: Measure | None) -> float | None:
    return None if measure is None else round(measure.value, 4)
