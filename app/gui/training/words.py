"""The numbers of training in words."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.categories import Band
from app.domain.language import number
from app.domain.models import Measure, ModelVersion
from app.domain.progress import Phase, Progress
from app.domain.training import Flip, TrainingOverview
from app.gui.widgets.words import counted, day_words, duration_words, left_words, rate_words
from app.jobs.training.run import TrainingRun
from app.jobs.values.session import JobPhase

NONE: Final = "none"
"""The name of the learners without a trained version."""

translate: Final = QCoreApplication.translate


def band_of(name: str) -> Band | None:
    """None for the total."""
    return None if name == "total" else Band(name)


def band_title(name: str) -> str:
    """The title of one of BANDS."""
    return {
        "total": translate("Training", "All"),
        "head": translate("Training", "Head"),
        "medium": translate("Training", "Medium"),
        "tail": translate("Training", "Tail"),
    }[name]


def too_few() -> str:
    """Shown instead of a number for which there are too few labels."""
    return translate("Training", "too few")


def version_words(name: str, *, begins: bool = False) -> str:
    """The name of a version within a sentence, or where it ``begins`` one."""
    if name != NONE:
        return name
    return translate("Training", "Live learners") if begins else translate("Training", "live learners")


def estimate_words(overview: TrainingOverview) -> str:
    if overview.estimate is None:
        return ""
    words = translate("Training", "About {duration}, a rough estimate. You can keep labelling.")
    if overview.measured:
        words = translate("Training", "About {duration}, based on the last run. You can keep labelling.")
    return words.format(duration=duration_words(max(1.0, overview.estimate)))


def phase_words(run: TrainingRun) -> str:
    """What the run is doing, as a sentence without its full stop."""
    ending = {
        JobPhase.WAITING: translate("Training", "Waiting for other work to finish"),
        JobPhase.CANCELLING: translate("Training", "Stopping after the current batch"),
        JobPhase.PAUSING: translate("Training", "Pausing at the next checkpoint"),
    }.get(run.job.state)
    if ending is not None:
        return ending
    job = run.job
    if job.phase is Phase.JUDGING:
        return translate("Training", "Comparing the new version with the one in use on held-out images")
    if job.phase is None:
        return job.stage or translate("Training", "Starting")
    words = translate("Training", "Part {part} of {parts}: training with fold {part} held out")
    if job.part == job.parts:
        words = translate("Training", "Part {part} of {parts}: training on all labelled images, for use")
    return words.format(part=job.part, parts=job.parts)


def pace_words(run: TrainingRun) -> str:
    """``1,204 of 48,310 image passes, 35/s, 22 min left``."""
    progress = Progress(run.job.stage, run.job.done, run.job.total, run.job.rate, run.job.remaining)
    if progress.total is None:
        return ""
    words = translate("Training", "{done} of {total} image passes")
    if run.judging:
        words = translate("Training", "{done} of {total} folds")
    parts = [words.format(done=number(progress.done), total=number(progress.total))]
    if progress.rate:
        parts.append(rate_words(progress.rate))
    if progress.remaining is not None:
        parts.append(left_words(progress.remaining))
    return ", ".join(parts)


def keep_words(run: TrainingRun) -> str:
    """What stopping now would keep."""
    if run.judging:
        return translate("Training", "The result is being evaluated. Cancelling now discards it.")
    if run.can_keep:
        return translate(
            "Training", "Stopping now keeps what has been learned; it is evaluated like any other version."
        )
    if run.parts:
        words = translate(
            "Training", "It can be stopped and kept in the last of {parts} parts, when it can be judged."
        )
        return words.format(parts=run.parts)
    return translate("Training", "It can be stopped and kept in its last part, when it can be judged.")


def made_words(version: ModelVersion, now: datetime) -> str:
    """``today, from v1``."""
    parent = version.card.parent
    words = (
        translate("Training", "{day}, from {parent}")
        if parent
        else translate("Training", "{day}, first version")
    )
    return words.format(day=day_words(version.created_at, now), parent=parent)


def fed_words(version: ModelVersion) -> str:
    """``300 images, 549 yes, 2 min on the CPU``."""
    facts = version.card.facts
    words = counted(
        facts.images,
        translate("Training", "{n} image, {yes} yes, {duration} on {device}"),
        translate("Training", "{n} images, {yes} yes, {duration} on {device}"),
        yes=number(version.card.yes),
        duration=duration_words(facts.seconds),
        device=device_words(facts.device),
    )
    return translate("Training", "{facts}, stopped early").format(facts=words) if facts.stopped else words


def device_words(device: str) -> str:
    cpu, gpu = translate("Training", "the CPU"), translate("Training", "the GPU")
    return {"cpu": cpu, "cuda": gpu, "mps": gpu}.get(device.partition(":")[0], device)


def measure_words(measure: Measure | None) -> str:
    return too_few() if measure is None else number(measure.value, 3)


def interval_words(measure: Measure | None) -> str:
    return "" if measure is None else f"{number(measure.low, 3)}-{number(measure.high, 3)}"


def flip_words(flip: Flip, a: str, b: str) -> str:
    """One changed suggestion as a sentence."""
    words = translate("Training", "{category} is no longer suggested by {b}: {before} with {a}, {after} now")
    if flip.after > flip.before:
        words = translate("Training", "{category} is suggested by {b}: {before} with {a}, {after} now")
    return words.format(
        category=flip.category,
        a=version_words(a),
        b=version_words(b),
        before=number(flip.before, 2),
        after=number(flip.after, 2),
    )
