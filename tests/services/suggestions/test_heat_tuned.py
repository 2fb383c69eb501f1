"""Heat maps by a version that was really tuned point at what it learned to see."""

import numpy as np
import pytest
from tuning_projects import THINGS, patchy_project, patchy_runner, tokens_of, truth_of

from app.services.suggestions.heat import heat_of
from app.services.training.training import train
from app.services.versions import versions as models
from app.worker.heat_job import HeatJob

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

COUNT = 160
FREQUENT = 0


def test_a_tuned_version_is_asked_first_and_points_at_the_thing(tmp_path):
    runner = patchy_runner(ShowHeat=HeatJob().show)
    with patchy_project(tmp_path, count=COUNT) as project:
        name = train(project, runner).model
        models.activate(project, name)
        truth, tokens = truth_of(COUNT), tokens_of(truth_of(COUNT))
        there = np.flatnonzero(truth[:, FREQUENT])[:40]
        right = []
        for row in there:
            heat = heat_of(project, runner, int(row) + 1, FREQUENT + 1)
            assert heat.tuned
            right.append(np.argmax(heat.rows) == np.argmax(tokens[row] @ THINGS[FREQUENT]))
        assert np.mean(right) > 0.6  # chance is one in nine
        models.activate(project, "none")
        assert not heat_of(project, runner, 1, 1).tuned
