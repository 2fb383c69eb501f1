"""What the window is told of unfinished work in a project's books."""

from contextlib import suppress

import pytest

from app.jobs.job_books import JobBooks
from app.services.recorded_jobs import Unfinished, recorded_job
from app.services.runner import Interruption, WorkInterrupted


def interrupted(project, kind, why):
    with suppress(WorkInterrupted), recorded_job(project, kind, "work", {}):
        raise WorkInterrupted(why)


@pytest.fixture
def books(project):
    return JobBooks(project)


def test_a_paused_run_of_training_whose_checkpoints_are_gone_is_not_offered(project, books):
    interrupted(project, "train", Interruption.PAUSED)
    interrupted(project, "index", Interruption.PAUSED)
    assert books.unfinished() == [Unfinished("index", Interruption.PAUSED)]


def test_training_that_waited_when_the_project_was_closed_needs_no_checkpoints(books):
    assert not books.put_off("train").change
    assert books.unfinished() == [Unfinished("train", Interruption.CLOSED)]
    books.give_up("train")
    assert books.unfinished() == []
