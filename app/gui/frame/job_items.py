"""The controller's jobs as the widgets show them."""

from collections.abc import Sequence

from app.domain.progress import Progress
from app.gui.widgets.jobs import JobItem, JobState
from app.jobs.session_values import JobInfo, JobPhase

_STATES = {
    JobPhase.WAITING: JobState.WAITING,
    JobPhase.RUNNING: JobState.RUNNING,
    JobPhase.PAUSING: JobState.PAUSING,
    JobPhase.CANCELLING: JobState.CANCELLING,
    JobPhase.PAUSED: JobState.PAUSED,
    JobPhase.COMPLETED: JobState.DONE,
    JobPhase.CANCELLED: JobState.CANCELLED,
    JobPhase.FAILED: JobState.FAILED,
    JobPhase.CRASHED: JobState.INTERRUPTED,
    JobPhase.INTERRUPTED: JobState.INTERRUPTED,
}


def job_items(jobs: Sequence[JobInfo]) -> list[JobItem]:
    """A crash is shown like an interruption: what was finished is kept, and the job can be resumed."""
    return [
        JobItem(
            one.id,
            one.name,
            _STATES[one.state],
            Progress(one.stage, one.done, one.total, one.rate, one.remaining) if one.state.going_on else None,
            one.message,
            one.can_pause,
        )
        for one in jobs
    ]
