"""A training run in words."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.language import percent
from app.domain.progress import Phase
from app.gui.widgets.words import duration_words, left_words, rate_words
from app.jobs.training.run import TrainingRun
from app.jobs.values.session import JobPhase

translate: Final = QCoreApplication.translate


def phase_words(run: TrainingRun) -> str:
    """What the run is doing, as a sentence without its full stop."""
    ending = {
        JobPhase.WAITING: translate("Training", "Waiting for other work to finish"),
        JobPhase.CANCELLING: translate("Training", "Stopping in a moment"),
        JobPhase.PAUSING: translate("Training", "Pausing in a moment"),
    }.get(run.job.state)
    if ending is not None:
        return ending
    job = run.job
    if job.phase is Phase.JUDGING:
        return translate("Training", "Comparing the new version with the one in use")
    if job.phase is None:
        return translate("Training", "Preparing")
    words = translate("Training", "Step {step} of {steps}: testing on images kept aside")
    if job.part == job.parts:
        words = translate("Training", "Step {step} of {steps}: learning from all labelled images")
    return words.format(step=job.part, steps=job.parts)


def purpose_words(run: TrainingRun) -> str:
    """What the step is for."""
    job = run.job
    if job.state is not JobPhase.RUNNING:
        return ""
    if job.phase is Phase.JUDGING:
        return translate("Training", "Both are tested on images that they have not learned from.")
    if job.phase is None:
        return translate("Training", "Labels and features are read. You can keep labelling.")
    if job.part == job.parts:
        return translate("Training", "This is the version that will be used if it is better.")
    return translate(
        "Training",
        "A part of the labelled images is kept aside, the model learns from the others and is tested on it. "
        "You can keep labelling.",
    )


def pace_words(run: TrainingRun) -> str:
    """``8 %, 35 images/s, 22 min left``, as far as known."""
    job = run.job
    if job.total is None:
        if run.estimate is None:
            return ""
        return translate("Training", "about {duration} in all").format(duration=duration_words(run.estimate))
    parts = [percent(min(1.0, job.done / max(1, job.total)))]
    if job.rate and not run.judging:
        second, minute = translate("Training", "{n} images/s"), translate("Training", "{n} images/min")
        parts.append(rate_words(job.rate, second, minute))
    if job.remaining is not None:
        parts.append(left_words(job.remaining))
    elif run.estimate is not None and not run.judging:
        total = translate("Training", "about {duration} in all")
        parts.append(total.format(duration=duration_words(run.estimate)))
    return ", ".join(parts)


def keep_words(run: TrainingRun) -> str:
    """What stopping now would keep."""
    if run.judging:
        return translate("Training", "Cancelling now discards the new version.")
    if run.can_keep:
        return translate(
            "Training", "Stopping now keeps what has been learned; it is compared like any other version."
        )
    if run.parts:
        words = translate("Training", "Stop and keep is possible in step {steps}, after the tests.")
        return words.format(steps=run.parts)
    return translate("Training", "Stop and keep is possible in the last step, after the tests.")
