"""Which unfinished jobs of a project the window offers."""

from contextlib import suppress

import pytest

from app.jobs.store.job_history import JobHistory
from app.services.runner.job_records import Unfinished, recorded_job
from app.services.runner.runner import Interruption, WorkInterrupted


def interrupted(project, kind, why):
    with suppress(WorkInterrupted), recorded_job(project, kind, "work", {}):
        raise WorkInterrupted(why)


@pytest.fixture
def history(project):
    return JobHistory(project)


def test_a_paused_run_of_training_whose_checkpoints_are_gone_is_not_offered(project, history):
    interrupted(project, "train", Interruption.PAUSED)
    interrupted(project, "index", Interruption.PAUSED)
    assert history.unfinished() == [Unfinished("index", Interruption.PAUSED)]


def test_training_that_waited_when_the_project_was_closed_needs_no_checkpoints(history):
    assert not history.resume_later("train").change
    assert history.unfinished() == [Unfinished("train", Interruption.CLOSED)]
    history.dismiss("train")
    assert history.unfinished() == []
