"""The project's history of long work: what can be resumed, and why it stopped."""

import pytest

from app.domain.errors import CancelledError
from app.services.runner.job_records import (
    Unfinished,
    dismiss,
    recorded,
    recorded_job,
    resume_later,
    unfinished,
)
from app.services.runner.runner import Interruption, WorkInterrupted
from app.storage import jobs


def end_with(project, kind, error):
    with pytest.raises(type(error)), recorded_job(project, kind, "work", {}):
        raise error


def test_what_was_paused_or_closed_is_unfinished_and_says_why(project):
    end_with(project, "index", WorkInterrupted(Interruption.PAUSED))
    end_with(project, "train", WorkInterrupted(Interruption.CLOSED))
    assert unfinished(project) == [
        Unfinished("index", Interruption.PAUSED),
        Unfinished("train", Interruption.CLOSED),
    ]


def test_work_that_was_killed_is_unfinished_without_a_reason(project):
    end_with(project, "index", KeyboardInterrupt())
    with project.db.write() as s:
        jobs.start(s, "scan", {})
    assert unfinished(project) == [Unfinished("index", None), Unfinished("scan", None)]


def test_work_that_runs_elsewhere_is_not_unfinished(project):
    with project.scan_lock(), recorded(project, "scan"):
        assert unfinished(project) == []
    assert unfinished(project) == []


@pytest.mark.parametrize("error", [CancelledError("no more"), ValueError("a bug")])
def test_work_that_was_stopped_or_failed_is_over(project, error):
    end_with(project, "index", error)
    assert unfinished(project) == []


def test_only_the_newest_job_of_a_kind_counts(project):
    end_with(project, "index", WorkInterrupted(Interruption.PAUSED))
    with recorded_job(project, "index", "work", {}):
        pass
    assert unfinished(project) == []


def test_work_can_be_given_up_and_put_off(project):
    end_with(project, "index", WorkInterrupted(Interruption.PAUSED))
    dismiss(project, "index")
    dismiss(project, "train")
    assert unfinished(project) == []
    resume_later(project, "scan")
    assert unfinished(project) == [Unfinished("scan", Interruption.CLOSED)]
