"""Trains a version: exports a snapshot, lets the worker tune, judges the result and keeps it.

No label is changed. Decisions made while the worker tunes are not in the snapshot; they count as new for the
next run.
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
from app.domain.language import number, translate
from app.domain.models import BANDS, Measure, ModelVersion, Verdict
from app.domain.progress import Phase, Progress, ProgressCallback, StopCheck
from app.domain.stored_words import stage_words
from app.protocol import messages
from app.services.project.project import Project
from app.services.runner.job_records import recorded_job
from app.services.runner.runner import EventCallback, Runner, WorkerCrashedError, new_job_id, result_of
from app.services.training import speed
from app.services.training.judgement import Made, judge_and_keep
from app.services.training.readiness import readiness
from app.services.training.snapshot import Exported, NothingToTuneError, take_snapshot
from app.services.versions import files as version_files
from app.storage import image_models, model_versions
from cprfl_core.common.array_files import write_atomically
from cprfl_core.common.errors import InputError
from cprfl_core.tuning.facts import RunFacts, flat
from cprfl_core.tuning.snapshot import TuningSnapshot

KIND = "train"
RUN, SNAPSHOT, MADE, CHECKPOINTS = "run.json", "snapshot.safetensors", "version", "checkpoints"
PRETRAINED = Path(__file__).resolve().parents[3] / "resources" / "head"
"""The head pretrained with the bundled backbone (tools/train_bundled_head.py)."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """The new version ``model``, and mean average precision by band as in its card.

    ``resumed``: an interrupted run was finished, with the labels it had started with.
    """

    model: str
    activated: bool
    reason: str
    metrics: dict[str, Measure]
    baseline: dict[str, Measure]
    alone: dict[str, Measure]
    facts: RunFacts
    resumed: bool
    warnings: tuple[str, ...] = ()
    verdict: Verdict | None = None

    def to_json(self) -> dict[str, Any]:
        sides = {
            name: {band: _rounded(getattr(self, name).get(band)) for band in BANDS}
            for name in ("metrics", "baseline", "alone")
        }
        document = flat(self) | sides | {"warnings": list(self.warnings)}
        document.pop("verdict")
        return document


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
    """Train a new version on all labels, and activate it if it is measurably better.

    An interrupted run is resumed, with the labels it started with, unless ``fresh``. ``on_event`` receives
    the worker's events. When ``should_stop`` returns True after every fold is done, the version keeps what it
    has learned; before that, or whenever ``unwanted`` returns True, CancelledError is raised and nothing is
    kept.

    Raises BusyError (another job runs), NothingToTuneError, NotIndexedError, CancelledError, the runner's
    known errors or a CoreError; the active version is then unchanged.
    """
    began = time.monotonic()
    listener = _Listener(on_progress, on_event, unwanted)
    with recorded_job(project, KIND, "tuning", {"seed": seed}):
        work = version_files.work_folder(project)
        run, resumed = _begin(project, runner, work, listener, fresh=fresh, epochs=epochs, seed=seed)
        try:
            result = _tune(project, runner, work, run, listener, should_stop=listener.stopping(should_stop))
            snapshot = TuningSnapshot.load(work / SNAPSHOT)
            made = Made(work / MADE, run.key, snapshot, result.facts, run.ledger_entry)
            version = judge_and_keep(
                project, runner, made, on_stage=listener.judging, warn=listener.warn, began=began
            )
        except WorkerCrashedError:
            raise  # the next run resumes from the checkpoints
        except Exception:
            shutil.rmtree(work, ignore_errors=True)
            raise
    shutil.rmtree(work, ignore_errors=True)
    speed.remember(version.card.facts)
    return _report(version, resumed, listener.warnings)


@dataclass(frozen=True, slots=True)
class _RunRecord:
    """What is needed to resume a run besides its snapshot and checkpoints; stored as JSON beside them."""

    key: str
    parent: int | None
    epochs: int | None
    seed: int
    ledger_entry: int


class _Listener:
    """Passes on the worker's events and the progress of a run, and collects its warnings."""

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
                self._progress(
                    Progress(
                        stage_words(event.stage),
                        event.done,
                        event.total,
                        event.rate,
                        event.remaining,
                        Phase.LEARNING if event.parts else None,
                        event.part,
                        event.parts,
                    )
                )
            case messages.WorkerWarning():
                self.warn(event.text)
        if self._on_event is not None:
            self._on_event(event)

    def stopping(self, should_stop: StopCheck | None) -> StopCheck:
        return lambda: self._unwanted() or (should_stop is not None and should_stop())

    def judging(self, stage: str, done: int, total: int | None) -> None:
        self.stage(stage, done, total, Phase.JUDGING)

    def stage(self, stage: str, done: int = 0, total: int | None = None, phase: Phase | None = None) -> None:
        """Report a step in this process. Raises CancelledError if the run is unwanted."""
        if self._unwanted():
            raise CancelledError(
                translate(
                    "Training", "The run was cancelled; no version was created and nothing has changed."
                )
            )
        self._progress(Progress(stage, done, total, phase=phase))

    def warn(self, text: str) -> None:
        log.warning("%s", text)
        self.warnings.append(text)

    def _progress(self, progress: Progress) -> None:
        if self._on_progress is not None:
            self._on_progress(progress)


