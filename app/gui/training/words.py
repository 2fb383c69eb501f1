"""The numbers of training in words."""

import re
from datetime import datetime
from typing import Final

from app.domain.categories import Band
from app.domain.models import Measure, ModelVersion
from app.domain.progress import Progress
from app.domain.training import Flip, TrainingOverview
from app.gui.widgets.words import count_words, day_words, duration_words, rate_words
from app.jobs.session_values import JobPhase
from app.jobs.training_run import TrainingRun

NONE: Final = "none"
"""The name of the learners without a trained version."""
BANDS: Final = ("total", "head", "medium", "tail")
BAND_WORDS: Final = {"total": "All", "head": "Head", "medium": "Medium", "tail": "Tail"}
UNTOLD: Final = "too few"
_PHASES: Final = {
    JobPhase.WAITING: "Waits until the work before it has ended",
    JobPhase.CANCELLING: "Stopping after the present batch",
    JobPhase.PAUSING: "Pausing at the next checkpoint",
}
_PART: Final = re.compile(r"Tuning, part (\d+) of (\d+)")
"""How the worker names what it does."""


def band_of(name: str) -> Band | None:
    """None for the total."""
    return None if name == "total" else Band(name)


def version_words(name: str, *, begins: bool = False) -> str:
    """How a version is called in a sentence, or where one ``begins``."""
    if name != NONE:
        return name
    return "Live learners" if begins else "live learners"


def estimate_words(overview: TrainingOverview) -> str:
    if overview.estimate is None:
        return ""
    rest = "as the last run took" if overview.measured else "a rough guess before the first run"
    return f"About {duration_words(max(1.0, overview.estimate))}, {rest}. Labelling goes on meanwhile."


def phase_words(run: TrainingRun) -> str:
    """What the run does now, as a sentence without its full stop."""
    ending = _PHASES.get(run.job.state)
    if ending is not None:
        return ending
    if run.judging:
        return "Judging: the new version against the one in use, on images that it has not seen"
    found = _PART.fullmatch(run.job.stage)
    if found is None:
        return run.job.stage or "Starting"
    part, parts = found.groups()
    what = "from all labelled images, for use" if part == parts else f"without fold {part}, which judges it"
    return f"Part {part} of {parts}: learning {what}"


def pace_words(run: TrainingRun) -> str:
    """``1,204 of 48,310 passes over images, 35/s, 22 min left``."""
    progress = Progress(run.job.stage, run.job.done, run.job.total, run.job.rate, run.job.remaining)
    if progress.total is None:
        return ""
    unit = "folds" if run.judging else "image passes"
    parts = [f"{progress.done:,} of {progress.total:,} {unit}"]
    if progress.rate:
        parts.append(rate_words(progress.rate))
    if progress.remaining is not None:
        parts.append(f"{duration_words(progress.remaining)} left")
    return ", ".join(parts)


def keep_words(run: TrainingRun) -> str:
    """What stopping means now."""
    if run.judging:
        return "What was learned is being judged; cancelling keeps nothing of it."
    if run.can_keep:
        return "Stopped now, it keeps what it has learned and is judged like any other version."
    if run.parts:
        return f"It can be stopped with what it has in the last of {run.parts} parts, when it can be judged."
    return "It can be stopped with what it has in its last part, when it can be judged."


def made_words(version: ModelVersion, now: datetime) -> str:
    """``today, from v1``."""
    parent = version.card.parent
    return f"{day_words(version.created_at, now)}, {f'from {parent}' if parent else 'the first of its line'}"


def fed_words(version: ModelVersion) -> str:
    """``300 images, 549 yes, 2 min on cpu``."""
    card = version.card
    took = f"{duration_words(card.seconds)} on {device_words(card.device)}"
    words = f"{count_words(card.images, 'image')}, {card.yes:,} yes, {took}"
    return f"{words}, stopped early" if card.stopped else words


def device_words(device: str) -> str:
    return {"cpu": "the CPU", "cuda": "the GPU", "mps": "the GPU"}.get(device.partition(":")[0], device)


def measure_words(measure: Measure | None) -> str:
    return UNTOLD if measure is None else f"{measure.value:.3f}"


def interval_words(measure: Measure | None) -> str:
    return "" if measure is None else f"{measure.low:.3f}-{measure.high:.3f}"


def flip_words(flip: Flip, a: str, b: str) -> str:
    """One changed suggestion as a sentence."""
    came = flip.after > flip.before
    verb = "is suggested with" if came else "is no more suggested with"
    numbers = f"{flip.before:.2f} with {version_words(a)}, {flip.after:.2f} now"
    return f"{flip.category} {verb} {version_words(b)}: {numbers}"
