"""How a job has ended, as the list tells it."""

import pytest

from app.domain.errors import BadInputError, CancelledError
from app.jobs.values.session import JobInfo, JobPhase
from app.jobs.work.endings import ended, offered
from app.protocol.messages import Crashed
from app.services.runner.job_records import Unfinished
from app.services.runner.runner import Interruption, WorkerCrashedError, WorkInterrupted

JOB = JobInfo("1", "index", "Computing features", JobPhase.RUNNING, done=3, total=5, rate=2.0, remaining=1.0)


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (
            WorkInterrupted(Interruption.PAUSED),
            JobPhase.PAUSED,
            "It resumes where it stopped. 3 of 5 are done.",
        ),
        (WorkInterrupted(Interruption.CLOSED), JobPhase.INTERRUPTED, "The project was closed."),
        (CancelledError("Stopped."), JobPhase.CANCELLED, "Stopped."),
        (BadInputError("No disk."), JobPhase.FAILED, "No disk."),
        (ZeroDivisionError("x"), JobPhase.FAILED, "Something went wrong in Tailspotter."),
    ],
)
def test_each_end_has_a_state_and_a_sentence(error, state, words):
    done, bug = ended(JOB, error)
    assert (done.state, done.message) == (state, words)
    assert done.rate is None and done.remaining is None
    assert (bug is not None) == isinstance(error, ZeroDivisionError)


def test_a_crash_says_that_labels_are_safe_and_carries_the_end_of_the_log():
    log = tuple(str(line) for line in range(40))
    error = WorkerCrashedError(Crashed(job="j", message="The worker process ended.", log=log))
    done, _ = ended(JOB, error)
    assert done.state is JobPhase.CRASHED
    assert "labels are safe" in done.message
    assert done.log == log[-12:]


def test_paused_work_waits_and_lost_work_says_that_it_did_not_end():
    paused = offered("1", "Computing features", Unfinished("index", Interruption.PAUSED))
    lost = offered("2", "Computing features", Unfinished("index", None))
    assert (paused.state, lost.state) == (JobPhase.PAUSED, JobPhase.INTERRUPTED)
    assert "did not finish" in lost.message