def can_resume(project: Project) -> bool:
    """Whether there is an interrupted run that can be resumed."""
    return _interrupted(project, version_files.work_folder(project)) is not None


def _interrupted(project: Project, work: Path) -> _RunRecord | None:
    """The run in the work folder, if it can be resumed: version and image model are those it started from."""
    try:
        run = _RunRecord(**json.loads((work / RUN).read_text("utf-8")))
        TuningSnapshot.load(work / SNAPSHOT)
    except (OSError, ValueError, TypeError, InputError):
        return None
    with project.db.read() as s:
        same = model_versions.active_id(s) == run.parent and image_models.current(s).key == run.key
    return run if same else None


def _begin(
    project: Project,
    runner: Runner,
    work: Path,
    listener: _Listener,
    *,
    fresh: bool,
    epochs: int | None,
    seed: int,
) -> tuple[_RunRecord, bool]:
    """The run to tune, and whether it is resumed. A new one is exported into the folder ``work``."""
    held = None if fresh else _interrupted(project, work)
    if held is not None and (epochs is None or epochs == held.epochs) and seed == held.seed:
        listener.stage(translate("Training", "Resuming the interrupted run"))
        return held, True
    shutil.rmtree(work, ignore_errors=True)
    listener.stage(translate("Training", "Reading the labels"))
    exported = take_snapshot(project, runner)
    ready = readiness(exported.snapshot.labels)
    if ready.refusal:
        raise NothingToTuneError(ready.refusal)
    if not ready.enough:
        listener.warn(ready.missing)
    if exported.left_out:
        listener.warn(
            translate(
                "Training",
                "{left_out} labelled images have no current features and are left out; 'tailspotter "
                "index' computes them.",
            ).format(left_out=number(exported.left_out))
        )
    parent = _usable_parent(project, exported, listener)
    run = _RunRecord(exported.key, parent, epochs, seed, exported.ledger_entry)
    exported.snapshot.save(work / SNAPSHOT)
    write_atomically(work / RUN, json.dumps(asdict(run)).encode())
    return run, False


def _usable_parent(project: Project, exported: Exported, listener: _Listener) -> int | None:
    """The number of the active version, if it is intact and was tuned on the same features."""
    with project.db.read() as s:
        version = model_versions.active(s)
    if version is None or version.backbone != exported.key:
        return None
    try:
        version_files.require_whole(project, version)
    except version_files.VersionDamagedError as error:
        listener.warn(str(error))
        return None
    return version.id


def _tune(
    project: Project,
    runner: Runner,
    work: Path,
    run: _RunRecord,
    listener: _Listener,
    *,
    should_stop: StopCheck,
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
    terminal = runner.run(command, listener, should_stop)
    if isinstance(terminal, messages.Cancelled):
        raise CancelledError(
            translate(
                "Training",
                "Training was stopped before the result could be evaluated; no version was created "
                "and nothing has changed.",
            )
        )
    return result_of(terminal, messages.TrainResult)


def pretrained_for(key: str) -> str | None:
    """The folder of the pretrained head if it belongs to the backbone of these features, else None."""
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
        facts=card.facts,
        resumed=resumed,
        warnings=tuple(warnings),
        verdict=card.verdict,
    )


def _rounded(measure: Measure | None) -> float | None:
    return None if measure is None else round(measure.value, 4)
